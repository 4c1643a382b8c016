/* One form: drawn by ODK Web Forms, turned into a record, signed in this browser and kept, and only
 * then sent. */

import * as api from './api.js';
import { toFields } from './answers.js';
import { device } from './device.js';
import { el, quoted } from './dom.js';
import { title } from './frame.js';
import { speak } from './odk_words.js';
import { look } from './seen.js';
import { send } from './sending.js';
import { signAndKeep } from './signing.js';
import { holdOn } from './vault.js';
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

/* From the answers to a record that lies in the vault; then it may be sent. */
async function take(payload, { form, kind, agreement, readers }) {
    const [answers] = payload.data;
    const { flat, files } = toFields(await answers.get(FORM_FILE).text(), form, kind);
    const said = { flat, media: await mediaOf(files, answers, form.tier), form: form.id, least: form.tier };
    const record = await signAndKeep(await device(), { agreement, kind, said, readers });
    await send().catch(() => {});
    location.assign(`/forms#${record.id}`);
}

function strangers() {
    return el('div', { class: 'trouble' },
        el('h1', {}, t('webform.no_key')),
        el('p', {}, t('webform.no_key.why')),
        el('p', {}, el('a', { href: '/forms' }, t('webform.no_key.make'))));
}

export async function show(id, status) {
    startWorker();
    if (!(await device())) return { view: strangers() };
    styled();
    const asked = new URLSearchParams(location.search).get('id') ?? '';
    const [{ forms, exact }, { kinds }] = await Promise.all([api.forms(), api.kinds()]);
    const found = forms.find((one) => one.id === asked);
    if (!found) throw new Error(t('webform.unknown', { id: asked }));
    const form = { ...found, exact };
    const xml = await api.form(asked, language.id);
    const kind = kinds.find(({ name, version }) => name === form.kind && version === form.version);
    const readers = readersOf();
    look().catch(() => {});
    holdOn();

    const trouble = el('div', {});
    const place = el('div', { class: 'webform' });
    const job = { form, kind, agreement: { name: status.agreement, id: status.agreement_id }, readers };
    title(t(`form.${form.id}`));
    const view = el('div', { class: 'page form' },
        el('p', { class: 'back' }, el('a', { href: '/forms' }, t('webform.title'))),
        el('p', { class: 'lead' }, t('webform.lead')),
        trouble, place,
        el('p', { class: 'caption' }, parts('webform.credit', {
            odk: quoted('ODK Web Forms 0.22 (Apache-2.0)'),
            all: el('a', { href: new URL('webforms/licences.txt', import.meta.url).pathname }, t('webform.licences')),
        })));
    const ready = async () => {
        const { mount } = await import('./webforms/form.js');
        speak();
        mount(place, {
            xml,
            attachment: () => Promise.resolve(new Response('', { status: 404 })),
            submit: (payload) => take(payload, job).catch((error) => alertBox(trouble, error)),
        });
    };
    return { view, ready };
}
