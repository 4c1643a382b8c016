// The terms of an agreement (doc/agreement.md): its head, and sections of items.

import { isObject, parse } from './json.mjs';
import { CAPABILITIES, TERM_MEMBERS } from './rules.mjs';

const MINUTE = 60000;
const WEEK = 7 * 24 * 60 * MINUTE;

const isBetween = (value, min, max) => Number.isSafeInteger(value) && value >= min && value <= max;
const isId = (value) => typeof value === 'string' && /^[\x21-\x7e]{1,64}$/.test(value);

const isSection = (items) =>
    Array.isArray(items) &&
    items.every((item) => isObject(item) && Object.hasOwn(item, 'id') && isId(item.id)) &&
    new Set(items.map((item) => item.id)).size === items.length;

const MOST_IN_WINDOW = 10000000;
const isQuota = (quota) =>
    isObject(quota) &&
    isBetween(quota.window_ms, 1000, 24 * 60 * MINUTE) &&
    isBetween(quota.of_key, 1, MOST_IN_WINDOW) &&
    isBetween(quota.of_organisation, quota.of_key, MOST_IN_WINDOW) &&
    (quota.exempt === undefined || (Array.isArray(quota.exempt) && quota.exempt.every(isId)));

const isHead = (head, name, clauses) =>
    isObject(head) &&
    head.name === name &&
    ['public', 'participants'].includes(head.entries) &&
    isBetween(head.quorum, 0, 64) &&
    isBetween(head.max_gap_ms, 20 * MINUTE, WEEK) &&
    isBetween(head.rules, 1, Number.MAX_SAFE_INTEGER) &&
    (head.blur_m === undefined || isBetween(head.blur_m, 500, 100000)) &&
    (head.quota === undefined || isQuota(head.quota)) &&
    clauses.some((clause) => clause.id === head.no_move);

/** Whether a list has only what fits, none of it twice, and at least one where the page says so. */
const isList = (value, what, fits) =>
    Array.isArray(value) &&
    value.every(fits) &&
    new Set(value).size === value.length &&
    (value.length > 0 || !what.endsWith(', one at least'));

/** Whether a member is what the page says of it. */
function fits(ids, what, value) {
    const names = [...what.matchAll(/`([^`]*)`/g)].map((match) => match[1]);
    const among = (section) => (id) => typeof id === 'string' && (ids[section] ?? new Map()).has(id);
    const size = (group) => ids.group?.get(group)?.organisations?.length ?? 0;
    if (what.startsWith('integer, ')) {
        const [min, max] = /(\d+) to (\d+)/.exec(what).slice(1).map(Number);
        return isBetween(value, min, max);
    }
    if (what === 'id of `group`, or `accused`') return value === 'accused' || among('group')(value);
    if (what === 'an id') return isId(value);
    if (what.startsWith('id of ')) return among(names[0])(value);
    if (what.startsWith('list of ids of ')) return isList(value, what, among(names[0]));
    if (what.startsWith('list of ids')) return isList(value, what, isId);
    if (what.startsWith('list of capabilities')) return isList(value, what, (word) => CAPABILITIES.includes(word));
    if (what.startsWith('list of needs')) {
        return (
            Array.isArray(value) &&
            value.length > 0 &&
            value.every((need) => isObject(need) && among('group')(need.group) && isBetween(need.count, 1, size(need.group)))
        );
    }
    if (what.startsWith('list of `')) return isList(value, what, (word) => names.includes(word));
    throw new Error(`doc/rules.md: what is "${what}"?`);
}

const areMembers = (sections, ids) =>
    TERM_MEMBERS.every(({ section, member, what, required }) =>
        (sections[section] ?? []).every((item) =>
            Object.hasOwn(item, member) ? fits(ids, what, item[member]) : !required,
        ),
    );

/** What members of one item, or of several, must be together. */
function areWhole({ role = [], group = [], clock = [], move = [], rung = [], standard = [], step = [] }) {
    const ended = new Set(move.flatMap(({ ends = [] }) => ends));
    const started = [...move.flatMap(({ starts = [] }) => starts), ...rung.flatMap(({ clock: its }) => its ?? [])];
    const ordered = (items) => new Set(items.map(({ order }) => order)).size === items.length;
    return (
        role.every(({ may, may_not: never = [] }) => !may.some((word) => never.includes(word))) &&
        group.every(({ id }) => id !== 'accused') &&
        clock.every((item) => (item.extensions ?? 0) > 0 === Object.hasOwn(item, 'extension_ms')) &&
        started.every((id) => ended.has(id)) &&
        ordered(standard) &&
        ordered(step)
    );
}

/** The rows of table `term`, [key, row], of terms that are well formed and of this name; else null. */
export function termRows(text, name) {
    let terms;
    try {
        terms = parse(text);
    } catch {
        return null;
    }
    if (!isObject(terms)) return null;
    const { agreement, ...sections } = terms;
    if (!Object.entries(sections).every(([word, items]) => /^[a-z_]+$/.test(word) && isSection(items))) return null;
    if (!isHead(agreement, name, sections.clause ?? [])) return null;
    const ids = Object.fromEntries(
        Object.entries(sections).map(([section, items]) => [section, new Map(items.map((item) => [item.id, item]))]),
    );
    if (!areMembers(sections, ids) || !areWhole(sections)) return null;
    const rows = [['agreement', agreement]];
    for (const [section, items] of Object.entries(sections)) {
        for (const item of items) rows.push([`${section}/${item.id}`, item]);
    }
    return rows;
}
