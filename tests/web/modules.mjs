/* The parts of the pages that can be told from their answers alone, in the browser that
 * runs them, with tables that a reader can check by eye. */

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { open, plain } from './browser.mjs';
import { check, same } from './tap.mjs';

const FIGURES = [
    ['exact', { min: 58, max: 58, qualifier: 'exact' }, '58', '58'],
    ['open-ended, hedged', { min: 200, qualifier: 'more_than' }, 'more than 200', '200 سے زیادہ'],
    ['open-ended, not hedged', { min: 200 }, '200 or more', '200 یا زیادہ'],
    ['at least, with both ends', { min: 17, max: 17, qualifier: 'at_least' }, 'at least 17', 'کم از کم 17'],
    ['about', { min: 30, max: 30, qualifier: 'about' }, 'about 30', 'تقریباً 30'],
    ['range', { min: 15, max: 20, qualifier: 'range' }, '15–20', '15 تا 20'],
    ['range as reported', { min: 12, max: 15, qualifier: 'reported' }, '12–15 (reported)', '12 تا 15 (بقول خبر)'],
    ['range suspected', { min: 25, max: 30, qualifier: 'suspected' }, '25–30 (suspected)', '25 تا 30 (مشتبہ)'],
    ['zero is a figure', { min: 0, max: 0, qualifier: 'exact' }, '0', '0'],
    ['zero, preliminary', { min: 0, max: 0, qualifier: 'preliminary' }, '0 (preliminary)', '0 (ابتدائی)'],
    ['for a time', { min: 21, max: 21, qualifier: 'temporarily' }, '21 (for a time)', '21 (عارضی طور پر)'],
    ['a total since a day', { min: 18, max: 18, qualifier: 'total_since_2025-10-10' }, '18 in total since 10 October 2025', '10 اکتوبر، 2025 سے کل 18'],
    ['a range of totals', { min: 360, max: 361, qualifier: 'total_since_2025-10-10' }, '360–361 in total since 10 October 2025', '10 اکتوبر، 2025 سے کل 360 تا 361'],
    ['a word instead of a figure', { qualifier: 'dozens' }, 'dozens', 'درجنوں'],
    ['said to be without a figure', { qualifier: 'not_stated' }, 'no figure given', 'عدد نہیں بتایا گیا'],
    ['nothing at all', {}, 'no figure given', 'عدد نہیں بتایا گیا'],
    ['up to', { max: 9 }, 'up to 9', 'زیادہ سے زیادہ 9'],
    ['best of a range', { min: 1, max: 7, best: 3 }, '3 (best estimate of 1–7)', '3 (1 تا 7 میں بہترین تخمینہ)'],
    ['best that is sure', { min: 3, max: 3, best: 3 }, '3', '3'],
    ['thousands', { min: 6082, max: 6082 }, '6,082', '6,082'],
    ['a hedge that nobody listed', { min: 4, max: 4, qualifier: 'rumoured' }, '4 (rumoured)', '4 (rumoured)'],
];

const HOUR = 3600000;
const AT = Date.parse('2025-10-17T16:00:00Z');
const TIMES = [
    ['a clock', { at_ms: AT, offset_min: 270, uncertainty_ms: 0 }, '17 October 2025, 20:30 (UTC+04:30)'],
    ['about', { at_ms: AT, offset_min: 270, uncertainty_ms: HOUR / 2 }, '17 October 2025, about 20:30 (UTC+04:30, ± 30 min)'],
    ['hours', { at_ms: AT, offset_min: 300, uncertainty_ms: 3 * HOUR }, '17 October 2025, about 21:00 (UTC+05:00, ± 3 h)'],
    ['a day is no clock', { at_ms: Date.parse('2025-10-12T07:30:00Z'), offset_min: 270, uncertainty_ms: 12 * HOUR }, '12 October 2025'],
    ['a night over midnight', { at_ms: Date.parse('2025-10-11T19:30:00Z'), offset_min: 270, uncertainty_ms: 8 * HOUR }, '11 – 12 October 2025'],
    ['west of Greenwich', { at_ms: AT, offset_min: -210, uncertainty_ms: 0 }, '17 October 2025, 12:30 (UTC−03:30)'],
    ['a day, the zone not given', { at_ms: Date.parse('2025-10-16T12:00:00Z'), offset_min: 0, uncertainty_ms: 26 * HOUR }, '16 October 2025 (time zone not stated)'],
    ['no offset', { at_ms: AT }, '17 October 2025, 16:00 (UTC)'],
];

const MINUTE = 60000;
const STILL = [
    ['one node’s clock', { quorum: 0, now_ms: AT }, AT + HOUR, null],
    ['no time yet', { quorum: 5 }, AT, null],
    ['a tick just now', { quorum: 5, now_ms: AT }, AT + MINUTE, null],
    ['as long as it may be', { quorum: 5, now_ms: AT }, AT + 20 * MINUTE, null],
    ['longer', { quorum: 5, now_ms: AT }, AT + 20 * MINUTE + 1, AT],
    ['a browser whose clock is behind', { quorum: 5, now_ms: AT }, AT - HOUR, null],
];

const LINE = [{ geometry: { type: 'LineString', coordinates: [[70, 33], [70, 34]] } }];
const DISTANCES = [
    ['on it', 33.5, 70, 0, 1],
    ['beside it', 33.5, 70.1, 9283, 30],
    ['beyond its end', 34.1, 70, 11132, 30],
    ['before its beginning', 32.9, 70, 11132, 30],
];

/* Imports a module of the page that stands there, and gives its answers. */
async function ask(page, module, name, rows) {
    return page.evaluate(async ([module, name, rows]) => {
        const base = document.querySelector('script[type=module]').src;
        const imported = await import(new URL(module, base));
        return rows.map((row) => imported[name](...row));
    }, [module, name, rows]);
}

async function words(page, language) {
    await page.at(`/?lang=${language}`);
    const said = await ask(page, 'figure.js', 'figure', FIGURES.map(([, claim]) => [claim]));
    FIGURES.forEach(([name, , en, ur], n) => same(`figure ${language}: ${name}`, plain(said[n]), language === 'en' ? en : ur));
}

const clockAt = (hour, uncertainty_ms) => ({ at_ms: Date.parse(`2025-10-17T${hour}:00Z`), offset_min: 270, uncertainty_ms });
const dayAt = (date) => ({ at_ms: Date.parse(`2025-10-${date}T07:30:00Z`), offset_min: 270, uncertainty_ms: 12 * HOUR });
const PERIODS = [
    ['no end', clockAt('16:00', 0), undefined, '17 October 2025, 20:30 (UTC+04:30)'],
    ['an end in the rest of the day', clockAt('16:00', 0), clockAt('17:45', 1.75 * HOUR), '17 October 2025, 20:30 (UTC+04:30)'],
    ['an end by the clock', clockAt('16:00', 0), clockAt('17:45', 0), '17 October 2025, 20:30 (UTC+04:30) – 17 October 2025, 22:15 (UTC+04:30)'],
    ['a clock, then a day', clockAt('16:00', 0), dayAt('19'), '17 October 2025, 20:30 (UTC+04:30) – 19 October 2025'],
    ['two days', dayAt('11'), dayAt('12'), '11 – 12 October 2025'],
    ['one day twice', dayAt('11'), dayAt('11'), '11 October 2025'],
];

async function times(page) {
    const spans = await ask(page, 'when.js', 'period', PERIODS.map(([, start, end]) => [start, end]));
    PERIODS.forEach(([name, , , wanted], n) => same(`period: ${name}`, plain(spans[n]), wanted));
    const said = await ask(page, 'when.js', 'stated', TIMES.map(([, time]) => [time]));
    TIMES.forEach(([name, , wanted], n) => same(`time: ${name}`, plain(said[n]), wanted));
}

async function stills(page) {
    const said = await ask(page, 'frame.js', 'stillSince', STILL.map(([, status, now]) => [status, now]));
    STILL.forEach(([name, , , wanted], n) => same(`a log whose time stands still: ${name}`, said[n], wanted));
}

async function distances(page) {
    const said = await ask(page, 'geo.js', 'distance', DISTANCES.map(([, lat, lon]) => [lat, lon, LINE]));
    DISTANCES.forEach(([name, , , wanted, off], n) => check(`distance: ${name}`, Math.abs(said[n] - wanted) <= off, said[n]));
}

async function hashes(page) {
    const lengths = [...Array(130).keys(), 1000, 65535];
    const got = await page.evaluate(async (lengths) => {
        const base = document.querySelector('script[type=module]').src;
        const { sha256 } = await import(new URL('sha256.js', base));
        const { toHex } = await import(new URL('proof.js', base));
        return lengths.map((length) => toHex(sha256(Uint8Array.from({ length }, (_, n) => (n * 7 + length) % 256))));
    }, lengths);
    const bytes = (length) => Buffer.from(Uint8Array.from({ length }, (_, n) => (n * 7 + length) % 256));
    const wrong = lengths.filter((length, n) => got[n] !== createHash('sha256').update(bytes(length)).digest('hex'));
    same('SHA-256 of 132 lengths is as Node has it', wrong, []);
}

/* Every receipt of the log leads to its root; one that is touched does not. */
async function proofs(page) {
    const { checkpoint } = await page.evaluate(async () => (await fetch('/api/status')).json());
    const entries = [...Array(checkpoint.size).keys()].filter((n) => n % 7 === 0 || n > checkpoint.size - 4);
    const answers = await page.evaluate(async (entries) => {
        const base = document.querySelector('script[type=module]').src;
        const { leafHash, parseReceipt, rootOf, toHex } = await import(new URL('proof.js', base));
        const follow = (receipt, note) => {
            try {
                return toHex(rootOf(receipt, leafHash(new TextEncoder().encode(note)))) === toHex(receipt.root);
            } catch {
                return false;
            }
        };
        return Promise.all(entries.map(async (n) => {
            const text = await (await fetch(`/api/entries/${n}/receipt`)).text();
            const { note } = await (await fetch(`/api/entries/${n}`)).json();
            const receipt = parseReceipt(text);
            return {
                whole: follow(receipt, note),
                other: follow(receipt, `${note} `),
                moved: follow({ ...receipt, index: n ^ 1 }, note),
                shorter: follow({ ...receipt, hashes: receipt.hashes.slice(1) }, note),
                longer: follow({ ...receipt, hashes: [...receipt.hashes, receipt.root] }, note),
            };
        }));
    }, entries);
    check(`proofs of ${entries.length} entries hold`, answers.length > 5 && answers.every(({ whole }) => whole), JSON.stringify(answers));
    for (const name of ['other', 'moved', 'shorter', 'longer'])
        check(`and none holds for ${name}`, answers.every((one) => !one[name]), JSON.stringify(answers));
}

/* Proofs that the browser makes of tiles, of trees up to one of three tiles; and none holds of another tree. */
async function trees(page) {
    const wrong = await page.evaluate(async () => {
        const base = document.querySelector('script[type=module]').src;
        const { leafHash, nodeHash, toHex } = await import(new URL('proof.js', base));
        const { consistencyProof, inclusionProof, isConsistent, isIncluded, nodesOf } = await import(new URL('tree.js', base));
        const leaves = (count, odd) => Array.from({ length: count }, (_, n) => leafHash(new TextEncoder().encode(n === odd ? 'odd' : `${n}`)));
        const half = (n) => 2 ** Math.ceil(Math.log2(n) - 1);
        const root = (held) => (held.length === 1 ? held[0] : nodeHash(root(held.slice(0, half(held.length))), root(held.slice(half(held.length)))));
        const head = (held) => ({ size: held.length, root: toHex(root(held)) });
        const asked = [];
        const ask = (held) => async (path) => {
            asked.push(path);
            const [, level, n, width = 256] = /^\/tile\/(\d)\/(\d{3})(?:\.p\/(\d+))?$/.exec(path).map((one, at) => (at ? one && Number(one) : one));
            const at = (one) => (level === 0 ? held[one] : root(held.slice(one * 256, one * 256 + 256)));
            return Uint8Array.from(Array.from({ length: width }, (_, one) => [...at(n * 256 + one)]).flat());
        };
        const all = leaves(700);
        const bent = leaves(700, 3);
        const failed = [];
        const sizes = [...Array(18).keys(), 64, 255, 256, 257, 300, 511, 512, 513, 640, 700].filter((one) => one > 0);
        for (const now of sizes)
            for (const before of sizes.filter((one) => one < now && (now < 20 || one % 3 === 1 || one > 250))) {
                const name = `${before} of ${now}`;
                const [old, other, heads] = [head(all.slice(0, before)), head(bent.slice(0, before)), head(all.slice(0, now))];
                const proof = await consistencyProof(nodesOf(now, ask(all.slice(0, now))), before, now);
                if (!isConsistent(old, heads, proof)) failed.push(`${name} holds`);
                if (before > 3 && isConsistent(other, heads, proof)) failed.push(`${name}: another before`);
                if (now > 3 && isConsistent(old, head(bent.slice(0, now)), proof)) failed.push(`${name}: another now`);
                if (isConsistent(old, heads, proof.slice(1)) || isConsistent(old, heads, [...proof, proof.at(-1)])) failed.push(`${name}: another length`);
                if (isConsistent(heads, old, proof)) failed.push(`${name}: the other way round`);
                const path = await inclusionProof(nodesOf(now, ask(all.slice(0, now))), before, now);
                if (!isIncluded(before, all[before], heads, path)) failed.push(`entry ${name}`);
                if (isIncluded(before - 1, all[before], heads, path) || isIncluded(before, all[before - 1], heads, path)) failed.push(`entry ${name}: another`);
            }
        if (!isConsistent({ size: 0 }, head(all), [])) failed.push('of nothing');
        const short = nodesOf(700, async () => new Uint8Array(32));
        if (await short(0, 3).then(() => true, () => false)) failed.push('a tile that is too short');
        return { failed, tiles: [...new Set(asked)].filter((path) => path.startsWith('/tile/1/')).length };
    });
    same('proofs made of tiles', wrong, { failed: [], tiles: 2 });
}

/* c2sp.org/tlog-tiles, "Merkle Tree": of a log of 1,234,067 × 256 + 5 entries. */
const TILES = [
    ['the first', [0, 0, 300], '/tile/0/000'],
    ['one that is not full', [0, 1, 300], '/tile/0/001.p/44'],
    ['a large number', [0, 1234067, 1234067 * 256 + 5], '/tile/0/x001/x234/067.p/5'],
    ['of level two', [2, 0, 1234067 * 256 + 5], '/tile/2/000'],
];

async function tiles(page) {
    const said = await ask(page, 'tree.js', 'tilePath', TILES.map(([, args]) => args));
    TILES.forEach(([name, , wanted], n) => same(`tile: ${name}`, said[n].path, wanted));
}

/* Both languages say the same things, with the same things put in, and no more. */
function catalogues() {
    const [en, ur] = ['en', 'ur'].map((id) => JSON.parse(fs.readFileSync(`lang/${id}.json`, 'utf8')));
    same('both languages have the same words', Object.keys(ur), Object.keys(en));
    const holes = (sentence) => (sentence.match(/\{\w+\}/g) ?? []).sort().join();
    same('with the same holes in them', Object.keys(en).filter((key) => holes(en[key]) !== holes(ur[key])), []);

    const folder = 'src/web/static';
    const source = fs.readdirSync(folder).filter((name) => name.endsWith('.js')).map((name) => fs.readFileSync(`${folder}/${name}`, 'utf8')).join('\n');
    const used = [...source.matchAll(/\b(?:t|sentence|parts)\('([a-z_.]+)'/g)].map(([, key]) => key);
    same('every word that is used is there', used.filter((key) => en[key] === undefined), []);
    check('and that many were looked for', used.length > 80, used.length);
}

export async function modules(browser, origin) {
    const page = await open(browser, origin);
    catalogues();
    await words(page, 'ur');
    await words(page, 'en');
    await times(page);
    await distances(page);
    await stills(page);
    await hashes(page);
    await proofs(page);
    await trees(page);
    await tiles(page);
    await page.context().close();
}
