/*
 * What this browser has seen of the log: the last checkpoint whose signature it checked. A record
 * names it (doc/format.md §3.4), so that a node which showed us another log is found out by whoever
 * reads ours. The log's key is taken at first sight and kept; one that changes without a new term
 * is refused, as is a log that has become shorter, or another of the same length.
 */

import { fromBase64, hash, hex, utf8 } from './bytes.js';
import { library } from './device.js';
import { keep, kept } from './vault.js';

const NOTHING = { root: hash(new Uint8Array()), size: 0 };

async function text(path) {
    const answer = await fetch(path, { cache: 'no-store' });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.text();
}

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
    if (held.some((line, n) => line !== now[n])) throw new Error('the log has another key than before');
}

/* Asks, checks and keeps; throws where something does not hold. */
export async function look() {
    if (!navigator.onLine) return;
    const [note, keys, before] = await Promise.all([text('/checkpoint'), text('/log.vkey'), kept('seen')]);
    const lines = keys.split('\n').filter(Boolean);
    const now = parseCheckpoint(note);
    const key = lines.map(parseVkey).find(({ name }) => name === now.origin);

    checkKeys(before?.keys ?? [], lines);
    if (!key || !(await isSigned(now, key))) throw new Error('the checkpoint is not signed by the key of its log');
    if (before && (now.size < before.size || (now.size === before.size && now.root !== before.root)))
        throw new Error('the log is not the one that was here before');
    await keep('seen', { size: now.size, root: now.root, keys: lines, at_ms: Date.now() });
}

export async function seen() {
    const { size, root } = (await kept('seen')) ?? NOTHING;
    return { root, size };
}
