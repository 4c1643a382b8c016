/* A table of checks that prints TAP. */

let count = 0;

export function check(name, truth, said = '') {
    count++;
    console.log(`${truth ? 'ok' : 'not ok'} ${count} - ${name}`);
    if (!truth) console.log(`# ${String(said).replaceAll('\n', '\n# ')}`);
}

export function same(name, got, wanted) {
    const [a, b] = [got, wanted].map((value) => JSON.stringify(value));
    check(name, a === b, `${a}, wanted ${b}`);
}

export const done = () => console.log(`1..${count}`);
