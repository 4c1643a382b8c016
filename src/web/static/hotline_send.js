/* Signing for the hotline in this browser, where it has a key; else the page says how it is done. */

import * as api from './api.js';
import { el } from './dom.js';
import { send } from './sending.js';
import { signAndKeep } from './signing.js';
import { hasCome, stepOf } from './hotline_state.js';
import { label, language, languages, section, t } from './words.js';

const TEXT_BYTES = 1400; /* of hotline.send */
const MOST_BYTES = 4000; /* of a translation */

const readers = async (tier) => (tier === 'public' ? [] : (await api.readers(tier)).recipients);
const size = (text) => new TextEncoder().encode(text).length;

async function sign(signer, name, flat) {
    const kind = signer.kinds.find((one) => one.name === name && one.version === 1);
    const said = { flat, media: [], form: 'hotline', least: 'public', draft: '' };
    await signAndKeep(signer.who, { agreement: signer.agreement, kind, said, readers });
    await send();
}

/* Runs what a person asked for; what went wrong stands beside it. */
function trying(trouble, again, work) {
    return async (event) => {
        event.preventDefault();
        trouble.hidden = true;
        try {
            await work(event);
            await again();
        } catch (error) {
            trouble.hidden = false;
            trouble.textContent = error.message;
        }
    };
}

const troubleView = () => el('p', { class: 'form-error', role: 'alert', hidden: true, dir: 'auto' });
const button = (key, click) => el('button', { type: 'button', click }, t(key));

const isMine = (row, { me }) => row.via === me || (row.to === me && hasCome(row));

/* Signed before it is shown. Without a key nothing is signed, and it opens all the same. */
export function openButton(row, signer, again) {
    if (!signer || !isMine(row, signer) || ['opened', 'understood'].includes(stepOf(row, signer.me))) return null;
    const trouble = troubleView();
    const click = trying(trouble, again, () => sign(signer, 'hotline.ack', { message: row.id, step: 'opened' }));
    return el('p', {}, button('hotline.do.open', click), trouble);
}

function textField(id, most) {
    const area = el('textarea', { id, rows: 3, dir: 'auto', autocomplete: 'off' });
    const left = el('span', { class: 'hint', role: 'status' });
    const count = () => {
        const over = size(area.value) > most;
        left.textContent = t('hotline.bytes', { n: most - size(area.value) });
        area.setCustomValidity(over ? t('hotline.too_long') : '');
    };
    area.addEventListener('input', count);
    count();
    return { area, view: el('p', { class: 'field' }, el('label', { for: id }, t('hotline.text')), area, left) };
}

/* Their languages: of the page, in which an officer writes here. */
const languageField = (id) => el('select', { id }, languages.map((one) => el('option', { value: one.id, selected: one.id === language.id }, one.name)));
const labelled = (id, input) => el('p', { class: 'field' }, el('label', { for: id }, t(`hotline.field.${id.split('-')[0]}`)), input);

function answerOf(row, text, language_) {
    const flat = { to: row.org, reply_to: row.id, priority: row.priority, language: language_, text };
    for (const name of ['via', 'exercise', 'case']) if (row[name]) flat[name] = row[name];
    return flat;
}

/* What may be said of one message: by whom it is for, and by who stands between. */
export function answerView(row, signer, again) {
    if (!signer || !isMine(row, signer)) return null;
    const between = row.via === signer.me;
    const id = row.id.slice(0, 8);
    const { area, view } = textField(`text-${id}`, between ? MOST_BYTES : TEXT_BYTES);
    const tongue = languageField(`language-${id}`);
    const trouble = troubleView();
    const does = (name, flat) => trying(trouble, again, () => sign(signer, name, flat()));
    const said = (member) => (area.value ? { [member]: area.value } : {});
    const relay = (act, member) => does('hotline.relay', () => ({ message: row.id, act, ...said(member), ...(member === 'translation' && area.value ? { language: tongue.value } : {}) }));
    const buttons = between
        ? [button('hotline.do.pass', relay('passed', 'translation')), button('hotline.do.ask', relay('asked_back', 'note')), button('hotline.do.hold', relay('held', 'note')), button('hotline.do.refuse', relay('refused', 'note'))]
        : [button('hotline.do.read_back', does('hotline.ack', () => ({ message: row.id, step: 'understood', ...said('read_back') }))),
            button('hotline.do.answer', does('hotline.send', () => answerOf(row, area.value, tongue.value)))];
    return el('div', { class: 'answer' }, view, labelled(`language-${id}`, tongue), el('p', { class: 'buttons' }, buttons), trouble);
}

/* --- a message of one's own --- */

const option = (name) => ({ id }) => el('option', { value: id }, label(name, id));
const none = () => el('option', { value: '' }, t('hotline.field.none'));

function howView() {
    return el('section', { 'aria-labelledby': 'send' }, el('h2', { id: 'send' }, t('hotline.send')),
        el('p', {}, t('hotline.no_key')),
        el('p', {}, el('a', { href: '/forms' }, t('webform.no_key.make'))),
        el('pre', { dir: 'ltr', tabindex: 0 }, 'sulh hotline DIR --as KEYNAME'));
}

export function sendView(signer, again) {
    if (!signer) return howView();
    const others = section('organisation').filter(({ id }) => id !== signer.me);
    const to = el('select', { id: 'to' }, others.map(option('organisation')));
    const via = el('select', { id: 'via' }, none(), others.map(option('organisation')));
    const priority = el('select', { id: 'priority' }, section('hotline_priority').map(option('hotline_priority')));
    const template = el('select', { id: 'template' }, none(), section('hotline_template').map(option('hotline_template')));
    const tongue = languageField('language-own');
    const exercise = el('input', { id: 'exercise', type: 'checkbox' });
    const { area, view } = textField('text-own', TEXT_BYTES);
    const trouble = troubleView();
    const flat = () => ({
        to: to.value, priority: priority.value, language: tongue.value,
        ...(via.value ? { via: via.value } : {}), ...(template.value ? { template: template.value } : {}),
        ...(exercise.checked ? { exercise: 'yes' } : {}), ...(area.value ? { text: area.value } : {}),
    });
    const submit = trying(trouble, again, async (event) => {
        await sign(signer, 'hotline.send', flat());
        event.target.reset();
    });
    return el('section', { 'aria-labelledby': 'send' }, el('h2', { id: 'send' }, t('hotline.send')),
        el('form', { class: 'make-key', submit },
            labelled('to', to), labelled('via', via), labelled('priority', priority), labelled('template', template), view, labelled('language-own', tongue),
            el('p', {}, exercise, ' ', el('label', { for: 'exercise' }, t('hotline.field.exercise'))), trouble,
            el('p', {}, el('button', { type: 'submit' }, t('hotline.do.send')))));
}
