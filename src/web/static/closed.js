/* What of a record is not everybody's: to who may read it, what it says, with its tier; to others,
 * for whom it is encrypted. */

import { code, el, joined, passage } from './dom.js';
import { listed, valueView, wordFor } from './fields.js';
import { counted, label, t } from './words.js';

export const isClosed = (part) => part.tier !== 'public';

function tierBadge({ tier }) {
    return el('span', { class: `badge tier ${tier}` }, label('tier', tier));
}

/* "encrypted, for 2 organisations: …" */
export function forWhom({ organisations: all }) {
    return el('span', {}, counted('part.for', all.length), ' ', listed(all.map((one) => label('organisation', one))));
}

const degrees = (e7) => (e7 / 1e7).toFixed(5);

/* Latitude and longitude are one fact. */
function facts(content) {
    return Object.entries(content).flatMap(([name, value]) => {
        if (name.endsWith('lon_e7')) return [];
        if (!name.endsWith('lat_e7')) return [[name, value]];
        const lon = content[name.replace('lat_e7', 'lon_e7')];
        return [[name.replace('lat_e7', 'position'), lon === undefined ? null : code(`${degrees(value)}°, ${degrees(lon)}°`)]];
    });
}

/* Its fields, to who may read them; `fields`: what the kind says of them, where it is known. */
function contentView(content, fields = new Map()) {
    const all = facts(content);
    const long = ([, value]) => typeof value === 'string' && value.length > 80;
    const short = all.filter((one) => !long(one));
    return [
        all.filter(long).map(([, value]) => passage(value, { class: 'said' })),
        short.length ? el('dl', { class: 'facts' }, short.map(([name, value]) =>
            [el('dt', {}, wordFor(name)), el('dd', {}, value instanceof Node ? value : valueView(value, fields.get(name)))])) : null];
}

function openView(part, fields) {
    return el('section', { class: 'closed open' },
        el('p', {}, joined([tierBadge(part), t('part.open_to_you')])), contentView(part.content, fields));
}

/* One line for all of a tier that stays shut: that there are pictures among it says the record. */
function shutView(part) {
    return el('p', { class: 'closed shut' }, joined([tierBadge(part), forWhom(part)]));
}

const goneView = (words) => el('p', { class: 'missing' }, t(words));

/* In place of a part that is not here. */
export const absentPart = ({ here, state }) => (here ? null : goneView(state === 'erased' ? 'part.erased' : 'claim.part_missing'));

/* In place of what a record says in public, where that is not here. */
export function absentView({ part_here: here, parts = [] }) {
    const erased = parts.find((part) => part.state === 'erased' && part.tier === 'public' && !part.media);
    return erased ? absentPart(erased) : absentPart({ here });
}

export function closedView({ parts = [] }, fields) {
    const closed = parts.filter(isClosed);
    const shut = new Map(closed.filter((part) => part.state === 'closed').map((part) => [part.tier, part]));
    return [
        closed.filter((part) => part.state === 'open' && part.content).map((part) => openView(part, fields)),
        [...shut.values()].map(shutView)];
}
