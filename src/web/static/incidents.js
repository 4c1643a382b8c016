/* An incident as the list, the map and the timeline need it, and whether it passes the
 * filters. What has no time or no place stays in the list: it is never filtered away
 * for what nobody stated. */

import { DAY, earliest, latest } from './when.js';
import { hasPosition, latOf, lonOf } from './points.js';

/* From the earliest to the latest moment that its reports can mean. */
function extent(summary) {
    const times = summary.reports.flatMap((report) => [report.start, report.end]).filter(Boolean);
    if (times.length === 0) return summary.first_ms === undefined ? null : { from: summary.first_ms, to: summary.first_ms + 1 };
    return { from: Math.min(...times.map(earliest)), to: Math.max(...times.map(latest)) };
}

export function prepare(summary) {
    const live = summary.reports.filter((report) => report.state !== 'withdrawn');
    return { key: summary.id, summary, reports: live, extent: extent({ ...summary, reports: live }), placed: live.filter(hasPosition) };
}

const TESTS = {
    from: ({ extent }, from) => !extent || extent.to > from,
    to: ({ extent }, to) => !extent || extent.from < to,
    act: ({ reports }, act) => reports.some((report) => (report.act ?? `type:${report.type}`) === act),
    side: ({ summary }, side) => summary.sides.includes(side),
    view: ({ placed }, bounds) => placed.some((report) => bounds.contains([latOf(report), lonOf(report)])),
};

export const passes = (incident, filters) =>
    Object.entries(filters).every(([name, value]) => value === null || TESTS[name](incident, value));

/* A title's date in figures stands above it in words already, with its uncertainty. */
export const nameOf = (title) => title?.replace(/, \d{4}-\d\d-\d\d(\/\d{4}-\d\d-\d\d)?$/, '');

/* Dates of the address and of the fields: whole days, UTC, the last one included. */
export const dayText = (ms) => new Date(ms).toISOString().slice(0, 10);
export function dayMs(text) {
    const ms = Date.parse(`${text}T00:00:00Z`);
    return Number.isNaN(ms) ? null : ms;
}
export const afterDay = (text) => {
    const ms = dayMs(text);
    return ms === null ? null : ms + DAY;
};
