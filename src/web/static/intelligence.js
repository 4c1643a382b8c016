/* What was asked in confidence: between whom, how far, how old; never what was said. And what was
 * said in public, in the words in which it was said. */

import * as api from './api.js';
import { el, passage } from './dom.js';
import { wordFor } from './fields.js';
import { title } from './frame.js';
import { table } from './table.js';
import { HOUR, stated } from './when.js';
import { label, number, t } from './words.js';

/* In hours, from two days on in days. */
function ageView({ as_of: at, age_ms: age }) {
    if (!at) return '–';
    return age < 48 * HOUR ? t('intelligence.age', { at: stated(at), n: number(Math.floor(age / HOUR)) })
        : t('intelligence.age.days', { at: stated(at), n: number(Math.floor(age / (24 * HOUR))) });
}

function asked(one) {
    const ends = { from: label('organisation', one.org), through: label('organisation', one.through), to: label('organisation', one.to) };
    const overdue = one.deadlines.find((due) => due.state === 'running' && due.overdue);
    return el('tr', { class: overdue ? 'overdue' : null },
        el('th', { scope: 'row' }, el('a', { href: `/record/${one.id}` }, label('intelligence_subject', one.subject)),
            el('p', { class: 'by' }, t('intelligence.way', ends))),
        el('td', {}, el('strong', {}, wordFor(one.state)), ' · ', wordFor(one.priority),
            overdue ? el('p', { class: 'badge' }, label('clock', overdue.clock), ' · ', label('organisation', overdue.whose)) : null),
        el('td', {}, ageView(one),
            el('p', {}, t('intelligence.until', { at: stated(one.until) })),
            one.over ? el('p', { class: 'badge' }, t('intelligence.over')) : null));
}

function statement(one) {
    return el('li', {},
        el('p', {}, el('a', { href: `/record/${one.id}` }, el('bdi', {}, one.public?.speaker ?? '–')),
            one.organisation ? [' · ', label('organisation', one.organisation)] : null, ' · ', wordFor(one.channel), ' · ', stated(one.at),
            one.state === 'live' ? null : [' · ', wordFor(one.state)]),
        one.public?.quote ? el('blockquote', { lang: one.language }, passage(one.public.quote)) : null,
        (one.public?.sources ?? []).filter((source) => source.url?.startsWith('https://')).map((source) =>
            el('p', { class: 'by' }, el('a', { href: source.url, rel: 'noreferrer' }, el('bdi', {}, source.publisher ?? source.url)))));
}

const older = (n) => (n ? el('p', { class: 'none' }, t('list.older', { n: number(n) })) : null);

export async function show() {
    const all = await api.intelligence();
    const columns = ['subject', 'standing', 'age'];
    title(t('intelligence.title'));
    const view = el('div', { class: 'page due' },
        el('header', { class: 'subject' },
            el('p', { class: 'back' }, el('a', { href: '/' }, t('nav.all'))),
            el('h1', {}, t('intelligence.title')),
            el('p', { class: 'lead' }, t('intelligence.lead'))),
        el('section', { 'aria-labelledby': 'asked' }, el('h2', { id: 'asked' }, t('intelligence.asked')),
            all.asked.length === 0 ? el('p', { class: 'none' }, t('intelligence.none'))
                : [el('p', { class: 'by' }, t('intelligence.sealed')),
                    table(t('intelligence.asked'), columns.map((key) => t(`intelligence.column.${key}`)), all.asked.map(asked))],
            older(all.older.asked)),
        el('section', { 'aria-labelledby': 'statements' }, el('h2', { id: 'statements' }, t('intelligence.statements')),
            all.statements.length === 0 ? el('p', { class: 'none' }, t('intelligence.none')) : el('ul', {}, all.statements.map(statement)),
            older(all.older.statements)));
    return { view };
}
