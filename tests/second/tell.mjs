#!/usr/bin/env node
// Writes every story below a directory, with the digest that it comes to in the file `digest`, and says
// of each entry whether this program judges it as told: a line each, 0 or 1 and its name.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hex } from './bytes.mjs';
import { Register } from './register.mjs';
import { STORIES } from './stories.mjs';
import { OPERATOR, PROMISE } from './story.mjs';

const sentence = ({ verdict, reason, marks } = { verdict: 'not applied' }) =>
    [verdict, reason, marks?.join()].filter(Boolean).join(' ');

const [out] = process.argv.slice(2);
for (const [name, { hand, wants, log }] of Object.entries(STORIES)) {
    hand.write(join(out, name), log, { promise: PROMISE, operator: OPERATOR });
    const register = new Register(hand.tree);
    hand.entries.forEach((entry, n) => register.apply(n, entry));
    writeFileSync(join(out, name, 'digest'), `${hex(register.digest)}\n`);
    wants.forEach((told, n) => {
        const got = sentence(register.verdict(n));
        console.log(`${got === told.want ? 0 : 1} ${name}: ${told.name}: ${told.want}`);
        if (got !== told.want) console.error(`# entry ${n} of ${name} (${told.name}) is ${got}, not ${told.want}`);
    });
}
