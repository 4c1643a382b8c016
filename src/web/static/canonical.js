/* Canonical JSON (doc/format.md §2.1): what is signed has one spelling. */

const MAX_DEPTH = 32;
const ESCAPES = { '"': '\\"', '\\': '\\\\', '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r' };

function refuse(why) {
    throw new TypeError(`no canonical JSON: ${why}`);
}

const escape = (c) => ESCAPES[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;

function text(value) {
    if (value.includes('\0') || !value.isWellFormed()) refuse('a string with U+0000 or half a character');
    return `"${value.replace(/["\\\u0001-\u001f]/g, escape)}"`;
}

function member(object, key, depth) {
    if (!/^[\x20\x21\x23-\x5b\x5d-\x7e]{1,64}$/.test(key)) refuse(`the key ${key}`);
    return `"${key}":${canonical(object[key], depth)}`;
}

export function canonical(value, depth = 0) {
    if (typeof value === 'string') return text(value);
    if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : refuse(String(value));
    if (typeof value !== 'object' || value === null) refuse(String(value));
    if (depth === MAX_DEPTH) refuse('nested too deep');
    if (Array.isArray(value)) return `[${value.map((one) => canonical(one, depth + 1)).join()}]`;
    return `{${Object.keys(value).sort().map((key) => member(value, key, depth + 1)).join()}}`;
}
