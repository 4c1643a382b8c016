/* What is owed: the road and its stages, each obligation with those who owe it, what was done and
 * what others hold of it; persons by number; demands; and what is vouched for. */

import * as api from './api.js';
import { el, passage } from './dom.js';
import { listed, wordFor } from './fields.js';
import { title } from './frame.js';
import { table } from './table.js';
import { moment, recorded, stated } from './when.js';
import { label, number, section, t, text } from './words.js';

const ASKED = ['clear', 'verifiable', 'irreversible'];
const itemOf = (id) => section('obligation').find((item) => item.id === id);
const words = (said) => (said ? passage(said, { class: 'by' }) : null);

function stage(one) {
    return el('li', { class: one.reached ? 'met' : null }, el('strong', {}, label('stage', one.id)), ' · ',
        t('obligations.kept', { n: number(one.kept), of: number(one.obligations) }),
        one.reached ? [' · ', t('obligations.reached')] : null);
}

function deadlines(list) {
    return (list ?? []).filter((one) => one.state === 'running').map((one) => el('p', { class: one.overdue ? 'badge' : null },
        t(one.overdue ? 'obligations.overdue' : 'obligations.due', { at: moment(one.at_ms) })));
}

/* Three questions, each with its own answer, and each organisation's for itself. */
function judgement(one) {
    return el('p', {}, label('organisation', one.org), ': ',
        listed(ASKED.map((name) => el('span', {}, wordFor(name), ': ', el('strong', {}, wordFor(one[name]))))));
}

function report(one) {
    return el('li', {},
        el('p', {}, el('a', { href: `/record/${one.id}` }, wordFor(one.status)), ' · ', stated(one.at),
            one.ground ? [' · ', label('refusal_ground', one.ground)] : null),
        words(one.public?.report), one.judgements.map(judgement));
}

function settlement(one) {
    return el('li', {}, label('organisation', one.org), ': ',
        el('a', { href: `/record/${one.id}` }, wordFor(one.result)), ' · ', recorded(one.recorded), words(one.public?.reason));
}

/* The agreement's own date binds without a record, unless it waits for another. */
function datesOf(item, one, now) {
    if (one.state !== 'not_open') return one.deadlines;
    return item.due_ms === undefined || item.waits.length ? [] : [{ at_ms: item.due_ms, overdue: now > item.due_ms, state: 'running' }];
}

function whoOwes(one, dates) {
    return el('div', { class: 'owes' },
        el('p', {}, label('organisation', one.organisation), ': ', el('strong', {}, one.state === 'not_open' ? t('obligations.not_open') : wordFor(one.state))),
        deadlines(dates));
}

function history(one) {
    if (!one.reports?.length && !one.settlements?.length) return null;
    return [el('p', {}, el('strong', {}, label('organisation', one.organisation))),
        el('ul', {}, one.reports.map(report), one.settlements.map(settlement))];
}

const isOverdue = (dates) => dates?.some((due) => due.overdue && due.state === 'running');

/* Below it, over the whole width, what was done of it. */
function obligation(one, now) {
    const done = one.owes.map(history).filter((each) => each !== null);
    const dates = one.owes.map((by) => datesOf(one, by, now));
    return [
        el('tr', { class: dates.some(isOverdue) ? 'overdue' : null },
            el('th', { scope: 'row' }, label('obligation', one.id),
                el('p', { class: 'by' }, t(`obligations.status.${one.status.replaceAll(' ', '_')}`), ' · ', one.according_to),
                one.waits.map((id) => el('p', {}, el('strong', {}, t('obligations.waits', { what: label('obligation', id) }))))),
            el('td', {}, one.owes.map((by, i) => whoOwes(by, dates[i]))),
            el('td', {}, text(itemOf(one.id)?.evidence))),
        done.length === 0 ? null : el('tr', {}, el('td', { colspan: 3 }, done))];
}

function persons(one) {
    return el('tr', { class: one.counted !== undefined && one.counted !== one.persons ? 'differ' : null },
        el('th', { scope: 'row' }, el('a', { href: `/record/${one.id}` }, label('organisation', one.org))),
        el('td', {}, number(one.persons)),
        el('td', {}, wordFor(one.state), one.to ? el('p', {}, t('obligations.to', { to: label('organisation', one.to) })) : null),
        el('td', {}, one.counted === undefined ? '–' : number(one.counted)),
        el('td', {}, stated(one.at), words(one.public?.ground)));
}

function demand(one) {
    return el('li', {},
        el('p', {}, el('a', { href: `/record/${one.id}` }, label('organisation', one.org)), ' ', t('obligations.to', { to: label('organisation', one.to) }), ': ',
            el('strong', {}, wordFor(one.state)), one.obligation ? [' · ', label('obligation', one.obligation)] : null),
        words(one.public?.text), deadlines(one.deadlines));
}

function guarantee(one) {
    return el('li', {},
        el('p', {}, el('a', { href: `/record/${one.id}` }, wordFor(one.type)), ' · ', label('organisation', one.org),
            one.to ? [' ', t('obligations.to', { to: label('organisation', one.to) })] : null,
            one.state === 'live' ? null : [' · ', wordFor(one.state)]),
        words(one.public?.text));
}

const columns = (...names) => names.map((name) => t(`obligations.column.${name}`));

function part(name, list, view, older = 0) {
    return list.length === 0 ? null : el('section', { 'aria-labelledby': name }, el('h2', { id: name }, t(`obligations.${name}`)), view(list),
        older ? el('p', { class: 'none' }, t('list.older', { n: number(older) })) : null);
}

const items = (line) => (list) => el('ul', {}, list.map(line));

export async function show() {
    const all = await api.obligations();
    title(t('obligations.title'));
    const view = el('div', { class: 'page due' },
        el('header', { class: 'subject' },
            el('p', { class: 'back' }, el('a', { href: '/' }, t('nav.all'))),
            el('h1', {}, t('obligations.title')),
            el('p', { class: 'lead' }, t('obligations.lead'))),
        part('road', all.stages, (list) => el('ol', {}, list.map(stage))),
        part('owed', all.obligations, (list) => table(t('obligations.owed'), columns('what', 'who', 'evidence'), list.flatMap((one) => obligation(one, all.now_ms))),
            all.older.reports + all.older.settlements),
        part('persons', all.persons, (list) => table(t('obligations.persons'), columns('by', 'persons', 'standing', 'counted', 'when'), list.map(persons)), all.older.persons),
        part('demands', all.demands, items(demand), all.older.demands),
        part('guarantees', all.guarantees, items(guarantee), all.older.guarantees));
    return { view };
}
