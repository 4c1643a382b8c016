/* What is announced: who has answered, what overlaps it, and what was then reported. */

import * as api from './api.js';
import { code, el } from './dom.js';
import { wordFor } from './fields.js';
import { title } from './frame.js';
import { table } from './table.js';
import { moment, period } from './when.js';
import { label, t } from './words.js';

function answers({ answers: given, silent }) {
    return [
        given.map((one) => el('p', {}, label('organisation', one.organisation), ': ', el('strong', {}, wordFor(one.answer)))),
        silent.map((id) => el('p', { class: 'none' }, label('organisation', id), ': ', t('notices.silent')))];
}

function overlap(one) {
    return el('p', {}, el('a', { href: `/record/${one.notice}` }, label('notice_type', one.type)), ' · ', label('organisation', one.organisation), ' · ',
        t('when.span', { from: moment(one.from_ms), to: moment(one.until_ms) }));
}

function match(one) {
    return el('p', {}, el('a', { href: `/record/${one.record}` }, code(one.record.slice(0, 12))), ' ', el('strong', {}, wordFor(one.result)), ' · ', label('organisation', one.organisation));
}

function line(one) {
    return el('tr', { class: one.overlaps.length ? 'overdue' : null },
        el('th', { scope: 'row' }, el('a', { href: `/record/${one.id}` }, label('notice_type', one.type)), el('br'), label('organisation', one.organisation)),
        el('td', {}, period(one.from, one.until), el('p', {}, wordFor(one.state)), one.over ? el('p', { class: 'badge' }, t('notices.over')) : null),
        el('td', {}, one.sector ? el('p', {}, label('sector', one.sector)) : null, one.crossing ? el('p', {}, label('crossing', one.crossing)) : null),
        el('td', {}, answers(one)),
        el('td', {}, one.overlaps.map(overlap)),
        el('td', {}, one.matches.map(match)));
}

function unnotified(one) {
    return el('tr', {},
        el('th', { scope: 'row' }, el('a', { href: `/record/${one.id}` }, label('act', one.act)), el('br'), label('organisation', one.organisation)),
        el('td', {}, period(one.start ?? one.at, one.end)),
        el('td', {}, one.sector ? el('p', {}, label('sector', one.sector)) : null, one.crossing ? el('p', {}, label('crossing', one.crossing)) : null),
        el('td', {}, one.types.map((id) => el('p', {}, label('notice_type', id)))),
        el('td', {}, one.code ? [el('p', {}, code(one.code)), el('p', { class: 'badge' }, label('act', one.code))] : null));
}

/* The way between what is current and all of it. */
function others(over) {
    return el('p', {}, el('a', { href: over ? '/notices' : '/notices?over=1' }, t(over ? 'notices.current' : 'notices.ended')));
}

export async function show() {
    const over = new URLSearchParams(location.search).has('over');
    const { notices, unnotified: unforeseen } = await api.notices(over);
    const unannounced = ['notices.column.what', 'notices.column.when', 'notices.column.where', 'notices.column.notice', 'notices.column.code'];
    const columns = ['notices.column.what', 'notices.column.when', 'notices.column.where', 'notices.answers', 'notices.overlaps', 'notices.matches'];
    title(t('notices.title'));
    const view = el('div', { class: 'page due' },
        el('header', { class: 'subject' },
            el('p', { class: 'back' }, el('a', { href: '/' }, t('nav.all'))),
            el('h1', {}, t('notices.title')),
            el('p', { class: 'lead' }, t('notices.lead')),
            others(over)),
        notices.length === 0 ? el('p', { class: 'none' }, t('notices.none'))
            : table(t('notices.title'), columns.map((name) => t(name)), notices.map(line)),
        unforeseen.length === 0 ? null : [
            el('h2', {}, t('notices.unnotified')),
            el('p', { class: 'lead' }, t(over ? 'notices.unnotified.all' : 'notices.unnotified.lead')),
            table(t('notices.unnotified'), unannounced.map((name) => t(name)), unforeseen.map(unnotified))]);
    return { view };
}
