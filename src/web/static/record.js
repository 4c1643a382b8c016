/* One record: the bytes that were signed, what the rules made of them, and how to check
 * both without trusting this page. */

import * as api from './api.js';
import { absentPart, forWhom } from './closed.js';
import { code, el, joined, passage } from './dom.js';
import { title } from './frame.js';
import { mediumView } from './medium.js';
import { proofView } from './proof_view.js';
import { recordedWhole } from './when.js';
import { label, number, parts as sentence, t } from './words.js';

function fact(name, ...value) {
    return [el('dt', {}, t(`record.${name}`)), el('dd', {}, value)];
}

function verdictView({ verdict, clause, reason, marks }) {
    return el('div', { class: `verdict ${verdict}` },
        el('p', {}, el('strong', {}, t(`verdict.${verdict}`)), ' ', t('verdict.clause'), ' ', code(clause)),
        reason ? passage(reason) : null,
        marks?.length ? el('p', {}, joined(marks.map((mark) => code(mark)))) : null);
}

/* Where a reader goes on from here: the incident, and the versions before and after. */
function links({ kind, id, record }) {
    const { incident, supersedes } = record?.body ?? {};
    const of = kind === 'incident.open' ? id : incident;
    return joined([
        of ? el('a', { href: `/incident/${of}` }, t('record.incident')) : null,
        supersedes ? el('a', { href: `/record/${supersedes}` }, t('record.supersedes')) : null]);
}

function partView(part) {
    return el('section', { class: 'part' },
        el('h3', {}, t('part.tier', { tier: label('tier', part.tier) })),
        part.tier === 'public' ? null : el('p', { class: 'closed' }, joined([forWhom(part), part.state === 'open' ? t('part.open_to_you') : null])),
        el('dl', { class: 'facts' },
            [el('dt', {}, t('part.commitment')), el('dd', {}, code(part.commitment), ' · ', el('a', { href: `/part?id=${part.commitment}` }, t('custody.link')))],
            [el('dt', {}, t('part.stored')), el('dd', {}, part.here && part.tier === 'public' ? el('a', { href: `/api/parts/${part.stored}` }, code(part.stored)) : code(part.stored))]),
        absentPart(part),
        mediumView(part),
        part.content ? el('pre', { dir: 'ltr', tabindex: 0 }, JSON.stringify(part.content, null, 2)) : null);
}

function verify(answer, logKey) {
    const receipt = el('a', { href: `/api/entries/${answer.index}/receipt`, download: `receipt-${answer.index}.txt` }, t('verify.receipt'));
    const raw = el('a', { href: `/api/entries/${answer.index}` }, code(`/api/entries/${answer.index}`));
    return el('section', { 'aria-labelledby': 'verify' },
        el('h2', { id: 'verify' }, t('verify.title')),
        el('ol', { class: 'steps' },
            el('li', {}, sentence('verify.step.receipt', { receipt, raw })),
            el('li', {}, t('verify.step.key'), logKey ? el('pre', { dir: 'ltr', tabindex: 0 }, logKey) : null),
            el('li', {}, t('verify.step.run'), el('pre', { dir: 'ltr', tabindex: 0 }, `sulh check-receipt receipt-${answer.index}.txt --vkey '${logKey ?? 'VKEY'}'`)),
            el('li', {}, t('verify.step.audit'), el('pre', { dir: 'ltr', tabindex: 0 }, 'sulh audit DIR'))),
        proofView(answer));
}

/* The log's key as entry 0 names it, for a first look; a verifier has it from elsewhere. */
async function logKeyOf() {
    const first = await api.entry(0);
    return first.record?.body?.log_key ?? null;
}

function signed(answer) {
    return [
        el('h2', {}, t('record.signed')),
        el('p', { class: 'lead' }, t('record.signed.lead')),
        el('pre', { class: 'note', dir: 'ltr', tabindex: 0 }, answer.note ?? answer.bytes)];
}

export async function show(id, status) {
    const answer = await api.record(id);
    const name = t('record.title', { index: number(answer.index) });
    title(name);
    const logKey = await logKeyOf();
    const view = el('div', { class: 'page one-record' },
        el('header', { class: 'subject' },
            el('p', { class: 'back' }, joined([el('a', { href: '/' }, t('nav.all')), ...links(answer)])),
            el('h1', {}, name),
            el('p', { class: 'what' }, code(`${answer.kind} ${answer.version}`))),
        status.demo ? el('p', { class: 'demo-note' }, t('record.demo')) : null,
        answer.verdict ? verdictView(answer.verdict) : null,
        el('dl', { class: 'facts' },
            fact('id', code(answer.id)),
            fact('by', code(answer.record.by)),
            fact('interval', recordedWhole(answer.recorded)),
            fact('place', t('record.place.text', { index: number(answer.index), size: number(status.size) }))),
        signed(answer),
        (answer.parts ?? []).length ? el('section', {}, el('h2', {}, t('part.title')), el('p', { class: 'lead' }, t('part.lead')), answer.parts.map(partView)) : null,
        verify(answer, logKey));
    return { view };
}
