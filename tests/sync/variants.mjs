#!/usr/bin/env node
// Proofs of misbehaviour and what almost is one: every file of a directory (but those that a fuzzer
// named), with each of its pieces taken from another file, damaged, left out or doubled.
//
//   variants.mjs FROM TO   writes them to TO, a number each, and the numbers' meanings to TO/names

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { print } from '../second/json.mjs';

const [from, to] = process.argv.slice(2);
const proofs = readdirSync(from).filter((name) => !/^[0-9a-f]{40}$/.test(name));
const files = proofs.sort().map((name) => ({
    name,
    file: JSON.parse(readFileSync(join(from, name), 'utf8').split('\n')[1]),
}));

/** Where a string or a list of hashes stands in the evidence: [path, value]. */
const slots = ({ evidence }) =>
    Object.entries(evidence).flatMap(([member, value]) =>
        Array.isArray(value) && member !== 'consistency' ?
            value.map((item, i) => [[member, i], item])
        :   [[[member], value]],
    );

const shape = (value) => (Array.isArray(value) ? 'path' : /^[0-9a-f]{64}$/.test(value) ? 'hash' : 'note');

const pool = { path: new Map(), hash: new Map(), note: new Map() };
const keep = (value) => pool[shape(value)].set(JSON.stringify(value), value);
for (const { file } of files) {
    for (const [, value] of slots(file)) keep(value);
    for (const note of [file.entry, ...file.admissions]) keep(note);
}
const admissions = [...new Set(files.flatMap(({ file }) => file.admissions))];

function put(file, path, value) {
    const copy = structuredClone(file);
    const last = path.at(-1);
    path.slice(0, -1).reduce((inner, key) => inner[key], copy.evidence)[last] = value;
    return copy;
}

/** Another hash, another path, another note that differs in one place: of its text, and of each signature. */
function* damaged(value) {
    if (shape(value) === 'hash') yield value.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    else if (shape(value) === 'path') {
        yield value.slice(1);
        yield value.slice(0, -1);
        yield [...value, ...value.slice(0, 1)];
        yield [...value].reverse();
    } else {
        yield value.replace(/[0-9]/, (digit) => (digit === '9' ? '8' : '9'));
        for (const { index } of value.matchAll(/^— [^ ]+ .{20}/gmu)) {
            const at = value.indexOf(' ', index + 2) + 15;
            yield value.slice(0, at) + (value[at] === 'A' ? 'B' : 'A') + value.slice(at + 1);
        }
        yield value.replace(/^— .*\n/mu, '');
        yield value.slice(0, -1);
        yield '';
    }
}

function* variants({ name, file }) {
    yield [name, file];
    for (const [path, value] of slots(file)) {
        for (const other of pool[shape(value)].values()) yield [`${name}: another ${path}`, put(file, path, other)];
        for (const other of damaged(value)) yield [`${name}: damaged ${path}`, put(file, path, other)];
    }
    for (const [member, value] of Object.entries(file.evidence)) {
        if (Array.isArray(value)) yield [`${name}: turned ${member}`, put(file, [member], [...value].reverse())];
    }
    for (const kind of new Set(files.map((other) => other.file.kind))) yield [`${name}: as a ${kind}`, { ...file, kind }];
    for (const { name: theirs, file: { evidence, kind } } of files) {
        yield [`${name}: the evidence of ${theirs}`, { ...file, evidence, kind }];
    }
    for (const note of admissions) yield [`${name}: one admission more`, { ...file, admissions: [...file.admissions, note] }];
    for (const note of admissions) yield [`${name}: another admission`, { ...file, admissions: [note] }];
    yield [`${name}: no admission`, { ...file, admissions: [] }];
    yield [`${name}: admissions turned`, { ...file, admissions: [...file.admissions].reverse() }];
    for (const [i, note] of file.admissions.entries()) {
        for (const other of damaged(note)) yield [`${name}: a damaged admission`, { ...file, admissions: file.admissions.with?.(i, other) ?? [other] }];
    }
    for (const { file: { pieces } } of files) yield [`${name}: the pieces of another`, { ...file, pieces }];
    yield [`${name}: a piece missing`, { ...file, pieces: file.pieces.slice(1) }];
    for (const entry of damaged(file.entry)) yield [`${name}: a damaged entry 0`, { ...file, entry }];
    yield [`${name}: another entry 0`, { ...file, entry: admissions[0] }];
}

mkdirSync(to, { recursive: true });
const seen = new Set();
const names = [];
for (const [name, file] of files.flatMap((one) => [...variants(one)])) {
    const text = `sulh/misbehaviour/v1\n${print(file)}\n`;
    if (seen.has(text)) continue;
    seen.add(text);
    writeFileSync(join(to, String(names.length)), text);
    names.push(name);
}
writeFileSync(join(to, 'names'), `${names.join('\n')}\n`);
console.log(names.length);
