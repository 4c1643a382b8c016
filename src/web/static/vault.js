/* What this browser keeps: its key, its place in the key's chain, and every record that it signed,
 * until somebody takes it out. A write is done when it is on the disk. */

const NAME = 'sulh';
const VERSION = 1;

function promised(request) {
    return new Promise((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
}

let opened;

function database() {
    opened ??= new Promise((done, failed) => {
        const request = indexedDB.open(NAME, VERSION);
        request.onupgradeneeded = () => {
            request.result.createObjectStore('kept', { keyPath: 'name' });
            request.result.createObjectStore('records', { keyPath: 'id' });
        };
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    return opened;
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

/* Only where there is none of that name. */
export const keepFirst = (name, value) => transact(['kept'], 'readwrite', (on) => promised(on.objectStore('kept').add({ ...value, name })));

/* In the order of the key's chain. */
export async function records() {
    const all = await transact(['records'], 'readonly', (on) => promised(on.objectStore('records').getAll()));
    return all.sort((a, b) => a.seq - b.seq);
}

/* A record that was signed, and with it the key's new place; both or none. */
export function addSigned(record) {
    return transact(['kept', 'records'], 'readwrite', async (on) => {
        const chain = await promised(on.objectStore('kept').get('chain'));
        if ((chain?.seq ?? 0) !== record.seq - 1) throw new Error('another page has signed meanwhile');
        on.objectStore('records').add(record);
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

export const takeOut = (id) => transact(['records'], 'readwrite', (on) => promised(on.objectStore('records').delete(id)));

/* Asks the browser not to clear this when the disk is full; it may say no. */
export const holdOn = async () => (await navigator.storage?.persist?.()) ?? false;
