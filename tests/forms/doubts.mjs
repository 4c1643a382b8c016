/* A node that shows this browser another log than before: by a second one of the same keys, whose entries
 * part from the first's. What the page says of it, and what it keeps. */

import { execFileSync, spawn } from 'node:child_process';
import { isAccessible, keepsToTheRules } from '../web/browser.mjs';
import { check, same } from '../web/tap.mjs';

const WAYS = ['**/checkpoint', '**/log.vkey', '**/tile/**'];
const AS = 'party/pakistan/1';

function opens(sulh, dir, title) {
    execFileSync(sulh, ['record', dir, 'incident.open', '-', '--as', AS], { input: JSON.stringify({ title }) });
}

/* {origin, end}: the other directory, served. */
async function served(sulh, dir) {
    const server = spawn(sulh, ['serve', dir, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const address = await new Promise((give) => server.stdout.once('data', (said) => give(String(said).trim())));
    return { origin: address, end: () => server.kill() };
}

/* From now on the log is asked of the other one. */
async function turn(page, other) {
    for (const way of WAYS)
        await page.context().route(way, async (route) => {
            const { pathname } = new URL(route.request().url());
            await route.fulfill({ response: await page.request.get(other + pathname) });
        });
}

const turnBack = (page) => page.context().unrouteAll({ behavior: 'wait' });

const said = async (page) => (await page.locator('.doubt').allInnerTexts()).join().replaceAll(/[\u2066-\u2069]/g, '');

/* Looks anew, and waits for what is said. */
async function look(page, wanted) {
    await page.locator('main button', { hasText: 'Send now' }).click();
    if (wanted) await page.locator('.doubt', { hasText: wanted }).waitFor({ timeout: 5000 }).catch(() => {});
    else await page.waitForTimeout(800);
    return said(page);
}

const seen = (page) => page.evaluate(() => new Promise((give) => {
    indexedDB.open('sulh').onsuccess = ({ target: { result } }) => {
        result.transaction('kept').objectStore('kept').get('seen').onsuccess = ({ target }) => give(target.result);
    };
}));

/* True once the other log is said to have so many entries, or more, and not to begin with those that were seen. */
async function partsFrom(page, seenOf, least) {
    const told = new RegExp(`its (\\d+) entries begin with the ${seenOf} `);
    for (let n = 0; n < 20; n++) {
        if (Number(told.exec(await look(page))?.[1]) >= least) return true;
        await page.waitForTimeout(200);
    }
    return false;
}

/* The browser saw `size` entries of the one; the other has as many, then more, and then fewer. */
async function otherLogs(page, { sulh, other, screens }) {
    const before = await seen(page);
    const { origin, end } = await served(sulh, other);
    const size = async () => (await (await page.request.get(`${origin}/api/status`)).json()).size;
    await turn(page, origin);
    check('a log that is shorter', (await size()) < before.size && (await look(page, 'nothing may be taken out')).includes(`had ${before.size} entries`), await said(page));
    while ((await size()) < before.size) opens(sulh, other, 'Another log');
    check('of as many entries, others', await partsFrom(page, before.size, before.size), await said(page));
    opens(sulh, other, 'And more');
    check('of more entries, others before', await partsFrom(page, before.size, before.size + 1), await said(page));
    same('what was seen before stays', await seen(page).then(({ root }) => root), before.root);
    await isAccessible(page, 'a doubt');
    for (const language of ['ur', 'en']) {
        await page.at(`/forms?lang=${language}`);
        await page.locator('.doubt').waitFor();
        await keepsToTheRules(page, `a doubt ${language}`);
        await page.screenshot({ path: `${screens}/webform-doubt-${language}.png` });
    }
    await page.at('/form?id=flash&lang=en');
    check('over a form too', (await page.locator('.doubt').innerText()).includes('another log'));
    await page.at('/forms?lang=en');
    await turnBack(page);
    end();
    check('it stays until somebody takes it away', (await look(page)).includes('another log'));
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.doubt button').first().click()]);
    const held = JSON.parse(await file.createReadStream().then(async (stream) => Buffer.concat(await stream.toArray()).toString()));
    const [first, second] = [held.seen, held.shown].map(({ checkpoint }) => Number(checkpoint.split('\n')[1]));
    check('the file has both checkpoints', first === before.size && second > before.size, `${first}, ${second}`);
    await page.locator('.doubt button').last().click();
    await page.locator('.doubt').waitFor({ state: 'detached' });
    same('and does not come back by itself', await look(page), '');
}

const bent = (bytes) => Buffer.from(bytes.map((byte) => byte ^ 1));

/* Tiles that were changed prove nothing; another signature is none; and what fails is no doubt. */
async function brokenAnswers(page, { sulh, dir }) {
    const grow = () => opens(sulh, dir, 'One more');
    const answers = [
        ['tiles of other bytes', '**/tile/**', async (route) => route.fulfill({ body: bent(await (await route.fetch()).body()) }), 'begin with'],
        ['no tiles', '**/tile/**', (route) => route.fulfill({ status: 404 }), 'begin with'],
        ['a checkpoint of another root', '**/checkpoint', async (route) => {
            const lines = (await (await route.fetch()).text()).split('\n');
            await route.fulfill({ body: [lines[0], lines[1], lines[2].replace(/^./, (one) => (one === 'A' ? 'B' : 'A')), ...lines.slice(3)].join('\n') });
        }, 'not signed by the key'],
        ['another key', '**/log.vkey', async (route) => route.fulfill({ body: (await (await route.fetch()).text()).replace(/\+[0-9a-f]{8}\+/, '+00000000+') }), 'another key'],
        ['a node that fails', '**/tile/**', (route) => route.fulfill({ status: 503 }), null],
        ['no line', '**/checkpoint', (route) => route.abort('connectionreset'), null],
    ];
    for (const [name, way, answer, wanted] of answers) {
        grow();
        await page.waitForTimeout(400);
        const { size } = await seen(page);
        await page.context().route(way, answer);
        const told = await look(page, wanted);
        check(`${name}: ${wanted ?? 'nothing is said'}`, wanted ? told.includes(wanted) : told === '', told);
        same(`${name}: nothing new is taken for seen`, (await seen(page)).size, size);
        await turnBack(page);
        if (wanted) await page.locator('.doubt button').last().click();
        await look(page);
        check(`${name}: and then it is`, (await seen(page)).size > size);
    }
}

/* A record that is not where it was said to be. */
async function lostRecord(page, id) {
    await page.evaluate((wanted) => new Promise((give) => {
        indexedDB.open('sulh').onsuccess = ({ target: { result } }) => {
            const store = result.transaction('records', 'readwrite').objectStore('records');
            store.get(wanted).onsuccess = ({ target }) => { store.put({ ...target.result, index: target.result.index - 1, proven: undefined }).onsuccess = give; };
        };
    }), id);
    const told = await look(page, 'is the record');
    check('a record that is not where it was said to be', told.includes(id.slice(0, 12)), told);
    await page.locator('.doubt button').last().click();
}

export async function doubts(page, id, where) {
    await page.at('/forms?lang=en');
    await page.locator(`[id="${id}"]`, { hasText: 'Proved in this browser' }).waitFor({ timeout: 10000 }).catch(() => {});
    check('a record that was sent is proved to be in the log', (await page.locator(`[id="${id}"]`).innerText()).includes('Proved'));
    check('and all of them are', /2 of 2 records/.test((await page.locator('.checked').innerText()).replaceAll(/[\u2066-\u2069]/g, '')), await page.locator('.checked').innerText());
    await otherLogs(page, where);
    page.complaints.length = 0;
    await brokenAnswers(page, where);
    await lostRecord(page, id);
    page.complaints.length = 0;
}
