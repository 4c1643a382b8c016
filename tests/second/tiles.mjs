// The log on disk (format §5.2, §5.3): every file of it, and nothing that it does not allow.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromUtf8 } from './bytes.mjs';
import { leafHash, Tree } from './merkle.mjs';
import { cosignedAt, isSignedBy, parseCheckpoint, parseVkey } from './note.mjs';
import { wrong } from './wrong.mjs';

const WIDTH = 256;
const HASH = 32;

/** Number N of a tile as a path: 1234067 is x001/x234/067. */
function tilePath(n) {
    const groups = [];
    for (let rest = n; groups.length === 0 || rest > 0; rest = Math.floor(rest / 1000)) {
        groups.unshift((groups.length ? 'x' : '') + String(rest % 1000).padStart(3, '0'));
    }
    return groups.join('/');
}

const filesBelow = (dir, prefix = '') =>
    readdirSync(join(dir, prefix), { withFileTypes: true }).flatMap((entry) => {
        const path = prefix ? `${prefix}/${entry.name}` : entry.name;
        if (entry.isDirectory()) return filesBelow(dir, path);
        return entry.isFile() ? [path] : wrong(`log/${path} is no plain file`);
    });

/** The places of a tree of this size: level ("entries" for bundles), number, width. */
function* places(size) {
    for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / WIDTH)) {
        for (let n = 0; n * WIDTH < count; n++) {
            const width = Math.min(WIDTH, count - n * WIDTH);
            if (level === 0) yield { level: 'entries', n, width };
            yield { level, n, width };
        }
    }
}

/** The entries of a bundle, each behind its length; of one that is cut short, what there is. */
function splitBundle(bytes) {
    const entries = [];
    for (let at = 0; at < bytes.length; at += 2 + entries.at(-1).length) {
        const length = at + 2 <= bytes.length ? bytes.readUInt16BE(at) : 0;
        entries.push(bytes.subarray(at + 2, at + 2 + length));
    }
    return entries;
}

const splitHashes = (bytes) =>
    Array.from({ length: Math.ceil(bytes.length / HASH) }, (_, i) => bytes.subarray(i * HASH, (i + 1) * HASH));

const basePath = ({ level, n }) => `tile/${level}/${tilePath(n)}`;

/** Reads the widest tile of a place. */
function readPlace(dir, files, place) {
    const path = basePath(place) + (place.width === WIDTH ? '' : `.p/${place.width}`);
    if (!files.delete(path)) wrong(`log/${path} is missing`);
    const bytes = readFileSync(join(dir, path));
    const items = (place.level === 'entries' ? splitBundle : splitHashes)(bytes);
    return { place, path: `log/${path}`, bytes, items };
}

/** Narrower tiles that stand beside a partial one must be its prefix. */
function checkNarrower(dir, files, { place, bytes, items }) {
    const framing = place.level === 'entries' ? 2 : 0;
    for (let width = 1, length = 0; width < place.width && place.width < WIDTH; width++) {
        length += framing + items[width - 1].length;
        const path = `${basePath(place)}.p/${width}`;
        if (!files.delete(path)) continue;
        if (!readFileSync(join(dir, path)).equals(bytes.subarray(0, length))) wrong(`log/${path} is no prefix`);
    }
}

/** Takes a bundle's entries into the tree, each held against its leaf in the tile beside it. */
function takeEntries(tree, bundle, leaves) {
    const { width } = bundle.place;
    for (let i = 0; i < width; i++) {
        const leaf = leafHash(bundle.items[i] ?? '');
        if (!leaves.items[i]?.equals(leaf)) wrong(`entry ${tree.size}: its bytes do not hash to its leaf`);
        tree.append(leaf);
    }
    const length = bundle.items.slice(0, width).reduce((sum, entry) => sum + 2 + entry.length, 0);
    if (length !== bundle.bytes.length) wrong(`${bundle.path} goes on behind its last entry`);
}

function checkHashes(tree, tile) {
    const { level, n, width } = tile.place;
    const want = tree.levels[8 * level].slice(n * WIDTH, n * WIDTH + width);
    if (!tile.bytes.equals(Buffer.concat(want))) wrong(`${tile.path} does not hold the hashes of what is below`);
}

/**
 * DIR/log: `{ vkey, checkpoint, entries, tree }`, the checkpoint signed by the key of DIR/log.vkey, the
 * entries those of its root.
 */
export function readLog(directory) {
    const dir = join(directory, 'log');
    const text = readFileSync(join(directory, 'log.vkey'), 'utf8').replace(/\n$/, '');
    const vkey = parseVkey(text);
    const checkpoint = parseCheckpoint(fromUtf8(readFileSync(join(dir, 'checkpoint'))) ?? '');
    if (!vkey) wrong('log.vkey is no vkey');
    if (!checkpoint) wrong('log/checkpoint is no checkpoint');
    if (checkpoint.origin !== vkey.name) wrong('log/checkpoint is of another origin');
    if (!isSignedBy(checkpoint.note, vkey)) wrong('log/checkpoint: its signature');

    const files = new Set(filesBelow(dir));
    files.delete('checkpoint');
    const tree = new Tree();
    const read = [...places(checkpoint.size)].map((place) => readPlace(dir, files, place));
    const bundles = read.filter(({ place }) => place.level === 'entries');
    for (const bundle of bundles) takeEntries(tree, bundle, read[read.indexOf(bundle) + 1]);
    for (const tile of read) if (tile.place.level !== 'entries') checkHashes(tree, tile);
    for (const tile of read) checkNarrower(dir, files, tile);
    if (files.size) wrong(`log/${[...files][0]} does not belong there`);
    if (!tree.root(checkpoint.size).equals(checkpoint.root)) wrong('log/checkpoint: another root than its entries have');
    return { vkey: text, checkpoint, entries: bundles.flatMap((bundle) => bundle.items), tree };
}

/** The lines behind the log's: cosignatures of admitted witnesses, in the order of their names. */
export function checkCosignatures(checkpoint, witnesses) {
    let last = '';
    for (const line of checkpoint.note.signatures.slice(1)) {
        const vkey = witnesses.get(line.name);
        const holds = vkey?.id === line.id && cosignedAt(checkpoint.note, vkey) !== null;
        if (!holds) wrong(`log/checkpoint: the line of ${line.name}`);
        if (line.name <= last) wrong('log/checkpoint: witnesses out of order');
        last = line.name;
    }
}
