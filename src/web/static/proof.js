/* Follows a receipt (c2sp.org/tlog-proof) from a record to the root of the log, as RFC 6962
 * says. Pure: bytes and text in, an answer or an Error out. It does not check signatures:
 * that is for `sulh check-receipt`, which did not come from this node with this page. */

import { sha256 } from './sha256.js';

const HEAD = 'c2sp.org/tlog-proof@v1';
const HASH_BYTES = 32;

function fromBase64(text) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    if (bytes.length !== HASH_BYTES) throw new Error(`a hash of ${bytes.length} bytes`);
    return bytes;
}

export const toHex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

function concat(...pieces) {
    const out = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
    let at = 0;
    for (const piece of pieces) {
        out.set(piece, at);
        at += piece.length;
    }
    return out;
}

export const leafHash = (entry) => sha256(concat([0], entry));
export const nodeHash = (left, right) => sha256(concat([1], left, right));

/* "index N", then a hash a line, an empty line, and the checkpoint. */
export function parseReceipt(text) {
    const end = text.indexOf('\n\n');
    const [head, index, ...hashes] = text.slice(0, Math.max(end, 0)).split('\n').filter((line) => !line.startsWith('extra '));
    if (head !== HEAD || !/^index (0|[1-9]\d*)$/.test(index ?? '')) throw new Error(`not a receipt: ${head}`);

    const [origin, size, root] = text.slice(end + 2).split('\n');
    if (!/^[1-9]\d*$/.test(size ?? '')) throw new Error(`not a checkpoint: ${origin}`);
    return { index: Number(index.slice(6)), hashes: hashes.map(fromBase64), origin, size: Number(size), root: fromBase64(root) };
}

/* RFC 9162 §2.1.3.2: the path from the leaf up, left or right as the index says. */
export function rootOf({ index, size, hashes }, leaf) {
    let at = index;
    let last = size - 1;
    let hash = leaf;

    if (index >= size) throw new Error(`entry ${index} of ${size}`);
    for (const sibling of hashes) {
        if (last === 0) throw new Error('a path that is too long');
        if (at % 2 === 1 || at === last) {
            hash = nodeHash(sibling, hash);
            while (at % 2 === 0 && at !== 0) {
                at = Math.floor(at / 2);
                last = Math.floor(last / 2);
            }
        } else {
            hash = nodeHash(hash, sibling);
        }
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
    }
    if (last !== 0) throw new Error('a path that is too short');
    return hash;
}
