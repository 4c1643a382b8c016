/* Records whose texts are meant as something else than text. Whatever they say, they are
 * shown; and one that a party files itself says so. */

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { open, plain } from './browser.mjs';
import { check, same } from './tap.mjs';

const MARKUP = '<img src=x onerror="document.body.dataset.run=1"><script>document.body.dataset.run=2</script>';
const TURNED = '\u202Edesrever'; /* turns what follows, unless it is kept apart */
const PRESS = 'observer/open-source/1';
const PARTY = 'party/pakistan/1';
const AT = { at_ms: Date.UTC(2025, 10, 20, 12), basis: 'press', offset_min: 300, uncertainty_ms: 0 };

/* Signs and appends through the running server, as anybody would. */
function append(sulh, directory, as, kind, fields) {
    const file = path.join(os.tmpdir(), `sulh-${process.pid}.json`);
    fs.writeFileSync(file, JSON.stringify(fields));
    try {
        return JSON.parse(execFileSync(sulh, ['record', directory, kind, file, '--as', as])).id;
    } finally {
        fs.unlinkSync(file);
    }
}

function write(sulh, directory) {
    const put = (as, kind, fields) => append(sulh, directory, as, kind, fields);
    const incident = put(PRESS, 'incident.open', { title: `${MARKUP} ${TURNED}`, start: AT });
    put(PRESS, 'incident.report', {
        incident, type: 'raid', start: AT, means: 'press', summary: MARKUP, place_name: `${MARKUP}${TURNED}`, time_text: MARKUP,
        sources: [
            { publisher: MARKUP, url: 'javascript:document.body.dataset.run=3' },
            { publisher: 'data', url: 'data:text/html,<script>1</script>' },
            { publisher: 'blank', url: ' https://example.invalid/' },
        ],
    });
    const said = { incident, claimant: MARKUP, side: 'PAK', matter: 'killed', subject: 'AFG_forces', min: 3, max: 3, made: AT, statement: MARKUP };
    const claim = put(PRESS, 'claim', { ...said, channel: 'press', qualifier: 'constructor' });
    const odd = put(PRESS, 'claim', { ...said, channel: 'press', side: '__proto__', matter: 'toString', subject: 'hasOwnProperty' });
    put(PARTY, 'claim', { ...said, channel: 'filed', claimant: 'Delegation' });
    return { incident, claim, odd };
}

export async function hostile(browser, origin, sulh, directory) {
    const { incident, claim, odd } = write(sulh, directory);
    const pages = { list: '/?lang=en', incident: `/incident/${incident}?lang=en`, 'incident in Urdu': `/incident/${incident}?lang=ur`, record: `/record/${claim}?lang=en`, 'odd words': `/record/${odd}?lang=en` };

    for (const [title, address] of Object.entries(pages)) {
        const page = await open(browser, origin);
        const name = `hostile text, ${title}`;
        await page.at(address);
        check(`${name}: is shown as text`, (await page.locator('main').innerText()).includes('<img src=x'));
        same(`${name}: runs nothing`, await page.evaluate(() => document.body.dataset.run ?? null), null);
        same(`${name}: makes no element`, await page.locator('img, iframe, object, embed, body script').count(), 0);
        const addresses = await page.locator('a').evaluateAll((links) => links.map(({ protocol }) => protocol));
        same(`${name}: leads to pages alone`, addresses.filter((one) => !['http:', 'https:'].includes(one)), []);
        check(`${name}: no error`, page.complaints.length === 0, page.complaints.join('\n'));
        await page.context().close();
    }

    const page = await open(browser, origin);
    await page.at(pages.incident);
    const badges = (await page.locator('.claim .badge').allInnerTexts()).map(plain);
    same('a claim that a party files itself says so', badges.filter((one) => one === `filed by ${PARTY}`).length, 1);
    same('the others are reported by press', badges.filter((one) => one === 'reported by press').length, 2);
    await page.context().close();
}
