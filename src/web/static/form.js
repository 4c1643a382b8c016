/* One form: drawn by ODK Web Forms, kept while it is filled in, turned into a record, signed in this
 * browser and kept, and only then sent. */

import * as api from './api.js';
import { toFields } from './answers.js';
import { device } from './device.js';
import { el, quoted } from './dom.js';
import { keeping, opened, versionOf } from './drafts.js';
import { otherDrafts, draftOfBefore } from './drafts_view.js';
import { title } from './frame.js';
import { speak } from './odk_words.js';
import { look } from './seen.js';
import { doubtView } from './seen_view.js';
import { send } from './sending.js';
import { signAndKeep } from './signing.js';
import { draft, holdOn } from './vault.js';
import { moment } from './when.js';
import { language, parts, t } from './words.js';
import { startWorker } from './worker.js';

const FORM_FILE = 'xml_submission_file'; /* as OpenRosa names the instance */

function styled() {
    if (document.querySelector('link[data-form]')) return;
    const href = new URL('webforms/form.css', import.meta.url).pathname;
    document.head.prepend(el('link', { rel: 'stylesheet', 'data-form': true, href }));
}

/* Who may read a tier's parts; asked for now, so that it is at hand when there is no network. */
function readersOf() {
    const held = new Map();
    return (tier) => {
        if (tier === 'public') return [];
        if (!held.has(tier)) held.set(tier, api.readers(tier).then(({ recipients }) => recipients));
        return held.get(tier);
    };
}

async function mediaOf(files, answers, tier) {
    return Promise.all(files.map(async (name) => {
        const file = answers.get(name);
        if (!file) throw new Error(t('webform.lost_file', { name }));
        return { tier, type: file.type || 'application/octet-stream', bytes: new Uint8Array(await file.arrayBuffer()) };
    }));
}

function alertBox(place, error) {
    place.replaceChildren(el('p', { class: 'form-error', role: 'alert' }, t('webform.not_signed'), ' ', el('bdi', { dir: 'auto' }, error.message)));
    place.scrollIntoView({ block: 'nearest' });
}

/* From the answers to a record that lies in the vault; then it may be sent. The filled-in form is left
 * behind for good: nobody comes back to it by the browser's own way back. */
async function take(payload, { form, kind, agreement, readers, who, id, mends, keep }) {
    const [answers] = payload.data;
    const { flat, files } = toFields(await answers.get(FORM_FILE).text(), form, kind);
    const said = { flat, media: await mediaOf(files, answers, form.tier), form: form.id, least: form.tier, draft: id, mends };
    await keep.now();
    const record = await signAndKeep(who, { agreement, kind, said, readers });
    keep.stop();
    await send().catch(() => {});
    location.replace(`/forms#${record.id}`);
}

/* Whoever loads this page anew, or chooses another language, goes on with it. */
function goOnHere(id) {
    const here = new URL(location.href);
    here.searchParams.set('draft', id);
    history.replaceState(null, '', here);
    for (const link of document.querySelectorAll('.languages a')) {
        const there = new URL(link.href);
        there.searchParams.set('draft', id);
        link.href = there;
    }
}

/* What is kept, said where the form ends. */
function keptNote(place) {
    return (row, error) => {
        if (row) goOnHere(row.id);
        place.replaceChildren(error
            ? el('span', { class: 'form-error', role: 'alert' }, t('webform.draft.lost'), ' ', el('bdi', { dir: 'auto' }, error.message))
            : t(row.left ? 'webform.draft.kept_but' : 'webform.draft.kept', { at: moment(row.kept_ms) }));
    };
}

/* What somebody is going on with, or null: {id, begun_ms, mends, xml, files, left}. One that became a record
 * stays as it is, for another that is sent in its stead. */
async function goingOn(who, row, version) {
    if (!row || row.version !== version) return null;
    const { xml, files } = await opened(who, row);
    const made = row.record ? { id: crypto.randomUUID(), mends: row.record } : { id: row.id, mends: row.mends };
    return { ...made, begun_ms: row.begun_ms, left: row.left, xml, files };
}

/* Where this browser cannot draw forms: what else there is. */
function elsewhere(form, error) {
    return el('div', { class: 'form-error', role: 'alert' },
        el('h1', {}, t(`form.${form.id}`)), el('p', {}, t('webform.not_drawn')), el('p', {}, t('webform.elsewhere')),
        el('p', { class: 'hint', dir: 'auto', lang: 'en' }, error.message));
}

function strangers() {
    return el('div', { class: 'trouble' },
        el('h1', {}, t('webform.no_key')),
        el('p', {}, t('webform.no_key.why')),
        el('p', {}, el('a', { href: '/forms' }, t('webform.no_key.make'))));
}

/* Looks at the log anew; what it raises stands over the form. */
async function lookInto(place) {
    await look().catch(() => {});
    const drawn = await doubtView(() => lookInto(place));
    place.replaceChildren(...(drawn ? [drawn] : []));
}

/* Over the form: what it goes on with, and what else was begun. */
async function begunView(who, form, row, going) {
    return [
        going ? el('p', { class: 'begun' }, t(going.mends ? 'webform.mending' : 'webform.draft.going_on', { at: moment(row.kept_ms) }),
            going.left ? [' ', t('webform.draft.left')] : null) : null,
        row && !going ? await draftOfBefore(who, row) : null,
        await otherDrafts(form.id, row?.id),
    ];
}

/* What the agreement, the form and the kind say of it, as they are now. */
async function asked(id) {
    const [{ forms, exact }, { kinds }, xml] = await Promise.all([api.forms(), api.kinds(), api.form(id, language.id)]);
    const found = forms.find((one) => one.id === id);
    if (!found) throw new Error(t('webform.unknown', { id }));
    return { xml, form: { ...found, exact }, kind: kinds.find(({ name, version }) => name === found.kind && version === found.version) };
}

export async function show(_, status) {
    startWorker();
    const who = await device();
    if (!who) return { view: strangers() };
    styled();
    const here = new URLSearchParams(location.search);
    const { xml, form, kind } = await asked(here.get('id') ?? '');
    const row = await draft(here.get('draft') ?? '');
    const going = await goingOn(who, row, versionOf(xml));
    const { id, begun_ms, mends } = going ?? { id: crypto.randomUUID(), begun_ms: Date.now() };
    const job = { who, form, kind, id, begun_ms, mends, agreement: { name: status.agreement, id: status.agreement_id }, readers: readersOf() };
    const doubts = el('div', {});
    lookInto(doubts);
    holdOn();

    const trouble = el('div', {});
    const note = el('p', { class: 'caption', role: 'status' });
    /* What is typed is for the browser's own memory of forms neither. */
    const place = el('form', { class: 'webform', autocomplete: 'off', novalidate: true, submit: (event) => event.preventDefault() });
    title(t(`form.${form.id}`));
    const view = el('div', { class: 'page form' },
        el('p', { class: 'back' }, el('a', { href: '/forms' }, t('webform.title'))),
        el('p', { class: 'lead' }, t('webform.lead')),
        doubts,
        await begunView(who, form, row, going),
        trouble, place, note,
        el('p', { class: 'caption' }, parts('webform.credit', {
            odk: quoted('ODK Web Forms 0.22 (Apache-2.0)'),
            all: el('a', { href: new URL('webforms/licences.txt', import.meta.url).pathname }, t('webform.licences')),
        })));
    const draw = async () => {
        const { mount } = await import('./webforms/form.js');
        speak();
        mount(place, {
            xml,
            begun: going,
            attachment: () => Promise.resolve(new Response('', { status: 404 })),
            stands: (answers) => { job.keep ??= keeping(job, answers, keptNote(note)); },
            submit: (payload) => take(payload, job).catch((error) => alertBox(trouble, error)),
        });
    };
    return { view, ready: () => draw().catch((error) => place.replaceChildren(elsewhere(form, error))) };
}
