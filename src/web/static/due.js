/* What is due, the earliest first: what is overdue stands before what is not yet. */

import * as api from './api.js';
import { code, el } from './dom.js';
import { title } from './frame.js';
import { moment } from './when.js';
import { label, t } from './words.js';

function line(one) {
    const how = one.overdue ? 'overdue' : 'running';
    return el('tr', { class: how },
        el('td', {}, t(`deadline.${how}`)),
        el('td', {}, moment(one.at_ms)),
        el('th', { scope: 'row' }, label('clock', one.clock)),
        el('td', {}, one.whose ? label('organisation', one.whose) : '–'),
        el('td', {}, one.case ? el('a', { href: `/incident/${one.case}`, dir: 'auto' }, one.title ?? code(one.case.slice(0, 12))) : '–'));
}

export async function show() {
    const { due, now_ms: now } = await api.due();
    const columns = ['standing', 'at', 'clock', 'whose', 'case'];
    title(t('due.title'));
    const view = el('div', { class: 'page due' },
        el('header', { class: 'subject' },
            el('p', { class: 'back' }, el('a', { href: '/' }, t('nav.all'))),
            el('h1', {}, t('due.title')),
            el('p', { class: 'lead' }, now ? t('due.as_of', { at: moment(now) }) : t('due.no_time'))),
        due.length === 0 ? el('p', { class: 'none' }, t('due.none'))
            : el('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': t('due.title') },
                el('table', { class: 'deadlines' },
                    el('thead', {}, el('tr', {}, columns.map((name) => el('th', { scope: 'col' }, t(`deadline.column.${name}`))))),
                    el('tbody', {}, due.map(line)))));
    return { view };
}
