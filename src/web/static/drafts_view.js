/* Forms that somebody began: offered again until they are sent, and discarded by hand alone. */

import { el, joined, quoted } from './dom.js';
import { opened, unfinished } from './drafts.js';
import { wordFor } from './fields.js';
import { saver } from './saving.js';
import { discard } from './vault.js';
import { moment } from './when.js';
import { t } from './words.js';

export const addressOf = ({ form, id }) => `/form?id=${encodeURIComponent(form)}&draft=${encodeURIComponent(id)}`;

function discarder(row, item) {
    const away = async () => {
        if (!confirm(t('webform.draft.sure'))) return;
        await discard(row.id);
        item().remove();
    };
    return el('button', { type: 'button', click: away }, t('webform.draft.discard'));
}

function draftItem(row) {
    const item = el('li', { id: row.id },
        el('h3', {}, t(`form.${row.form}`)),
        el('p', { class: 'by' }, t('webform.draft.since', { at: moment(row.kept_ms) })),
        el('p', {}, el('a', { href: addressOf(row) }, t('webform.draft.go_on'))),
        discarder(row, () => item));
    return item;
}

function section(rows) {
    return rows.length === 0 ? null : el('section', { 'aria-labelledby': 'drafts' },
        el('h2', { id: 'drafts' }, t('webform.drafts')),
        el('ul', { class: 'records drafts' }, rows.map(draftItem)));
}

/* For the page of all forms. */
export const draftsView = async () => section(await unfinished());

/* For the page of one: those of it that are not what it goes on with. */
export async function otherDrafts(form, but) {
    return section((await unfinished()).filter((row) => row.form === form && row.id !== but));
}

const leaves = (node) => (node.children.length ? [...node.children].flatMap(leaves) : [node]);

/* One that was begun when the form asked something else: what was said in it, to be said again. */
export async function draftOfBefore(who, row) {
    const { xml, files } = await opened(who, row);
    const said = leaves(new DOMParser().parseFromString(xml, 'text/xml').documentElement).filter(({ textContent }) => textContent.trim());
    const facts = said.filter(({ parentNode }) => parentNode.localName !== 'meta')
        .map(({ localName, textContent }) => [el('dt', {}, wordFor(localName)), el('dd', {}, quoted(textContent))]);
    const box = el('section', { class: 'begun' },
        el('p', {}, t('webform.draft.of_before', { at: moment(row.kept_ms) })),
        el('dl', { class: 'facts' }, facts),
        files.length ? el('p', {}, joined(files.map((file) => saver(file, file.name, t('webform.draft.file', { name: file.name }))))) : null,
        row.record ? null : discarder(row, () => box));
    return box;
}
