/* A photograph as a camera makes it, through the form: its bytes are not touched, and the page of its part
 * says where what its file says of itself differs from what was reported. */

import { createHash } from 'node:crypto';
import { isAccessible, keepsToTheRules, plain } from '../web/browser.mjs';
import { exif } from '../web/picture.mjs';
import { check, same } from '../web/tap.mjs';

/* Made by the browser's own encoder, then given what a camera writes first (Exif 2.32, APP1). */
async function photograph(page) {
    const made = await page.evaluate(() => {
        const canvas = Object.assign(document.createElement('canvas'), { width: 1600, height: 1200 });
        const on = canvas.getContext('2d');
        for (let x = 0; x < 1600; x += 8) {
            on.fillStyle = `hsl(${(x * 7) % 360} 40% ${30 + (x % 40)}%)`;
            on.fillRect(x, 0, 8, 1200);
        }
        return canvas.toDataURL('image/jpeg', 0.92).split(',')[1];
    });
    const jpeg = Buffer.from(made, 'base64');
    const body = Buffer.concat([Buffer.from('Exif\0\0'), exif()]);
    const size = Buffer.alloc(2);
    size.writeUInt16BE(body.length + 2);
    return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1]), size, body, jpeg.subarray(2)]);
}

const question = (page, text) => page.locator('.webform .question-container', { hasText: text });

/* What is attached to a form is the file that was chosen. */
async function attach(page, jpeg) {
    await page.locator('.webform button', { hasText: 'Add' }).last().click();
    await page.locator('.webform input[type=file][accept*=image]').last().setInputFiles({ name: 'DSC_0042.JPG', mimeType: 'image/jpeg', buffer: jpeg });
    await page.locator('.webform img[src^="blob:"]').waitFor();
}

async function reported(page, jpeg, { fill, sendForm, settled, arrived }) {
    await page.at('/form?id=report&lang=en');
    await page.waitForSelector('.webform .question-container');
    await fill(page, 'report', 'en');
    await question(page, 'When did it begin?').locator('input').fill('2025-10-15T14:30');
    const map = question(page, 'Where it happened, on the map');
    await map.locator('.ol-viewport canvas').first().waitFor();
    await map.locator('.ol-viewport').click(); /* some way north of Chaman */
    await map.locator('.map-status-buttons').waitFor();
    await question(page, 'How far off can this point be?').locator('.value-option').first().click();
    await attach(page, jpeg);
    const id = await sendForm(page);
    check('a report with a photograph is sent', await settled(page, id), await page.locator('.form-error').allInnerTexts().then(String));
    return arrived(id);
}

export async function photo(page, origin, screens, tools) {
    await page.at('/forms?lang=en');
    const jpeg = await photograph(page);
    const came = await reported(page, jpeg, tools);
    page.complaints.length = 0; /* of maps, and of what is drawn from memory */
    const part = came?.parts.find(({ media }) => media === 'image/jpeg');
    check('it is a part of the record', Boolean(part), JSON.stringify(came?.parts));
    if (!part) return;
    const bytes = Buffer.from(await (await fetch(new URL(`/api/media/${part.commitment}`, origin))).arrayBuffer());
    const digest = (of) => createHash('sha256').update(of).digest('hex');
    same('byte for byte what was chosen', [bytes.length, digest(bytes)], [jpeg.length, digest(jpeg)]);

    await page.at(`/record/${came.id}?lang=en`);
    await page.locator('.part', { has: page.locator('.picture') }).getByRole('link', { name: 'Follow it' }).click();
    await page.waitForSelector('ol.steps');
    same('the page of the part shows it', await page.locator('.picture img').evaluate((img) => img.decode().then(() => img.naturalWidth)), 1600);
    const told = plain(await page.locator('.one-record').innerText());
    for (const wanted of ['Acme Field 7', '30.92163° N, 66.45000° E', '15 October 2025, 09:30 (UTC+05:00)', /at least [23]\d\d\.?\d* km/, 'at least 9 h before'])
        check(`and says ${wanted}`, wanted instanceof RegExp ? wanted.test(told) : told.includes(wanted), told);
    await page.screenshot({ path: `${screens}/webform-photo.png`, fullPage: true });
    for (const language of ['ur', 'en']) {
        await page.at(`/part?id=${part.commitment}&lang=${language}`);
        await page.locator('.picture img').evaluate((img) => img.decode());
        await keepsToTheRules(page, `the part of a photograph ${language}`);
        await isAccessible(page, `the part of a photograph ${language}`);
        await page.screenshot({ path: `${screens}/webform-photo-${language}.png`, fullPage: true });
    }
}
