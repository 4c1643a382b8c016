/* The list of incidents: everything that the map and the timeline show, in words and
 * within reach of the keyboard. */

import { el, joined } from './dom.js';
import { nameOf } from './incidents.js';
import { period } from './when.js';
import { counted, label, sides, t, territory } from './words.js';

/* As many as are drawn at once; the rest on demand. */
const STEP = 100;

function sideMarks(summary) {
    const known = sides().filter((side) => summary.sides.includes(side));
    const others = summary.sides.filter((side) => !known.includes(side));
    return el('ul', { class: 'sides', 'aria-label': t('list.sides') },
        [...known, ...others].map((side) => el('li', {}, label('side', side))));
}

const kindOf = (report) => (report.act ? label('act', report.act) : report.type ? label('type', report.type) : null);

function where(report, placed) {
    if (!placed) return el('span', { class: 'none' }, t('position.none'));
    return report.territory ? territory(report.territory) : null;
}

function contested(summary) {
    const matters = [...new Set(summary.contested.map((one) => label('matter', one.matter)))];
    if (matters.length === 0) return null;
    return el('p', { class: 'contested' }, t('list.contested', { matters: matters.join(t('list.comma')) }));
}

function row({ key, summary, reports, placed }, onPoint) {
    const [report] = reports;
    const point = () => onPoint(key);
    return el('li', { 'data-key': key, mouseenter: point, focusin: point },
        el('a', { class: 'incident', href: `/incident/${key}` },
            el('p', { class: 'when' }, report?.start ? period(report.start, report.end) : t('when.none')),
            el('h2', { dir: 'auto' }, nameOf(summary.title) ?? t('incident.untitled')),
            report ? el('p', { class: 'what' }, joined([kindOf(report), where(report, placed.length), counted('list.claims', summary.claims)])) : null,
            summary.state === 'withdrawn' ? el('p', { class: 'badge' }, t('state.withdrawn')) : null,
            sideMarks(summary),
            contested(summary)));
}

export function makeList({ onPoint }) {
    const items = el('ol', { class: 'list' });
    const more = el('button', { type: 'button', class: 'more', click: () => draw(limit + STEP) }, t('list.more'));
    let shown = [];
    let limit = STEP;

    function draw(most) {
        limit = most;
        items.replaceChildren(...shown.slice(0, limit).map((one) => row(one, onPoint)));
        more.hidden = shown.length <= limit;
    }

    return {
        node: el('div', {}, items, more),
        show(incidents) {
            shown = incidents;
            draw(STEP);
        },
        choose(key) {
            const at = shown.findIndex((one) => one.key === key);
            if (at === -1) return;
            if (at >= limit) draw(at + STEP);
            items.querySelectorAll('.chosen').forEach((item) => item.classList.remove('chosen'));
            const item = items.children[at];
            item.classList.add('chosen');
            item.scrollIntoView({ block: 'nearest' });
        },
    };
}
