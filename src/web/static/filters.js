/* What narrows the first page down, kept in its address, so that a view can be sent to
 * somebody else or come back to. */

import { el } from './dom.js';
import { afterDay, dayMs, dayText } from './incidents.js';
import { DAY } from './when.js';
import { label, sides, t } from './words.js';

const NAMES = ['from', 'to', 'act', 'side', 'view'];

function select(name, onChange) {
    return el('select', { name, change: onChange }, el('option', { value: '' }, t(`filter.${name}.any`)));
}

function field(name, control) {
    return el('label', { class: `field ${name}` }, el('span', {}, t(`filter.${name}`)), control);
}

function refill(control, options, wanted) {
    const [any] = control.options;
    control.replaceChildren(any, ...options.map(([value, name]) => el('option', { value, selected: value === wanted }, name)));
}

const byName = (a, b) => (a[1] < b[1] ? -1 : 1);

function acts(incidents) {
    const found = new Map();
    for (const report of incidents.flatMap(({ reports }) => reports)) {
        if (report.act) found.set(report.act, label('act', report.act));
        else if (report.type) found.set(`type:${report.type}`, label('type', report.type));
    }
    return [...found].sort(byName);
}

function speaking(incidents) {
    const found = new Set(incidents.flatMap(({ summary }) => summary.sides));
    return [...sides().filter((side) => found.has(side)), ...[...found].filter((side) => !sides().includes(side))]
        .map((side) => [side, label('side', side)]);
}

export function makeFilters(onChange) {
    const asked = Object.fromEntries(NAMES.map((name) => [name, new URLSearchParams(location.search).get(name) ?? '']));
    const changed = () => { keep(); onChange(); };
    const controls = {
        from: el('input', { type: 'date', name: 'from', value: asked.from, change: changed }),
        to: el('input', { type: 'date', name: 'to', value: asked.to, change: changed }),
        act: select('act', changed),
        side: select('side', changed),
        view: el('input', { type: 'checkbox', name: 'view', checked: asked.view === '1', change: changed }),
    };
    const clear = el('button', { type: 'button', class: 'clear', click: reset }, t('filter.clear'));
    const value = (name) => (name === 'view' ? (controls.view.checked ? '1' : '') : controls[name].value);

    function keep() {
        const there = new URL(location.href);
        for (const name of NAMES) {
            if (value(name)) there.searchParams.set(name, value(name));
            else there.searchParams.delete(name);
        }
        history.replaceState(null, '', there);
        clear.hidden = NAMES.every((name) => !value(name));
    }

    function reset() {
        for (const name of ['from', 'to', 'act', 'side']) controls[name].value = '';
        controls.view.checked = false;
        changed();
    }

    clear.hidden = NAMES.every((name) => !asked[name]);
    return {
        node: el('form', { class: 'filters', 'aria-label': t('filter.label'), submit: (event) => event.preventDefault() },
            Object.entries(controls).map(([name, control]) => field(name, control)), clear),

        offer(incidents) {
            refill(controls.act, acts(incidents), controls.act.value || asked.act);
            refill(controls.side, speaking(incidents), controls.side.value || asked.side);
        },

        /* For passes(): null is no filter. */
        values(map) {
            return {
                from: dayMs(value('from')), to: afterDay(value('to')),
                act: value('act') || null, side: value('side') || null,
                view: value('view') && map ? map.getBounds() : null,
            };
        },

        get inView() {
            return controls.view.checked;
        },

        days(timeline) {
            const { from, to } = { from: dayMs(value('from')), to: afterDay(value('to')) };
            return from === null && to === null ? null : { from: from ?? timeline.from, to: to ?? timeline.to };
        },

        setDays(brush) {
            controls.from.value = brush ? dayText(brush.from) : '';
            controls.to.value = brush ? dayText(brush.to - DAY) : '';
            changed();
        },
    };
}
