/*
 * What this browser has seen of the log: the last checkpoint whose signature it checked, and which goes on
 * from the one before it. A record names it (doc/format.md §3.4), so that a node which showed us another
 * log is found out by whoever reads ours. The log's key is taken at first sight and kept; what does not go
 * together is kept too, as a doubt with both checkpoints, until somebody takes it away.
 */

import { fromBase64, hash, hex, utf8 } from './bytes.js';
import { library } from './device.js';
import { leafHash } from './proof.js';
import { consistencyProof, inclusionProof, isConsistent, isIncluded, nodesOf } from './tree.js';
import { keep, kept, noteOf, records } from './vault.js';

const NOTHING = { root: hash(new Uint8Array()), size: 0 };

/* Why the log is not believed, by a word of lang/*.json; whatever else is thrown is a fault of the line. */
class Doubt extends Error {
    constructor(why, said = {}) {
        super(why);
        this.said = { why, ...said };
    }
}

/* The line's or the node's trouble, which tells nothing about the log. */
class Unanswered extends Error {}

async function asked(path) {
    const answer = await fetch(path, { cache: 'no-store' }).catch((error) => { throw new Unanswered(error.message); });
    if (answer.status >= 500) throw new Unanswered(`${path}: ${answer.status}`);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer;
}

const text = async (path) => (await asked(path)).text();
const tile = async (path) => new Uint8Array(await (await asked(path)).arrayBuffer());

/* The base64 may have a + too. */
export function parseVkey(line) {
    const [, name, id, typed] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(line) ?? [];
    const bytes = typed ? fromBase64(typed) : [];
    if (bytes.length !== 33 || bytes[0] !== 1) throw new Error(`no key of a log: ${line}`);
    return { name, id, key: bytes.slice(1) };
}

function parseCheckpoint(note) {
    const end = note.indexOf('\n\n') + 1;
    const [origin, size, root, rest] = note.slice(0, end).split('\n');
    if (end === 0 || rest !== '' || !/^(0|[1-9]\d{0,15})$/.test(size)) throw new Error('no checkpoint');
    const lines = note.slice(end + 1).split('\n').filter((line) => line.startsWith(`— ${origin} `));
    return { text: note.slice(0, end), origin, size: Number(size), root: hex(fromBase64(root)), lines };
}

async function isSigned({ text: signed, lines }, { id, key }) {
    const { ed25519 } = await library();
    const signatures = lines.map((line) => fromBase64(line.slice(line.lastIndexOf(' ') + 1)));
    const own = signatures.filter((bytes) => bytes.length === 68 && hex(bytes.slice(0, 4)) === id);
    return own.length === 1 && ed25519.verify(own[0].slice(4), utf8(signed), key, { zip215: false });
}

/* The keys that were there before must still be, each in its place: a term adds one behind them. */
function checkKeys(held, now) {
    if (held.some((line, n) => line !== now[n])) throw new Doubt('key');
}

/* What is no tile proves nothing; without an answer nothing is said at all. */
async function proven(work) {
    try {
        return await work();
    } catch (error) {
        if (error instanceof Unanswered) throw error;
        return false;
    }
}

async function checkGoesOn(before, now, node) {
    const said = { before: before.size, now: now.size };
    if (now.size < before.size) throw new Doubt('shorter', said);
    if (now.size === before.size && now.root !== before.root) throw new Doubt('other', said);
    const holds = async () => isConsistent(before, now, before.size && before.size < now.size ? await consistencyProof(node, before.size, now.size) : []);
    if (!(await proven(holds))) throw new Doubt('other', said);
}

/* Each record of this browser that the log says it has is in it, where it was said to be. A log that goes on
 * has it for good: once is enough. */
async function checkRecords(now, node) {
    const due = (await records()).filter(({ index, proven: done }) => index !== undefined && index < now.size && !done);
    for (const { id, index, note } of due) {
        const holds = async () => isIncluded(index, leafHash(utf8(note)), now, await inclusionProof(node, index, now.size));
        if (!(await proven(holds))) throw new Doubt('record', { index, id, now: now.size });
        await noteOf(id, { proven: now.size });
    }
}

async function check(before, note, lines) {
    const now = parseCheckpoint(note);
    const key = lines.map(parseVkey).find(({ name }) => name === now.origin);
    const node = nodesOf(now.size, tile);

    checkKeys(before?.keys ?? [], lines);
    if (!key || !(await isSigned(now, key))) throw new Doubt('signature');
    if (before) await checkGoesOn(before, now, node);
    await keep('seen', { size: now.size, root: now.root, note, keys: lines, at_ms: Date.now() });
    await checkRecords(now, node);
}

/* Asks, checks and keeps; what does not hold is kept as a doubt, and what held before stays. */
export async function look() {
    if (!navigator.onLine) return;
    const [note, vkeys, before] = await Promise.all([text('/checkpoint'), text('/log.vkey'), kept('seen')]);
    const keys = vkeys.split('\n').filter(Boolean);
    try {
        await check(before, note, keys);
    } catch (error) {
        if (!(error instanceof Doubt)) throw error;
        const [checkpoint, keysBefore] = [before?.note ?? null, before?.keys ?? null];
        await keep('doubt', { ...error.said, at_ms: Date.now(), shown: { checkpoint: note, keys }, seen: { checkpoint, keys: keysBefore } });
    }
}

/* The latest doubt, and the last checkpoint that raised none: {size, at_ms, …}; undefined where there is none. */
export const doubt = () => kept('doubt');
export const lastSeen = () => kept('seen');

export async function seen() {
    const { size, root } = (await kept('seen')) ?? NOTHING;
    return { root, size };
}
