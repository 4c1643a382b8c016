// Bytes, text and hashes.

import { createHash } from 'node:crypto';

export const sha256 = (...pieces) =>
    pieces.reduce((hash, piece) => hash.update(piece), createHash('sha256')).digest();

export const hex = (bytes) => Buffer.from(bytes).toString('hex');

export const u64 = (n) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(n));
    return bytes;
};

/** Base64 of one spelling (format, "Words"); null for any other. */
export function fromBase64(text) {
    const bytes = Buffer.from(text, 'base64');
    return bytes.toString('base64') === text ? bytes : null;
}

/** UTF-8 to text, a byte order mark being a character like others; null if it is none. */
export function fromUtf8(bytes) {
    try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
        return null;
    }
}

/** A decimal number without leading zeros, at most 2^53 - 1; null if it is none. */
export function fromDecimal(text) {
    const n = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : NaN;
    return Number.isSafeInteger(n) ? n : null;
}

/** A number as keys of rows hold it (format §10.2). */
export const digits = (n) => String(n).padStart(16, '0');

export const isHash = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/** Times are from year 2 to year 9998 (format §2.3). */
export const isTime = (value) => Number.isSafeInteger(value) && value >= -62104060800000 && value <= 253370764799999;
