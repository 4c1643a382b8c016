/* One part followed: who brought it, who held, opened, released, assessed and cited it, what was
 * ruled on that, and what is left of it. Every line is an entry of the log. */

import * as api from './api.js';
import { code, el, joined } from './dom.js';
import { kindsByName, valueView, wordFor } from './fields.js';
import { title } from './frame.js';
import { mediumView } from './medium.js';
import { recorded } from './when.js';
import { label, number, t } from './words.js';

const HIDDEN = new Set(['external_id', 'part', 'case', 'incident']);

/* What the entry itself says: texts stand in parts, on the record's page. */
function said(step, kinds) {
    const known = kinds.get(step.kind) ?? new Map();
    const held = Object.entries(step.fields).filter(([name]) => !HIDDEN.has(name));
    return held.length === 0 ? null : el('dl', { class: 'facts' }, held.map(([name, value]) =>
        [el('dt', {}, wordFor(name)), el('dd', {}, valueView(value, known.get(name)))]));
}

function stepView(step, kinds) {
    return el('li', {},
        el('p', { class: 'kind' }, el('strong', {}, t(`kind.${step.kind}`))),
        said(step, kinds),
        el('p', { class: 'by' }, joined([
            step.org ? label('organisation', step.org) : null, code(step.by), recorded(step.recorded),
            el('a', { href: `/record/${step.id}` }, t('custody.entry', { index: number(step.index) }))])));
}

function fact(name, value) {
    return value ? [el('dt', {}, t(`custody.${name}`)), el('dd', {}, value)] : null;
}

const state = (row) => row && wordFor(row.state);

/* Who has said what of its erasure, where that was ordered. */
function erasedView(erased) {
    if (erased.length === 0) return null;
    return el('section', {}, el('h2', {}, t('custody.erased')),
        el('dl', { class: 'facts' }, erased.map(({ id, row }) => [el('dt', {}, label('organisation', id)), el('dd', {}, state(row))])));
}

function holders(items) {
    return items.length ? joined(items.map(({ row }) => [label('organisation', row.holder), ' (', state(row), ')'])) : null;
}

/* What the record's page shows of it, where it is a medium that its reader may see; nothing where the
 * record cannot be read. */
async function mediumOf({ record, commitment }) {
    const { parts = [] } = await api.record(record).catch(() => ({}));
    const part = parts.find((one) => one.commitment === commitment);
    return part?.media ? el('section', { class: 'part' }, mediumView(part, 'h2')) : null;
}

export async function show() {
    const id = new URLSearchParams(location.search).get('id') ?? '';
    const [answer, kinds] = await Promise.all([api.custody(id), api.kinds().then(kindsByName)]);
    const { part, items } = answer;
    title(t('custody.title'));
    const view = el('div', { class: 'page one-record' },
        el('header', { class: 'subject' },
            el('p', { class: 'back' }, joined([el('a', { href: '/' }, t('nav.all')), el('a', { href: `/record/${answer.record}` }, t('custody.record'))])),
            el('h1', {}, t('custody.title')),
            el('p', { class: 'lead' }, t('custody.lead'))),
        el('dl', { class: 'facts' },
            fact('commitment', code(answer.commitment)),
            fact('tier', part && label('tier', part.tier)),
            fact('media', part?.media && code(part.media)),
            fact('state', state(part) ?? state(answer.committed)),
            fact('opening', state(answer.opening)),
            fact('erasure', state(answer.erasure)),
            fact('holders', holders(items))),
        await mediumOf(answer),
        erasedView(answer.erased),
        el('section', { 'aria-labelledby': 'steps' },
            el('h2', { id: 'steps' }, t('custody.steps')),
            el('ol', { class: 'steps' }, answer.steps.map((step) => stepView(step, kinds)))),
        el('p', { class: 'lead' }, t('custody.grades')));
    return { view };
}
