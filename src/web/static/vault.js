/* What this browser keeps: its key, its place in the key's chain, every record that it signed, until
 * somebody takes it out, and forms that somebody began. A write is done when it is on the disk. */

import { t } from './words.js';

const NAME = 'sulh';
const VERSION = 2;

function promised(request) {
    return new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
}

let opened;

/* A browser may refuse to keep anything: then there is no key either. */
function database() {
    opened ??= open().catch((error) => { throw new Error(`${t('webform.no_store')} (${error.message})`); });
    return opened;
}

function open() {
    return new Promise((done, failed) => {
        const request = indexedDB.open(NAME, VERSION);
        request.onupgradeneeded = ({ oldVersion }) => {
            if (oldVersion < 1) {
                request.result.createObjectStore('kept', { keyPath: 'name' });
                request.result.createObjectStore('records', { keyPath: 'id' });
            }
            if (oldVersion < 2) request.result.createObjectStore('drafts', { keyPath: 'id' });
        };
        request.onsuccess = () => {
            request.result.onversionchange = () => request.result.close();
            done(request.result);
        };
        request.onerror = () => failed(request.error);
    });
}

/* `work` asks for what it wants at once; all of it is on the disk, or none of it. */
async function transact(stores, mode, work) {
    const transaction = (await database()).transaction(stores, mode, { durability: 'strict' });
    const finished = new Promise((done, failed) => {
        transaction.oncomplete = done;
        transaction.onabort = transaction.onerror = () => failed(transaction.error ?? new Error('not kept'));
    });
    const [result] = await Promise.all([work(transaction), finished]);
    return result;
}

export const kept = (name) => transact(['kept'], 'readonly', (on) => promised(on.objectStore('kept').get(name)));
export const keep = (name, value) => transact(['kept'], 'readwrite', (on) => promised(on.objectStore('kept').put({ ...value, name })));

export const forget = (name) => transact(['kept'], 'readwrite', (on) => promised(on.objectStore('kept').delete(name)));

/* Only where there is none of that name. */
export const keepFirst = (name, value) => transact(['kept'], 'readwrite', (on) => promised(on.objectStore('kept').add({ ...value, name })));

/* In the order of the key's chain. */
export async function records() {
    const all = await transact(['records'], 'readonly', (on) => promised(on.objectStore('records').getAll()));
    return all.sort((a, b) => a.seq - b.seq);
}

/* A record that was signed, and with it the key's new place, what its form was, and the record that
 * it is sent in the stead of; all or none. */
export function addSigned(record) {
    return transact(['kept', 'records', 'drafts'], 'readwrite', async (on) => {
        const [all, drafts] = [on.objectStore('records'), on.objectStore('drafts')];
        const asked = [on.objectStore('kept').get('chain'), drafts.get(record.draft), all.get(record.mends ?? '')];
        const [chain, draft, mended] = await Promise.all(asked.map(promised));
        if ((chain?.seq ?? 0) !== record.seq - 1) throw new Error('another page has signed meanwhile');
        all.add(record);
        if (draft) drafts.put({ ...draft, record: record.id });
        if (mended) all.put({ ...mended, mended: record.id });
        on.objectStore('kept').put({ name: 'chain', seq: record.seq, id: record.id });
    });
}

/* What became of it; all else of it stays as it is. */
export function noteOf(id, change) {
    return transact(['records'], 'readwrite', async (on) => {
        const store = on.objectStore('records');
        const held = await promised(store.get(id));
        if (held) store.put({ ...held, ...change });
    });
}

/* With what its form was. */
export function takeOut(id) {
    return transact(['records', 'drafts'], 'readwrite', async (on) => {
        const held = await promised(on.objectStore('records').get(id));
        if (held?.draft) on.objectStore('drafts').delete(held.draft);
        on.objectStore('records').delete(id);
    });
}

/* Forms that somebody began (drafts.js), the latest first. */
export async function drafts() {
    const all = await transact(['drafts'], 'readonly', (on) => promised(on.objectStore('drafts').getAll()));
    return all.sort((a, b) => b.kept_ms - a.kept_ms);
}

export const draft = (id) => transact(['drafts'], 'readonly', (on) => promised(on.objectStore('drafts').get(id)));
export const keepDraft = (row) => transact(['drafts'], 'readwrite', (on) => promised(on.objectStore('drafts').put(row)));
export const discard = (id) => transact(['drafts'], 'readwrite', (on) => promised(on.objectStore('drafts').delete(id)));

/* Asks the browser not to clear this when the disk is full; it may say no. */
export const holdOn = async () => (await navigator.storage?.persist?.()) ?? false;
