/* The timeline: what is said to have happened when, by the claims' own dates, with the
 * agreement's periods behind it. A part of it can be chosen with the mouse, a finger or
 * the arrow keys. In a language that runs from right to left, so does time. */

import { el, svg } from './dom.js';
import { language, t } from './words.js';
import { DAY, day } from './when.js';
import { ticks } from './ticks.js';

const PAD = 28;
const ROW = 11; /* height of a lane of marks */
const LANES = 14;
const MARK = 7;
const LABEL = { en: 17, ur: 26 };
const AXIS = { en: 24, ur: 34 };
const TICK_WIDTH = { en: 66, ur: 84 };
const DENSE = 9; /* as many lanes high are bins */
/* Above this many, single marks would be a smear: they are counted in bins. */
const MARKS = 160;

const floorDay = (ms) => Math.floor(ms / DAY) * DAY;
const ceilDay = (ms) => Math.ceil(ms / DAY) * DAY;

export class Timeline {
    constructor({ onBrush, onChoose }) {
        this.onBrush = onBrush;
        this.onChoose = onChoose;
        this.items = [];
        this.periods = [];
        this.lit = null; /* keys that pass the filters; null: all */
        this.brush = null;
        this.chosen = null;
        this.node = el('div', { class: 'timeline' });
        new ResizeObserver(() => this.draw()).observe(this.node);
    }

    /* items: {key, from, to, title}; periods: {from, to, label, disputed}. */
    show(items, periods) {
        this.items = [...items].sort((a, b) => a.from - b.from || a.to - b.to);
        this.periods = periods;
        const from = Math.min(...items.map((item) => item.from));
        const to = Math.max(...items.map((item) => item.to));
        this.from = floorDay(from) - DAY;
        this.to = ceilDay(to) + DAY;
        this.draw();
    }

    light(keys) {
        this.lit = keys;
        this.draw();
    }

    choose(key) {
        this.chosen = key;
        this.draw();
    }

    setBrush(brush) {
        this.brush = brush;
        this.draw();
    }

    get rtl() {
        return language.dir === 'rtl';
    }

    x(ms) {
        const along = ((ms - this.from) / (this.to - this.from)) * (this.width - 2 * PAD);
        return this.rtl ? this.width - PAD - along : PAD + along;
    }

    ms(x) {
        const along = this.rtl ? this.width - PAD - x : x - PAD;
        return this.from + (along / (this.width - 2 * PAD)) * (this.to - this.from);
    }

    /* x and width of an interval, whichever way time runs. */
    extent(from, to) {
        const a = this.x(Math.max(from, this.from));
        const b = this.x(Math.min(to, this.to));
        return { x: Math.min(a, b), width: Math.abs(b - a) };
    }

    draw() {
        this.width = this.node.clientWidth;
        if (this.width < 4 * PAD || this.items.length === 0) return;
        const focused = this.node.querySelector('.handle:focus')?.dataset.end;
        const periods = this.layPeriods();
        const lanes = this.items.length > MARKS ? null : this.layMarks();
        const dense = lanes === null || lanes.count > LANES;
        this.top = periods.rows * LABEL[language.id] + 6;
        this.marksHeight = (dense ? DENSE : Math.max(lanes.count, 4)) * ROW + 6;
        const height = this.top + this.marksHeight + AXIS[language.id];

        this.node.replaceChildren(
            svg('svg', { width: this.width, height, viewBox: `0 0 ${this.width} ${height}`, role: 'group', 'aria-label': t('timeline.label'), pointerdown: (event) => this.startDrag(event) },
                hatch(),
                this.drawPeriods(periods),
                this.drawAxis(),
                dense ? this.drawBins() : this.drawMarks(lanes),
                this.drawBrush()));
        if (focused) this.node.querySelector(`[data-end="${focused}"]`).focus();
    }

    /* Period names in as many rows as it takes for none to touch the next. */
    layPeriods() {
        const reaches = [];
        const shown = this.periods.filter((p) => p.from < this.to && p.to > this.from);
        const placed = shown.map((period) => {
            const { x, width } = this.extent(period.from, period.to);
            const wide = textWidth(period.label);
            const start = this.rtl ? x + width : x;
            const reach = this.rtl ? [start - wide, start] : [start, start + wide];
            /* Below every name that it would touch: so its line down crosses none. */
            const row = reaches.reduce((low, [[a, b], taken]) => (reach[1] + 8 < a || b + 8 < reach[0] ? low : Math.max(low, taken + 1)), 0);
            reaches.push([reach, row]);
            return { ...period, x, width, start, row };
        });
        return { placed, rows: Math.max(1, ...reaches.map(([, row]) => row + 1)) };
    }

    drawPeriods({ placed, rows }) {
        const line = LABEL[language.id];
        return placed.map((p) => {
            const top = p.row * line;
            const body = rows * line + 4;
            return svg('g', { class: p.disputed ? 'period disputed' : 'period' },
                svg('title', {}, p.note ?? p.label),
                svg('rect', { fill: p.disputed ? 'url(#hatch)' : null, x: p.x, y: body, width: Math.max(p.width, 2), height: this.marksHeight + 2 }),
                svg('line', { x1: p.start, x2: p.start, y1: top + 2, y2: body + this.marksHeight + 2 }),
                svg('text', { x: p.start + (this.rtl ? -5 : 5), y: top + line * 0.72 }, p.label));
        });
    }

    layMarks() {
        const ends = [];
        const placed = this.items.map((item) => {
            const { x, width } = this.extent(item.from, item.to);
            const wide = Math.max(width, MARK);
            const left = x + (width - wide) / 2;
            const near = this.rtl ? -(left + wide) : left;
            let lane = ends.findIndex((end) => end + 2 <= near);
            if (lane === -1) lane = ends.length;
            ends[lane] = near + wide;
            return { item, left, wide, lane };
        });
        return { placed, count: ends.length };
    }

    drawMarks({ placed }) {
        return svg('g', { class: 'marks', 'aria-hidden': 'true' }, placed.map(({ item, left, wide, lane }) =>
            svg('rect', {
                class: this.markClass(item), x: left, y: this.top + 3 + lane * ROW, width: wide, height: MARK, rx: MARK / 2,
                click: () => this.onChoose(item.key),
            }, svg('title', {}, item.title))));
    }

    markClass({ key }) {
        const off = this.lit && !this.lit.has(key) ? ' off' : '';
        return `mark${off}${key === this.chosen ? ' chosen' : ''}`;
    }

    drawBins() {
        const bins = Math.floor((this.width - 2 * PAD) / 6);
        const step = (this.to - this.from) / bins;
        const all = new Array(bins).fill(0);
        const lit = new Array(bins).fill(0);
        for (const item of this.items) {
            const n = Math.min(bins - 1, Math.floor((item.from - this.from) / step));
            all[n]++;
            if (!this.lit || this.lit.has(item.key)) lit[n]++;
        }
        const most = Math.max(...all);
        const bar = (name, count, n) => {
            const { x, width } = this.extent(this.from + n * step, this.from + (n + 1) * step);
            const height = (count / most) * (this.marksHeight - 4);
            return count === 0 ? null : svg('rect', { class: name, x, y: this.top + this.marksHeight - height, width: width - 1, height });
        };
        return svg('g', { class: 'bins', 'aria-hidden': 'true' },
            all.map((count, n) => bar('bin off', count, n)), lit.map((count, n) => bar('bin', count, n)));
    }

    drawAxis() {
        const base = this.top + this.marksHeight;
        const most = Math.max(2, Math.floor((this.width - 2 * PAD) / TICK_WIDTH[language.id]));
        return svg('g', { class: 'axis' },
            svg('line', { x1: PAD, x2: this.width - PAD, y1: base, y2: base }),
            ticks(this.from, this.to, most).map(({ ms, text }) => [
                svg('line', { x1: this.x(ms), x2: this.x(ms), y1: base, y2: base + 4 }),
                svg('text', { x: this.x(ms), y: base + AXIS[language.id] - 7, 'text-anchor': 'middle' }, text)]));
    }

    /* Anywhere but on an end; a press that hardly moves is a click, on a mark perhaps. */
    startDrag(event) {
        if (event.target.closest('.handle')) return;
        const start = this.pointed(event);
        this.follow(event, (now) => {
            if (Math.abs(this.x(now) - this.x(start)) < 5) return;
            this.take(Math.min(start, now), Math.max(start, now));
        });
    }

    startHandle(event, end) {
        const held = this.brush ?? { from: this.from, to: this.to };
        this.follow(event, (now) => this.moveEnd(held, end, now));
    }

    moveEnd(held, end, ms) {
        if (end === 'from') this.take(Math.min(ms, held.to - DAY), held.to);
        else this.take(held.from, Math.max(ms, held.from + DAY));
    }

    pointed(event) {
        return this.ms(event.clientX - this.node.getBoundingClientRect().left);
    }

    follow(event, moved) {
        event.preventDefault();
        const move = (next) => moved(this.pointed(next));
        const stop = () => {
            removeEventListener('pointermove', move);
            removeEventListener('pointerup', stop);
            removeEventListener('pointercancel', stop);
        };
        addEventListener('pointermove', move);
        addEventListener('pointerup', stop);
        addEventListener('pointercancel', stop);
    }

    /* Whole days; all of it is no choice. */
    take(from, to) {
        const low = Math.max(floorDay(from), this.from);
        const high = Math.min(ceilDay(to), this.to);
        this.brush = low <= this.from && high >= this.to ? null : { from: low, to: high };
        this.onBrush(this.brush);
        this.draw();
    }

    drawBrush() {
        const { from, to } = this.brush ?? { from: this.from, to: this.to };
        const height = this.marksHeight + 2;
        const veil = (a, b) => svg('rect', { class: 'veil', ...this.extent(a, b), y: this.top - 2, height });
        return [
            this.brush ? [veil(this.from, from), veil(to, this.to)] : null,
            this.handle('from', from, height), this.handle('to', to, height)];
    }

    handle(end, ms, height) {
        const x = this.x(ms);
        const y = this.top - 2;
        return svg('g', {
            class: 'handle', tabindex: 0, role: 'slider', 'data-end': end, 'aria-label': t(`timeline.${end}`),
            'aria-valuemin': this.from, 'aria-valuemax': this.to, 'aria-valuenow': ms, 'aria-valuetext': day(end === 'to' ? ms - 1 : ms),
            pointerdown: (event) => this.startHandle(event, end),
            keydown: (event) => this.key(event, end, ms),
        },
        svg('rect', { class: 'reach', x: x - 12, y: y - 4, width: 24, height: height + 8 }),
        svg('line', { x1: x, x2: x, y1: y, y2: y + height }),
        svg('rect', { class: 'grip', x: x - 4, y: y + height / 2 - 10, width: 8, height: 20, rx: 4 }));
    }

    key(event, end, ms) {
        const later = this.rtl ? 'ArrowLeft' : 'ArrowRight';
        const earlier = this.rtl ? 'ArrowRight' : 'ArrowLeft';
        const steps = { [later]: DAY, ArrowUp: DAY, [earlier]: -DAY, ArrowDown: -DAY, PageUp: 7 * DAY, PageDown: -7 * DAY };
        const ends = { Home: this.from, End: this.to };
        const next = ends[event.key] ?? (steps[event.key] ? ms + steps[event.key] : null);
        if (next === null) return;
        event.preventDefault();
        this.moveEnd(this.brush ?? { from: this.from, to: this.to }, end, next);
    }
}

function hatch() {
    return svg('defs', {}, svg('pattern', { id: 'hatch', width: 7, height: 7, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
        svg('line', { x1: 0, x2: 0, y1: 0, y2: 7, class: 'hatching' })));
}

const canvas = document.createElement('canvas').getContext('2d');
function textWidth(text) {
    canvas.font = getComputedStyle(document.documentElement).getPropertyValue('--timeline-font');
    return canvas.measureText(text).width * (language.id === 'ur' ? 1.05 : 1) + 10;
}
