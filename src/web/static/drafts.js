/*
 * A form that somebody began, kept on the device until it is sent or discarded: what ODK Web Forms made
 * of the answers so far and the files that go with them, each an age file to this browser's own recipient. Answers
 * and files that none but the mediators may read are not kept at all: whoever goes on gives them again.
 * A draft whose form became a record is kept for as long as that may have to be mended.
 */

import { utf8 } from './bytes.js';
import { identityOf, library } from './device.js';
import { closer } from './parts.js';
import * as vault from './vault.js';

const FORM_FILE = 'xml_submission_file'; /* as OpenRosa names the instance */
const EVERY_MS = 1000;

const parse = (xml) => new DOMParser().parseFromString(xml, 'text/xml');

/* An XForm's, or that of what was answered to one: a form that asks something else has another. */
export const versionOf = (xml) => parse(xml).querySelector('data').getAttribute('version');

/* The names of what an ask writes, one of each tier that they can be of. */
const written = ({ as, name, prefix = '' }) => ({ position: `${prefix}lat_e7`, line: 'shape', area: 'shape' })[as] ?? name;

const isSealed = (tier, least) => Boolean(tier) && closer(tier, least) === 'sealed';

/* Empties every answer that is sealed; how many there were. */
function empty(node, asks, kind, least) {
    let emptied = 0;
    for (const ask of asks)
        for (const child of [...node.children].filter(({ localName }) => localName === ask.name)) {
            const field = kind.fields.find(({ name }) => name === written(ask));
            if (isSealed(field?.tier, least)) {
                emptied += child.textContent.trim() ? 1 : 0;
                child.textContent = '';
            } else if (ask.asks) emptied += empty(child, ask.asks, kind, least);
        }
    return emptied;
}

/* {xml, left}: the answers without those that are sealed, and how many were left out. */
export function withoutSealed(xml, form, kind) {
    const read = parse(xml);
    const left = empty(read.documentElement, form.asks, kind, form.tier);
    return { xml: new XMLSerializer().serializeToString(read), left };
}

async function sealedToUs(who, bytes) {
    const { Encrypter } = await library();
    const age = new Encrypter();
    age.addRecipient(who.recipient);
    return age.encrypt(bytes);
}

async function openedByUs(who, box) {
    const { Decrypter } = await library();
    const age = new Decrypter();
    age.addIdentity(await identityOf(who));
    return age.decrypt(box);
}

/* Encrypted once, however often the answers around it change. */
function boxes(who) {
    const held = new WeakMap();
    return (file) => {
        if (!held.has(file)) held.set(file, file.arrayBuffer().then((bytes) => sealedToUs(who, new Uint8Array(bytes))));
        return held.get(file);
    };
}

/* {xml, files}: what somebody answered so far. */
export async function opened(who, row) {
    const files = await Promise.all(row.files.map(async ({ name, type, box }) => new File([await openedByUs(who, box)], name, { type })));
    return { xml: new TextDecoder().decode(await openedByUs(who, row.xml)), files };
}

export const unfinished = async () => (await vault.drafts()).filter(({ record }) => !record);

const filesOf = (data) => [...data.values()].filter(({ name }) => name !== FORM_FILE);

/* What lies on the disk of `data`, ODK Web Forms' answers. */
async function rowOf({ who, form, kind, id, begun_ms, mends, box }, xml, data) {
    const said = withoutSealed(xml, form, kind);
    const files = form.tier === 'sealed' ? [] : filesOf(data);
    return {
        id, form: form.id, version: versionOf(xml), begun_ms, kept_ms: Date.now(), mends,
        left: said.left + filesOf(data).length - files.length,
        xml: await sealedToUs(who, utf8(said.xml)),
        files: await Promise.all(files.map(async (file) => ({ name: file.name, type: file.type, box: await box(file) }))),
    };
}

/*
 * Keeps a form while it is filled in, once its `answers` are others than they are now. `told(row)` is
 * called when it was kept, `told(null, error)` when it was not. Gives {now, stop}: `now()` keeps what there is at once.
 */
export function keeping(job, answers, told) {
    const box = boxes(job.who);
    let before = null;
    let running = Promise.resolve();

    const look = async () => {
        const [data] = (await answers()).data;
        const xml = await data.get(FORM_FILE).text();
        const first = before === null;
        if (xml === before) return;
        before = xml;
        if (first) return;
        const row = await rowOf({ ...job, box }, xml, data);
        await vault.keepDraft(row);
        told(row);
    };
    const now = () => (running = running.then(look).catch((error) => told(null, error)));
    const hidden = () => document.visibilityState === 'hidden' && now();
    const timer = setInterval(now, EVERY_MS);

    now();
    document.addEventListener('visibilitychange', hidden);
    const stop = () => {
        clearInterval(timer);
        document.removeEventListener('visibilitychange', hidden);
    };
    return { now, stop };
}
