/* A node whose entries are for its participants: what a stranger sees, and how a key that is in
 * a terminal opens a browser. */

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { isAccessible, keepsToTheRules, open, plain, text } from './browser.mjs';
import { check, same } from './tap.mjs';

const KEY = 'party/pakistan/1';
const WORDS = {
    en: { closed: 'for the participants', as: `Signed in as ${KEY}, `, out: 'Sign out' },
    ur: { closed: 'شرکاء کے لیے', as: `سائن اِن: ${KEY}، `, out: 'سائن آؤٹ' },
};

/* That strangers are told 401 is what is tested here. */
function allow401(page) {
    page.complaints = page.complaints.filter((one) => !/401|Unauthorized/.test(one));
}

const address = (sulh, origin, directory) =>
    execFileSync(sulh, ['sign-in', origin, '--dir', directory, '--as', KEY], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();

async function stranger(browser, origin, shots) {
    for (const [language, words] of Object.entries(WORDS))
        for (const width of [1280, 360]) {
            const name = `stranger ${language} ${width}`;
            const page = await open(browser, origin, { language, width });
            await page.at(`/?lang=${language}`);
            await page.screenshot({ path: path.join(shots, `${name.replaceAll(' ', '-')}.png`) });
            const said = await text(page, 'main');
            check(`${name}: is told for whom it is`, said.includes(words.closed), said);
            check(`${name}: and how to sign in`, said.includes(`sulh sign-in ${origin}`), said);
            same(`${name}: is nobody`, await page.locator('.who').count(), 0);
            allow401(page);
            await keepsToTheRules(page, name);
            await isAccessible(page, name);
            await page.context().close();
        }
}

async function participant(browser, origin, shots, sulh, directory, [language, words]) {
    const name = `participant ${language}`;
    const page = await open(browser, origin, { language });
    const once = address(sulh, origin, directory);

    await page.goto(once);
    await page.waitForSelector('.map[data-ready]');
    same(`${name}: the code is not left in the address`, await page.evaluate(() => location.hash), '');
    await page.screenshot({ path: path.join(shots, `${name.replaceAll(' ', '-')}.png`) });
    const who = await text(page, '.who');
    check(`${name}: sees who it is`, who.startsWith(words.as) && who.endsWith(words.out), who);
    same(`${name}: no script sees the cookie`, await page.evaluate(() => document.cookie), '');
    await page.at('/record/' + (await (await page.request.get(`${origin}/api/entries/0`)).json()).id);
    check(`${name}: reads a record`, plain(await page.locator('pre.note').innerText()).includes('agreement.adopt 1'));
    await keepsToTheRules(page, name);
    await isAccessible(page, name);

    await page.locator('.who button').click();
    await page.waitForSelector('.trouble');
    check(`${name}: signs out`, (await text(page, 'main')).includes(words.closed));

    /* Where a page stands already, nothing is loaded by itself. */
    await page.goto(once);
    await page.waitForSelector('.trouble [dir=auto]');
    const refused = await text(page, '.trouble');
    check(`${name}: the address works once`, refused.includes('used before'), refused);
    await page.goto(address(sulh, origin, directory));
    await page.waitForSelector('.who');
    check(`${name}: and another one again`, (await text(page, '.who')).startsWith(words.as));
    await page.context().close();
}

export async function signIn(browser, origin, shots, sulh, directory) {
    await stranger(browser, origin, shots);
    for (const one of Object.entries(WORDS)) await participant(browser, origin, shots, sulh, directory, one);
}
