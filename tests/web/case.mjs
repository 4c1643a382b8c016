/* A case below its incident, and what is due: in every way that pages are looked at. And every kind,
 * field and choice of a case has a word in every language. */

import fs from 'node:fs';
import path from 'node:path';
import { inEachWay, isAccessible, keepsToTheRules, open, text } from './browser.mjs';
import { check, same } from './tap.mjs';

const LANGUAGES = ['en', 'ur'];

/* Kinds that no page of a case shows. */
const APART = /^(agreement|clock|node|rules|term)\.|^member\.(admit|revoke|rotate)$/;

/* What a page shows in ways of its own. */
const SHOWN_OTHERWISE = new Set(['external_id', 'lat_e7', 'lon_e7', 'uncertainty_m', 'sources_count']);

function wordsOf(fields) {
    return fields.flatMap((field) => [
        field.name,
        ...(field.type === 'word' ? field.words : []),
        ...wordsOf(field.fields ?? [])]);
}

async function everyWord(origin) {
    const { kinds } = await (await fetch(new URL('/api/kinds', origin))).json();
    const shown = kinds.filter(({ name }) => !APART.test(name));
    const wanted = [
        ...shown.map(({ name }) => `kind.${name}`),
        ...new Set(shown.flatMap(({ fields }) => wordsOf(fields)).filter((word) => !SHOWN_OTHERWISE.has(word)).map((word) => `word.${word}`))];
    const names = new Set(shown.flatMap(({ fields }) => wordsOf(fields)));
    const [, reasons] = fs.readFileSync('doc/rules.md', 'utf8').split('\n## Reasons\n');
    const alike = [...reasons.matchAll(/^\| `(\w+)` /gm)].map(([, reason]) => reason).filter((reason) => names.has(reason));
    check('there are reasons that are called like a field', alike.length > 3, alike.join(' '));
    for (const language of LANGUAGES) {
        const words = JSON.parse(fs.readFileSync(`lang/${language}.json`, 'utf8'));
        same(`each of them is told as a reason in ${language}`, alike.filter((reason) => !words[`reason.${reason}`]).join(' '), '');
        same(`every word of a case in ${language}`, wanted.filter((key) => !words[key]).join(' '), '');
    }
    check('there are kinds to have words for', shown.length > 40);
}

/* Of the year before: not among what is current, a link away from it. */
async function aNoticeThatIsOver(page) {
    const said = async () => (await page.locator('.lines').count() ? text(page, '.lines') : '');
    await page.at('/notices?lang=en');
    check('a notice that is over is not current', !(await said()).includes('Patrol'), await said());
    await page.locator('.subject a[href*="over"]').click();
    await page.waitForSelector('.lines');
    check('and is a link away', (await said()).includes('Patrol'), await said());
    same('with the way back', await page.locator('.subject a[href="/notices"]').count(), 1);
}

export async function aCase(browser, origin, shots, ways) {
    await everyWord(origin);
    const { cases: [one] } = await (await fetch(new URL('/api/cases', origin))).json();
    await inEachWay(browser, origin, ways, async (page, way) => {
        for (const [title, address] of [['case', `/incident/${one.id}`], ...['due', 'crossings', 'notices', 'obligations', 'dialogue', 'intelligence'].map((name) => [name, `/${name}`])]) {
            const name = `${title} ${way.language} ${way.scheme} ${way.width}`;
            await page.at(`${address}?lang=${way.language}`);
            await page.screenshot({ path: path.join(shots, `${name.replaceAll(' ', '-')}.png`), fullPage: way.width > 1000 });
            await keepsToTheRules(page, name);
            await isAccessible(page, name);
        }
    });

    const page = await open(browser, origin, ways[0]);
    await page.at(`/incident/${one.id}?lang=en`);
    const told = await text(page, '.case');
    for (const wanted of ['told to all concerned', 'Fire or exchange of fire', 'Pakistan, Afghanistan', 'access blocked',
        'Reply of an accused side', 'denies', 'P-no-move', 'ہماری جانب سے'])
        check(`the case says "${wanted}"`, told.includes(wanted), told);
    const others = await text(page, '.others');
    for (const wanted of ['What was seen', 'Flashes over the ridge', 'Afghanistan'])
        check(`beside it stands "${wanted}"`, others.includes(wanted), others);
    same('one of its records was refused', await page.locator('.file > .void').count(), 1);
    same('what was met comes last', await page.locator('.lines tbody tr').last().getAttribute('class'), 'met');
    await page.at('/due?lang=en');
    check('the reply of the other side is due', (await text(page, '.lines')).includes('Afghanistan'));
    await aNoticeThatIsOver(page);
    await page.context().close();
}
