/* What is due, the earliest first: what is overdue stands before what is not yet. */

import * as api from './api.js';
import { code, el } from './dom.js';
import { wordFor } from './fields.js';
import { title } from './frame.js';
import { table } from './table.js';
import { moment, recorded } from './when.js';
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

/* Beside each other, as each declares it: the page makes no one state of them. */
function ceasefireView({ declared, disputed, levels }) {
    if (declared.length + levels.length === 0) return null;
    return el('section', { 'aria-labelledby': 'ceasefire' },
        el('h2', { id: 'ceasefire' }, t('ceasefire.title')),
        disputed ? el('p', { class: 'badge' }, t('ceasefire.disputed')) : null,
        el('dl', { class: 'facts' },
            declared.map((one) => [el('dt', {}, label('organisation', one.organisation)), el('dd', {}, wordFor(one.state), ' · ', recorded(one.recorded))]),
            levels.map((one) => [el('dt', {}, label('organisation', one.organisation), ' · ', label('sector', one.sector)), el('dd', {}, label('level', one.level), ' · ', recorded(one.recorded))])));
}

export async function show() {
    const [{ due, now_ms: now }, ceasefire] = await Promise.all([api.due(), api.ceasefire()]);
    const columns = ['standing', 'at', 'clock', 'whose', 'case'];
    title(t('due.title'));
    const view = el('div', { class: 'page due' },
        el('header', { class: 'subject' },
            el('p', { class: 'back' }, el('a', { href: '/' }, t('nav.all'))),
            el('h1', {}, t('due.title')),
            el('p', { class: 'lead' }, now ? t('due.as_of', { at: moment(now) }) : t('due.no_time'))),
        ceasefireView(ceasefire),
        due.length === 0 ? el('p', { class: 'none' }, t('due.none'))
            : table(t('due.title'), columns.map((name) => t(`deadline.column.${name}`)), due.map(line)));
    return { view };
}
