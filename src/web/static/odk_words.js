/* ODK Web Forms speaks English alone. Its own words are put into the page's language as they appear;
 * what a form asks is in that language anyway. lang/en.json has them as ODK Web Forms writes them. */

import { englishWords, t } from './words.js';

const known = new Map();

function load() {
    for (const [key, english] of englishWords('odk.')) known.set(english, key);
}

const TOLD = ['aria-label', 'title', 'placeholder'];

function putText(node) {
    const key = known.get(node.data.trim());
    if (key && node.data !== t(key)) node.data = t(key);
}

/* Lists that fold out and numbers have no name there that could be read out: they have that of their question. */
function putName(node) {
    if (node.hasAttribute('aria-label')) return;
    const question = node.closest('.question-container')?.querySelector('label');
    node.setAttribute('aria-label', question?.textContent || t('nav.languages'));
}

/* A group of questions is announced as a landmark of the page, by a heading that is not there. */
function putGroup(node) {
    node.setAttribute('role', 'group');
    node.removeAttribute('aria-labelledby');
    node.setAttribute('aria-label', node.closest('.p-panel').querySelector('.p-panel-header').textContent.trim());
}

function putAttributes(node) {
    if (node.matches('.webform .p-panel-content-container[role=region]')) putGroup(node);
    if (node.matches('.webform :is([role=combobox], [role=spinbutton])')) putName(node);
    for (const name of TOLD) {
        const key = known.get(node.getAttribute(name)?.trim());
        if (key && node.getAttribute(name) !== t(key)) node.setAttribute(name, t(key));
    }
}

function put(node) {
    if (node.nodeType === Node.TEXT_NODE) return putText(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    putAttributes(node);
    for (const child of node.childNodes) put(child);
}

function changed(changes) {
    for (const { type, target, addedNodes } of changes) {
        if (type === 'childList') addedNodes.forEach(put);
        else if (type === 'characterData') putText(target);
        else putAttributes(target);
    }
}

/* From now on, wherever it draws: its menus and dialogues stand outside the form's place. */
export function speak() {
    load();
    put(document.body);
    new MutationObserver(changed).observe(document.body, { subtree: true, childList: true, characterData: true, attributeFilter: TOLD });
}
