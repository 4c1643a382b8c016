/* A record (doc/format.md §3): made, signed and kept in one go, so that from then on it can only be
 * sent as it is. */

import { canonical } from './canonical.js';
import { hash, utf8 } from './bytes.js';
import { signNote } from './device.js';
import { byTier, makePart } from './parts.js';
import { seen } from './seen.js';
import { addSigned, kept } from './vault.js';

const MAX_RECORD_BYTES = 65535;

const byCommitment = (a, b) => (a.entry.commitment < b.entry.commitment ? -1 : 1);

/* `readers(tier)` gives who may read it; of `public` nobody need be named. */
async function partsOf(parts, media, readers) {
    const all = [...parts, ...media];
    const made = await Promise.all(all.map(async ({ tier, bytes, type }) => makePart(tier, bytes, await readers(tier), type)));
    return made.sort(byCommitment);
}

async function place(agreement) {
    const chain = await kept('chain');
    return { seq: (chain?.seq ?? 0) + 1, prev: chain?.id ?? agreement.id };
}

async function note(who, agreement, kind, body) {
    const head = { body, by: who.by, said_at_ms: Date.now(), seen: await seen(), ...(await place(agreement)) };
    const text = `${agreement.name}\n${kind.name} ${kind.version}\n${canonical(head)}\n`;
    const signed = await signNote(who, text);
    if (utf8(signed).length > MAX_RECORD_BYTES) throw new Error(`a record of ${utf8(signed).length} bytes: at most ${MAX_RECORD_BYTES}`);
    return { id: hash(utf8(text)), seq: head.seq, note: signed };
}

/* One page at a time: two would sign the same number of the chain. */
const alone = (work) => (navigator.locks ? navigator.locks.request('sulh-sign', work) : work());

/*
 * `said` is what a form became: {flat, media: [{bytes, type, tier}], form, least, draft, mends}. Gives
 * the record as it lies in the vault, waiting.
 */
export async function signAndKeep(who, { agreement, kind, said, readers }) {
    const { entry, parts } = byTier(said.flat, kind, said.least);
    const made = await partsOf(parts, said.media, readers);
    const body = made.length ? { ...entry, parts: made.map((part) => part.entry) } : entry;
    return alone(async () => {
        const record = {
            ...(await note(who, agreement, kind, body)),
            kind: kind.name, form: said.form, draft: said.draft, mends: said.mends, made_ms: Date.now(),
            parts: made.map((part) => part.stored), state: 'waiting', tries: 0,
        };
        await addSigned(record);
        return record;
    });
}
