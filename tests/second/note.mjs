// Names and keys (format §1), signed notes and records (§3).

import { fromBase64, fromDecimal, fromUtf8, hex, isHash, isTime, sha256 } from './bytes.mjs';
import { isKey, verify } from './ed25519.mjs';
import { hasExactly, isObject, parse } from './json.mjs';

export const TYPE_SIGNATURE = 1;
export const TYPE_COSIGNATURE = 4;

const MAX_RECORD = 65535;
const MAX_SIGNATURES = 128;
const MAX_LINE = 12288;
const MAX_SIGNATURE = 8192;
const MAX_SECONDS = BigInt(Number.MAX_SAFE_INTEGER) / 1000n;
const MAX_VERSION = 4294967295;

export const isName = (value) =>
    typeof value === 'string' &&
    value.length <= 100 &&
    /^[a-z0-9._/-]+$/.test(value) &&
    !/^\/|\/$|\/\//.test(value);

const keyId = (name, typed) => hex(sha256(`${name}\n`, typed).subarray(0, 4));

const vkeys = new Map(); // those read before: whether a point is a key takes a while

/** `name+hex(key id)+base64(type ‖ key)`; null if it is none. */
export function parseVkey(text) {
    if (!vkeys.has(text)) vkeys.set(text, readVkey(text));
    return vkeys.get(text);
}

function readVkey(text) {
    const [, name, id, base64] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(text) ?? [];
    const typed = base64 && fromBase64(base64);
    if (!typed || typed.length !== 33 || !isName(name) || id !== keyId(name, typed)) return null;
    const [type, key] = [typed[0], typed.subarray(1)];
    return [TYPE_SIGNATURE, TYPE_COSIGNATURE].includes(type) && isKey(key) ? { name, id, type, key } : null;
}

/** Of any key, under any name that c2sp.org/signed-note allows. */
function parseSignatureLine(line) {
    const [, name, base64] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
    const bytes = base64 && fromBase64(base64);
    if (!bytes || bytes.length < 5 || bytes.length > 4 + MAX_SIGNATURE) return null;
    if (/[+\p{White_Space}]/u.test(name) || Buffer.byteLength(line) > MAX_LINE) return null;
    return { name, id: hex(bytes.subarray(0, 4)), signature: bytes.subarray(4) };
}

/** A signed note: its text, an empty line, its signature lines; null if it is none. */
export function parseNote(text) {
    const end = text.lastIndexOf('\n\n');
    if (end < 0 || !text.endsWith('\n') || /[\x00-\x09\x0b-\x1f]/.test(text)) return null;
    const signatures = text.slice(end + 2, -1).split('\n').map(parseSignatureLine);
    if (signatures.includes(null) || signatures.length > MAX_SIGNATURES) return null;
    return { text: text.slice(0, end + 1), signatures };
}

const isLineOf = (vkey) => (line) => line.name === vkey.name && line.id === vkey.id;

/** Whether exactly one line of a note is of this key, and is its signature (type 0x01) of the text. */
export function isSignedBy(note, vkey) {
    const [line, ...more] = note.signatures.filter(isLineOf(vkey));
    if (!line || more.length || vkey.type !== TYPE_SIGNATURE || line.signature.length !== 64) return false;
    return verify(vkey.key, Buffer.from(note.text), line.signature);
}

/** The seconds of this witness's cosignature (§5.4), of its lines the first; null if it is none. */
export function cosignedAt(note, vkey) {
    const signature = note.signatures.find(isLineOf(vkey))?.signature;
    if (vkey.type !== TYPE_COSIGNATURE || signature?.length !== 72) return null;
    const seconds = signature.readBigUInt64BE();
    if (seconds < 1n || seconds > MAX_SECONDS) return null;
    const message = Buffer.from(`cosignature/v1\ntime ${seconds}\n${note.text}`);
    return verify(vkey.key, message, signature.subarray(8)) ? Number(seconds) : null;
}

const isKind = (text) => text.length <= 32 && /^[a-z_]+(\.[a-z_]+)?$/.test(text);

const isEnvelope = (o) =>
    hasExactly(o, ['body', 'by', 'prev', 'said_at_ms', 'seen', 'seq']) &&
    isObject(o.body) &&
    isName(o.by) &&
    (o.prev === '' || isHash(o.prev)) &&
    isTime(o.said_at_ms) &&
    hasExactly(o.seen, ['root', 'size']) &&
    isHash(o.seen.root) &&
    Number.isSafeInteger(o.seen.size) &&
    o.seen.size >= 0 &&
    Number.isSafeInteger(o.seq) &&
    o.seq >= 1;

function parseObject(text) {
    try {
        return parse(text);
    } catch {
        return null;
    }
}

/** A record (§3) from an entry's bytes; null if they are none. */
export function parseRecord(bytes) {
    const note = bytes.length <= MAX_RECORD ? parseNote(fromUtf8(bytes) ?? '') : null;
    const lines = note?.text.split('\n');
    if (lines?.length !== 4 || note.signatures.length !== 1) return null;
    const [agreement, second] = lines;
    const [kind, versionText, ...more] = second.split(' ');
    const version = fromDecimal(versionText ?? '');
    const object = parseObject(lines[2]);
    const [line] = note.signatures;
    if (!isName(agreement) || more.length || !isKind(kind)) return null;
    if (!version || version > MAX_VERSION || !isEnvelope(object)) return null;
    if (line.name !== object.by || line.signature.length !== 64) return null;
    return { agreement, kind, version, ...object, id: hex(sha256(note.text)), note };
}

/** A checkpoint (§5.3) from a note's text; null if it is none. */
export function parseCheckpoint(text) {
    const note = parseNote(text);
    const lines = note?.text.split('\n');
    if (lines?.length !== 4) return null;
    const [origin, sizeText, base64] = lines;
    const size = fromDecimal(sizeText);
    const root = fromBase64(base64);
    return isName(origin) && size !== null && root?.length === 32 ? { origin, size, root, note } : null;
}

const isVkey = (value) => typeof value === 'string' && parseVkey(value) !== null;
const isSize = (value) => Number.isSafeInteger(value) && value >= 0;

const STATEMENTS = {
    freeze: {
        next_log_key: isVkey, next_origin: isName, next_promise_key: isVkey, origin: isName, root: isHash, size: isSize,
    },
    rotate: { from: isName, key: isVkey },
};

/** A statement (§6.1) of this word from a note's text; null if it is none. */
export function parseStatement(text, word) {
    const note = parseNote(text);
    const lines = note?.text.split('\n');
    if (lines?.length !== 4 || note.signatures.length !== 1) return null;
    const [agreement, second, third] = lines;
    const said = parseObject(third);
    const members = Object.entries(STATEMENTS[word]);
    if (!isName(agreement) || second !== word || !hasExactly(said, members.map(([name]) => name))) return null;
    return members.every(([name, is]) => is(said[name])) ? { agreement, said, note } : null;
}
