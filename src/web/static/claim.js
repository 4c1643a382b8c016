/* One claim as a reader meets it: the figure or the words, who says so and when, where it
 * was printed, and one click to the signed record that carries it. */

import * as api from './api.js';
import { counts } from './claims.js';
import { absentView } from './closed.js';
import { el, joined, passage, quoted } from './dom.js';
import { figure } from './figure.js';
import { recorded, stated } from './when.js';
import { label, number, plain, t } from './words.js';

/* "AFG_spokesman" is a compiler's token; a claimant that is written out stays as it is. */
const claimantName = (claimant) => quoted(plain(claimant));

export function channelBadge({ fields, by }) {
    if (fields.channel === 'filed') return el('span', { class: 'badge filed' }, t('channel.filed', { by }));
    return el('span', { class: 'badge' }, t(`channel.${fields.channel ?? 'press'}`));
}

function sourceLink(source) {
    const said = [source.published, source.language].filter(Boolean).join(', ');
    const name = quoted(source.publisher ?? source.headline ?? source.url ?? source.id);
    /* Only what leads to a page: a record may hold any text as an address. */
    if (!/^https?:\/\//.test(source.url ?? '')) return el('span', { title: said }, name);
    return el('a', { class: 'external', href: source.url, rel: 'noreferrer noopener external', target: '_blank', title: said }, name);
}

export function sources(list) {
    if (!list?.length) return null;
    return el('p', { class: 'sources' }, el('span', { class: 'what' }, t('claim.sources')), ' ', joined(list.map(sourceLink)));
}

export function recordLine(item) {
    return el('p', { class: 'record' }, joined([
        el('a', { href: `/record/${item.id}` }, t('record.link', { index: number(item.index) })),
        el('span', { class: 'recorded' }, t('record.recorded', { when: recorded(item.recorded) }))]));
}

/* A record fetched by its id, in the shape of an item of an incident. */
export async function itemOf(id) {
    const { index, by, kind, record, parts, recorded: interval } = await api.recordOnce(id);
    const open = parts.find((part) => part.tier === 'public');
    return { id, index, by: by ?? record.by, kind, fields: record.body, public: open?.content ?? {}, recorded: interval };
}

/* Every claim of the page by its id, and those before and after it that stand elsewhere:
 * a revision may belong to another incident, as one report of a series does. */
export async function allVersions(claims) {
    const known = new Map(claims.map((claim) => [claim.id, claim]));
    const named = claims.flatMap((claim) => [claim.fields.supersedes, claim.superseded_by]);
    const missing = [...new Set(named)].filter((id) => id && !known.has(id));
    for (const claim of await Promise.all(missing.map(itemOf))) known.set(claim.id, claim);
    return known;
}

const when = (fields) => (fields.made ? stated(fields.made) : t('when.none'));

function said(claim) {
    const { matter, subject } = claim.fields;
    if (counts(matter, [claim])) return figure(claim.fields);
    return claim.public.statement ?? label('subject', subject);
}

/* Another version in one line, with the way to it. A claimant may have changed the matter
 * with the claim. */
function version(key, claim, row) {
    const { matter } = claim.fields;
    return el('p', { class: `version ${key}` },
        t(`claim.${key}`), ' ', matter === row.matter ? null : `${label('matter', matter)}: `,
        joined([
            el('bdi', { class: 'said' }, said(claim)),
            when(claim.fields),
            el('a', { href: `/record/${claim.id}` }, t('record.short', { index: number(claim.index) }))]));
}

function state({ state: now }) {
    return now === 'withdrawn' ? el('p', { class: 'badge withdrawn' }, t('state.withdrawn')) : null;
}

/* A subject is whom a claim is about, never its answer: who declines to confirm that his
 * forces acted is on the record about them, and confirms nothing. */
function body(claim, row) {
    const { subject } = claim.fields;
    const text = claim.public?.statement;
    const missing = text ? null : absentView(claim);
    if (!row.counted)
        return [
            el('p', { class: 'subject' }, t('claim.about', { subject: label('subject', subject) })),
            text ? passage(text, { class: 'statement words' }) : missing,
        ];
    return [
        el('p', { class: 'figure' }, figure(claim.fields)),
        subject === row.subject ? null : el('p', { class: 'subject' }, label('subject', subject)),
        text ? passage(text, { class: 'statement' }) : missing,
    ];
}

export function claimCell({ claim, earlier }, row, known) {
    const first = earlier.at(-1) ?? claim;
    const before = known.get(first.fields.supersedes);
    const after = known.get(claim.superseded_by);
    return el('article', { class: `claim ${claim.state}`, id: `entry-${claim.index}` },
        state(claim),
        body(claim, row),
        el('p', { class: 'who' },
            joined([claimantName(claim.fields.claimant), el('span', { class: 'when' }, when(claim.fields))]), ' ', channelBadge(claim)),
        after ? version('later', after, row) : null,
        [...earlier, before].filter(Boolean).map((one) => version('earlier', one, row)),
        sources(claim.public?.sources),
        recordLine(claim));
}
