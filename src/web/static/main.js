/* Which page it is, from the address; each is a module that is loaded only when shown. */

import * as api from './api.js';
import { el } from './dom.js';
import { frame, title, trouble } from './frame.js';
import { enter, strangerView } from './session.js';
import { loadWords, setAgreement, t } from './words.js';

const PAGES = [
    { address: /^\/$/, module: './home.js' },
    { address: /^\/incident\/([^/]+)$/, module: './incident.js' },
    { address: /^\/(due)$/, module: './due.js' },
    { address: /^\/(crossings)$/, module: './crossings.js' },
    { address: /^\/(notices)$/, module: './notices.js' },
    { address: /^\/(hotline)$/, module: './hotline.js' },
    { address: /^\/(obligations)$/, module: './obligations.js' },
    { address: /^\/(dialogue)$/, module: './dialogue.js' },
    { address: /^\/(intelligence)$/, module: './intelligence.js' },
    { address: /^\/(nodes)$/, module: './nodes.js' },
    { address: /^\/record\/([^/]+)$/, module: './record.js' },
    { address: /^\/(part)$/, module: './part.js' },
    { address: /^\/(forms)$/, module: './forms.js', field: true },
    { address: /^\/(form)$/, module: './form.js', field: true },
];

function page() {
    for (const { address, module, field } of PAGES) {
        const found = address.exec(location.pathname);
        if (found) return { module, field, id: found[1] };
    }
    throw new Error(location.pathname);
}

/* Null where it is for participants, and nobody is signed in. */
const agreement = () =>
    api.agreement().catch((error) => {
        if (error.status === 401) return null;
        throw error;
    });

/* A page module's `show` gives what to put in, and what to do once it stands there and
 * can be measured. */
async function start() {
    const { module, field, id } = page();
    const refused = await enter().catch((error) => error);
    const [status, terms, { show }] = await Promise.all([api.status(), agreement(), import(module), loadWords(field)]);
    if (terms) setAgreement(terms);
    if (refused) return frame(status, trouble(refused));
    if (!terms) {
        title(t('sign_in.title'));
        return frame(status, strangerView());
    }
    const { view, ready } = await show(id, status).catch((error) => ({ view: trouble(error) }));
    frame(status, view);
    ready?.();
}

/* Before there are words, in both languages. */
function silent(error) {
    document.body.replaceChildren(
        el('main', { class: 'trouble' },
            el('p', {}, 'This node does not answer.'),
            el('p', { lang: 'ur', dir: 'rtl' }, 'یہ نوڈ جواب نہیں دے رہا۔'),
            el('p', {}, error.message)));
}

start().catch(silent);
