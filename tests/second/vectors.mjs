#!/usr/bin/env node
// This program against doc/vectors.json: a line for each thing tried, 0 or 1 and its name.

import { readFileSync } from 'node:fs';
import { hex } from './bytes.mjs';
import { parse } from './json.mjs';
import { leafHash, Tree } from './merkle.mjs';
import { isName, isSignedBy, parseNote, parseRecord, parseVkey } from './note.mjs';
import { Register } from './register.mjs';

const vectors = JSON.parse(readFileSync(new URL('../../doc/vectors.json', import.meta.url), 'utf8'));

function row(name, got, want) {
    const same = got === want;
    console.log(`${same ? 0 : 1} ${name}`);
    if (!same) console.error(`# ${name}\n# got  ${got}\n# want ${want}`);
}

const isCanonical = (text) => {
    try {
        parse(text);
        return true;
    } catch {
        return false;
    }
};

for (const text of vectors.canonical_json.accepted) row(`canonical: ${text}`, isCanonical(text), true);
for (const { text, why } of vectors.canonical_json.refused) row(`not canonical: ${why}`, isCanonical(text), false);
for (const name of vectors.names.accepted) row(`a name: ${name}`, isName(name), true);
for (const name of vectors.names.refused) row(`no name: "${name}"`, isName(name), false);
for (const { vkey, name, type, public_hex } of vectors.keys) {
    const key = parseVkey(vkey);
    row(`vkey: ${name}`, `${key?.name} ${key?.type} ${key && hex(key.key)}`, `${name} ${type} ${public_hex}`);
}
for (const want of vectors.records) {
    const got = parseRecord(Buffer.from(want.note));
    for (const member of ['agreement', 'by', 'id', 'kind', 'prev', 'seq', 'version']) {
        row(`record ${want.kind}: ${member}`, got?.[member], want[member]);
    }
}
for (const { note, why } of vectors.not_records) row(`no record: ${why}`, parseRecord(Buffer.from(note)), null);
for (const { note, vkey, word } of vectors.statements) {
    const got = parseNote(note);
    row(`statement: ${word}`, isSignedBy(got, parseVkey(vkey)), true);
}

const sentence = ({ verdict, reason, clause, marks }) =>
    verdict === 'void' ? `void ${reason} ${clause}` : [verdict, ...(marks ?? [])].join(' ');

for (const [name, log] of Object.entries(vectors.logs)) {
    const tree = new Tree();
    const register = new Register(tree);
    log.entries.forEach((want, n) => {
        const bytes = Buffer.from(want.entry_b64, 'base64');
        const effects = register.apply(n, bytes);
        tree.append(leafHash(bytes));
        row(`log ${name}, entry ${n}: verdict`, sentence(register.verdict(n)), want.verdict);
        row(`log ${name}, entry ${n}: effects`, effects, want.effects);
        row(`log ${name}, entry ${n}: digest`, hex(register.digest), want.digest_hex);
        row(`log ${name}, entry ${n}: root`, hex(tree.root(n + 1)), want.root_hex);
    });
    row(`log ${name}: root`, hex(tree.root(log.size)), log.root_hex);
}
