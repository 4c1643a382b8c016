// Canonical JSON (format §2.1, §2.2).

const MAX_DEPTH = 32;
const ESCAPES = { '"': '\\"', '\\': '\\\\', '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r' };
const KEY = /^[\x20-\x7e]{1,64}$/;

const refuse = (why) => {
    throw new SyntaxError(`not canonical JSON: ${why}`);
};

const escape = (c) => ESCAPES[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;

function printString(text) {
    if (/\0|\p{Surrogate}/u.test(text)) refuse('a string with U+0000 or half a surrogate pair');
    return `"${text.replace(/["\\\x01-\x1f]/g, escape)}"`;
}

function printMember(object, key, depth) {
    if (!KEY.test(key) || /["\\]/.test(key)) refuse('a key that cannot be one');
    return `"${key}":${print(object[key], depth)}`;
}

/** The canonical text of a value; throws on what has none. */
export function print(value, depth = 0) {
    if (typeof value === 'string') return printString(value);
    if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : refuse('a number');
    if (typeof value !== 'object' || value === null) refuse(String(value));
    if (depth === MAX_DEPTH) refuse('nested too deep');
    if (Array.isArray(value)) return `[${value.map((item) => print(item, depth + 1)).join()}]`;
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => printMember(value, key, depth + 1)).join()}}`;
}

/** The value of a canonical text. What means something but is spelt otherwise is refused (§2.2). */
export function parse(text) {
    const value = JSON.parse(text);
    if (print(value) !== text) refuse('another spelling');
    return value;
}

export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether an object has these members, all of them and no others. */
export const hasExactly = (value, members) =>
    isObject(value) && Object.keys(value).length === members.length && members.every((m) => Object.hasOwn(value, m));
