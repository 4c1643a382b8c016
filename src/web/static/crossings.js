/* How the crossings stand: what each side declares beside what the other does and what was seen.
 * No two words are made into one, and who said nothing has said nothing. */

import * as api from './api.js';
import { code, el, joined, quoted } from './dom.js';
import { listed, wordFor } from './fields.js';
import { title } from './frame.js';
import { table } from './table.js';
import { day, moment, period, stated } from './when.js';
import { has, label, number, plain, section, t } from './words.js';

const partyIds = () => section('organisation').filter((one) => one.kind === 'party').map((one) => one.id);
const told = (lane) => lane.seen.length + lane.counts.length > 0 || lane.declared.some((one) => !one.no_word);

function texts(said) {
    return Object.entries(said ?? {}).map(([name, value]) => el('p', { class: 'by' }, wordFor(name), ': ', quoted(value)));
}

function days({ closed, partly }) {
    return [
        closed ? el('p', {}, t('crossings.closed', { n: number(closed) })) : null,
        partly ? el('p', {}, t('crossings.partly', { n: number(partly) })) : null];
}

function declaredView(one) {
    if (!one || one.no_word) return el('p', { class: 'none' }, t('crossings.no_word'));
    return [
        el('p', {}, el('strong', {}, wordFor(one.status)), ' ', t('crossings.since', { at: stated(one.since) }),
            one.until ? [' ', t('crossings.until', { at: stated(one.until) })] : null),
        one.ran_out ? el('p', { class: 'badge' }, t('crossings.ran_out')) : null,
        one.to_come ? el('p', { class: 'badge' }, t('crossings.to_come')) : null,
        one.reason ? el('p', {}, label('closure_reason', one.reason)) : null,
        one.announced ? el('p', {}, t(`crossings.announced.${one.announced}`)) : null,
        days(one.days), texts(one.public),
        el('p', { class: 'by' }, el('a', { href: `/record/${one.id}` }, code(one.by)))];
}

function seenView(one) {
    return [
        el('p', {}, el('strong', {}, wordFor(one.status)), ' ', stated(one.at)),
        el('p', { class: 'by' }, label('organisation', one.organisation), ' ', el('a', { href: `/record/${one.id}` }, code(one.by))),
        texts(one.public)];
}

function countView(one) {
    const figure = one.max !== undefined && one.max !== one.min ? `${number(one.min)}–${number(one.max)}` : number(one.min);
    return el('p', {}, wordFor(one.measure), ': ', el('bdi', {}, figure), ' · ', period(one.from, one.until), ' · ',
        label('organisation', one.organisation), ' (', wordFor(one.source), ')');
}

function laneView(parties) {
    return (lane) => el('tr', { class: lane.mismatch ? 'differ' : null },
        el('th', { scope: 'row' }, label('traffic', lane.class), el('br'), label('direction', lane.direction),
            lane.mismatch ? el('p', { class: 'badge' }, t('crossings.differ')) : null),
        parties.map((id) => el('td', {}, declaredView(lane.declared.find((one) => one.organisation === id)))),
        el('td', {}, lane.declared.filter((one) => !parties.includes(one.organisation)).map((one) => [label('organisation', one.organisation), declaredView(one)]),
            lane.seen.map(seenView)),
        el('td', {}, lane.counts.map(countView)));
}

function lanesView(lanes, name) {
    const parties = partyIds();
    if (lanes.length === 0) return null;
    const columns = [t('crossings.column.lane'), ...parties.map((id) => label('organisation', id)), t('crossings.column.seen'), t('crossings.column.counts')];
    return table(name, columns, lanes.map(laneView(parties)), { class: 'lines lanes' });
}

function returnsView(returns) {
    if (returns.length === 0) return null;
    const figures = (one) => ['persons', 'children', 'unaccompanied', 'refused'].filter((name) => one[name] !== undefined).map((name) => [wordFor(name), ' ', number(one[name])]);
    return [el('h3', {}, t('crossings.returns')), el('ul', {}, returns.map((one) => el('li', {},
        joined([label('traffic', one.class), period(one.from, one.until), listed(figures(one)), [label('organisation', one.organisation), ' (', wordFor(one.source), ')']]))))];
}

const measure = (word) => (has(`measure.${word}`) ? t(`measure.${word}`) : plain(word));
const figureOf = ({ least, most }) => (most ? `${least}–${most}` : least);

function flowView(flow) {
    return el('li', {},
        t('crossings.published.line', { measure: measure(flow.measure), figure: figureOf(flow), unit: flow.unit }),
        ' · ', quoted(flow.period), ' · ', el('span', { lang: 'en', dir: 'ltr' }, flow.note),
        ' · ', el('a', { href: flow.url, rel: 'noreferrer' }, t('crossings.source')),
        (flow.closed ?? []).map((one) => el('p', {}, t('crossings.published.closed',
            { organisation: label('organisation', one.organisation), days: number(one.days), figure: figureOf(one), unit: flow.unit }))));
}

function publishedView(published) {
    if (published.length === 0) return null;
    return el('details', {}, el('summary', {}, t('crossings.published')),
        el('p', {}, t('crossings.published.why')), el('ul', {}, published.map(flowView)));
}

function crossingView(crossing) {
    const name = label('crossing', crossing.id);
    const lanes = crossing.lanes.filter(told);
    return el('section', { 'aria-labelledby': crossing.id },
        el('h2', { id: crossing.id }, name),
        lanesView(lanes, name),
        el('p', { class: 'none' }, t('crossings.silent', { n: number(crossing.lanes.length - lanes.length) })),
        returnsView(crossing.returns), publishedView(crossing.published));
}

function transitView(transit) {
    if (transit.length === 0) return null;
    return el('section', { 'aria-labelledby': 'transit' },
        el('h2', { id: 'transit' }, t('crossings.transit')),
        el('ul', {}, transit.map((one) => el('li', {},
            el('a', { href: `/record/${one.id}` }, label('transit_type', one.type)), ' ',
            joined([label('crossing', one.crossing), label('direction', one.direction), label('organisation', one.org), el('strong', {}, wordFor(one.state)), period(one.from, one.until_granted ?? one.until)]),
            one.ran_out ? el('p', { class: 'badge' }, t('transit.ran_out')) : null,
            one.deadlines.map((due) => (due.overdue ? el('p', { class: 'badge' }, t('deadline.overdue'), ' ', label('clock', due.clock), ' ', moment(due.at_ms)) : null))))));
}

export async function show() {
    const { crossings, transit, days: n, first_ms: from, now_ms: now } = await api.crossings();
    title(t('crossings.title'));
    const view = el('div', { class: 'page due' },
        el('header', { class: 'subject' },
            el('p', { class: 'back' }, el('a', { href: '/' }, t('nav.all'))),
            el('h1', {}, t('crossings.title')),
            el('p', { class: 'lead' }, t('crossings.lead')),
            el('p', {}, joined([now ? moment(now) : null, t('crossings.days', { n: number(n), from: day(from) }), el('a', { href: '/crossings.txt' }, t('crossings.text')), el('a', { href: '/crossings.atom' }, 'Atom')]))),
        crossings.length === 0 ? el('p', { class: 'none' }, t('crossings.none')) : null,
        transitView(transit), crossings.map(crossingView));
    return { view };
}
