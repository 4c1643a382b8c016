/* A node that shows this browser another log than before: by a second one of the same keys, whose entries
 * part from the first's. What the page says of it, and what it keeps. */

import { execFile, spawn } from 'node:child_process';
import { isAccessible, keepsToTheRules, plain } from '../web/browser.mjs';
import { check, comes, same, until } from '../web/tap.mjs';

const WAYS = ['**/checkpoint', '**/log.vkey', '**/tile/**'];
const AS = 'party/pakistan/1';

const opens = (sulh, dir, title) => new Promise((give, fail) => {
    const command = execFile(sulh, ['record', dir, 'incident.open', '-', '--as', AS], (error) => (error ? fail(error) : give()));
    command.stdin.end(JSON.stringify({ title }));
});

const sizeOf = async (page, origin) => (await (await page.request.get(`${origin}/api/status`)).json()).size;

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

const said = async (page) => plain((await page.locator('.doubt').allInnerTexts()).join());

/* The page's own rounds, but for the first, would come between: where they would begin, it says so. */
const byHandAlone = (page) => page.addInitScript(() => {
    const every = globalThis.setInterval;
    globalThis.setInterval = (work, ms) => {
        if (ms < 20000) return every(work, ms);
        document.documentElement.dataset.still = '';
        return 0;
    };
});

async function openForms(page, language) {
    await page.at(`/forms?lang=${language}`);
    await page.waitForSelector('html[data-still]');
}

/* Looks anew, and gives what is said when that is over and drawn. */
async function look(page) {
    await page.locator('#sent').evaluate((heading) => { heading.dataset.before = ''; });
    await page.locator('main button', { hasText: 'Send now' }).click();
    await page.waitForSelector('#sent:not([data-before])');
    return said(page);
}

async function takeAway(page) {
    await page.locator('.doubt button').last().click();
    await page.locator('.doubt').waitFor({ state: 'detached' });
}

const seen = (page) => page.evaluate(() => new Promise((give) => {
    indexedDB.open('sulh').onsuccess = ({ target: { result } }) => {
        result.transaction('kept').objectStore('kept').get('seen').onsuccess = ({ target }) => give(target.result);
    };
}));

async function doubtStands(page, screens) {
    await isAccessible(page, 'a doubt');
    for (const language of ['ur', 'en']) {
        await openForms(page, language);
        await page.locator('.doubt').waitFor();
        await keepsToTheRules(page, `a doubt ${language}`);
        await page.screenshot({ path: `${screens}/webform-doubt-${language}.png` });
    }
    await page.at('/form?id=flash&lang=en');
    await comes('over a form too', () => said(page), (told) => told.includes('another log'));
    await openForms(page, 'en');
}

/* The browser saw `size` entries of the one; the other has fewer, then as many, and then more. */
async function otherLogs(page, { sulh, other, screens }) {
    const before = await seen(page);
    const { origin, end } = await served(sulh, other);
    const grows = async (size) => {
        while (await sizeOf(page, origin) < size) await opens(sulh, other, 'Another log');
    };
    await turn(page, origin);
    const parts = async (name) => {
        const all = await sizeOf(page, origin);
        const told = await look(page);
        check(name, told.includes(`its ${all} entries begin with the ${before.size} `), told);
    };
    const least = await sizeOf(page, origin);
    const told = await look(page);
    check('a log that is shorter', least < before.size && told.includes('nothing may be taken out') && told.includes(`had ${before.size} entries`), told);
    await grows(before.size); /* with the clock's own entries perhaps one more */
    await parts('of as many entries, others');
    await grows((await sizeOf(page, origin)) + 1);
    await parts('of more entries, others before');
    same('what was seen before stays', await seen(page).then(({ root }) => root), before.root);
    await doubtStands(page, screens);
    await turnBack(page);
    end();
    check('it stays until somebody takes it away', (await look(page)).includes('another log'), await said(page));
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.doubt button').first().click()]);
    const held = JSON.parse(await file.createReadStream().then(async (stream) => Buffer.concat(await stream.toArray()).toString()));
    const [first, second] = [held.seen, held.shown].map(({ checkpoint }) => Number(checkpoint.split('\n')[1]));
    check('the file has both checkpoints', first === before.size && second > before.size, `${first}, ${second}`);
    await takeAway(page);
    same('and does not come back by itself', await look(page), '');
}

const bent = (bytes) => Buffer.from(bytes.map((byte) => byte ^ 1));

/* Tiles that were changed prove nothing; another signature is none; and what fails is no doubt. */
async function brokenAnswers(page, { sulh, dir }) {
    const origin = new URL(page.url()).origin;
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
        const { size } = await seen(page);
        await page.context().route(way, answer);
        await opens(sulh, dir, 'One more');
        await until(() => sizeOf(page, origin), (now) => now > size);
        const told = await look(page);
        check(`${name}: ${wanted ?? 'nothing is said'}`, wanted ? told.includes(wanted) : told === '', told);
        same(`${name}: nothing new is taken for seen`, (await seen(page)).size, size);
        await turnBack(page);
        if (wanted) await takeAway(page);
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
    const told = await look(page);
    check('a record that is not where it was said to be', told.includes('is the record') && told.includes(id.slice(0, 12)), told);
    await takeAway(page);
}

export async function doubts(page, id, where) {
    await page.at('/forms?lang=en');
    const told = (selector) => page.locator(selector).innerText().then(plain);
    await comes('a record that was sent is proved to be in the log', () => told(`[id="${id}"]`), (item) => item.includes('Proved in this browser'));
    await comes('and all of them are', () => told('.checked'), (all) => all.includes('2 of 2 records'));
    await byHandAlone(page);
    await openForms(page, 'en');
    await otherLogs(page, where);
    page.complaints.length = 0;
    await brokenAnswers(page, where);
    await lostRecord(page, id);
    page.complaints.length = 0;
}
