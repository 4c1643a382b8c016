/* What is not everybody's, on the pages of its incident and its records: who may read it reads it,
 * with its tier; others see for whom it is. */

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { inEachWay, isAccessible, keepsToTheRules, text } from './browser.mjs';
import { check, same } from './tap.mjs';

const SAID = { mechanism: 'Told to both sides at once.', mission: 'From the bakery’s roof.', sealed: 'Name and number.' };
const SHUT = {
    en: { mechanism: 'Mechanism · Encrypted, for 4 organisations: ', sealed: 'Sealed · Encrypted, for 2 organisations: ', open: 'You may read it.' },
    ur: { mechanism: 'طریقۂ کار · خفیہ شدہ، 4 اداروں کے لیے: ', sealed: 'سربمہر · خفیہ شدہ، 2 اداروں کے لیے: ', open: 'آپ اسے پڑھ سکتے ہیں۔' },
};

function say(sulh, directory, key, kind, tier, fields) {
    const said = execFileSync(sulh, ['record', directory, kind, '-', '--as', key, '--tier', tier], { input: JSON.stringify(fields) });
    return JSON.parse(said).id;
}

function fill(sulh, directory) {
    const incident = say(sulh, directory, 'observer/mission/1', 'incident.open', 'public', { title: 'Exercise: told under seal' });
    const records = Object.entries(SAID).map(([tier, summary]) =>
        say(sulh, directory, 'observer/mission/1', 'incident.report', tier, { incident, type: 'shelling', summary }));
    say(sulh, directory, 'observer/mission/1', 'incident.flash', 'mechanism', { incident, what: SAID.mechanism });
    return { incident, record: records[0] };
}

async function signIn(page, origin, sulh, directory, key) {
    await page.goto(execFileSync(sulh, ['sign-in', origin, '--dir', directory, '--as', key], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim());
    await page.waitForSelector('.who');
}

export async function closedParts(browser, origin, shots, ways, sulh, directory) {
    const { incident, record } = fill(sulh, directory);
    await inEachWay(browser, origin, ways, async (page, way) => {
        for (const [who, key] of [['nobody', null], ['a party', 'party/pakistan/1']]) {
            const name = `closed to ${who} ${way.language} ${way.scheme} ${way.width}`;
            if (key) await signIn(page, origin, sulh, directory, key);
            await page.at(`/incident/${incident}?lang=${way.language}`);
            const told = await text(page, 'main');
            const words = SHUT[way.language];
            check(`${name}: for whom what is sealed is`, told.includes(words.sealed), told);
            same(`${name}: what is the mechanism’s`, told.includes(SAID.mechanism), key !== null);
            same(`${name}: and that it may be read`, told.includes(words.open), key !== null);
            same(`${name}: or for whom it is`, told.includes(words.mechanism), key === null);
            check(`${name}: nothing of the others`, !told.includes(SAID.mission) && !told.includes(SAID.sealed), told);
            await page.screenshot({ path: path.join(shots, `${name.replaceAll(' ', '-')}.png`), fullPage: true });
            await keepsToTheRules(page, name);
            await isAccessible(page, name);
            await page.at(`/record/${record}?lang=${way.language}`);
            same(`${name}: likewise on its own page`, (await text(page, '.part')).includes(SAID.mechanism), key !== null);
            await page.screenshot({ path: path.join(shots, `${name.replaceAll(' ', '-')}-record.png`), fullPage: true });
            await keepsToTheRules(page, `${name}, record`);
            await isAccessible(page, `${name}, record`);
        }
    });
}
