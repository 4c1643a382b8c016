/* Bytes, and how the format spells them (doc/format.md, "Words"). */

import { sha256 } from './sha256.js';

export const utf8 = (text) => new TextEncoder().encode(text);

export function joinBytes(...pieces) {
    const out = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
        out.set(piece, at);
        at += piece.length;
    }
    return out;
}

export const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
export const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
export const hash = (bytes) => hex(sha256(bytes));

export function base64(bytes) {
    return btoa([...bytes].map((byte) => String.fromCharCode(byte)).join(''));
}

/* Of one spelling; any other is refused. */
export function fromBase64(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    if (base64(bytes) !== text) throw new Error('base64 of another spelling');
    return bytes;
}

export function u32(n) {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, n);
    return bytes;
}

export function u16(n) {
    return Uint8Array.of(n >> 8, n & 255);
}

/* Of many bytes: the browser's own is faster, where it lends it. */
export async function hashOf(bytes) {
    if (!globalThis.crypto?.subtle) return hash(bytes);
    return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
