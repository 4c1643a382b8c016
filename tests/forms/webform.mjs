/*
 * The forms in a browser: a key is made and admitted by the command that the page shows; every form is
 * filled in and sent, in one language that runs from the left and two that run from the right, with and
 * without a network; what came into the log is what was typed.
 *
 *     node webform.mjs ORIGIN SCREENS SULH DIR ROOT OTHER
 *
 * OTHER is a copy of DIR from before it was served.
 */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inContext, isAccessible, keepsToTheRules, launch, open } from '../web/browser.mjs';
import { becomes, check, comes, done, same, sideBySide, until } from '../web/tap.mjs';
import { doubts } from './doubts.mjs';
import { beforeItIsAdmitted, drafts } from './drafts.mjs';
import { photo } from './photo.mjs';
import { without } from './without.mjs';

const [origin, screens, sulh, dir, root, other] = process.argv.slice(2);
const TEXTS = { en: 'Shots from the ridge', ur: 'پہاڑی سے گولیاں چلیں', ps: 'له غره ډزې وشوې', prs: 'از تپه شلیک شد', ar: 'إطلاق نار من التل', tr: 'Sırttan ateş açıldı' };
const READER = 'observer/mission/1';
const A_RECORD = 'ab'.repeat(32);

const run = async (...command) => (await promisify(execFile)(...command)).stdout;
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

/* With what lies in the browser drawn, and the log looked at for the first time. */
async function openForms(page, language) {
    await page.at(`/forms?lang=${language}`);
    await page.waitForSelector('.checked');
}

/* --- the key --- */

async function makesKey(page, org, role) {
    await openForms(page, 'en');
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
async function admit(command) {
    const line = command.replace('sulh record DIR', `"${sulh}" record "${dir}"`).replace('ROOT', root);
    return JSON.parse(await run('/bin/sh', ['-c', line]));
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

/* A log's key is read whatever letters its base64 has. */
async function readsKeys(page) {
    const got = await page.evaluate(async () => {
        const version = document.querySelector('link[rel=icon]').href.split('/')[4];
        const { parseVkey } = await import(`/static/${version}/seen.js`);
        const bytes = Uint8Array.from([1, ...Array(32).fill(0xfb)]);
        const base64 = btoa(String.fromCharCode(...bytes));
        return [base64.includes('+'), parseVkey(`a.b/term/1+01020304+${base64}`).key.length];
    });
    same('a key of a log with a plus in it', got, [true, 32]);
}

/* --- filling in --- */

/* OpenLayers says so of a map that is being taken down with its page, or made another width. */
function allowOfMaps(page) {
    page.complaints = page.complaints.filter((one) => !/No map visible because/.test(one));
}

async function openForm(page, id, language) {
    await page.at(`/form?id=${id}&lang=${language}`);
    await page.waitForSelector('.webform .question-container');
    allowOfMaps(page);
    await page.waitForFunction(() => [...document.querySelectorAll('.async-map-container')].every((place) => place.querySelector('.ol-viewport canvas')));
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
    if (id === 'observation') /* the second verb, "saw", goes with the first of the means */
        await page.locator('.webform .question-container:has(input[type=radio])').first().locator('.value-option').nth(1).click();
    for (const one of await page.locator('.webform .question-container:has(label.required) .p-select').all()) {
        await one.click();
        await page.locator('.p-select-option').first().click();
        await page.locator('.p-select-option').first().waitFor({ state: 'detached' });
    }
    return said;
}

async function sendForm(page) {
    await page.locator('.webform .footer button').click();
    await page.waitForURL(/\/forms#[0-9a-f]{64}$/).catch(() => {});
    return new URL(page.url()).hash.slice(1);
}

const settled = (page, id) => page.locator(`[id="${id}"].sent`).waitFor().then(() => true, () => false);

const arrived = (id) => until(() => fetch(new URL(`/api/records/${id}`, origin)), ({ ok }) => ok).then((answer) => (answer.ok ? answer.json() : null));

/* What it says to everybody; and where a part was sealed in the browser, to the mission, which opens it. */
async function saidIn({ id, record, parts }) {
    const open = JSON.stringify([record.body, ...parts.map(({ content }) => content ?? null)]);
    if (parts.every(({ tier }) => tier === 'public')) return open;
    return open + await run(sulh, ['open', dir, id, '--as', READER]);
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
        const says = came === null ? '' : await saidIn(came);
        check(`${name}: and says what was typed`, says.includes(said) || (id === 'outage' && says !== ''), says);
    }
}

/* Answers that are no line of text, as src/forms/answer_test.c has them. */
const ANSWERS = [
    ['a position by the device', 'flash', '<where><position>34.1235678 71.1 1203.1 4.2</position></where>',
        { lat_e7: 341235678, lon_e7: 711000000, position_basis: 'geopoint 34.1235678 71.1 1203.1 4.2', uncertainty_m: 5 }],
    ['said vaguer than the device has it', 'flash', '<where><position>34 71 0 350.5</position><error>m200</error></where>',
        { lat_e7: 340000000, lon_e7: 710000000, position_basis: 'geopoint 34 71 0 350.5', uncertainty_m: 351 }],
    ['a position of which nobody said how exact', 'flash', '<where><position>34 71</position><error/></where>',
        { lat_e7: 340000000, lon_e7: 710000000, position_basis: 'geopoint 34 71', uncertainty_m: 20000 }],
    ['a time that is known to the hour', 'flash', '<when><at>2026-03-01T17:20:00.000+05:00</at><exact>hour</exact></when>',
        { at: { at_ms: 1772367600000, basis: 'estimate', offset_min: 300, uncertainty_ms: 3600000 } }],
    ['a time that is known to the day', 'flash', '<when><at>2026-03-01T01:20:00.000+05:00</at><exact>day</exact></when>',
        { at: { at_ms: 1772348400000, basis: 'estimate', offset_min: 300, uncertainty_ms: 43200000 } }],
    ['choices', 'flash', '<happens><needs>medevac police</needs></happens>', { needs: ['medevac', 'police'] }],
    ['where the observer stood is not where it happened', 'observation', '<OBSERVER>34.5 71.5 0 4</OBSERVER>',
        { observer_lat_e7: 345000000, observer_lon_e7: 715000000, observer_uncertainty_m: 4 }],
    ['a line', 'observation', '<LINE>34.5 71.25 0 0; 34.6 71.3 0 0;</LINE>',
        { shape: [{ lat_e7: 345000000, lon_e7: 712500000 }, { lat_e7: 346000000, lon_e7: 713000000 }], shape_form: 'line' }],
    ['an area', 'observation', '<AREA>34 71;35 71;35 72;34 71</AREA>',
        { shape: [{ lat_e7: 340000000, lon_e7: 710000000 }, { lat_e7: 350000000, lon_e7: 710000000 }, { lat_e7: 350000000, lon_e7: 720000000 }], shape_form: 'area' }],
];

/* Puts the element where the form has it: a group around it, and its name. */
function placed(xml, asks) {
    const as = /^<(OBSERVER|LINE|AREA)>/.exec(xml)?.[1];
    if (!as) return xml;
    const is = (ask) => (as === 'OBSERVER' ? ask.prefix === 'observer_' : ask.as === as.toLowerCase());
    const group = asks.find(({ asks: inside = [] }) => inside.some(is));
    const { name } = group.asks.find(is);
    return `<${group.name}><${name}>${xml.replace(/<[^>]+>/g, '')}</${name}></${group.name}>`;
}

async function readsAnswers(page) {
    const { forms, exact } = await get('/api/forms');
    const { kinds } = await get('/api/kinds');
    const ofPage = (args) => page.evaluate(async ([instance, form, kind]) => {
        const version = document.querySelector('link[rel=icon]').href.split('/')[4];
        const { toFields } = await import(`/static/${version}/answers.js`);
        try {
            return toFields(instance, form, kind).flat;
        } catch (error) {
            return error.message;
        }
    }, args);
    for (const [name, id, xml, wanted] of ANSWERS) {
        const form = { ...forms.find((one) => one.id === id), exact };
        const kind = kinds.find((one) => one.name === form.kind);
        const got = await ofPage([`<data>${placed(xml, form.asks)}</data>`, form, kind]);
        const sorted = (value) => JSON.stringify(value, (_, one) => (one && typeof one === 'object' && !Array.isArray(one) ? Object.fromEntries(Object.entries(one).sort()) : one));
        const names = new Set(kind.fields.map((field) => field.name));
        same(name, sorted(got), sorted(Object.fromEntries(Object.entries(wanted).filter(([field]) => names.has(field)))));
    }
    const form = { ...forms.find(({ id }) => id === 'flash'), exact };
    const kind = kinds.find((one) => one.name === form.kind);
    for (const [name, xml, why] of [
        ['an element that nobody asked for', '<happens><more_of_it>x</more_of_it></happens>', /more_of_it/],
        ['half a position', '<where><position>34.1</position></where>', /no position/],
        ['a number in words', '<happens><casualties_min>three</casualties_min></happens>', /whole number/],
        ['no time', '<when><at>yesterday</at></when>', /no time/],
    ]) {
        const got = await ofPage([`<data>${xml}</data>`, form, kind]);
        check(`refused: ${name}`, typeof got === 'string' && why.test(got), JSON.stringify(got));
    }
}

/* --- without a network --- */

/* All that the forms need is asked for ahead, and kept by the worker. */
async function isKept(page, forms, language) {
    const wanted = ['/api/kinds', ...['mechanism', 'mission', 'sealed'].map((tier) => `/api/readers?tier=${tier}`),
        ...forms.map(({ id }) => `/api/forms/${id}?language=${language}`)];
    await becomes('what a form needs is kept', () => page.evaluate(async (all) => {
        const answers = await caches.open('answers');
        const held = await Promise.all(all.map((path) => answers.match(path, { ignoreVary: true })));
        return all.filter((_, n) => !held[n]);
    }, wanted), []);
}

async function worksOffline(page, forms) {
    const context = page.context();
    await openForms(page, 'ps');
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await isKept(page, forms, 'ps');
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

/* The first answer gets lost on the way back, and until `heal` nothing else goes through. */
async function losesAnswer(context) {
    let brought = 0;
    let healed = false;
    await context.route('**/submit', async (route) => {
        if (healed) return route.continue();
        if (brought++ === 0) await route.fetch();
        return route.abort('connectionreset');
    });
    return () => { healed = true; };
}

/* How often it is in the log, from an entry on. */
async function timesIn(id, from) {
    const { size } = await get('/api/status');
    const ids = await Promise.all([...Array(size - from).keys()].map(async (n) => (await get(`/api/entries/${from + n}`)).id));
    return ids.filter((one) => one === id).length;
}

/* An answer that got lost on the way back: the record is brought again, and is in the log once. */
async function onceOnly(page) {
    const { size: from } = await get('/api/status');
    const heal = await losesAnswer(page.context());
    await openForm(page, 'flash', 'en');
    await fill(page, 'flash', 'en');
    const id = await sendForm(page);
    await page.waitForSelector(`[id="${id}"].waits`);
    same('a record is in the log whose answer was lost', (await arrived(id))?.id, id);
    heal();
    await page.locator('main button').last().click();
    check('an answer that was lost is asked for again', await settled(page, id));
    await page.context().unroute('**/submit');
    await openForm(page, 'outage', 'en');
    await fill(page, 'outage', 'en');
    await arrived(await sendForm(page)); /* what came before it is in the log */
    same('and the record is there once', await timesIn(id, from), 1);
}

async function chainHolds(page) {
    await openForms(page, 'en');
    await comes('the log has said of each what it makes of it', () => records(page), (all) => all.every(({ verdict }) => verdict));
    const kept = await records(page);
    const all = kept.map(({ note, id, seq }) => ({ ...JSON.parse(note.split('\n')[2]), id, seq }));
    same('the chain has no gap', all.map(({ seq }) => seq), all.map((_, n) => n + 1));
    same('and each names the one before', all.slice(1).map(({ prev }) => prev), all.slice(0, -1).map(({ id }) => id));
    check('what was seen of the log is said', all.every(({ seen }) => seen.size > 0), JSON.stringify(all.map(({ seen }) => seen.size)));
    same('and is so', kept.filter(({ verdict }) => verdict?.marks?.length).map(({ verdict }) => verdict.marks), []);
}

/* --- looks --- */

/* What is drawn narrow and judged is then made wide: of the same words and colours. */
async function looksAt(page, name) {
    await isAccessible(page, name);
    for (const width of [360, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        allowOfMaps(page);
        await keepsToTheRules(page, `${name} ${width}`);
        await shot(page, `${name.replaceAll(' ', '-')}-${width}`);
    }
    await page.setViewportSize({ width: 360, height: 800 });
}

async function looks(browser, forms, language) {
    const page = await open(browser, origin, { width: 360, height: 800, language });
    await page.at('/forms?lang=en');
    await page.click('.make-key button');
    await page.waitForSelector('.forms a');
    for (const id of ['flash', 'observation'].filter((one) => forms.some((form) => form.id === one))) {
        await openForm(page, id, language);
        await comes(`${id} ${language}: its maps speak it`, () => page.locator('.map-status').allInnerTexts(),
            (maps) => maps.length > 0 && maps.every((one) => one.includes('saved') === (language === 'en')));
        await looksAt(page, `${id} ${language}`);
    }
    await openForms(page, language);
    await looksAt(page, `forms ${language}`);
    await page.context().close();
}

/* The same browser's next tab, when the first is closed. */
async function another(page) {
    const next = await inContext(page.context(), origin);
    await page.close();
    return next;
}

async function firstKey(browser, forms) {
    const page = await open(browser, origin, {});
    const command = await makesKey(page, 'observer/mission', 'monitor');
    await shot(page, 'key');
    same('the command of the page admits it', (await admit(command)).verdict, 'holds');
    await secretStaysIn(page);
    await readsKeys(page);
    await readsAnswers(page);
    await everyForm(page, forms, 'en');
    await everyForm(page, forms, 'ur');
    await worksOffline(page, forms);
    page.complaints.length = 0;
    await onceOnly(page);
    await chainHolds(page);
    await page.context().close();
}

async function begunForms(browser) {
    const tools = { fill, sendForm, settled, arrived, another };
    const page = await open(browser, origin, {});
    const command = await makesKey(page, 'observer/mission', 'monitor');
    const early = await beforeItIsAdmitted(page, tools);
    same('a key is admitted later', (await admit(command)).verdict, 'holds');
    await page.at('/forms?lang=en');
    check('then what waited for it is sent', await settled(page, early));
    await photo(page, origin, screens, tools);
    await doubts(page, early, { sulh, dir, other, screens });
    await drafts(page, screens, tools);
}

const browser = await launch();
const { forms } = await get('/api/forms');
check('there are forms', forms.length > 5);
await sideBySide([
    () => firstKey(browser, forms),
    () => begunForms(browser),
    () => without(browser, origin, screens),
    ...['en', 'ur', 'ps', 'ar'].map((language) => () => looks(browser, forms, language)),
]);
await browser.close();
done();
