/* What every page has around it: who says this and how far it can be trusted, before
 * anything else; then the languages; at the end, whose work the data is. */

import { code, el, joined, quoted } from './dom.js';
import { whoIsIn } from './session.js';
import { moment } from './when.js';
import { agreementHead, counted, language, languages, parts, t, text } from './words.js';

const short = (hash) => `${hash.slice(0, 8)}…`;

function languageLink({ id, name, dir }) {
    const there = new URL(location.href);
    there.searchParams.set('lang', id);
    return el('a', { href: there.href, lang: id, dir, hreflang: id, 'aria-current': id === language.id ? 'true' : null }, name);
}

/* Twice the idle cadence of ticks (doc/format.md §8.4): a log whose time stands still for longer is
 * one that its witnesses do not confirm, or an old one that somebody shows. */
const STILL_MS = 20 * 60000;

/* Since when its time stands still; null where it does not, or where one node's clock is the time. */
export function stillSince({ quorum, now_ms: at }, now) {
    return quorum > 0 && at && now - at > STILL_MS ? at : null;
}

function notices(status) {
    const still = stillSince(status, Date.now());
    return [
        still ? el('strong', {}, t('banner.still', { at: moment(still) })) : null,
        status.demo ? el('strong', {}, t('banner.demo')) : null,
        status.quorum === 0 ? el('span', { title: t('banner.clock.why') }, t('banner.clock')) : null,
    ];
}

function logLine(status) {
    return el('span', { class: 'log', title: status.root }, counted('log.entries', status.size), ' · ', t('log.root'), ' ', code(short(status.root)));
}

const PAGES = [['/', 'list.title'], ['/due', 'due.title'], ['/crossings', 'crossings.title'], ['/notices', 'notices.title'],
    ['/obligations', 'obligations.title'], ['/intelligence', 'intelligence.title'], ['/dialogue', 'dialogue.title'],
    ['/hotline', 'hotline.title'], ['/nodes', 'nodes.title'], ['/forms', 'webform.title']];

function pageLink([href, key]) {
    return el('li', {}, el('a', { href, 'aria-current': href === location.pathname ? 'page' : null }, t(key)));
}

function pages() {
    return el('nav', { class: 'pages', 'aria-label': t('nav.pages') }, el('ul', {}, PAGES.map(pageLink)));
}

function banner(status) {
    return el('div', { class: 'banner' },
        el('p', {}, joined(notices(status))), el('p', {}, logLine(status)), pages());
}

/* The language that is not on says its own name; who cannot read this page finds it. */
function languageChoice() {
    return el('nav', { class: 'languages', 'aria-label': t('nav.languages') }, languages.map(languageLink));
}

function top(status) {
    const brand = el('a', { class: 'brand', href: '/' }, 'Sulh ', el('span', { lang: 'ur', dir: 'rtl' }, 'صلح'));
    return el('div', { class: 'top' },
        brand, el('p', { class: 'agreement' }, text(agreementHead().title)), whoIsIn(status), languageChoice());
}

function footer(status) {
    const credit = parts('footer.credits', {
        naturalearth: quoted('Natural Earth'),
        geonames: quoted('GeoNames (CC BY 4.0)'),
        leaflet: quoted('Leaflet (BSD-2)'),
        noto: quoted('Noto Nastaliq Urdu (OFL)'),
    });
    return el('footer', { class: 'bottom' },
        el('p', {}, text(agreementHead().disclaimer)),
        el('p', {}, joined([t('footer.never'), code(status.agreement)])),
        el('p', {}, credit));
}

/* Puts a page together; `view` is what goes between. */
export function frame(status, view) {
    document.body.replaceChildren(
        el('a', { class: 'skip', href: '#main' }, t('nav.skip')),
        el('div', { class: 'screen' }, el('header', {}, banner(status), top(status)), el('main', { id: 'main', tabindex: '-1' }, view)),
        footer(status));
}

export function title(...pieces) {
    document.title = [...pieces, 'Sulh'].join(' · ');
}

export function trouble(error) {
    return el('div', { class: 'trouble', role: 'alert' },
        el('h1', {}, t('trouble.title')),
        el('p', { dir: 'auto' }, error.message),
        el('p', {}, el('a', { href: '/' }, t('nav.home'))));
}

