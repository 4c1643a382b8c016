#!/usr/bin/env node
// Submits records of a key made by hand to a node that serves DIR (format §6.5) and checks the answers:
// a line for each, 0 or 1 and its name. The key, second/1, must have been admitted and have signed nothing.

import { request } from 'node:http';
import { join } from 'node:path';
import { hex, sha256 } from './bytes.mjs';
import { Hand } from './hand.mjs';
import { leafHash } from './merkle.mjs';
import { isSignedBy, parseNote, parseVkey } from './note.mjs';
import { parse } from './json.mjs';
import { Register } from './register.mjs';
import { claim, key, OTHER, time } from './story.mjs';
import { readLog } from './tiles.mjs';

const u32 = (n) => Buffer.of(n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);

function post(dir, body) {
    const headers = { 'Content-Type': 'application/vnd.sulh.submission' };
    const options = { socketPath: join(dir, 'socket'), path: '/submit', method: 'POST', headers };
    return new Promise((resolve, reject) => {
        const req = request(options, async (answer) => {
            const pieces = [];
            for await (const piece of answer) pieces.push(piece);
            const text = Buffer.concat(pieces).toString();
            if (answer.statusCode === 200) resolve(JSON.parse(text));
            else reject(new Error(`${answer.statusCode}: ${text}`));
        });
        req.on('error', reject).end(body);
    });
}

const row = (name, is) => console.log(`${is ? 0 : 1} ${name}`);

function checkPromise(name, agreement, entry, id, answer) {
    const note = parseNote(answer.promise ?? '');
    const [first, word, object] = note?.text.split('\n') ?? [];
    const said = word === 'promise' ? parse(object) : {};
    row(`${name}: promised`, note && isSignedBy(note, parseVkey(agreement.promise_key)) && first === agreement.name);
    const fits = said.id === id && said.index === answer.index && said.leaf === hex(leafHash(entry));
    row(`${name}: as what it is`, fits && said.origin === agreement.origin);
}

const [dir] = process.argv.slice(2);
const log = readLog(dir);
const register = new Register(log.tree);
log.entries.forEach((entry, n) => register.apply(n, entry));
const [agreement] = register.rows.all('agreement');

const hand = new Hand(agreement.name);
hand.first = agreement.id;
const by = key('second/1');
const offered = [];
const offer = (name, body, over = {}, kind = 'claim') => offered.push([name, hand.add(by, kind, body, over)]);
offer('first', claim());
offer('seen wrong', claim(), { seen: { root: OTHER, size: 1 } });
offer('ahead', claim(), { seen: { root: OTHER, size: 999999 } });
offer('fork', claim({ best: 7 }), { aside: true, seq: 2, prev: offered[0][1] });
offer('prev', claim(), { aside: true, prev: OTHER });
offer('sixth, of another fifth', claim(), { aside: true, seq: 6, prev: OTHER });
offer('eighth', claim(), { aside: true, seq: 8, prev: OTHER });
offer('no kind', {}, {}, 'no.kind');
offer('fifth, no shape', { channel: 'rumour' });
offer('a time of no basis', claim({ made: time({ basis: 'rumour' }) }), { aside: true, seq: 9, prev: OTHER });
const known = offered.length;
hand.add(key('stranger'), 'claim', claim(), { prev: agreement.id, seq: 1 });
hand.add(by, 'claim', claim(), { aside: true, spoil: true });
hand.add(by, 'claim', claim(), { aside: true, agreement: 'east-west' });
hand.addBytes('no record\n');
const reasons = ['unknown key', 'signature does not hold', 'another agreement', 'not a record'];

const NO_PARTS = Buffer.alloc(2);
const body = hand.entries.flatMap((entry) => [u32(entry.length), entry, NO_PARTS]);
const { answers } = await post(dir, Buffer.concat(body));
offered.forEach(([name, id], i) => checkPromise(name, agreement, hand.entries[i], id, answers[i]));
reasons.forEach((reason, i) => row(`refused: ${reason}`, answers[known + i].reason === reason));
reasons.forEach((reason, i) => {
    const note = parseNote(answers[known + i].refusal ?? '');
    const [, word, object] = note?.text.split('\n') ?? [];
    const operator = register.rows.get('key', agreement.operator).vkey;
    const said = word === 'refusal' ? parse(object) : {};
    const id = hex(sha256(hand.entries[known + i]));
    const fits = said.reason === reason && said.id === id && isSignedBy(note, parseVkey(operator));
    row(`refused by the operator: ${reason}`, fits);
});
