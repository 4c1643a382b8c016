/* What was known when entry N was the last: the register keeps every state it was in, so
 * a page can be asked for as it stood then. */

import { el } from './dom.js';
import { number, t } from './words.js';

function address(entry) {
    const there = new URL(location.href);
    if (entry === null) there.searchParams.delete('as_of');
    else there.searchParams.set('as_of', entry);
    there.hash = '';
    return there.href;
}

export function asOfControl({ first, last, shown, chosen }) {
    const range = el('input', { type: 'range', min: first, max: last, value: shown, 'aria-label': t('as_of.label') });
    const box = el('input', { type: 'number', min: first, max: last, value: shown, name: 'as_of', id: 'as-of', inputmode: 'numeric' });
    const follow = (from, to) => from.addEventListener('input', () => { to.value = from.value; });
    follow(range, box);
    follow(box, range);

    const go = (event) => {
        event.preventDefault();
        location.href = address(Number(box.value) >= last ? null : box.value);
    };
    return el('form', { class: chosen ? 'as-of past' : 'as-of', submit: go },
        el('label', { for: 'as-of' }, t('as_of.label')), range, box,
        el('button', { type: 'submit' }, t('as_of.show')),
        chosen
            ? el('p', { role: 'status' }, t('as_of.past', { entry: number(shown) }), ' ', el('a', { href: address(null) }, t('as_of.latest')))
            : el('p', {}, t('as_of.now', { entry: number(shown) })));
}
