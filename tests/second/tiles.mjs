// The log on disk (format §5.2, §5.3): every file of it, and nothing that it does not allow.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromUtf8 } from './bytes.mjs';
import { leafHash, Tree } from './merkle.mjs';
import { cosigned, parseCheckpoint, parseVkey, signed, TYPE_COSIGNATURE } from './note.mjs';

const WIDTH = 256;
const HASH = 32;

export class Wrong extends Error {}

const wrong = (what) => {
    throw new Wrong(what);
};

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

/** The entries of a bundle, each behind its length. */
function splitBundle(bytes, path) {
    const entries = [];
    for (let at = 0; at < bytes.length; ) {
        const length = at + 2 <= bytes.length ? bytes.readUInt16BE(at) : Infinity;
        if (at + 2 + length > bytes.length) wrong(`log/${path} is cut short`);
        entries.push(bytes.subarray(at + 2, at + 2 + length));
        at += 2 + length;
    }
    return entries;
}

function splitHashes(bytes, path) {
    if (bytes.length % HASH) wrong(`log/${path} is cut short`);
    return Array.from({ length: bytes.length / HASH }, (_, i) => bytes.subarray(i * HASH, (i + 1) * HASH));
}

/** Reads one place: the widest tile, and what stands of narrower ones, which must be its prefix. */
function readPlace(dir, files, { level, n, width }) {
    const base = `tile/${level}/${tilePath(n)}`;
    const widest = width === WIDTH ? base : `${base}.p/${width}`;
    if (!files.delete(widest)) wrong(`log/${widest} is missing`);
    const bytes = readFileSync(join(dir, widest));
    const items = (level === 'entries' ? splitBundle : splitHashes)(bytes, widest);
    if (items.length !== width) wrong(`log/${widest} holds ${items.length} items`);
    for (const narrower of width === WIDTH ? [] : Array.from({ length: width - 1 }, (_, i) => i + 1)) {
        const path = `${base}.p/${narrower}`;
        if (!files.delete(path)) continue;
        const prefix = items.slice(0, narrower).reduce((sum, item) => sum + item.length, 0);
        const length = prefix + (level === 'entries' ? 2 * narrower : 0);
        if (!readFileSync(join(dir, path)).equals(bytes.subarray(0, length))) wrong(`log/${path} is no prefix`);
    }
    return items;
}

function checkTile(tree, { level, n }, items) {
    items.forEach((hash, i) => {
        const at = n * WIDTH + i;
        if (!tree.levels[8 * level][at].equals(hash)) {
            wrong(level === 0 ? `entry ${at}: its leaf is not that of tile 0` : `tile ${level}/${n}: hash ${i}`);
        }
    });
}

/**
 * DIR/log: `{ checkpoint, entries, tree }`, the checkpoint signed by the key of DIR/log.vkey, the
 * entries those of its root. Throws Wrong.
 */
export function readLog(directory) {
    const dir = join(directory, 'log');
    const vkey = parseVkey(readFileSync(join(directory, 'log.vkey'), 'utf8').replace(/\n$/, ''));
    const checkpoint = parseCheckpoint(fromUtf8(readFileSync(join(dir, 'checkpoint'))) ?? '');
    if (!vkey) wrong('log.vkey is no vkey');
    if (!checkpoint) wrong('log/checkpoint is no checkpoint');
    if (checkpoint.origin !== vkey.name) wrong('log/checkpoint is of another origin');
    if (!signed(checkpoint.note, checkpoint.note.signatures[0], vkey)) wrong('log/checkpoint: its signature');

    const files = new Set(filesBelow(dir));
    files.delete('checkpoint');
    const tree = new Tree();
    const entries = [];
    const tiles = [];
    for (const place of places(checkpoint.size)) {
        const items = readPlace(dir, files, place);
        if (place.level === 'entries') entries.push(...items);
        else tiles.push([place, items]);
    }
    for (const entry of entries) tree.append(leafHash(entry));
    for (const [place, items] of tiles) checkTile(tree, place, items);
    if (files.size) wrong(`log/${[...files][0]} does not belong there`);
    if (!tree.root(checkpoint.size).equals(checkpoint.root)) wrong('log/checkpoint: its root is not that of the entries');
    return { checkpoint, entries, tree };
}

/** The lines behind the log's: cosignatures of admitted witnesses, in the order of their names. */
export function checkCosignatures(checkpoint, witnesses) {
    let last = '';
    for (const line of checkpoint.note.signatures.slice(1)) {
        const vkey = witnesses.get(line.name);
        const known = vkey?.type === TYPE_COSIGNATURE && vkey.id === line.id;
        if (!known || cosigned(checkpoint.note, line, vkey) === null) wrong(`log/checkpoint: the line of ${line.name}`);
        if (line.name <= last) wrong('log/checkpoint: witnesses out of order');
        last = line.name;
    }
}
