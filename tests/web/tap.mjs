/* A table of checks that prints TAP. What is looked at may change by itself: such a row waits for its fact,
 * and is judged by the last answer. */

import { AsyncLocalStorage } from 'node:async_hooks';

/* As long as a fact may take on a machine that has much else to do; where it is there, it costs nothing. */
export const SLOW_MS = 60000;
const EVERY_MS = 50;

const side = new AsyncLocalStorage();
let count = 0;

function print({ name, truth, said }) {
    count++;
    console.log(`${truth ? 'ok' : 'not ok'} ${count} - ${name}`);
    if (!truth) console.log(`# ${String(said).replaceAll('\n', '\n# ')}`);
}

export function check(name, truth, said = '') {
    (side.getStore() ?? print)({ name, truth, said });
}

const told = (value) => (value instanceof Error ? value.message : JSON.stringify(value));

export function same(name, got, wanted) {
    check(name, told(got) === told(wanted), `${told(got)}, wanted ${told(wanted)}`);
}

export const pause = (ms) => new Promise((on) => setTimeout(on, ms));

/* The first answer of `ask` that passes, or after SLOW_MS the last one. An error, as of a page that is just
 * changed for another, passes never. */
export async function until(ask, passes) {
    for (const end = Date.now() + SLOW_MS; ;) {
        const got = await ask().catch((error) => error);
        if ((!(got instanceof Error) && passes(got)) || Date.now() > end) return got;
        await pause(EVERY_MS);
    }
}

/* Rows that wait: until the answer is `wanted`, or until it passes. */
export async function becomes(name, ask, wanted) {
    same(name, await until(ask, (got) => told(got) === told(wanted)), wanted);
}

export async function comes(name, ask, passes) {
    const got = await until(ask, passes);
    check(name, !(got instanceof Error) && passes(got), typeof got === 'string' ? got : told(got));
}

/* Works that have nothing to do with each other, `most` at a time; their rows come in the order of the works. */
export async function sideBySide(works, most = 2) {
    const put = side.getStore() ?? print;
    const all = works.map(() => ({ rows: [], over: false }));
    const show = () => {
        for (const one of all) {
            one.rows.splice(0).forEach(put);
            if (!one.over) return;
        }
    };
    const left = all.entries();
    const lane = async () => {
        for (const [n, one] of left) {
            await side.run((row) => { one.rows.push(row); show(); }, works[n]);
            one.over = true;
            show();
        }
    };
    await Promise.all(Array.from({ length: most }, lane));
}

export const done = () => console.log(`1..${count}`);
