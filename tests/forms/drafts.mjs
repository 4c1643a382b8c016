/* Forms that are begun and left: over a reload, a closed tab, a change of the form; discarded by hand alone;
 * and what was not accepted, mended and sent again. */

import { isAccessible, keepsToTheRules } from '../web/browser.mjs';
import { becomes, check, comes, same, until } from '../web/tap.mjs';

const SAID = 'Half a sentence about the ridge';
const SEALED = 'Gulalai of the third house';
const FILE = { name: 'sound.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('ID3\x04\x00\x00\x00\x00\x00\x00 a short sound') };
const WRONG = { id: 'a'.repeat(64), reason: 'too large', why: 'a record of 99999 bytes' };

const question = (page, text) => page.locator('.webform .question-container', { hasText: text });
const answerTo = (page, text) => question(page, text).locator('textarea').inputValue();
const kept = (page) => page.locator('.caption[role=status]', { hasText: 'Kept on this device' }).waitFor();
const named = (page) => new URL(page.url()).searchParams.get('draft');

const rows = (page, store) => page.evaluate((name) => new Promise((give) => {
    indexedDB.open('sulh').onsuccess = ({ target: { result } }) => {
        result.transaction(name).objectStore(name).getAll().onsuccess = ({ target }) => give(target.result);
    };
}), store);

/* Everything that the page's origin keeps on the disk, as one string of its bytes. */
const onTheDisk = (page) => page.evaluate(async () => {
    const latin = (bytes) => Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
    const told = (key, value) => (value instanceof Uint8Array || value instanceof ArrayBuffer ? latin(value) : value);
    const { result } = await new Promise((give) => { indexedDB.open('sulh').onsuccess = ({ target }) => give(target); });
    const all = await Promise.all([...result.objectStoreNames].map((name) => new Promise((give) => {
        result.transaction(name).objectStore(name).getAll().onsuccess = ({ target }) => give(JSON.stringify(target.result, told));
    })));
    return all.join() + JSON.stringify(localStorage) + JSON.stringify(sessionStorage);
});

/* What the page itself can open of a draft: no more than it would show. */
const openedOf = (page, id) => page.evaluate(async (wanted) => {
    const version = document.querySelector('link[rel=icon]').href.split('/')[4];
    const at = (name) => import(`/static/${version}/${name}.js`);
    const [{ opened }, { draft }, { device }] = await Promise.all([at('drafts'), at('vault'), at('device')]);
    const row = await draft(wanted);
    const { xml, files } = await opened(await device(), row);
    return { left: row.left, xml, files: await Promise.all(files.map((file) => file.text())) };
}, id);

/* What is typed is kept every second: here oftener, and it is counted. */
const keepsOften = (page) => page.context().addInitScript(() => {
    const every = globalThis.setInterval;
    globalThis.kept = 0;
    globalThis.setInterval = (work, ms) => (ms === 1000 ? every(async () => { await work(); globalThis.kept++; }, 200) : every(work, ms));
});

const drawn = (page) => page.waitForSelector('.webform .question-container');

async function beginsReport(page) {
    await page.at('/form?id=report&lang=en');
    await drawn(page);
    await question(page, 'What happened?').locator('textarea').fill(SAID);
    await question(page, 'Persons: names').locator('textarea').fill(SEALED);
    await question(page, 'Sound recording').locator('input[type=file]').setInputFiles(FILE);
    await kept(page);
    const whole = ({ xml, files, left }) => xml.includes(SAID) && files.length === 1 && left === 1;
    await until(() => openedOf(page, named(page)), whole);
}

async function survives(page, screens) {
    await beginsReport(page);
    const id = named(page);
    check('a form that was begun has its address', Boolean(id), page.url());
    await comes('and says what is not kept', () => page.locator('.caption[role=status]').innerText(), (told) => told.includes('sealed to the mediators alone'));
    const [row, ...more] = await rows(page, 'drafts');
    same('one draft is kept', [row?.id, row?.form, row?.left, more.length], [id, 'report', 1, 0]);
    const disk = await onTheDisk(page);
    check('and there is something on the disk', disk.includes('age-encryption.org/v1'));
    same('none of it stands there readable', [SAID, SEALED, 'a short sound'].filter((one) => disk.includes(one)), []);
    const open = await openedOf(page, id);
    same('what is kept of it is what was said', [open.xml.includes(SAID), open.files], [true, [FILE.buffer.toString('latin1')]]);
    check('without what is sealed', !open.xml.includes(SEALED), open.xml);

    await page.reload();
    await drawn(page);
    await becomes('a reload goes on with it', () => answerTo(page, 'What happened?'), SAID);
    same('what is sealed is asked for again', await answerTo(page, 'Persons: names'), '');
    check('and it says so', (await page.locator('.begun').innerText()).includes('give it again'));
    await keepsToTheRules(page, 'a form that goes on');
    await isAccessible(page, 'a form that goes on');
    await page.locator('.languages a[lang=ur]').click();
    await page.waitForURL(/[?&]lang=ur/);
    await drawn(page);
    await becomes('another language goes on with it', async () => [named(page), await page.locator('.webform textarea').first().inputValue()], [id, SAID]);
    await page.screenshot({ path: `${screens}/webform-draft-ur.png` });
    return id;
}

async function isOffered(page, id, screens) {
    await page.at('/forms?lang=ur');
    await page.screenshot({ path: `${screens}/webform-drafts-ur.png`, fullPage: true });
    await page.at('/forms?lang=en');
    same('a closed tab later it is offered', await page.locator('.drafts li').evaluateAll((all) => all.map((one) => one.id)), [id]);
    await isAccessible(page, 'what was begun');
    await page.at('/form?id=report&lang=en');
    await drawn(page);
    same('and over the form, which is empty', [await page.locator('.drafts li').count(), await answerTo(page, 'What happened?')], [1, '']);
    await page.waitForFunction(() => globalThis.kept > 2);
    same('an empty form is nothing to keep', (await rows(page, 'drafts')).length, 1);
    await page.locator('.drafts a').click();
    await page.waitForURL(/[?&]draft=/);
    await drawn(page);
    await becomes('it is gone on with', () => answerTo(page, 'What happened?'), SAID);
}

/* Of an older version of the form. */
async function ofBefore(page, id) {
    const put = (version) => page.evaluate(([wanted, changed]) => new Promise((give) => {
        indexedDB.open('sulh').onsuccess = ({ target: { result } }) => {
            const store = result.transaction('drafts', 'readwrite').objectStore('drafts');
            store.get(wanted).onsuccess = ({ target }) => { store.put({ ...target.result, version: changed ?? 'older' }).onsuccess = () => give(target.result.version); };
        };
    }), [id, version]);
    await page.at('/forms?lang=en');
    const version = await put(null);
    await page.at(`/form?id=report&draft=${id}&lang=en`);
    await drawn(page);
    check('an older form’s answers are shown', (await page.locator('.begun').innerText()).includes(SAID));
    same('and not put into the new one', await answerTo(page, 'What happened?'), '');
    await isAccessible(page, 'an older form');
    same('nor is it lost', (await rows(page, 'drafts')).map((row) => row.id), [id]);
    await put(version);
}

async function discards(page) {
    const answer = (yes) => page.once('dialog', (dialog) => (yes ? dialog.accept() : dialog.dismiss()));
    const others = (await rows(page, 'drafts')).length;
    await page.at('/form?id=flash&lang=en');
    await drawn(page);
    await question(page, 'What is happening').locator('textarea').fill('Not worth it');
    await kept(page);
    const id = named(page);
    await page.at('/forms?lang=en');
    answer(false);
    await page.locator(`[id="${id}"] button`).click();
    same('whoever says no keeps it', (await rows(page, 'drafts')).length, others + 1);
    answer(true);
    await page.locator(`[id="${id}"] button`).click();
    await page.locator(`[id="${id}"]`).waitFor({ state: 'detached' });
    same('whoever says yes does not', (await rows(page, 'drafts')).map((row) => row.id).includes(id), false);
}

async function sends(page, id, { fill, sendForm, settled, arrived }) {
    await page.at(`/form?id=report&draft=${id}&lang=en`);
    await drawn(page);
    await fill(page, 'report', 'en');
    await question(page, 'What happened?').locator('textarea').fill(SAID);
    const record = await sendForm(page);
    check('what was begun is sent', await settled(page, record), await page.locator('.form-error').allInnerTexts().then(String));
    const came = await arrived(record);
    check('with what was said before', JSON.stringify(came?.parts).includes(SAID), JSON.stringify(came));
    same('and its file', came?.parts.map(({ media }) => media).filter(Boolean), [FILE.mimeType]);
    await becomes('nothing of it is kept', () => rows(page, 'drafts'), []);
    await page.goBack();
    check('the way back leads to no form that is filled in', !page.url().includes('/form?'), page.url());
}

/* A visit for a request that nobody made is void, of whichever number. */
async function mendsVoid(page, { fill, sendForm, settled }) {
    const numbered = (letter) => page.locator('.webform input.p-inputtext:not([type=datetime-local])').first().fill(letter.repeat(64));
    await page.at('/form?id=visit&lang=en');
    await drawn(page);
    await fill(page, 'visit', 'en');
    await numbered('a');
    const bad = await sendForm(page);
    check('a visit for a request that nobody made is sent', await settled(page, bad));
    const item = page.locator(`[id="${bad}"]`);
    await item.filter({ hasText: 'Void' }).waitFor();
    await isAccessible(page, 'what is void');
    await item.locator('.mend').click();
    await drawn(page);
    check('what is void can be mended', (await page.locator('.begun').innerText()).includes('not accepted'));
    await numbered('b');
    const next = await sendForm(page);
    check('what was mended is sent', await settled(page, next));
    await comes('the other one says by what', () => item.innerText(), (told) => told.includes(next.slice(0, 12)));
    same('and is mended once', await item.locator('.mend').count(), 0);
    await page.locator(`[id="${next}"]`).filter({ hasText: 'Void' }).waitFor();
    same('what was mended can be mended', await page.locator(`[id="${next}"] .mend`).count(), 1);
    for (const id of [bad, next]) {
        await page.locator(`[id="${id}"] button`).click();
        await page.locator(`[id="${id}"]`).waitFor({ state: 'detached' });
    }
    same('taken off, they leave nothing behind', await rows(page, 'drafts'), []);
}

async function mendsRefused(page, { fill, sendForm, settled }) {
    let refused = null;
    let brought = 0;
    await page.context().route('**/submit', (route) => {
        const body = route.request().postDataBuffer();
        refused ??= body;
        if (!body.equals(refused)) return route.continue();
        brought++;
        return route.fulfill({ json: { answers: [WRONG] } });
    });
    await page.at('/form?id=flash&lang=en');
    await drawn(page);
    await fill(page, 'flash', 'en');
    const bad = await sendForm(page);
    const item = page.locator(`[id="${bad}"]`);
    await comes('what the node refused is kept with its reason', () => page.locator(`[id="${bad}"].refused`).innerText(), (told) => told.includes(WRONG.why));
    await item.locator('.mend').click();
    await drawn(page);
    const good = await sendForm(page);
    check('and sent again when it was mended', await settled(page, good));
    const { mended, state } = (await rows(page, 'records')).find(({ id }) => id === bad);
    same('the refused one stays', [mended, state], [good, 'refused']);
    const before = brought;
    for (let n = 0; n < 3; n++) await sendsNow(page);
    same('and is brought no more', brought, before);
    await item.locator('button').last().click();
    await item.waitFor({ state: 'detached' });
    await page.context().unroute('**/submit');
}

/* Over when what became of all is drawn anew; the first time that may be of a round begun before. */
async function sendsNow(page) {
    await page.locator('#sent').evaluate((heading) => { heading.dataset.before = ''; });
    await page.locator('main button').last().click();
    await page.waitForSelector('#sent:not([data-before])');
}

/* Before a root admitted the key there is nothing to mend. */
export async function beforeItIsAdmitted(page, { fill, sendForm }) {
    await page.at('/form?id=flash&lang=en');
    await drawn(page);
    await fill(page, 'flash', 'en');
    const id = await sendForm(page);
    const item = page.locator(`[id="${id}"].refused`);
    await item.waitFor();
    await comes('a key that nobody knows waits', () => item.innerText(), (told) => told.includes('not admitted yet'));
    same('and its record needs no mending', await item.locator('.mend').count(), 0);
    return id;
}

export async function drafts(page, screens, tools) {
    await keepsOften(page);
    const id = await survives(page, screens);
    const later = await tools.another(page);
    await isOffered(later, id, screens);
    await ofBefore(later, id);
    await discards(later);
    await sends(later, id, tools);
    await mendsVoid(later, tools);
    await mendsRefused(later, tools);
}
