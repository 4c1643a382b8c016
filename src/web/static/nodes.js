/* The participants' nodes: who answers this one, who has cosigned the log as it stands, and
 * whose computation comes out the same. What is wrong with one is said beside its name. */

import * as api from './api.js';
import { code, el, joined, quoted } from './dom.js';
import { title } from './frame.js';
import { table } from './table.js';
import { moment } from './when.js';
import { label, number, t } from './words.js';

const organisation = (key) => key.slice(0, key.lastIndexOf('/'));

/* What is known of each organisation, under one name, whatever it is known by. */
function gather(answer) {
    const all = new Map();
    const of = (key) => {
        const org = organisation(key);
        if (!all.has(org)) all.set(org, { org });
        return all.get(org);
    };
    of(answer.name).own = true;
    for (const contact of answer.contacts) of(contact.name).contact = contact;
    for (const witness of answer.witnesses) of(witness.name).witness = witness;
    for (const attest of answer.attests) of(attest.name).attest = attest;
    return [...all.values()].sort((a, b) => (a.org < b.org ? -1 : 1));
}

function answers({ own, contact }, size) {
    if (own) return t('nodes.this', { size: number(size) });
    if (!contact) return t('nodes.unknown');
    if (contact.answered_ms === 0) return t('nodes.silent');
    return t('nodes.answered', { size: number(contact.size), at: moment(contact.answered_ms) });
}

function cosigned({ witness }) {
    if (!witness) return t('nodes.no_witness');
    if (!witness.cosigned_ms) return t('nodes.not_cosigned');
    return moment(witness.cosigned_ms);
}

function computed({ attest }) {
    if (!attest) return t('nodes.not_attested');
    const of = { size: number(attest.size) };
    if (attest.agrees === undefined) return t('nodes.ahead', of);
    return t(attest.agrees ? 'nodes.same' : 'nodes.other', of);
}

/* In the node's own words, which are English: they name files and sizes. */
function wrong({ contact }) {
    const said = [contact?.charge, contact?.problem].filter(Boolean);
    return said.length ? el('p', { class: 'wrong', dir: 'ltr', lang: 'en' }, joined(said)) : null;
}

function line(node, size) {
    const bad = node.contact?.charge || node.attest?.agrees === 0;
    return el('tr', { class: bad ? 'charged' : null },
        el('th', { scope: 'row' }, label('organisation', node.org), ' ', code(node.org), wrong(node)),
        el('td', {}, answers(node, size)),
        el('td', {}, cosigned(node)),
        el('td', {}, computed(node)));
}

/* Who sees hashes alone is shown, and never counted. */
function externals(list) {
    if (list.length === 0) return null;
    return el('section', {},
        el('h2', {}, t('nodes.external')),
        el('ul', {}, list.map(({ name, size, cosigned_ms: at }) =>
            el('li', {}, quoted(name), ' ', t('nodes.answered', { size: number(size), at: moment(at) })))));
}

function waiting(outbox) {
    if (!outbox) return null;
    const count = outbox.waiting + outbox.promised + outbox.refused + outbox.damaged;
    return el('p', {}, count === 0 ? t('nodes.outbox.empty')
        : t('nodes.outbox', { n: number(count), since: moment(outbox.oldest_ms) }));
}

export async function show(id, status) {
    const answer = await api.nodes();
    const columns = ['name', 'answers', 'cosigned', 'computed'];
    title(t('nodes.title'));
    const view = el('div', { class: 'page nodes' },
        el('header', { class: 'subject' },
            el('p', { class: 'back' }, el('a', { href: '/' }, t('nav.all'))),
            el('h1', {}, t('nodes.title')),
            el('p', { class: 'lead' }, answer.quorum === 0 ? t('nodes.no_quorum')
                : t('nodes.quorum', { need: number(answer.quorum), have: number(answer.cosigned ?? 0) }))),
        table(t('nodes.title'), columns.map((name) => t(`nodes.column.${name}`)), gather(answer).map((node) => line(node, status.size))),
        waiting(answer.outbox),
        externals(answer.externals));
    return { view };
}
