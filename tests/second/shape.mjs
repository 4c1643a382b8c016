// Whether a body is of its kind's shape (doc/rules.md; stated times: format §2.3; parts: §4.1, §4.2).

import { isHash, isTime } from './bytes.mjs';
import { hasExactly, isObject } from './json.mjs';
import { isName, parseVkey } from './note.mjs';

const isString = (value) => typeof value === 'string';
const isInteger = (value, min, max) => Number.isSafeInteger(value) && value >= min && value <= max;
const isText = (value, min, max) => isString(value) && isInteger(Buffer.byteLength(value), min, max);
const isAscii = (value, min, max) => isText(value, min, max) && /^[\x21-\x7e]*$/.test(value);

const BASES = ['watch', 'camera', 'system', 'document', 'press', 'dataset', 'estimate'];
const MAX_OFFSET_MIN = 14 * 60;

const isStatedTime = (value) =>
    hasExactly(value, ['at_ms', 'basis', 'offset_min', 'uncertainty_ms']) &&
    isTime(value.at_ms) &&
    BASES.includes(value.basis) &&
    isInteger(value.offset_min, -MAX_OFFSET_MIN, MAX_OFFSET_MIN) &&
    isInteger(value.uncertainty_ms, 0, Number.MAX_SAFE_INTEGER);

const IS = {
    name: isName,
    vkey: (value) => isString(value) && parseVkey(value) !== null,
    hash: isHash,
    id: isHash,
    time: isStatedTime,
    word: (value, type) => type.words.includes(value),
    integer: (value, type) => isInteger(value, type.min, type.max),
    text: (value, type) => isText(value, type.min, type.max),
    ascii: (value, type) => isAscii(value, type.min, type.max),
    object: (value, type) => isOf(value, type.fields),
    list: (value, type) =>
        Array.isArray(value) &&
        isInteger(value.length, type.min, type.max) &&
        value.every((item) => IS[type.item.is](item, type.item)),
};

/** Whether an object has the fields it must have, and no others. */
function isOf(value, fields) {
    return (
        isObject(value) &&
        [...fields].every(([name, type]) => !type.required || Object.hasOwn(value, name)) &&
        Object.keys(value).every((name) => fields.has(name) && IS[fields.get(name).is](value[name], fields.get(name)))
    );
}

const RECIPIENTS = { public: [0, 0], mechanism: [1, 64], mission: [1, 64], sealed: [2, 2] };

const MAX_PARTS = 64;

function isPart(part) {
    const { media, ...rest } = isObject(part) ? part : {};
    return (
        hasExactly(rest, ['commitment', 'recipients', 'stored', 'tier']) &&
        (!Object.hasOwn(part, 'media') || isAscii(media, 1, 100)) &&
        isHash(rest.commitment) &&
        isHash(rest.stored) &&
        Object.hasOwn(RECIPIENTS, rest.tier) &&
        Array.isArray(rest.recipients) &&
        isInteger(rest.recipients.length, ...RECIPIENTS[rest.tier]) &&
        rest.recipients.every(isName) &&
        (rest.tier === 'sealed'
            ? rest.recipients[0] !== rest.recipients[1]
            : rest.recipients.every((name, i) => i === 0 || rest.recipients[i - 1] < name))
    );
}

function areParts(parts) {
    if (!Array.isArray(parts) || !isInteger(parts.length, 1, MAX_PARTS) || !parts.every(isPart)) return false;
    const tiers = parts.filter((part) => !Object.hasOwn(part, 'media')).map((part) => part.tier);
    return (
        new Set(tiers).size === tiers.length &&
        parts.every((part, i) => i === 0 || parts[i - 1].commitment < part.commitment)
    );
}

export function hasShape(body, kind) {
    const { parts, ...fields } = body;
    return (!Object.hasOwn(body, 'parts') || areParts(parts)) && isOf(fields, kind.fields);
}
