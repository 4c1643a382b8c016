/* The forms that there are, the key that signs them in this browser, what waits to be sent, and what
 * became of what was. */

import * as api from './api.js';
import { keyView } from './device_view.js';
import { device } from './device.js';
import { code, el, joined } from './dom.js';
import { addressOf, draftsView } from './drafts_view.js';
import { reasonFor, wordFor } from './fields.js';
import { title } from './frame.js';
import { TIERS } from './parts.js';
import { saver } from './saving.js';
import { look } from './seen.js';
import { checkedView, doubtView } from './seen_view.js';
import { send } from './sending.js';
import { drafts, records, takeOut } from './vault.js';
import { moment } from './when.js';
import { language, number, parts, t } from './words.js';
import { offline, startWorker } from './worker.js';

const EVERY_MS = 20000;
const UNITS = [['days', 86400000], ['hours', 3600000], ['minutes', 60000]];

/* How long something has waited. */
function age(ms) {
    const [unit, size] = UNITS.find(([, one]) => ms >= one) ?? UNITS.at(-1);
    return t(`webform.age.${unit}`, { n: number(Math.floor(ms / size)) });
}

/* All that a form needs, asked for once more: the worker keeps the answers for when there is no network. */
async function fetchAhead(forms) {
    await Promise.allSettled([api.kinds(), ...TIERS.slice(1).map(api.readers), ...forms.map(({ id }) => api.form(id, language.id))]);
}

function formList(forms) {
    return el('section', { 'aria-labelledby': 'forms' },
        el('h2', { id: 'forms' }, t('webform.list')),
        forms === null ? el('p', { class: 'none' }, t('webform.list.unknown'))
            : el('ul', { class: 'forms' }, forms.map(({ id }) =>
                el('li', {}, el('a', { href: `/form?id=${encodeURIComponent(id)}` }, t(`form.${id}`))))));
}

/* A file that anybody can hand in elsewhere: the record is signed, whoever carries it. */
const savedAs = (record) => saver(new Blob([record.note], { type: 'text/plain' }), `${record.id.slice(0, 12)}.note`, t('webform.save'));

function head(record) {
    return [
        el('h3', {}, t(`form.${record.form}`)),
        el('p', { class: 'by' }, joined([moment(record.made_ms), code(record.id.slice(0, 12))])),
    ];
}

function remover(record, redraw) {
    const remove = async () => {
        await takeOut(record.id);
        redraw();
    };
    return el('button', { type: 'button', click: remove }, t('webform.take_out'));
}

/* What became of one that was not accepted: another was sent in its stead, or one may be. A key that
 * is not admitted yet is nothing that a form could mend. */
function mending(record, answers) {
    if (record.mended) return el('p', {}, parts('webform.mended', { record: el('a', { href: `#${record.mended}` }, code(record.mended.slice(0, 12))) }));
    if (!answers || record.reason === 'unknown key') return null;
    return el('p', {}, el('a', { class: 'mend', href: addressOf(answers) }, t('webform.mend')));
}

function waitingItem(record, answers, redraw) {
    const refused = record.state === 'refused';
    return el('li', { id: record.id, class: refused ? 'waits refused' : 'waits' },
        head(record),
        el('p', {}, t('webform.waits_for', { age: age(Date.now() - record.made_ms) }),
            record.tries ? [' ', t('webform.tried', { n: number(record.tries) })] : null),
        refused ? el('p', { class: 'refused' }, t('webform.refused'), ' ', wordFor(record.reason ?? '')) : null,
        record.reason === 'unknown key' ? el('p', {}, t('webform.not_admitted')) : null,
        record.carried ? el('p', {}, t('webform.carried')) : null,
        record.why ? el('p', { class: 'hint', dir: 'auto', lang: 'en' }, record.why) : null,
        refused ? mending(record, answers) : null,
        savedAs(record),
        record.mended ? [' ', remover(record, redraw)] : null);
}

function verdictOf({ verdict }) {
    if (!verdict) return t('webform.not_published');
    return [t(`verdict.${verdict.verdict}`), verdict.reason ? [': ', reasonFor(verdict.reason)] : null];
}

function sentItem(record, answers, redraw) {
    return el('li', { id: record.id, class: 'sent' },
        head(record),
        el('p', {}, t('webform.entry', { n: number(record.index) }), ' · ', verdictOf(record),
            record.proven ? [' ', t('webform.proven', { size: number(record.proven) })] : null),
        record.verdict?.verdict === 'void' ? mending(record, answers) : null,
        el('p', { class: 'links' }, joined([
            el('a', { href: `/record/${record.id}` }, t('webform.record')),
            el('a', { href: `/api/entries/${record.index}/receipt` }, t('webform.receipt'))])),
        record.verdict ? remover(record, redraw) : null);
}

function list(id, items, none) {
    return el('section', { 'aria-labelledby': id },
        el('h2', { id }, t(`webform.${id}`)),
        items.length ? el('ul', { class: 'records' }, items) : el('p', { class: 'none' }, t(none)));
}

/* Redraws what is raised above the forms and the lists below, and nothing that somebody may be typing into. */
async function drawRecords(place) {
    const [all, begun] = await Promise.all([records(), drafts()]);
    const redraw = () => drawRecords(place);
    const [doubts, checked] = await Promise.all([doubtView(redraw), checkedView(all)]);
    const drawn = (item) => (record) => item(record, begun.find(({ id }) => id === record.draft), redraw);
    const waiting = all.filter(({ state }) => state !== 'sent');
    place.above.replaceChildren(...(doubts ? [doubts] : []));
    place.below.replaceChildren(
        list('waiting', waiting.map(drawn(waitingItem)), 'webform.waiting.none'),
        list('sent', all.filter(({ state }) => state === 'sent').reverse().map(drawn(sentItem)), 'webform.sent.none'),
        ...(checked ? [checked] : []));
}

async function round(place) {
    await send().catch(() => {});
    await look().catch(() => {});
    await drawRecords(place);
}

export async function show() {
    startWorker();
    const [forms, who, here, begun] = await Promise.all([api.forms().then((answer) => answer.forms, () => null), device(), offline(), draftsView()]);
    const place = { above: el('div', {}), below: el('div', { 'aria-live': 'polite' }) };
    const now = el('button', { type: 'button', click: () => round(place) }, t('webform.send_now'));
    title(t('webform.title'));
    const view = el('div', { class: 'page forms-page' },
        el('header', { class: 'subject' },
            el('p', { class: 'back' }, el('a', { href: '/' }, t('nav.all'))),
            el('h1', {}, t('webform.title')),
            el('p', { class: 'lead' }, t('webform.what')),
            el('p', { class: 'lead' }, t(`webform.offline.${here}`))),
        place.above,
        begun,
        who ? formList(forms) : null,
        keyView(who),
        place.below, el('p', {}, now));
    const ready = async () => {
        await drawRecords(place);
        document.getElementById(location.hash.slice(1))?.scrollIntoView();
        await round(place);
        if (who && navigator.onLine) fetchAhead(forms ?? []);
        setInterval(() => round(place), EVERY_MS);
        addEventListener('online', () => round(place));
    };
    return { view, ready };
}

