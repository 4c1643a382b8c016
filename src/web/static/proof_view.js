/* A look at the proof without leaving the page: the same arithmetic that a verifier does,
 * and a reminder of what it is worth here. */

import { code, el } from './dom.js';
import { leafHash, parseReceipt, rootOf, toHex } from './proof.js';
import { sha256 } from './sha256.js';
import { number, t } from './words.js';

/* The text that is signed ends where the empty line begins (doc/format.md §3.3). */
function textOf(note) {
    return note.slice(0, note.lastIndexOf('\n\n') + 1);
}

async function steps({ index, id, note }) {
    const bytes = new TextEncoder().encode(note);
    const answer = await fetch(`/api/entries/${index}/receipt`);
    if (!answer.ok) throw new Error(t('proof.unpublished'));
    const receipt = parseReceipt(await answer.text());
    const own = toHex(sha256(new TextEncoder().encode(textOf(note))));
    const leaf = leafHash(bytes);
    const root = rootOf(receipt, leaf);
    const whole = own === id && receipt.index === index && toHex(root) === toHex(receipt.root);
    return { whole, receipt, own, leaf: toHex(leaf), root: toHex(root) };
}

function told({ whole, receipt, own, leaf, root }) {
    const line = (name, hash) => [el('dt', {}, t(`proof.${name}`)), el('dd', {}, code(hash))];
    return el('div', { class: whole ? 'proof holds' : 'proof fails', role: 'status' },
        el('p', {}, t(whole ? 'proof.holds' : 'proof.fails', { n: number(receipt.hashes.length), size: number(receipt.size) })),
        el('dl', { class: 'facts' }, line('id', own), line('leaf', leaf), line('root', root), line('stated', toHex(receipt.root))),
        el('p', { class: 'lead' }, t('proof.worth')));
}

export function proofView(answer) {
    const place = el('div', {});
    const run = async () => {
        try {
            place.replaceChildren(told(await steps(answer)));
        } catch (error) {
            place.replaceChildren(el('p', { class: 'proof fails', role: 'status' }, error.message));
        }
    };
    return el('div', { class: 'try' }, el('button', { type: 'button', click: run }, t('proof.try')), place);
}
