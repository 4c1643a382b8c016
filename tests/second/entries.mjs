#!/usr/bin/env node
// Finds the first entry at which this program and a node that serves the same log come to another digest, and
// prints the rows that one has written and the other not.
//
//   entries.mjs DIR SOCKET    DIR a copy of the log; SOCKET that of the serving node

import { request } from 'node:http';
import { hex } from './bytes.mjs';
import { print } from './json.mjs';
import { Register } from './register.mjs';
import { readLog } from './tiles.mjs';

const [dir, socketPath] = process.argv.slice(2);

const ask = (path) =>
    new Promise((resolve, reject) => {
        const take = async (answer) => {
            const pieces = [];
            for await (const piece of answer) pieces.push(piece);
            resolve(JSON.parse(Buffer.concat(pieces).toString()));
        };
        request({ socketPath, path }, take).on('error', reject).end();
    });

const lacking = (rows, others) => rows.map((row) => print(row)).filter((row) => !others.map((other) => print(other)).includes(row));

const log = readLog(dir);
const register = new Register(log.tree);
for (const [n, entry] of log.entries.entries()) {
    const ours = JSON.parse(register.apply(n, entry));
    const { digest } = await ask(`/api/entries/${n}/digest`);
    if (digest === hex(register.digest)) continue;
    const { effects: theirs } = await ask(`/api/entries/${n}/effects`);
    console.log(`entry ${n}, ${print(register.verdict(n))}`);
    for (const row of lacking(ours, theirs)) console.log(`  here  ${row}`);
    for (const row of lacking(theirs, ours)) console.log(`  there ${row}`);
    process.exit(1);
}
console.log(`${log.entries.length} entries, and all the same`);
