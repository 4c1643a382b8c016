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

/* One stated time. */
export function stated(time) {
    const off = time.uncertainty_ms ?? 0;
    const at = local(time.at_ms, time.offset_min);

    if (off >= CLOCK_MS) return days(at - off, Math.max(at - off, at + off - 1));
    const said = { day: day(at), clock: clock(at), zone: zone(time.offset_min) };
    return off > MINUTE ? t('when.about', { ...said, span: span(off) }) : t('when.moment', said);
}

/* In UTC too, where an hour was said: the two sides keep different clocks. */
export function inUtc(time) {
    if ((time.uncertainty_ms ?? 0) >= CLOCK_MS || !time.offset_min) return null;
    return t('when.in_utc', { clock: clock(time.at_ms) });
}

/* From start to end, as one phrase: days where both are days. */
export function period(start, end) {
    if (!end) return stated(start);
    const from = local(earliest(start), start.offset_min);
    const to = local(latest(end), end.offset_min) - 1;
    return days(from, Math.max(from, to));
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
