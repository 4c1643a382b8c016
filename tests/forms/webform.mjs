/*
 * The forms in a browser: a key is made and admitted by the command that the page shows; every form is
 * filled in and sent, in one language that runs from the left and two that run from the right, with and
 * without a network; what came into the log is what was typed.
 *
 *     node webform.mjs ORIGIN SCREENS SULH DIR ROOT
 */

import { execFileSync } from 'node:child_process';
import { isAccessible, keepsToTheRules, launch, open } from '../web/browser.mjs';
import { check, done, same } from '../web/tap.mjs';

const [origin, screens, sulh, dir, root] = process.argv.slice(2);
const JPEG = Buffer.from('/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=', 'base64');
const TEXTS = { en: 'Shots from the ridge', ur: 'پہاڑی سے گولیاں چلیں', ps: 'له غره ډزې وشوې', prs: 'از تپه شلیک شد', ar: 'إطلاق نار من التل', tr: 'Sırttan ateş açıldı' };
const READER = 'observer/mission/1';
const A_RECORD = 'ab'.repeat(32);

const get = async (path) => (await fetch(new URL(path, origin))).json();
const shot = (page, name) => page.screenshot({ path: `${screens}/webform-${name}.png`, fullPage: true });
const records = (page) => page.evaluate(() => new Promise((give, fail) => {
    const request = indexedDB.open('sulh');
    request.onerror = fail;
    request.onsuccess = () => {
        const all = request.result.transaction('records').objectStore('records').getAll();
        all.onsuccess = () => give(all.result.sort((a, b) => a.seq - b.seq).map(({ id, note, state, seq, verdict, form, parts }) => ({ id, note, state, seq, verdict, form, parts: parts.length })));
    };
}));

/* --- the key --- */

async function makesKey(page, org, role) {
    await page.at('/forms?lang=en');
    await isAccessible(page, 'forms, without a key');
    await shot(page, 'no-key');
    same('no form is offered before there is a key', await page.locator('.forms a').count(), 0);
    await page.selectOption('#org', org);
    await page.selectOption('#role', role);
    await page.click('.make-key button');
    await page.locator('details.key summary').click();
    await page.waitForSelector('.qr');
    await isAccessible(page, 'forms, with a key');
    return page.locator('.key pre').innerText();
}

/* The very command of the page, in a shell. */
function admit(command) {
    const line = command.replace('sulh record DIR', `"${sulh}" record "${dir}"`).replace('ROOT', root);
    return JSON.parse(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' }));
}

async function secretStaysIn(page) {
    const tried = await page.evaluate(() => new Promise((give) => {
        const request = indexedDB.open('sulh');
        request.onsuccess = () => {
            const one = request.result.transaction('kept').objectStore('kept').get('device');
            one.onsuccess = async () => give({
                own: one.result.secret instanceof CryptoKey && one.result.identity instanceof CryptoKey,
                out: await Promise.all([one.result.secret, one.result.identity].map((key) => crypto.subtle.exportKey('pkcs8', key).then(() => 'out', (error) => error.name))),
            });
        };
    }));
    same('no script gets the secrets out', tried, { own: true, out: ['InvalidAccessError', 'InvalidAccessError'] });
}

/* --- filling in --- */

/* OpenLayers says so of a map that is being taken down with its page. */
const OF_MAPS = /No map visible because/;

async function openForm(page, id, language) {
    await page.at(`/form?id=${id}&lang=${language}`);
    await page.waitForSelector('.webform .question-container');
    page.complaints = page.complaints.filter((one) => !OF_MAPS.test(one));
    await page.waitForFunction(() => !document.querySelector('.map-block') || document.querySelector('.ol-viewport canvas'));
}

/* Every question of each sort, and of the others those that must be answered. */
async function fill(page, id, language) {
    const said = TEXTS[language];
    for (const box of await page.locator('.webform textarea').all()) await box.fill(said);
    for (const box of await page.locator('.webform input.p-inputnumber-input').all()) {
        await box.pressSequentially('3');
        await box.press('Tab');
    }
    const times = await page.locator('.webform input[type=datetime-local]').all();
    for (const [n, box] of times.entries()) await box.fill(`2026-11-20T1${n}:30`);
    for (const box of await page.locator('.webform input.p-inputtext:not(.p-inputnumber-input):not([type=datetime-local])').all())
        await box.fill(id === 'visit' ? A_RECORD : 'S-1');
    for (const sort of ['radio', 'checkbox'])
        for (const one of await page.locator(`.webform .question-container:has(input[type=${sort}])`).all()) await one.locator('.value-option').first().click();
    for (const one of await page.locator('.webform .question-container:has(label.required) .p-select').all()) {
        await one.click();
        await page.locator('.p-select-option').first().click();
    }
    return said;
}

async function sendForm(page) {
    await page.locator('.webform .footer button').click();
    await page.waitForURL(/\/forms#[0-9a-f]{64}$/, { timeout: 5000 }).catch(() => {});
    return new URL(page.url()).hash.slice(1);
}

const settled = (page, id) => page.locator(`[id="${id}"].sent`).waitFor({ timeout: 10000 }).then(() => true, () => false);

async function arrived(id) {
    for (let n = 0; n < 50; n++) {
        const answer = await fetch(new URL(`/api/records/${id}`, origin));
        if (answer.ok) return answer.json();
        await new Promise((on) => setTimeout(on, 100));
    }
    return null;
}

/* What it says to everybody; and where a part was sealed in the browser, to the mission, which opens it. */
function saidIn({ id, record, parts }) {
    const open = JSON.stringify([record.body, ...parts.map(({ content }) => content ?? null)]);
    if (parts.every(({ tier }) => tier === 'public')) return open;
    return open + execFileSync(sulh, ['open', dir, id, '--as', READER], { encoding: 'utf8' });
}

async function everyForm(page, forms, language) {
    for (const { id, kind } of forms) {
        const name = `${id}, ${language}`;
        await openForm(page, id, language);
        await keepsToTheRules(page, name);
        const said = await fill(page, id, language);
        const record = await sendForm(page);
        check(`${name}: is signed`, record.length === 64, await page.locator('.form-error, .p-message').allInnerTexts().then(String));
        if (record.length !== 64) continue;
        check(`${name}: is sent`, await settled(page, record));
        const came = await arrived(record);
        same(`${name}: the record is of the form's kind`, came?.kind, kind);
        check(`${name}: and says what was typed`, came !== null && (saidIn(came).includes(said) || id === 'outage'), came && saidIn(came));
    }
}

/* --- without a network --- */

async function worksOffline(page) {
    const context = page.context();
    await page.at('/forms?lang=ps');
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.waitForTimeout(1500); /* what is fetched ahead */
    await context.setOffline(true);
    const before = (await records(page)).length;
    const made = [];
    for (const id of ['flash', 'patrol']) {
        await openForm(page, id, 'ps');
        await fill(page, id, 'ps');
        made.push(await sendForm(page));
    }
    await page.waitForSelector('.records .waits');
    await shot(page, 'waits-ps');
    await page.reload();
    await page.waitForSelector('.records .waits');
    const waiting = (await records(page)).filter(({ state }) => state === 'waiting');
    same('both wait, over a reload', waiting.map(({ id }) => id), made);
    same('and nothing else was made', (await records(page)).length, before + 2);
    await isAccessible(page, 'what waits');
    same('nothing came to the node meanwhile', (await fetch(new URL(`/api/records/${made[0]}`, origin))).status, 404);
    await context.setOffline(false);
    for (const id of made) check('it is sent when there is a network again', await settled(page, id));
    for (const id of made) same('and is in the log', (await arrived(id))?.id, id);
}

/* An answer that got lost on the way back: the record is brought again, and is in the log once. */
async function onceOnly(page) {
    let lost = 0;
    await page.context().route('**/submit', async (route) => {
        if (lost++) return route.continue();
        await route.fetch();
        return route.abort('connectionreset');
    });
    await openForm(page, 'flash', 'en');
    await fill(page, 'flash', 'en');
    const id = await sendForm(page);
    await page.waitForSelector(`[id="${id}"].waits`);
    const { size } = await get('/api/status');
    await page.locator('main button').last().click();
    check('an answer that was lost is asked for again', await settled(page, id));
    same('and the record is there once', (await get('/api/status')).size, size);
    await page.context().unroute('**/submit');
}

async function chainHolds(page) {
    const all = (await records(page)).map(({ note, id, seq }) => ({ ...JSON.parse(note.split('\n')[2]), id, seq }));
    same('the chain has no gap', all.map(({ seq }) => seq), all.map((_, n) => n + 1));
    same('and each names the one before', all.slice(1).map(({ prev }) => prev), all.slice(0, -1).map(({ id }) => id));
    check('what was seen of the log is said', all.every(({ seen }) => seen.size > 0), JSON.stringify(all.map(({ seen }) => seen.size)));
    const marked = (await records(page)).filter(({ verdict }) => verdict?.marks?.length);
    same('and is so', marked.map(({ verdict }) => verdict.marks), []);
}

/* --- looks --- */

async function looks(browser, forms) {
    for (const language of ['en', 'ur', 'ps', 'ar'])
        for (const width of [360, 1280]) {
            const page = await open(browser, origin, { width, height: 800, language });
            await page.at('/forms?lang=en');
            await page.click('.make-key button');
            await page.waitForSelector('.forms a');
            for (const id of ['flash', 'observation'].filter((one) => forms.some((form) => form.id === one))) {
                await openForm(page, id, language);
                await keepsToTheRules(page, `${id} ${language} ${width}`);
                await shot(page, `${id}-${language}-${width}`);
                await isAccessible(page, `${id} ${language} ${width}`);
            }
            await page.at(`/forms?lang=${language}`);
            page.complaints = page.complaints.filter((one) => !OF_MAPS.test(one));
            await keepsToTheRules(page, `forms ${language} ${width}`);
            await isAccessible(page, `forms ${language} ${width}`);
            await shot(page, `forms-${language}-${width}`);
            await page.context().close();
        }
}

const browser = await launch();
const { forms } = await get('/api/forms');
check('there are forms', forms.length > 5);
const page = await open(browser, origin, {});
const command = await makesKey(page, 'observer/mission', 'monitor');
await shot(page, 'key');
same('the command of the page admits it', admit(command).verdict, 'holds');
await secretStaysIn(page);
await everyForm(page, forms, 'en');
await everyForm(page, forms, 'ur');
await worksOffline(page);
page.complaints.length = 0;
await onceOnly(page);
await chainHolds(page);
await looks(browser, forms);
await browser.close();
done();
