/* Where a time axis puts its marks: the finest step that leaves room for the words. */

import { language } from './words.js';
import { DAY } from './when.js';

const DAYS = [1, 2, 5, 10, 15];
const MONTHS = [1, 3, 6, 12, 24, 60, 120, 240];

const monthsOf = (ms) => new Date(ms).getUTCFullYear() * 12 + new Date(ms).getUTCMonth();
const ofMonths = (n) => Date.UTC(Math.floor(n / 12), n % 12, 1);

function everyDays(from, to, step) {
    const at = [];
    for (let month = monthsOf(from); ofMonths(month) < to; month++)
        for (let n = 0; n + step / 2 < 30; n += step) {
            const ms = ofMonths(month) + n * DAY;
            if (ms >= from && ms <= to) at.push(ms);
        }
    return at;
}

function everyMonths(from, to, step) {
    const at = [];
    for (let month = Math.ceil(monthsOf(from) / step) * step; ofMonths(month) <= to; month += step)
        if (ofMonths(month) >= from) at.push(ofMonths(month));
    return at;
}

const format = (options) => new Intl.DateTimeFormat(language.locale, { timeZone: 'UTC', ...options });

/* At most `most` marks, each {ms, text}. */
export function ticks(from, to, most) {
    const span = (to - from) / DAY;
    const step = DAYS.find((days) => span / days <= most);
    if (step) {
        const words = format({ day: 'numeric', month: 'short' });
        return everyDays(from, to, step).map((ms) => ({ ms, text: words.format(ms) }));
    }
    const months = MONTHS.find((n) => span / 30.4 / n <= most) ?? MONTHS.at(-1);
    const words = format(months < 12 ? { month: 'short', year: 'numeric' } : { year: 'numeric' });
    return everyMonths(from, to, months).map((ms) => ({ ms, text: words.format(ms) }));
}
