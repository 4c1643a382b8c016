#!/usr/bin/env node
// A second program, written from doc/format.md and doc/rules.md alone.
//
//   second.mjs DIR              checks DIR/log, recomputes the register, prints what it found
//   second.mjs DIR --verdicts   the row of `verdict` of every entry, one a line
//   second.mjs DIR --effects    D(n) and effects(n) of every entry, one a line

import { hex } from './bytes.mjs';
import { print } from './json.mjs';
import { parseVkey } from './note.mjs';
import { Register } from './register.mjs';
import { checkCosignatures, readLog } from './tiles.mjs';
import { Wrong, wrong } from './wrong.mjs';

function summary({ checkpoint, entries }, register) {
    const verdicts = { holds: 0, marked: 0, void: 0 };
    entries.forEach((_, n) => verdicts[register.verdict(n).verdict]++);
    return { entries: entries.length, root: hex(checkpoint.root), digest: hex(register.digest), verdicts };
}

function audit(dir, asked) {
    const log = readLog(dir);
    const register = new Register(log.tree);
    const steps = log.entries.map((entry, n) => {
        const effects = register.apply(n, entry);
        if (effects === null) wrong(`entry ${n}: rules ${register.lacks}, which this program lacks`);
        return `${hex(register.digest)} ${effects}`;
    });
    const [agreement] = register.rows.all('agreement');
    if (!agreement) wrong('entry 0: it makes no agreement');
    if (agreement.log_key !== log.vkey) wrong('log.vkey is not the log key of the term');
    const witnesses = register.rows.all('key').filter((key) => key.job === 'witness').map((key) => parseVkey(key.vkey));
    checkCosignatures(log.checkpoint, new Map(witnesses.map((vkey) => [vkey.name, vkey])));
    if (asked === '--effects') return steps;
    if (asked === '--verdicts') return log.entries.map((_, n) => print(register.verdict(n)));
    return [JSON.stringify(summary(log, register))];
}

const [dir, asked, ...more] = process.argv.slice(2);
if (!dir || more.length || ![undefined, '--effects', '--verdicts'].includes(asked)) {
    console.error('usage: second.mjs DIR [--verdicts|--effects]');
    process.exit(2);
}
try {
    for (const line of audit(dir, asked)) console.log(line);
} catch (error) {
    if (!(error instanceof Wrong) && !error.syscall) throw error;
    console.error(`second: ${error.message}`);
    process.exit(1);
}
