/* Parts (doc/format.md §4): what stands outside the log, salted, and encrypted to its readers
 * before it leaves this browser. */

import { canonical } from './canonical.js';
import { hashOf, joinBytes, utf8 } from './bytes.js';
import { library } from './device.js';

const SALT_BYTES = 32;
/* From open to closed. */
export const TIERS = ['public', 'mechanism', 'mission', 'sealed'];

export const closer = (a, b) => (TIERS.indexOf(a) > TIERS.indexOf(b) ? a : b);

async function encrypted(plain, recipients) {
    const { Encrypter } = await library();
    const age = new Encrypter();
    for (const { age: recipient } of recipients) age.addRecipient(recipient);
    return age.encrypt(plain);
}

async function stored(tier, plain, recipients) {
    if (tier === 'public') return plain;
    if (tier !== 'sealed') return encrypted(plain, recipients);
    const [outer, inner] = recipients;
    return encrypted(await encrypted(plain, [inner]), [outer]);
}

const byName = (a, b) => (a.name < b.name ? -1 : 1);

/* `readers` as GET /api/readers gives them: of `sealed` the outer mediator's key, then the inner's. */
export async function makePart(tier, bytes, readers, media) {
    const recipients = tier === 'sealed' ? readers : [...readers].sort(byName);
    const plain = joinBytes(crypto.getRandomValues(new Uint8Array(SALT_BYTES)), bytes);
    const kept = await stored(tier, plain, recipients);
    const entry = {
        commitment: await hashOf(joinBytes(utf8('sulh/part/v1\n'), plain)),
        recipients: recipients.map(({ name }) => name),
        stored: await hashOf(kept),
        tier,
    };
    return { entry: media ? { ...entry, media } : entry, stored: kept };
}

/* A flat object taken apart: what stands in the entry, and of each tier what stands in its part. No
 * field stands in a more open tier than its kind allows, nor than `least`, the form's, if it has a tier at all. */
export function byTier(flat, kind, least) {
    const tierOf = new Map(kind.fields.map(({ name, tier }) => [name, tier && closer(tier, least)]));
    const parts = new Map();
    const entry = {};
    for (const [name, value] of Object.entries(flat)) {
        if (!tierOf.has(name)) throw new Error(`${kind.name} has no field ${name}`);
        const tier = tierOf.get(name);
        if (!tier) entry[name] = value;
        else parts.set(tier, { ...parts.get(tier), [name]: value });
    }
    return { entry, parts: [...parts].map(([tier, fields]) => ({ tier, bytes: utf8(canonical(fields)) })) };
}
