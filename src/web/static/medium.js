/* A medium as it is shown: the picture, what its file says of itself, and where that differs from
 * what its record says. All of it claims; nothing here decides. */

import { code, el, quoted } from './dom.js';
import { HOUR, clock, day, zone } from './when.js';
import { number, t } from './words.js';

/* As the node gives them to be shown, and no others (src/api/parts.c). */
const PICTURES = new Set(['image/jpeg', 'image/png', 'image/webp']);
const MINUTE = 60000;

const address = ({ commitment }) => `/api/media/${commitment}`;

export function picture(part) {
    if (part.state !== 'open' || !PICTURES.has(part.media)) return null;
    return el('a', { class: 'picture', href: address(part) },
        el('img', { src: address(part), alt: t('medium.alt'), loading: 'lazy' }));
}

const degrees = (e7, positive, negative) => `${Math.abs(e7 / 1e7).toFixed(5)}° ${e7 < 0 ? negative : positive}`;

function place({ lat_e7, lon_e7, uncertainty_m }) {
    if (lat_e7 === undefined) return null;
    const at = code(`${degrees(lat_e7, 'N', 'S')}, ${degrees(lon_e7, 'E', 'W')}`);
    return [at, uncertainty_m === undefined ? '' : ` ${t('medium.error', { m: number(uncertainty_m) })}`];
}

/* Its clock, as it stood: where it says no offset, no zone is made up for it. */
function taken({ local_ms, offset_min }) {
    if (local_ms === undefined) return null;
    const known = offset_min === undefined ? t('medium.no_zone') : zone(offset_min);
    return t('when.moment', { day: day(local_ms), clock: clock(local_ms), zone: known });
}

const CLAIMS = [
    ['taken', taken],
    ['place', place],
    ['camera', ({ make, model }) => (make || model) && quoted([make, model].filter(Boolean).join(' '))],
    ['software', ({ software }) => software && quoted(software)],
];

function claims(exif, heading) {
    const held = CLAIMS.map(([name, tell]) => [name, tell(exif)]).filter(([, value]) => value);
    return [
        el(heading, {}, t('medium.claims')),
        el('p', { class: 'lead' }, t('medium.claims.lead')),
        el('dl', { class: 'facts' }, held.map(([name, value]) => [el('dt', {}, t(`medium.${name}`)), el('dd', {}, value)]))];
}

function lasting(ms) {
    return ms < 2 * HOUR ? t('when.minutes', { n: number(Math.floor(ms / MINUTE)) }) : t('when.hours', { n: number(Math.floor(ms / HOUR)) });
}

const km = (m) => number(Math.floor(m / 100) / 10);

const DIFFERENCES = {
    place: ({ least_m, uncertainty_m }) => [t('differs.place', { km: km(least_m), error: km(uncertainty_m) }), ' ', t('differs.place.note')],
    observer_place: ({ least_m, uncertainty_m }) => t('differs.observer_place', { km: km(least_m), error: km(uncertainty_m) }),
    time: ({ earlier_ms, later_ms }) => (earlier_ms === undefined
        ? t('differs.later', { span: lasting(later_ms) }) : t('differs.earlier', { span: lasting(earlier_ms) })),
    type: (sniffed) => t('differs.type', { type: sniffed }),
};

function differences(differs, heading) {
    return el('div', { class: 'differs' },
        el(heading, {}, t('differs.title')),
        el('ul', {}, Object.entries(differs).map(([name, value]) => el('li', {}, DIFFERENCES[name](value)))));
}

/* `heading`: of which level what it says stands under. */
export function mediumView(part, heading = 'h4') {
    if (!part.media) return null;
    return [
        picture(part),
        el('dl', { class: 'facts' },
            [el('dt', {}, t('medium.type')), el('dd', {}, code(part.media))],
            part.sniffed ? [el('dt', {}, t('medium.sniffed')), el('dd', {}, code(part.sniffed))] : null,
            part.state === 'open' ? [el('dt', {}, t('medium.file')), el('dd', {}, el('a', { href: address(part), download: part.commitment }, t('medium.download')))] : null),
        part.exif ? claims(part.exif, heading) : null,
        part.differs ? differences(part.differs, heading) : null];
}
