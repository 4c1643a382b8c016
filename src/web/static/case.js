/* A case, below its incident: how far it has come, what is due and for whom, and its file:
 * every record in the order of the log, what was refused among them. */

import { absentView, closedView } from './closed.js';
import { code, el, joined, passage } from './dom.js';
import { listed, reasonFor, valueView, wordFor } from './fields.js';
import { table } from './table.js';
import { moment, recorded } from './when.js';
import { label, number, t } from './words.js';

const organisations = (ids) => listed(ids.map((id) => label('organisation', id)));

/* What triage said, in the order in which a reader asks. */
const FACTS = [
    ['state', (row) => el('strong', { class: 'state' }, wordFor(row.state))],
    ['act', (row) => row.act && [label('act', row.act), ' ', code(row.act)]],
    ['grade', (row) => row.grade && label('grade', row.grade)],
    ['accused', (row) => row.accused && organisations(row.accused)],
    ['in_area', (row) => row.in_area && wordFor(row.in_area)],
    ['in_time', (row) => row.in_time && wordFor(row.in_time)],
    ['modalities', (row) => t('case.version', { n: number(row.modalities) })],
];

function facts(row) {
    const held = FACTS.map(([name, tell]) => [name, tell(row)]).filter(([, value]) => value);
    return el('dl', { class: 'facts' }, held.map(([name, value]) => [el('dt', {}, t(`case.${name}`)), el('dd', {}, value)]));
}

function inTheWay(sides) {
    const on = sides.filter(({ state }) => state === 'on');
    return on.length ? el('p', { class: 'badge' }, t('case.in_the_way'), ' ', joined(on.map(({ of }) => wordFor(of)))) : null;
}

const standing = ({ state, overdue }) => (overdue ? 'overdue' : state);

function deadline(one) {
    const how = standing(one);
    return el('tr', { class: how },
        el('th', { scope: 'row' }, label('clock', one.clock)),
        el('td', {}, one.whose ? label('organisation', one.whose) : '–'),
        el('td', {}, t(`deadline.${how}`)),
        el('td', {}, one.at_ms ? moment(one.at_ms) : '–'));
}

/* What is overdue first, then what runs out next; what has ended comes last. */
const RANK = { overdue: 0, running: 1, paused: 2, late: 3, met: 4, left: 5 };
const byUrgency = (a, b) => RANK[standing(a)] - RANK[standing(b)] || (a.due_ms ?? 0) - (b.due_ms ?? 0);

export function deadlineTable(list) {
    if (list.length === 0) return null;
    const columns = ['clock', 'whose', 'standing', 'at'];
    return table(t('deadline.title'), columns.map((name) => t(`deadline.column.${name}`)), [...list].sort(byUrgency).map(deadline),
        { caption: t('deadline.title') });
}

function refusal({ verdict, reason, clause }) {
    if (verdict !== 'void') return null;
    return el('p', { class: 'refused' }, t('case.refused'), ' ', reasonFor(reason), ' ', code(clause));
}

/* What became of a record that others act on. */
function cameTo({ row }) {
    const said = ['made', 'live', undefined];
    return said.includes(row?.state) ? null : el('p', { class: 'came-to' }, t('case.now'), ' ', wordFor(row.state));
}

function assessed({ assessment: one }) {
    if (!one) return null;
    return el('p', { class: 'assessed' }, t('case.assessed'), ' ',
        joined([wordFor(one.class), label('origin', one.origin), t(one.neutral === 'yes' ? 'case.neutral' : 'case.not_neutral')]));
}

const HIDDEN = new Set(['case', 'incident', 'parts', 'external_id']);

function said(item, numbers, kinds) {
    const known = kinds.get(item.kind) ?? new Map();
    const all = Object.entries({ ...item.fields, ...item.public }).filter(([name]) => !HIDDEN.has(name));
    const texts = all.filter(([name]) => known.get(name)?.tier);
    const short = all.filter(([name]) => !known.get(name)?.tier);
    return [
        short.length ? el('dl', { class: 'facts' }, short.map(([name, value]) =>
            [el('dt', {}, wordFor(name)), el('dd', {}, valueView(value, known.get(name), numbers))])) : null,
        texts.map(([, value]) => (typeof value === 'string' ? passage(value, { class: 'said' }) : null))];
}

/* `n` null: it has no number in a file. */
function entry(item, n, numbers, kinds) {
    const no = n === null ? null : [el('span', { class: 'no' }, number(n + 1)), ' '];
    return el('li', { id: no && `no-${n + 1}`, class: item.verdict ?? null },
        el('p', { class: 'kind' }, no, el('strong', {}, t(`kind.${item.kind}`))),
        refusal(item),
        said(item, numbers, kinds),
        closedView(item, kinds.get(item.kind)),
        absentView(item),
        (item.offered ?? []).map(({ by, since_ms: since, index }) =>
            el('p', { class: 'offered' }, t('case.offered', { by, at: moment(since), index: number(index) }))),
        assessed(item),
        cameTo(item),
        el('p', { class: 'by' }, joined([
            item.org ? label('organisation', item.org) : null,
            item.role ? label('role', item.role) : null,
            code(item.by), recorded(item.recorded),
            item.verdict === 'void' || !item.clause ? null : [t('verdict.clause'), ' ', code(item.clause)],
            el('a', { href: `/record/${item.id}` }, t('record.link', { index: item.index }))])));
}

export function caseView(answer, kinds) {
    const items = [...answer.records, ...answer.refused].sort((a, b) => a.index - b.index);
    const numbers = new Map(items.map(({ id }, n) => [id, n + 1]));
    return el('section', { class: 'case', 'aria-labelledby': 'case' },
        el('h2', { id: 'case' }, t('case.title')),
        facts(answer.case),
        inTheWay(answer.side_states),
        answer.recusals.length ? el('p', {}, t('case.recused'), ' ', organisations(answer.recusals.map(({ of }) => of))) : null,
        deadlineTable(answer.deadlines),
        el('h3', {}, t('case.file')),
        el('p', { class: 'lead' }, t('case.file.lead')),
        el('ol', { class: 'file' }, items.map((item, n) => entry(item, n, numbers, kinds))));
}

/* What else is linked to an incident: first words, observations, readings, warnings, restrictions. */
export function othersView(others, kinds) {
    if (others.length === 0) return null;
    const numbers = new Map();
    return el('section', { class: 'others', 'aria-labelledby': 'others' },
        el('h2', { id: 'others' }, t('others.title')),
        el('p', { class: 'lead' }, t('others.lead')),
        el('ul', { class: 'file' }, others.map((item) => entry({ ...item, row: item }, null, numbers, kinds))));
}
