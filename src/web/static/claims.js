/* Claims laid side by side: a row for each matter and subject, a column for each side.
 * It arranges and compares words; it adds nothing up and says of nobody that he is right. */

import { section, sideOf, sides, partySides, term } from './words.js';
import { hasFigure } from './figure.js';

/* From what happened, by whom, to whom, to what was said about the truce. Others follow. */
const ORDER = [
    'occurrence', 'nature', 'initiator', 'actor', 'target', 'means', 'killed', 'deaths', 'injured',
    'missing', 'captured', 'civilian_harm', 'displaced', 'posts_captured', 'posts_destroyed',
    'equipment_destroyed', 'damage', 'denial', 'responsibility', 'origin', 'in_force', 'who_asked',
    'duration_hours', 'terms', 'outcome', 'status', 'end_time', 'end_reason',
];

const rank = (matter) => (ORDER.indexOf(matter) + 1 || ORDER.length + 1);

/* A matter that counts something, by the agreement; one it does not list, if anybody counts. */
export function counts(matter, claims) {
    const row = term('matter', matter);
    return row ? row.unit !== '' : claims.some((claim) => hasFigure(claim.fields));
}

/* "AFG_forces" and "AFG_forces_and_militants" stand in one row, for a reader must see them
 * together; the row then says that they are not the same group. */
function widens(narrow, wide) {
    return wide === narrow || wide.startsWith(`${narrow}_and_`);
}

function bySubject(claims) {
    const groups = new Map();
    const subjects = [...new Set(claims.map((claim) => claim.fields.subject))].sort((a, b) => a.length - b.length);
    for (const subject of subjects) {
        const base = [...groups.keys()].find((known) => widens(known, subject)) ?? subject;
        groups.set(base, [...(groups.get(base) ?? []), ...claims.filter((c) => c.fields.subject === subject)]);
    }
    return [...groups].map(([subject, held]) => ({ subject, claims: held }));
}

function byMatter(claims) {
    const groups = new Map();
    for (const claim of claims) {
        const { matter } = claim.fields;
        groups.set(matter, [...(groups.get(matter) ?? []), claim]);
    }
    return [...groups].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/* Who superseded whom within this row: an earlier version is shown under the later one. */
function versions(claims) {
    const ids = new Set(claims.map((claim) => claim.id));
    const heads = claims.filter((claim) => !ids.has(claim.superseded_by));
    const before = (head) => claims.find((claim) => claim.superseded_by === head.id);
    return heads.map((head) => {
        const earlier = [];
        for (let at = before(head); at && !earlier.includes(at); at = before(at)) earlier.push(at);
        return { claim: head, earlier };
    });
}

const distinct = (values) => new Set(values).size;
const saidBy = (claims, side) => claims.filter((claim) => claim.fields.side === side);

/* Each of two parties says that it was the other. */
function nameEachOther(claims) {
    const parties = [...partySides()];
    const named = parties.map((side) => new Set(saidBy(claims, side).map((c) => sideOf(c.fields.subject))));
    return parties.length === 2 && parties.every((_, n) => named[n].size === 1 && named[n].has(parties[1 - n]));
}

function isContested(row, contested) {
    return contested.some(
        (one) =>
            one.matter === row.matter &&
            (!one.subject || row.claims.some((claim) => claim.fields.subject === one.subject)),
    );
}

/* What a reader should know of a row, in words for the page. */
function notes(row, contested) {
    const live = row.claims.filter((claim) => claim.state === 'live');
    const sides_ = distinct(live.map((claim) => claim.fields.side));
    const said = [];

    if (isContested(row, contested)) said.push('contested');
    if (sides_ > 1 && !row.counted && nameEachOther(live)) said.push('each_other');
    if (sides_ > 1 && row.counted && distinct(live.map((c) => c.fields.subject)) > 1) said.push('other_group');
    return said;
}

function makeRow(matter, subject, counted, claims, contested) {
    const row = { matter, subject, counted, claims };
    row.notes = notes(row, contested);
    row.cells = new Map();
    for (const side of new Set(claims.map((claim) => claim.fields.side)))
        row.cells.set(side, versions(saidBy(claims, side)));
    return row;
}

export function rowsOf(claims, contested) {
    return byMatter(claims).flatMap(([matter, held]) => {
        const counted = counts(matter, held);
        const groups = counted ? bySubject(held) : [{ subject: null, claims: held }];
        const rows = groups.map((group) => makeRow(matter, group.subject, counted, group.claims, contested));
        return rows.sort((a, b) => b.cells.size - a.cells.size);
    });
}

/* The parties' columns stand even where they said nothing: silence is shown too. */
export function columnsOf(claims) {
    const speaking = new Set(claims.map((claim) => claim.fields.side));
    const parties = partySides();
    const listed = sides().filter((side) => parties.has(side) || speaking.has(side));
    const unlisted = [...speaking].filter((side) => !section('side').some((row) => row.id === side)).sort();
    return [...listed, ...unlisted];
}
