// Parts: who may read them, and which there are (format §4.4, §4.5).

import { nextState } from './rules.mjs';
import { termOf } from './versions.mjs';
import { refuseIf } from './void.mjs';

/** Whether a key is active, or was when the author saw the log last, of whom that can be known. */
const isActive = ({ from, revoked_at, state }, seen) =>
    state === 'active' || (state === 'revoked' && seen !== null && from < seen.own && revoked_at >= seen.all);

/** The organisation for which a key reads a tier; undefined if it does not. */
function readerOrg(rows, tier, id, name, seen = null) {
    const key = rows.get('key', name);
    if (key?.job !== 'author' || !isActive(key, seen) || key.age === undefined) return undefined;
    const role = termOf(rows, `role/${key.role}`);
    return tier?.of?.includes(key.org) && role?.reads?.includes(id) ? key.org : undefined;
}

export function judgeRecipients(rows, { tier: id, recipients }, seen) {
    if (id === 'public') return;
    const tier = termOf(rows, `tier/${id}`);
    const orgs = recipients.map((name) => readerOrg(rows, tier, id, name, seen));
    refuseIf(orgs.includes(undefined) || (id === 'sealed' && orgs[0] === orgs[1]), 'recipient');
    if (!tier.whole) return;
    refuseIf(tier.of.some((org) => !orgs.includes(org) && reads(rows, id, org)), 'left_out');
}

/** Whether an organisation has a key that reads a tier. */
export function reads(rows, id, org) {
    const tier = termOf(rows, `tier/${id}`);
    return (rows.get('reader', org)?.keys ?? []).some((name) => readerOrg(rows, tier, id, name));
}

export function keepParts(rows, { by, id, index, body: { parts = [] } }) {
    const { org } = rows.get('key', by);
    for (const { commitment, media, recipients, stored, tier } of parts) {
        if (rows.get('part', commitment)) continue;
        const state = nextState('part', 'named');
        const about = { by, index, org, record: id, state, stored, tier, ...(tier !== 'public' && { recipients }) };
        rows.put('part', commitment, media === undefined ? about : { ...about, media });
    }
}

/** Changes the list of an organisation's author keys that have an age recipient. */
export function changeReaders(rows, org, without, name) {
    const { keys } = rows.get('reader', org) ?? { keys: [] };
    const left = keys.filter((key) => key !== without);
    rows.put('reader', org, { keys: name === undefined ? left : [...left, name] });
}
