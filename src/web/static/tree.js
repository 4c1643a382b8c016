/* Proofs of the log's tree (RFC 9162 §2.1), made here from its tiles (c2sp.org/tlog-tiles) and verified here:
 * that a log goes on from what it was, and that an entry is in it. What the node puts into a tile is believed
 * by nobody: a proof holds between two roots or does not. */

import { fromHex } from './bytes.js';
import { nodeHash, rootOf, toHex } from './proof.js';

const HASH_BYTES = 32;
const WIDTH = 256;
const LEVELS = 8; /* of a tree that one tile holds */

/* The largest power of two below n; sizes may be larger than what bits are for. */
function split(n) {
    let k = 1;
    while (k * 2 < n) k *= 2;
    return k;
}

/* The hash of the leaves from `from` to `to`; `node(level, n)` gives that of a whole tree of 2^level leaves. */
async function rangeHash(node, from, to) {
    const count = to - from;
    const k = split(count);
    if (count === 1) return node(0, from);
    if (k * 2 === count && from % count === 0) return node(Math.log2(count), from / count);
    return nodeHash(await rangeHash(node, from, from + k), await rangeHash(node, from + k, to));
}

async function between(node, size, from, to, whole) {
    const k = split(to - from);
    if (size === to - from) return whole ? [] : [await rangeHash(node, from, to)];
    if (size <= k) return [...await between(node, size, from, from + k, whole), await rangeHash(node, from + k, to)];
    return [...await between(node, size - k, from + k, to, false), await rangeHash(node, from, from + k)];
}

/* §2.1.4.1: that a log of `size` begins with its first `before` entries. */
export const consistencyProof = (node, before, size) => between(node, before, 0, size, true);

async function pathFrom(node, index, from, to) {
    const k = split(to - from);
    if (to - from === 1) return [];
    if (index < k) return [...await pathFrom(node, index, from, from + k), await rangeHash(node, from + k, to)];
    return [...await pathFrom(node, index - k, from + k, to), await rangeHash(node, from, from + k)];
}

/* §2.1.3.1: that an entry is in a log of `size`. */
export const inclusionProof = (node, index, size) => pathFrom(node, index, 0, size);

const isEven = (n) => n % 2 === 0;
const half = (n) => Math.floor(n / 2);

/* §2.1.4.2, of {size, root} with roots in hex; of nothing, everything goes on. */
export function isConsistent(before, now, proof) {
    if (before.size === 0) return true;
    if (before.size >= now.size) return before.size === now.size && before.root === now.root;
    /* Of a power of two the old root itself is the first. */
    const [first, ...rest] = Number.isInteger(Math.log2(before.size)) ? [fromHex(before.root), ...proof] : proof;
    if (!first) return false;

    let [fn, sn] = [before.size - 1, now.size - 1];
    let [old, all] = [first, first];
    while (!isEven(fn)) [fn, sn] = [half(fn), half(sn)];
    for (const sibling of rest) {
        if (sn === 0) return false;
        if (!isEven(fn) || fn === sn) {
            [old, all] = [nodeHash(sibling, old), nodeHash(sibling, all)];
            while (isEven(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
        } else all = nodeHash(all, sibling);
        [fn, sn] = [half(fn), half(sn)];
    }
    return sn === 0 && toHex(old) === before.root && toHex(all) === now.root;
}

/* Of an entry's leaf hash and a checkpoint {size, root}. */
export function isIncluded(index, leaf, { size, root }, hashes) {
    try {
        return toHex(rootOf({ index, size, hashes }, leaf)) === root;
    } catch {
        return false; /* a path of another length than one from there has */
    }
}

/* 1234067 is x001/x234/067. */
function tileName(n) {
    const groups = String(n).padStart(Math.ceil(String(n).length / 3) * 3, '0').match(/.../g);
    return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

/* `level` is of tiles; one that is not full yet is named by its width. */
export function tilePath(level, n, size) {
    const width = Math.min(WIDTH, Math.floor(size / WIDTH ** level) - n * WIDTH);
    return { path: `/tile/${level}/${tileName(n)}${width < WIDTH ? `.p/${width}` : ''}`, bytes: width * HASH_BYTES };
}

const merged = (hashes) => (hashes.length === 1 ? hashes[0] : merged(hashes.flatMap((one, n) => (isEven(n) ? [nodeHash(one, hashes[n + 1])] : []))));

/* `node` of the functions above, for a log of `size`; `ask(path)` gives the bytes of a tile, each asked for once. */
export function nodesOf(size, ask) {
    const tiles = new Map();
    const tile = ({ path, bytes }) => {
        if (!tiles.has(path)) tiles.set(path, ask(path).then((got) => (got.length === bytes ? got : Promise.reject(new Error(`${path}: ${got.length} bytes`)))));
        return tiles.get(path);
    };
    return async (level, n) => {
        const of = Math.floor(level / LEVELS);
        const count = 2 ** (level % LEVELS);
        const at = n * count;
        const held = await tile(tilePath(of, Math.floor(at / WIDTH), size));
        const hash = (one) => held.subarray((at % WIDTH + one) * HASH_BYTES, (at % WIDTH + one + 1) * HASH_BYTES);
        return merged(Array.from({ length: count }, (_, one) => hash(one)));
    };
}
