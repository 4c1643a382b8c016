/* The hotline: what waits for whom, how far each message has come, the lines, the watch. Asked for again
 * and again while it is looked at. What was written is shown as text and nothing else. */

import * as api from './api.js';
import { closedView } from './closed.js';
import { device } from './device.js';
import { code, el, joined } from './dom.js';
import { kindsByName, wordFor } from './fields.js';
import { title } from './frame.js';
import { answerView, openButton, sendView } from './hotline_send.js';
import { dueOf, isAlarm, waiting } from './hotline_state.js';
import { table } from './table.js';
import { moment, recorded, stated } from './when.js';
import { counted, has, label, number, t } from './words.js';

const WAIT_S = 20;
const EVERY_MS = 5000;

const DAY_MS = 24 * 3600000;

/* Minutes and seconds below an hour, then hours and minutes; days from two on. */
export function length(ms) {
    if (ms >= 2 * DAY_MS) return t('hotline.days', { n: number(Math.floor(ms / DAY_MS)) });
    const [whole, rest, unit] = ms < 3600000 ? [60000, 1000, 'minutes'] : [3600000, 60000, 'hours'];
    return t(`hotline.${unit}`, { n: `${Math.floor(ms / whole)}:${String(Math.floor((ms % whole) / rest)).padStart(2, '0')}` });
}

const way = (row) => t('hotline.way', { from: label('organisation', row.org), to: label('organisation', row.to) });
/* A message that is passed on is not one who was let through. */
const stateFor = (word) => (has(`hotline.state.${word}`) ? t(`hotline.state.${word}`) : wordFor(word));
const via = (row) => (row.via ? el('p', {}, t('hotline.via', { org: label('organisation', row.via) })) : null);

function marks(row) {
    return [
        row.exercise ? el('p', { class: 'badge exercise' }, t('hotline.exercise')) : null,
        row.logged === 0 ? el('p', { class: 'badge' }, t('hotline.not_logged')) : null,
        row.level ? el('p', { class: 'badge' }, row.priority ? t('hotline.raised', { level: wordFor(row.level) }) : wordFor(row.level)) : null];
}

/* How far it has come, with whom. */
function stateView(row) {
    return [
        el('p', {}, el('strong', {}, stateFor(row.state))),
        (row.steps ?? []).map((one) => el('p', { class: 'by' }, label('organisation', one.org), ': ', wordFor(one.state)))];
}

function timeView({ at, overdue }, now) {
    if (at === null) return '–';
    return overdue ? el('strong', {}, t('hotline.overdue', { n: length(now - at) })) : length(at - now);
}

function waitingLine(item, now) {
    const { row, what, must, overdue } = item;
    return el('tr', { class: overdue ? 'overdue' : null },
        el('td', {}, must ? el('strong', {}, t(`hotline.must.${must}`)) : t('hotline.must.none')),
        el('td', { class: 'left' }, timeView(item, now)),
        el('th', { scope: 'row' }, t(`hotline.${what}`), ' ', row.priority ? label('hotline_priority', row.priority) : null,
            el('p', {}, way(row)), via(row), marks(row)),
        el('td', {}, stateView(row)),
        el('td', {}, el('a', { href: what === 'message' ? `#m-${row.id}` : `/record/${row.id}` }, code(row.id.slice(0, 8)))));
}

function waitingView(state, me, now) {
    const items = waiting(state, me, now);
    if (items.length === 0) return el('p', { class: 'none' }, t('hotline.nothing'));
    const columns = ['must', 'left', 'what', 'state', 'id'];
    return table(t('hotline.title'), columns.map((name) => t(`hotline.column.${name}`)), items.map((item) => waitingLine(item, now)));
}

/* --- one message --- */

/* What it says, to who may read it: of what is not logged yet the node says so beside it. */
async function textOf(id, state, kinds) {
    const held = (state.waiting ?? []).find((one) => one.id === id);
    const record = held?.said ?? await api.recordOnce(id);
    return closedView(record, kinds.get(held?.kind ?? record.kind));
}

function relayView(one, state, kinds) {
    const contests = (state.contests ?? []).filter(({ relay }) => relay === one.id);
    return el('div', { class: 'relay' },
        el('p', {}, el('strong', {}, stateFor(one.act)), ' · ', label('organisation', one.org), ' · ', code(one.by)),
        textPlace(one.id, state, kinds),
        contests.map((row) => el('div', { class: 'contest' }, el('p', { class: 'badge' }, t('hotline.contested', { org: label('organisation', row.org) })), textPlace(row.id, state, kinds))));
}

function textPlace(id, state, kinds) {
    const place = el('div', { class: 'said-of' });
    textOf(id, state, kinds).then((view) => place.append(...view.flat(Infinity).filter(Boolean)), (error) => place.append(el('p', { class: 'hint', dir: 'auto' }, error.message)));
    return place;
}

function messageBody(row, state, kinds) {
    const due = dueOf(row);
    return [
        textPlace(row.id, state, kinds),
        (state.relays ?? []).filter(({ message }) => message === row.id).map((one) => relayView(one, state, kinds)),
        stateView(row),
        due ? el('p', {}, label('clock', due.clock), ' · ', moment(due.at_ms), ' · ', label('organisation', due.whose)) : null,
        (state.files ?? []).filter(({ id }) => id.startsWith(row.thread)).map((one) => el('p', {}, t('hotline.filed'), ' ', el('a', { href: `/incident/${one.incident}` }, code(one.incident.slice(0, 12))))),
        el('p', { class: 'by' }, row.recorded ? [recorded(row.recorded), ' · '] : null, el('a', { href: `/record/${row.id}` }, code(row.by)))];
}

/* Drawn when it is opened, and not before: what was closed has not been shown. To who signs here it is
 * shown when that is signed. */
function messageView(row, state, kinds, who, again) {
    const body = el('div', { class: 'body' });
    const done = () => again(row.id);
    const opening = openButton(row, who, done);
    const show = () => body.replaceChildren(...[opening ?? [messageBody(row, state, kinds), answerView(row, who, done)]].flat(Infinity).filter(Boolean));
    return el('details', { id: `m-${row.id}`, class: row.exercise ? 'message exercise' : 'message', toggle: (event) => event.target.open && show() },
        el('summary', {}, joined([label('hotline_priority', row.priority), way(row), row.template ? label('hotline_template', row.template) : null, stateFor(row.state), code(row.id.slice(0, 8))]), ' ', marks(row)),
        body);
}

/* --- lines and watch --- */

function hopView(one) {
    return el('li', {}, code(one.peer), ' · ', el('strong', {}, has(`hotline.hop.${one.state}`) ? t(`hotline.hop.${one.state}`) : wordFor(one.state)),
        one.round_trip_ms >= 0 ? [' · ', t('hotline.round_trip', { n: number(one.round_trip_ms) })] : null,
        one.owed ? [' · ', counted('hotline.owed', one.owed)] : null);
}

function lineView(one) {
    return el('li', {}, label('organisation', one.to), ' · ', el('strong', {}, wordFor(one.state)), ' · ', t('hotline.says', { org: label('organisation', one.org) }),
        one.hop ? [' · ', t('hotline.breaks', { org: label('organisation', one.hop) })] : null, ' · ', stated(one.since));
}

function watchView(one, now) {
    const ended = one.until.at_ms < now;
    return el('li', {}, label('organisation', one.org), ' · ', code(one.officer), ' · ', t(ended ? 'hotline.ended' : 'hotline.until', { at: stated(one.until) }));
}

/* The last test each way. */
function lastTests(checks) {
    return [...new Map(checks.map((one) => [`${one.org} ${one.to}`, one])).values()]
        .map((one) => el('li', {}, way(one), ' · ', el('strong', {}, wordFor(one.state)), one.recorded ? [' · ', recorded(one.recorded)] : null));
}

function section(id, items) {
    return el('section', { 'aria-labelledby': id }, el('h2', { id }, t(`hotline.${id}`)),
        items.length ? el('ul', {}, items) : el('p', { class: 'none' }, t('hotline.none')));
}

/* --- the page --- */

/* Seen where nothing is heard: in the page and in the name of its tab. */
function alarmView(state, me, now) {
    const alarm = isAlarm(state, me, now);
    title(...(alarm ? ['⚠'] : []), t('hotline.title'));
    return alarm ? [el('strong', {}, t('hotline.alarm'))] : [];
}

function board(state, me, now) {
    return [
        el('section', { 'aria-labelledby': 'waits' }, el('h2', { id: 'waits' }, t('hotline.waits')), waitingView(state, me, now)),
        section('watch', state.duty.map((one) => watchView(one, now))),
        section('lines', [...state.lines.map(lineView), ...(state.hops ?? []).map(hopView)]),
        section('tests', lastTests(state.checks))];
}

/* What somebody has opened, or is typing into, is left alone. */
function drawMessages(place, state, kinds, who, again) {
    const left = new Map([...place.children].filter(({ open }) => open).map((one) => [one.id, one]));
    place.replaceChildren(...[...state.messages].reverse().map((row) => left.get(`m-${row.id}`) ?? messageView(row, state, kinds, who, again)));
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/* The answer comes when there is news where the node holds it back, else a little later. */
async function next(state) {
    if (!state.token) await pause(EVERY_MS);
    return api.hotline(state.token, WAIT_S);
}

export async function show(_, status) {
    const [first, all, who] = await Promise.all([api.hotline(), api.kinds(), device()]);
    const me = who?.org ?? status.signed_in?.org ?? null;
    const kinds = kindsByName(all);
    const agreement = { name: status.agreement, id: status.agreement_id };
    const places = { alarm: el('p', { class: 'alarm', role: 'alert' }), board: el('div', {}), messages: el('div', { class: 'messages' }) };
    const now = () => (status.now_ms && Date.now() < status.now_ms ? status.now_ms : Date.now());
    const signer = who ? { who, agreement, kinds: all.kinds, me } : null;
    let state = first, said = '';

    const drawBoard = () => {
        const alarm = alarmView(state, me, now());
        if (Boolean(alarm.length) !== Boolean(said)) places.alarm.replaceChildren(...alarm);
        said = alarm.length ? 'alarm' : '';
        places.board.replaceChildren(...board(state, me, now()));
    };
    const take = (answer) => {
        state = answer;
        drawBoard();
        drawMessages(places.messages, state, kinds, signer, again);
    };
    /* The message that something was signed of is drawn anew, too. */
    const again = async (id) => {
        const answer = await api.hotline();
        const old = document.getElementById(`m-${id}`);
        if (old) old.open = false;
        take(answer);
        if (old) document.getElementById(`m-${id}`).open = true;
    };
    const listen = async () => {
        for (;;) await next(state).then(take, () => pause(EVERY_MS));
    };
    take(first);
    const view = el('div', { class: 'page hotline' },
        el('header', { class: 'subject' },
            el('p', { class: 'back' }, el('a', { href: '/' }, t('nav.all'))),
            el('h1', {}, t('hotline.title')),
            el('p', { class: 'lead' }, t('hotline.lead'))),
        places.alarm, places.board,
        el('section', { 'aria-labelledby': 'messages' }, el('h2', { id: 'messages' }, t('hotline.messages')),
            state.messages.length ? null : el('p', { class: 'none' }, t('hotline.none')), places.messages),
        sendView(signer, () => again('')));
    const ready = () => {
        setInterval(drawBoard, EVERY_MS);
        listen();
    };
    return { view, ready };
}
