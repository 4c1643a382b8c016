/* Who is signed in (doc/api.md, "Sign-in"). The key signs elsewhere, where it is kept; what
 * comes here is a code that works once, and is changed for a cookie that no script sees. */

import * as api from './api.js';
import { el, quoted } from './dom.js';
import { label, parts, t } from './words.js';

const MARK = '#sign-in=';

/* Takes the code out of the address first: it is nothing for the history. An address that is
 * opened where a page of ours stands already changes only what is behind the #. */
export async function enter() {
    addEventListener('hashchange', () => location.hash.startsWith(MARK) && location.reload());
    if (!location.hash.startsWith(MARK)) return;
    const code = location.hash.slice(MARK.length);
    history.replaceState(null, '', location.pathname + location.search);
    await api.signIn(code);
}

async function leave() {
    await api.signOut();
    location.reload();
}

/* For the top of every page; nothing when nobody is signed in. */
export function whoIsIn({ signed_in: who }) {
    if (!who) return null;
    return el('p', { class: 'who' },
        parts('sign_in.as', { name: quoted(who.name), org: quoted(label('organisation', who.org)) }),
        ' ', el('button', { type: 'button', click: leave }, t('sign_in.out')));
}

/* In the place of a page that is for participants. */
export function strangerView() {
    return el('div', { class: 'trouble' },
        el('h1', {}, t('sign_in.title')),
        el('p', {}, t('sign_in.closed')),
        el('p', {}, t('sign_in.how')),
        el('pre', { dir: 'ltr', tabindex: 0 }, `sulh sign-in ${location.origin} --dir DIR --as KEYNAME`));
}
