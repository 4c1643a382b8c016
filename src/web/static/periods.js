/* The agreement's periods: when a truce was in force, as its terms state it. An extension
 * that is disputed runs on, marked so, to the beginning of the next period. */

import { section, t, text } from './words.js';

export function periods() {
    const rows = [...section('period')].sort((a, b) => a.start_ms - b.start_ms);
    return rows.flatMap((row, n) => {
        const note = text(row.note);
        const stated = { from: row.start_ms, to: row.end_ms ?? Infinity, label: text(row.label), note };
        if (row.extension_status !== 'disputed' || row.end_ms === undefined) return [stated];
        const next = rows[n + 1]?.start_ms ?? Infinity;
        return [stated, { from: row.end_ms, to: next, label: t('period.extension'), of: stated.label, note, disputed: true }];
    });
}

/* Those that a stretch of time may fall in. */
export const periodsIn = (from, to) => periods().filter((period) => period.from < to && period.to > from);
