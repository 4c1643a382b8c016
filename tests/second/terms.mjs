// The terms of an agreement (doc/agreement.md): its head, and sections of items.

import { isObject, parse } from './json.mjs';
import { CAPABILITIES } from './rules.mjs';

const MINUTE = 60000;
const WEEK = 7 * 24 * 60 * MINUTE;

const isBetween = (value, min, max) => Number.isSafeInteger(value) && value >= min && value <= max;
const isId = (value) => typeof value === 'string' && /^[\x21-\x7e]{1,64}$/.test(value);

const isSection = (items) =>
    Array.isArray(items) &&
    items.every((item) => isObject(item) && Object.hasOwn(item, 'id') && isId(item.id)) &&
    new Set(items.map((item) => item.id)).size === items.length;

const isHead = (head, name, clauses) =>
    isObject(head) &&
    head.name === name &&
    ['public', 'participants'].includes(head.entries) &&
    isBetween(head.quorum, 0, 64) &&
    isBetween(head.max_gap_ms, 20 * MINUTE, WEEK) &&
    isBetween(head.rules, 1, Number.MAX_SAFE_INTEGER) &&
    clauses.some((clause) => clause.id === head.no_move);

const areCapabilities = (words) => Array.isArray(words) && words.every((word) => CAPABILITIES.includes(word));
const isRole = ({ may, may_not: never = [] }) =>
    areCapabilities(may) && areCapabilities(never) && !may.some((word) => never.includes(word));

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
    if (!isHead(agreement, name, sections.clause ?? []) || !(sections.role ?? []).every(isRole)) return null;
    const rows = [['agreement', agreement]];
    for (const [section, items] of Object.entries(sections)) {
        for (const item of items) rows.push([`${section}/${item.id}`, item]);
    }
    return rows;
}
