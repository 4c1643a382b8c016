/* How times are said. A stated time is a claim with a basis, an offset and an uncertainty
 * (doc/format.md §2.3): what was said as a day is shown as a day, never as an hour. */

import { language, t } from './words.js';

const MINUTE = 60000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/* Wider than this, a clock would be pretended. */
const CLOCK_MS = 6 * HOUR;

const DATE = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' };
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'UTC' };
const format = (options) => new Intl.DateTimeFormat(language.locale, options);

/* Local to where it was said: shifted, then formatted as if it were UTC. */
const local = (ms, offset) => ms + (offset ?? 0) * MINUTE;

export const day = (ms) => format(DATE).format(ms);
export const shortDay = (ms) => format({ day: 'numeric', month: 'short', timeZone: 'UTC' }).format(ms);
export const clock = (ms) => format(CLOCK).format(ms);
export const moment = (ms) => t('when.moment', { day: day(ms), clock: clock(ms), zone: 'UTC' });

/* A range whose ends are the same day is that day. */
const days = (from, to) => format(DATE).formatRange(from, to);

export function zone(offset) {
    if (!offset) return 'UTC';
    const minutes = Math.abs(offset);
    const two = (n) => String(n).padStart(2, '0');
    return `UTC${offset < 0 ? '−' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

export const earliest = (time) => time.at_ms - (time.uncertainty_ms ?? 0);
export const latest = (time) => time.at_ms + (time.uncertainty_ms ?? 0);

function span(ms) {
    if (ms % HOUR === 0) return t('when.hours', { n: ms / HOUR });
    return t('when.minutes', { n: Math.round(ms / MINUTE) });
}

/* A day whose zone nobody gave: twelve hours either way of its noon, and fourteen more for
 * the zones that the earth has. */
const ANY_ZONE_MS = 26 * HOUR;

const isDay = (time) => (time.uncertainty_ms ?? 0) >= CLOCK_MS;
const noZone = (time) => time.uncertainty_ms === ANY_ZONE_MS && !time.offset_min;

/* The first and last moment that are meant, on the clock of the place. */
function extent(time) {
    const off = noZone(time) ? DAY / 2 : time.uncertainty_ms ?? 0;
    const at = local(time.at_ms, time.offset_min);
    return { from: at - off, to: off === 0 ? at : at + off - 1 };
}

function daysOf(start, end) {
    const { from } = extent(start);
    const said = days(from, Math.max(from, extent(end).to));
    return noZone(start) ? t('when.no_zone', { days: said }) : said;
}

/* One stated time. */
export function stated(time) {
    if (isDay(time)) return daysOf(time, time);
    const at = local(time.at_ms, time.offset_min);
    const said = { day: day(at), clock: clock(at), zone: zone(time.offset_min) };
    const off = time.uncertainty_ms ?? 0;
    return off > MINUTE ? t('when.about', { ...said, span: span(off) }) : t('when.moment', said);
}

/* In UTC too, where an hour was said: the two sides keep different clocks. */
export function inUtc(time) {
    if (isDay(time) || !time.offset_min) return null;
    return t('when.in_utc', { clock: clock(time.at_ms) });
}

/* From start to end, as one phrase. An end that is only known to lie in the rest of the
 * same day adds nothing. */
export function period(start, end) {
    if (!end) return stated(start);
    if (isDay(start)) return daysOf(start, end);
    const sameDay = day(extent(end).to) === day(local(start.at_ms, start.offset_min));
    if (sameDay && end.uncertainty_ms >= HOUR) return stated(start);
    return t('when.span', { from: stated(start), to: stated(end) });
}

/* When it entered the record: the interval between two ticks (doc/format.md §8.5). */
export function recorded(interval) {
    const { after_ms: after, by_ms: by } = interval ?? {};
    if (by === undefined) return after === undefined ? t('recorded.unknown') : t('recorded.after', { after: moment(after) });
    return moment(by);
}

export function recordedWhole(interval) {
    const { after_ms: after, by_ms: by } = interval ?? {};
    if (after === undefined || by === undefined) return recorded(interval);
    return t('recorded.interval', { after: precise(after), by: precise(by) });
}

const precise = (ms) => new Date(ms).toISOString().replace('T', ' ');
