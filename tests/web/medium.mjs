/* A picture on its record's page: shown, with what its file says of itself and where that differs;
 * and the page that follows it. In every way that pages are looked at. */

import path from 'node:path';
import { inEachWay, isAccessible, keepsToTheRules, open, plain, text } from './browser.mjs';
import { check, same } from './tap.mjs';

async function withPicture(origin) {
    const { incidents } = await (await fetch(new URL('/api/incidents', origin))).json();
    for (const { id } of incidents) {
        const { reports } = await (await fetch(new URL(`/api/incidents/${id}`, origin))).json();
        const found = reports.find(({ parts }) => parts?.some(({ media }) => media === 'image/jpeg'));
        if (found) return { incident: id, record: found.id };
    }
    throw new Error('no report has a picture');
}

async function drawn(page) {
    const image = page.locator('.picture img').first();
    await image.scrollIntoViewIfNeeded();
    return image.evaluate((img) => img.decode().then(() => img.naturalWidth));
}

export async function aMedium(browser, origin, shots, ways) {
    const { incident, record } = await withPicture(origin);
    await inEachWay(browser, origin, ways, async (page, way) => {
        const name = `medium ${way.language} ${way.scheme} ${way.width}`;
        await page.at(`/record/${record}?lang=${way.language}`);
        same(`${name}: the picture is drawn`, await drawn(page), 96);
        await page.screenshot({ path: path.join(shots, `${name.replaceAll(' ', '-')}.png`), fullPage: true });
        await keepsToTheRules(page, name);
        await isAccessible(page, name);
    });

    const page = await open(browser, origin, ways[0]);
    await page.at(`/record/${record}?lang=en`);
    const told = plain(await page.locator('.part', { has: page.locator('.picture') }).innerText());
    for (const wanted of ['Acme Field 7', '1.2.3', '30.92163° N, 66.45000° E ± 5 m', '15 October 2025, 09:30 (UTC+05:00)',
        'image/png', 'begins as image/png', 'at least 2.', 'at least 4 h before'])
        check(`it says ${wanted}`, told.includes(wanted), told);
    await page.at(`/incident/${incident}?lang=en`);
    same('the picture stands with the report too', await drawn(page), 96);
    check('and its words', (await text(page, '.report')).includes('crater'));
    await keepsToTheRules(page, 'a report with a picture');
    await page.at(`/record/${record}?lang=en`);
    await page.locator('.part', { has: page.locator('.picture') }).getByRole('link', { name: 'Follow it' }).click();
    await page.waitForURL(/\/part\?id=[0-9a-f]{64}$/);
    await page.waitForSelector('ol.steps');
    const chain = await text(page, '.one-record');
    for (const wanted of ['image/jpeg', 'held', 'Report', 'Pakistan', 'party/pakistan/1'])
        check(`the page that follows it says ${wanted}`, chain.includes(wanted), chain);
    const followed = new URL(page.url()).search;
    await page.context().close();
    await inEachWay(browser, origin, ways, async (one, way) => {
        const name = `part ${way.language} ${way.scheme} ${way.width}`;
        await one.at(`/part${followed}&lang=${way.language}`);
        await one.screenshot({ path: path.join(shots, `${name.replaceAll(' ', '-')}.png`), fullPage: true });
        await keepsToTheRules(one, name);
        await isAccessible(one, name);
    });
}
