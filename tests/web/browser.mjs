/* Chromium, and what every page of ours must keep to while it is looked at. */

import fs from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { SLOW_MS, check, sideBySide } from './tap.mjs';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'];

export const launch = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });

/* A page that remembers what it should not have done. */
export async function open(browser, origin, { width = 1280, height = 900, scheme = 'light', language = 'en' } = {}) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, locale: language });
    return inContext(context, origin);
}

/* A browser that starves may leave a page half loaded for good. It is loaded once more, as a reader would, and
 * what it showed is said; a page that cannot be drawn is not drawn then, either. */
async function again(page, address) {
    const shown = await page.locator('body').innerText();
    console.log(`# not drawn in ${SLOW_MS} ms, loaded anew: ${address}`);
    console.log(`# ${[shown, ...page.complaints].join('; ').replaceAll(/\s+/g, ' ')}`);
    await page.goto(address);
    await page.waitForSelector('footer.bottom');
}

export async function inContext(context, origin) {
    const page = await context.newPage();
    page.setDefaultTimeout(SLOW_MS);
    page.complaints = [];
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && page.complaints.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => page.complaints.push(`error: ${error.stack}`));
    page.on('request', (request) => request.url().startsWith(`${origin}/`) || page.complaints.push(`left the origin: ${request.url()}`));
    page.on('response', (answer) => answer.status() >= 400 && page.complaints.push(`${answer.status()}: ${answer.url()}`));
    page.at = async (path) => {
        const address = new URL(path, origin).href;
        await page.goto(address);
        await page.waitForSelector('footer.bottom').catch(() => again(page, address));
        if (await page.$('.map')) await page.waitForSelector('.map[data-ready]');
        await page.evaluate(() => document.fonts.ready);
    };
    return page;
}

/* One page for each way of looking, two at a time. */
export async function inEachWay(browser, origin, ways, look) {
    await sideBySide(ways.map((way) => async () => {
        const page = await open(browser, origin, way);
        await look(page, way);
        await page.context().close();
    }));
}

/* Text as a reader sees it: without the marks that keep directions apart. */
export const plain = (text) => text.replaceAll(/[\u2066-\u2069]/g, '').replaceAll(/\s+/g, ' ').trim();

export async function text(page, selector) {
    return plain(await page.locator(selector).first().innerText());
}

export async function keepsToTheRules(page, name) {
    check(`${name}: no error, and nothing asked of anybody else`, page.complaints.length === 0, page.complaints.join('\n'));
    const spill = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(`${name}: no sideways scrolling`, spill <= 0, `${spill} pixels too wide`);
    const missing = await page.evaluate(() => document.body.innerText.match(/\b[a-z_]+\.[a-z_]+(\.[a-z_]+)*\b/g) ?? []);
    const keys = missing.filter((word) => /^(nav|list|filter|map|position|timeline|when|figure|hedge|fact|type|claims?|note|channel|state|as_of|verdict|part|verify|proof|period|sign_in)\./.test(word));
    check(`${name}: every word is there`, keys.length === 0, keys.join(' '));
}

/* WCAG 2.2 AA as far as a program can tell: contrast, names, roles, order. */
export async function isAccessible(page, name) {
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'], preload: { assets: ['media'] },
    }));
    const told = violations.flatMap(({ id, help, nodes }) => nodes.slice(0, 4).map((node) => `${id}: ${help}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`));
    check(`${name}: accessible`, told.length === 0, told.join('\n'));
}
