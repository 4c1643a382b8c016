/* node pages.mjs ORIGIN SHOTS SULH DIR CLOSED CLOSED-DIR CASE CASE-DIR: looks at the demonstration
 * that ORIGIN serves, at another, CLOSED, whose entries are for its participants, and at CASE, which
 * has one; leaves screenshots in SHOTS, adds records to DIR and CASE-DIR at the end, prints TAP. */

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { inEachWay, isAccessible, keepsToTheRules, launch, open, plain, text } from './browser.mjs';
import { aCase } from './case.mjs';
import { closedParts } from './closed.mjs';
import { home } from './home.mjs';
import { hostile } from './hostile.mjs';
import { aHotline } from './hotline.mjs';
import { aMedium } from './medium.mjs';
import { modules } from './modules.mjs';
import { signIn } from './sign_in.mjs';
import { check, comes, done, same, sideBySide } from './tap.mjs';

const [, , origin, shots, sulh, directory, closed, closedDirectory, caseOrigin, caseDirectory] = process.argv;
const browser = await launch();

const get = async (address) => (await fetch(new URL(address, origin))).json();
const { incidents } = await get('/api/incidents?limit=500');
const details = await Promise.all(incidents.map(({ id }) => get(`/api/incidents/${id}`)));

/* By the number that the chronology gives it. */
function incident(number) {
    const found = details.find(({ reports }) => reports.some(({ fields }) => fields.external_id === `chronology/${number}`));
    return `/incident/${found.incident.id}`;
}
const NIGHT = incident('e04');
const PAKTIKA = incident('e13');
const record = `/record/${details.flatMap(({ claims }) => claims).find(({ fields }) => fields.external_id === 'chronology/e04-c03').id}`;

/* --- every page, in every way that it is looked at --- */

const PAGES = [['home', '/'], ['incident', NIGHT], ['incident-placed', PAKTIKA], ['record', record], ['nodes', '/nodes'],
    ...['crossings', 'notices', 'obligations', 'intelligence'].map((name) => [name, `/${name}`])];
const WAYS = [
    { language: 'en', scheme: 'light', width: 1600 },
    { language: 'ur', scheme: 'dark', width: 1600 },
    { language: 'en', scheme: 'dark', width: 360 },
    { language: 'ur', scheme: 'light', width: 360 },
];
const BANNER = { en: 'Demonstration, signed by no state', ur: 'کسی ریاست نے اس پر دستخط نہیں کیے' };
const CLOCK = { en: 'operator’s clock', ur: 'آپریٹر کی گھڑی' };
const DIRECTION = { en: 'ltr', ur: 'rtl' };

await inEachWay(browser, origin, WAYS, async (page, way) => {
    for (const [title, address] of PAGES) {
        const name = `${title} ${way.language} ${way.scheme} ${way.width}`;
        await page.at(`${address}?lang=${way.language}`);
        await page.screenshot({ path: path.join(shots, `${name.replaceAll(' ', '-')}.png`), fullPage: way.width > 1000 && title !== 'home' });
        await keepsToTheRules(page, name);
        await isAccessible(page, name);
        same(`${name}: direction`, await page.evaluate(() => document.documentElement.dir), DIRECTION[way.language]);
        const banner = await text(page, '.banner');
        check(`${name}: says that it is a demonstration`, banner.includes(BANNER[way.language]), banner);
        check(`${name}: says whose clock it is`, banner.includes(CLOCK[way.language]), banner);
    }
});

await aCase(browser, caseOrigin, shots, WAYS);
await aHotline(browser, caseOrigin, shots, WAYS, sulh, caseDirectory);
await aMedium(browser, caseOrigin, shots, WAYS);
await closedParts(browser, caseOrigin, shots, WAYS, sulh, caseDirectory);

/* --- the nodes: a demonstration has one, and asks nobody --- */

async function theNodes() {
    const page = await open(browser, origin, WAYS[0]);
    await page.at('/nodes?lang=en');
    same('nodes: the one that there is', await page.locator('.nodes tbody tr').count(), 1);
    check('nodes: says that nobody cosigns', (await text(page, '.nodes .lead')).includes('one node’s word'));
    check('nodes: says how much it holds', (await text(page, '.nodes tbody')).includes('This node'));
    await page.context().close();
}

/* --- what the night of 11 to 12 October shows --- */

async function row(page, matter, subject) {
    return page.locator('table.claims tbody tr').filter({ has: page.locator('th .matter', { hasText: new RegExp(`^${matter}$`) }) })
        .filter({ has: page.locator('th .subject', { hasText: new RegExp(`^${subject}$`) }) });
}
async function figures(page, matter, subject, side) {
    const cell = (await row(page, matter, subject)).locator(`td[data-side="${side}"] .claim .figure`);
    return (await cell.allInnerTexts()).map(plain);
}

/* Whose dead, by PAK, by AFG. */
const NIGHT_FIGURES = {
    en: [['PAK_military', ['23'], ['58']], ['AFG_forces', ['more than 200'], ['9']]],
    ur: [['PAK_military', ['23'], ['58']], ['AFG_forces', ['200 سے زیادہ'], ['9']]],
};
async function theNight() {
    const { terms } = await get('/api/agreement');
    for (const [language, rows] of Object.entries(NIGHT_FIGURES)) {
        const name = (section, id) => terms[section].find((one) => one.id === id).label[language];
        const page = await open(browser, origin, { language });
        await page.at(`${NIGHT}?lang=${language}`);
        for (const [subject, ...wanted] of rows)
            for (const [n, side] of ['PAK', 'AFG'].entries())
                same(`night ${language}: killed of ${subject}, by ${side}`,
                    await figures(page, name('matter', 'killed'), name('subject', subject), name('side', side)), wanted[n]);
        await page.context().close();
    }
}

/* --- what else the pages must say --- */

async function eachNamesTheOther(page) {
    for (const number of ['e04', 'e07', 'e22']) {
        await page.at(`${incident(number)}?lang=en`);
        const head = plain(await page.locator('table.claims th', { hasText: 'Who began' }).innerText());
        check(`${number}: each side says that the other began`, head.includes('contested') && head.includes('Each side names the other'), head);
    }
}

async function addsNothingUp(page) {
    await page.at(`${NIGHT}?lang=en`);
    same('nothing is added up or averaged', await page.locator('tfoot, .total, .average').count(), 0);
    same('every live claim says how it is known', await page.locator('article.claim:not(:has(.badge))').count(), 0);
    check('an incident without a position says so', (await text(page, '.facts')).includes('no position stated'));
    same('and draws no map', await page.locator('.map').count(), 0);
    const foreign = await page.locator('a[href^="http"]:not([href*="127.0.0.1"]):not([rel~="noreferrer"])').count();
    same('links to sources send no referrer', foreign, 0);
}

/* From a claim of the night. */
async function leadsToTheRecord(page) {
    await page.locator('td[data-side="Pakistani sources"] .claim', { has: page.locator('.figure', { hasText: /^23$/ }) }).locator('.record a').click();
    await page.waitForSelector('pre.note');
    const note = await page.locator('pre.note').innerText();
    check('the raw record is one click away', note.includes('\nclaim 1\n') && note.includes('"min":23'), note);
    check('with its verdict and the clause', /Holds\. By rules 1/.test(await text(page, '.verdict')), await text(page, '.verdict'));
    check('it says again that it is a demonstration', (await text(page, '.demo-note')).includes('signed by no state'));
}

/* On the page of a record. */
async function canBeProved(page) {
    await page.getByRole('button', { name: 'Follow the proof here' }).click();
    await page.waitForSelector('.proof');
    same('the proof holds in the browser', await page.locator('.proof').getAttribute('class'), 'proof holds');
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'receipt' }).click();
    const receipt = await (await download).path();
    const shown = await page.locator('.steps pre').allInnerTexts();
    const told = execFileSync(sulh, ['check-receipt', receipt, '--vkey', shown[0]]).toString();
    check('the receipt can be had, and holds by the key shown', told.includes(`entry ${/\d+/.exec(await text(page, 'h1'))[0]} of `), told);
    check('and the command shown names both', shown[1].startsWith('sulh check-receipt receipt-') && shown[1].includes(shown[0]), shown[1]);
}

async function tellsTimes(page) {
    await page.at(`${PAKTIKA}?lang=en`);
    const facts = await text(page, '.facts');
    check('at about 20:30, 16:00 UTC', facts.includes('about 20:30 (UTC+04:30') && facts.includes('begins 16:00 UTC'), facts);
    check('the Paktika strikes fall after the end of the truce', facts.includes('48-hour truce: after its end, extension disputed'), facts);

    await page.at(`${incident('e07')}?lang=en`);
    const coarse = await text(page, '.facts');
    check('a day on which the truce begins does not say more', coarse.includes('perhaps 48-hour truce (the time stated does not tell)'), coarse);
    await comes('a position as uncertain as that is on nobody’s side', () => text(page, '.where .near'), (near) => near.includes('on nobody’s side'));
}

async function tellsTotals(page) {
    await page.at(`${incident('e14')}?lang=en`);
    const totals = await page.locator('td[data-side="United Nations"] .claim').allInnerTexts();
    check('UN totals: 37, earlier 18', totals.some((one) => /^37 in total since/.test(plain(one)) && /Earlier: 18 in total since/.test(plain(one))), totals.join('\n'));
    check('UN totals: 425, earlier 360 or 361', totals.some((one) => /^425 in total/.test(plain(one)) && /Earlier: 360–361 in total/.test(plain(one))), totals.join('\n'));
    await page.at(`${incident('e11')}?lang=en`);
    const before = await page.locator('td[data-side="United Nations"] .claim.superseded').allInnerTexts();
    check('UN totals: 18, later 37', before.some((one) => /^18 in total/.test(plain(one)) && /Later: 37 in total/.test(plain(one))), before.join('\n'));
}

async function tellsWhatReplaced(page) {
    await page.at(`${incident('e02')}?lang=en`);
    const first = plain(await page.locator('.claim.superseded', { hasText: 'accident under investigation' }).innerText());
    check('a claim replaced by one on another matter says by which', first.includes('Later: Who acted: Pakistan violated the airspace'), first);
    const second = plain(await page.locator('.claim.live', { hasText: 'violated the airspace' }).innerText());
    check('and that one what it was before', second.includes('Earlier: What it was: an explosion was heard'), second);

    const declines = await page.locator('td[data-side="Pakistani sources"] .claim', { hasText: 'declines to confirm' }).locator('.figure, strong, h3').count();
    same('who declines to confirm is not shown as confirming', declines, 0);
}

async function goesBackInTime(page) {
    const night = details.find(({ incident: one }) => NIGHT.endsWith(one.id));
    const indexes = night.claims.map(({ index }) => index).sort((a, b) => a - b);
    await page.at(`${NIGHT}?lang=en`);
    const all = await page.locator('article.claim').count();
    await page.locator('#as-of').fill(String(indexes[3]));
    await page.locator('.as-of button').click();
    await page.waitForSelector('.as-of.past');
    same('as known at an earlier entry: only what was there', await page.locator('article.claim').count(), 4);
    await page.locator('.as-of a').click();
    await page.waitForSelector('.as-of:not(.past)');
    same('and back to the latest', await page.locator('article.claim').count(), all);
}

async function theWalk() {
    const page = await open(browser, origin);
    for (const step of [eachNamesTheOther, addsNothingUp, leadsToTheRecord, canBeProved, tellsTimes, tellsTotals, tellsWhatReplaced, goesBackInTime]) await step(page);
    await keepsToTheRules(page, 'the walk through the pages');

    await page.goto(new URL(`/incident/${'0'.repeat(64)}?lang=en`, origin).href);
    await page.waitForSelector('.trouble');
    check('an incident that is not there is said not to be', (await text(page, '.trouble')).length > 30);
    await page.context().close();
}

const { headers } = await fetch(new URL('/', origin));
same('the policy allows this node alone', headers.get('content-security-policy'),
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'");
same('no cookie is set', headers.get('set-cookie'), null);

await sideBySide([
    theNodes,
    theNight,
    theWalk,
    () => home(browser, origin, incidents),
    () => modules(browser, origin),
    () => signIn(browser, closed, shots, sulh, closedDirectory),
]);
await hostile(browser, origin, sulh, directory);
await browser.close();
done();
