/* Browsers that lack something: without scripts, a worker, a place to keep anything, or what draws a form.
 * Each says what there is to do. */

import { inContext, isAccessible } from '../web/browser.mjs';
import { SLOW_MS, comes } from '../web/tap.mjs';

const says = (page, name, wanted) =>
    comes(`${name}: says what to do`, () => page.locator('body').innerText(), (told) => wanted.every((one) => told.includes(one)));

export async function without(browser, origin, screens) {
    const bare = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    bare.setDefaultTimeout(SLOW_MS);
    await bare.goto(`${origin}/form?id=flash`);
    await says(bare, 'without scripts', ['ODK Collect', 'paper form', 'کاغذی فارم', 'د کاغذ', 'فورم کاغذی']);
    await bare.screenshot({ path: `${screens}/webform-noscript.png` });
    await bare.context().close();

    const alone = await inContext(await browser.newContext({ serviceWorkers: 'block', locale: 'en' }), origin);
    await alone.at('/forms?lang=en');
    await says(alone, 'without a worker', ['cannot open these pages without a network', 'ODK Collect']);
    await alone.click('.make-key button');
    await alone.waitForSelector('.forms a');
    await alone.context().route('**/webforms/form.js', (route) => route.abort());
    await alone.at('/form?id=flash&lang=en');
    await alone.locator('.webform [role=alert]').waitFor();
    await says(alone, 'without what draws a form', ['could not be drawn', 'ODK Collect', 'on paper']);
    await isAccessible(alone, 'without what draws a form');
    await alone.at('/form?id=flash&lang=ur');
    await alone.locator('.webform [role=alert]').waitFor();
    await alone.screenshot({ path: `${screens}/webform-not-drawn-ur.png` });
    await alone.context().close();

    const forgetful = await inContext(await browser.newContext({ locale: 'en' }), origin);
    await forgetful.addInitScript(() => { IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError'); }; });
    for (const path of ['/forms', '/form?id=flash']) {
        await forgetful.at(path);
        await says(forgetful, `where nothing is kept, ${path}`, ['keeps nothing for this page', 'another browser']);
    }
    await forgetful.context().close();
}
