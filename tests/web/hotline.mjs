/* The hotline of a demonstration that has messages: one overdue, one an exercise, one with markup in
 * it; from the side of nobody, and then of who made a key in this browser. */

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { inEachWay, isAccessible, keepsToTheRules, open, plain, text } from './browser.mjs';
import { becomes, check, same } from './tap.mjs';

const TITLE = { en: 'What waits', ur: 'کیا باقی ہے' };

export async function aHotline(browser, origin, shots, ways, sulh, directory) {
    await inEachWay(browser, origin, ways, async (page, way) => {
        const name = `hotline ${way.language} ${way.scheme} ${way.width}`;
        await page.at(`/hotline?lang=${way.language}`);
        await page.locator('details.message > summary').last().click();
        await page.waitForFunction(() => {
            const places = [...document.querySelectorAll('.said-of')];
            return places.length > 0 && places.every((place) => place.children.length > 0);
        });
        await page.screenshot({ path: path.join(shots, `${name.replaceAll(' ', '-')}.png`), fullPage: way.width > 1000 });
        await keepsToTheRules(page, name);
        await isAccessible(page, name);
        same(`${name}: what waits comes first`, await text(page, 'h2'), TITLE[way.language]);
    });

    const page = await open(browser, origin, ways[0]);
    await page.at('/hotline?lang=en');
    same('each message is there', await page.locator('details.message').count(), 3);
    same('an exercise is told apart', await page.locator('details.message.exercise .badge').count(), 1);
    check('and says so', (await text(page, '.message.exercise .badge')).includes('EXERCISE'));
    same('nobody who is nobody is called', await page.locator('.alarm:not(:empty)').count(), 0);
    check('who has no key reads how it is done', plain(await page.locator('main').innerText()).includes('This browser has no key'));
    same('and has nothing to sign with', await page.locator('main textarea, main form').count(), 0);
    check('who is on watch', (await text(page, 'section[aria-labelledby="watch"]')).includes('party/pakistan/1'));
    check('how the lines stand', (await text(page, 'section[aria-labelledby="lines"]')).includes('down'));
    await page.context().close();
    await aReader(browser, origin, shots, ways, sulh, directory);
    await aKey(browser, origin, shots, ways);
}

/* Signed in with a key whose identity is on the node: what was written is there, as text. */
async function aReader(browser, origin, shots, ways, sulh, directory) {
    const page = await open(browser, origin, ways[3]);
    const once = execFileSync(sulh, ['sign-in', origin, '--dir', directory, '--as', 'party/pakistan/1'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
    await page.goto(once);
    await page.waitForSelector('.who');
    await page.at('/hotline?lang=ur');
    for (const summary of await page.locator('details.message > summary').all()) await summary.click();
    await page.waitForFunction(() => document.querySelectorAll('.message .closed.open').length === 4);
    const said = plain(await page.locator('.messages').innerText());
    for (const wanted of ['زموږ له پوستې ډزې وشوې', 'ہماری چوکی سے فائر ہوا', 'drill', '<b onmouseover=alert(1)>bold</b> http://example.invalid/'])
        check(`who is signed in reads "${wanted}"`, said.includes(wanted), said);
    same('and none of it is more than text', await page.locator('.message b, .message a[href^="http"]').count(), 0);
    check('an alarm is seen', (await text(page, '.alarm')).length > 10);
    await page.screenshot({ path: path.join(shots, 'hotline-reader-ur.png'), fullPage: true });
    await keepsToTheRules(page, 'hotline of a reader');
    await isAccessible(page, 'hotline of a reader');
    await page.context().close();
}

/* A key that nobody admitted signs all the same; what the log makes of it is the log's. */
async function aKey(browser, origin, shots, ways) {
    const page = await open(browser, origin, ways[1]);
    await page.at('/forms?lang=en');
    await page.locator('#org').selectOption('party/pakistan');
    await page.locator('.make-key button').click();
    await page.waitForSelector('.key .qr', { state: 'attached' });
    await page.at('/hotline?lang=ur');
    check('what is overdue is seen where nothing is heard', (await text(page, '.alarm')).length > 10);
    check('and in the name of the tab', (await page.title()).startsWith('⚠'));
    check('it is to be opened first', (await text(page, '.lines tbody tr')).includes('کھولیں'));
    await page.locator('details.message > summary').last().click();
    const button = page.locator('details.message[open] button').filter({ hasText: 'کھولنے' });
    await becomes('a message can be signed for', () => button.count(), 1);
    same('and is shown when that is done', await page.locator('details.message .said-of').count(), 0);
    await page.locator('#text-own').fill('ہ'.repeat(701));
    check('a text too long is not sent', await page.locator('#text-own').evaluate((area) => !area.checkValidity()));
    await page.locator('#text-own').fill('یہ براؤزر سے بھیجا گیا');
    await page.screenshot({ path: path.join(shots, 'hotline-key-ur.png'), fullPage: true });
    await keepsToTheRules(page, 'hotline with a key');
    await isAccessible(page, 'hotline with a key');
    await page.locator('section[aria-labelledby="send"] button[type="submit"]').click();
    await page.waitForFunction(() => document.querySelector('#text-own').value === '' || !document.querySelector('section[aria-labelledby="send"] .form-error').hidden);
    same('it is signed and sent', await page.locator('section[aria-labelledby="send"] .form-error').isHidden(), true);
    await page.context().close();
}
