/* The first page: map, timeline and list narrow each other down, and a keyboard reaches
 * everything. */

import { keepsToTheRules, open, plain, text } from './browser.mjs';
import { check, same } from './tap.mjs';

const shown = (page) => page.locator('.list > li').count();
const parameter = (page, name) => new URL(page.url()).searchParams.get(name);

async function filters(page, incidents) {
    await page.at('/?lang=en');
    same('all incidents are listed', await shown(page), incidents.length);
    check('the day of recording is told apart', /Dates as claimed, drawn in UTC\. Recorded (on|from) .*20\d\d/.test(await text(page, '.times .caption')), await text(page, '.times .caption'));
    check('those without a position say so', (await page.locator('.list .none', { hasText: 'no position stated' }).count()) > 0);

    await page.locator('select[name=side]').selectOption('UN');
    const un = incidents.filter(({ sides }) => sides.includes('UN')).length;
    same('filter by side', await shown(page), un);
    same('and the count says so', await text(page, '.count'), `${un} of ${incidents.length} incidents shown`);
    same('kept in the address', parameter(page, 'side'), 'UN');

    await page.getByRole('button', { name: 'Show all again' }).click();
    same('and all again', await shown(page), incidents.length);

    const acts = await page.locator('select[name=act] option').evaluateAll((options) => options.map(({ value }) => value).filter(Boolean));
    await page.locator('select[name=act]').selectOption(acts[0]);
    const few = await shown(page);
    check('filter by act', few > 0 && few < incidents.length, few);
    await page.getByRole('button', { name: 'Show all again' }).click();

    await page.locator('input[name=from]').fill('2025-10-20');
    await page.locator('input[name=from]').dispatchEvent('change');
    const late = await shown(page);
    check('filter by time', late > 0 && late < incidents.length, late);
    check('the timeline follows', (await page.locator('.timeline .veil').count()) > 0);
    await page.reload();
    await page.waitForSelector('.map[data-ready]');
    same('the address brings it back', await shown(page), late);
    await page.getByRole('button', { name: 'Show all again' }).click();

    await page.locator('input[name=view]').check();
    const seen = await shown(page);
    for (let n = 0; n < 4; n++) await page.locator('.leaflet-control-zoom-in').click();
    await page.waitForFunction((more) => document.querySelectorAll('.list > li').length < more, seen);
    check('filter by what the map shows', true);
    await keepsToTheRules(page, 'filters');
}

async function timeline(page, incidents, language) {
    await page.at(`/?lang=${language}`);
    same(`timeline ${language}: the disputed extension is hatched`, await page.locator('.period.disputed rect[fill="url(#hatch)"]').count(), 1);
    const label = plain(await page.locator('.period.disputed text').textContent());
    check(`timeline ${language}: and called so`, /disputed|متنازع/.test(label), label);

    const handle = page.locator('.handle[data-end=from]');
    const before = Number(await handle.getAttribute('aria-valuenow'));
    await handle.focus();
    for (let n = 0; n < 12; n++) await page.keyboard.press(language === 'ur' ? 'ArrowLeft' : 'ArrowRight');
    const after = Number(await handle.getAttribute('aria-valuenow'));
    same(`timeline ${language}: arrow keys move an end, towards later`, (after - before) / 86400000, 12);
    check(`timeline ${language}: and the list follows`, (await shown(page)) < incidents.length);
    check(`timeline ${language}: the end keeps the focus`, await handle.evaluate((node) => node === document.activeElement));
    await page.keyboard.press('Home');
    same(`timeline ${language}: back to the beginning`, await shown(page), incidents.length);

    const box = await page.locator('.timeline svg').boundingBox();
    const y = box.y + box.height * 0.6;
    await page.mouse.move(box.x + box.width * 0.3, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, y, { steps: 4 });
    await page.mouse.up();
    check(`timeline ${language}: dragging chooses a part`, (await shown(page)) < incidents.length && parameter(page, 'from') !== null, page.url());
    await keepsToTheRules(page, `timeline ${language}`);
}

/* Everything that can be pointed at, by Tab alone. */
async function keyboard(page, incidents) {
    await page.at('/?lang=en');
    const reached = new Set();
    for (let n = 0; n < incidents.length + 60; n++) {
        await page.keyboard.press('Tab');
        reached.add(await page.evaluate(() => {
            const { className, dataset, name, tagName, pathname, lang } = document.activeElement;
            return dataset.end ?? (lang && tagName === 'A' ? `lang ${lang}` : name || (tagName === 'A' && pathname.startsWith('/incident/') ? pathname : `${tagName} ${className.baseVal ?? className}`));
        }));
    }
    for (const { id } of incidents.slice(0, 3)) check(`keyboard: incident ${id.slice(0, 8)}`, reached.has(`/incident/${id}`));
    same('keyboard: every incident', [...reached].filter((one) => one.startsWith('/incident/')).length, incidents.length);
    const wanted = ['A skip', 'A brand', 'lang en', 'lang ur', 'A leaflet-control-zoom-in', 'from', 'to', 'act', 'side', 'view'];
    for (const one of wanted) check(`keyboard: ${one}`, [...reached].some((name) => name.startsWith(one)), [...reached].join(', '));

    await page.at('/?lang=en');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    check('keyboard: the skip link leads to the content', await page.evaluate(() => document.activeElement.closest('main') !== null));
}

/* Positions on the map, and what a point near the line is said to be. */
async function points(page) {
    await page.at('/?lang=en');
    await page.locator('.timeline .mark').nth(8).click();
    check('choosing a mark chooses the incident in the list', (await page.locator('.list > .chosen').count()) === 1);
    await page.at('/?lang=en');
    const names = await page.locator('.place:not([hidden])').allInnerTexts();
    check('places are named', names.includes('Kabul') || names.includes('KABUL'), names.join(', '));
    const boxes = await page.locator('.place:not([hidden])').evaluateAll((nodes) => nodes.map((node) => node.getBoundingClientRect()).map(({ left, right, top, bottom }) => ({ left, right, top, bottom })));
    const touching = boxes.filter((a, n) => boxes.some((b, m) => m > n && a.left < b.right - 12 && b.left < a.right - 12 && a.top < b.bottom && b.top < a.bottom));
    same('and no name covers another', touching.length, 0);
    check('the disclaimer is in sight', (await text(page, '.ground .caption')).includes('no opinion on the legal status'));
}

export async function home(browser, origin, incidents) {
    for (const [work, options] of [[filters, {}], [keyboard, {}], [points, { width: 1600 }]]) {
        const page = await open(browser, origin, options);
        await work(page, incidents);
        await page.context().close();
    }
    for (const language of ['en', 'ur']) {
        const page = await open(browser, origin, { language });
        await timeline(page, incidents, language);
        await page.context().close();
    }
}
