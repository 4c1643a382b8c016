/*
 * Carries what waits to the node (doc/format.md §6.5), in the order of the key's chain. A record's
 * id is the hash of what was signed: brought twice, it is in the log once. Nothing is taken out of
 * the vault here; a record that was refused stays, with the reason, and is brought again until another
 * was sent in its stead. What its form was goes when the log has said that the record counts.
 */

import { joinBytes, u16, u32, utf8 } from './bytes.js';
import { discard, noteOf, records } from './vault.js';

const TYPE = 'application/vnd.sulh.submission';

function submission({ note, parts }) {
    const text = utf8(note);
    return joinBytes(u32(text.length), text, u16(parts.length), ...parts.flatMap((part) => [u32(part.length), part]));
}

/* What the node said, as it is kept beside the record. */
function told({ index, later, why, reason, promise, refusal }) {
    if (index !== undefined) return { state: 'sent', index, promise: promise ?? null, why: null, reason: null };
    if (later !== undefined) return { state: 'waiting', why: why ?? null, carried: why ? 0 : 1 };
    return { state: 'refused', reason, why: why ?? null, refusal: refusal ?? null };
}

async function bring(record) {
    const request = { method: 'POST', headers: { 'content-type': TYPE }, body: submission(record) };
    const answer = await fetch('/submit', request);
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.error ?? answer.statusText);
    return told(said.answers[0]);
}

const waits = ({ state, mended }) => state === 'waiting' || (state === 'refused' && !mended);

/* True when the next may be brought: what is answered "later" holds up those behind it. */
async function carry(record) {
    const tried = { tries: record.tries + 1, tried_ms: Date.now() };
    try {
        const change = await bring(record);
        await noteOf(record.id, { ...tried, ...change });
        return change.state !== 'waiting';
    } catch (error) {
        await noteOf(record.id, { ...tried, why: error.message });
        return false;
    }
}

/* How long it takes at most until what was answered is published (doc/api.md). */
const PUBLISHED_MS = 300;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/* The log's word on what was sent: until it is published there is none. */
async function ask(record) {
    const answer = await fetch(`/api/records/${record.id}`, { headers: { accept: 'application/json' } });
    if (!answer.ok) return;
    const { index, verdict } = await answer.json();
    await noteOf(record.id, { state: 'sent', index, verdict, why: null, reason: null });
    if (record.draft && verdict && verdict.verdict !== 'void') await discard(record.draft);
}

async function carryAll() {
    for (const record of (await records()).filter(waits)) if (!(await carry(record))) break;
    const unjudged = (await records()).filter(({ state, verdict }) => state === 'sent' && !verdict);
    if (unjudged.length) await pause(PUBLISHED_MS);
    for (const record of unjudged) await ask(record).catch(() => {});
}

/* One page at a time, and none where there is no network. */
export async function send() {
    if (!navigator.onLine) return;
    if (!navigator.locks) return carryAll();
    await navigator.locks.request('sulh-send', { ifAvailable: true }, (lock) => (lock ? carryAll() : null));
}
