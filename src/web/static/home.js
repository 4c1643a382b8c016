/* The first page: map, timeline and list of one set of incidents. Each of the three
 * shows what passes the filters, and each can set one. */

import * as api from './api.js';
import { boundaryLines, createMap } from './basemap.js';
import { el, quoted } from './dom.js';
import { title } from './frame.js';
import { makeFilters } from './filters.js';
import { nameOf, passes, prepare } from './incidents.js';
import { makeList } from './list.js';
import { mapCaption } from './map_caption.js';
import { periods } from './periods.js';
import { nearLine, pointLayer } from './points.js';
import { Timeline } from './timeline.js';
import { day, period } from './when.js';
import { counted, number, t } from './words.js';

/* Beyond this the browser would labour; the page then says that it holds a part. */
const MOST = 20000;

class Home {
    constructor() {
        this.incidents = [];
        this.complete = true;
        this.filters = makeFilters(() => this.refresh());
        this.list = makeList({ onPoint: (key) => this.point(key) });
        this.timeline = new Timeline({
            onBrush: (brush) => this.filters.setDays(brush),
            onChoose: (key) => this.choose(key),
        });
        this.mapNode = el('div', { class: 'map', role: 'application', 'aria-label': t('map.label') });
        this.count = el('p', { class: 'count', role: 'status' });
        this.recorded = el('span', {});
        this.caption = mapCaption();
        this.sign = this.caption.querySelector('.uncertainty');
    }

    view() {
        return el('div', { class: 'home' },
            el('section', { class: 'ground', 'aria-label': t('map.label') },
                this.mapNode,
                this.caption),
            el('section', { class: 'times', 'aria-label': t('timeline.label') },
                this.timeline.node,
                el('p', { class: 'caption' }, t('timeline.claimed'), ' ', this.recorded, ' ', el('span', { class: 'hint' }, t('timeline.hint')))),
            el('section', { class: 'incidents', 'aria-labelledby': 'incidents' },
                el('h1', { id: 'incidents' }, t('list.title')),
                el('p', { class: 'lead' }, t('list.lead')),
                this.filters.node,
                this.count,
                this.list.node));
    }

    async load() {
        let first = true;
        for await (const { incidents, more } of api.incidents(MOST)) {
            this.incidents.push(...incidents.map(prepare));
            this.complete = !more;
            if (first || !more) this.loaded();
            first = false;
        }
        if (!this.complete) this.loaded();
    }

    /* The first page at once; then nothing moves until the last has come. */
    loaded() {
        this.filters.offer(this.incidents);
        this.timeline.show(this.incidents.filter(({ extent }) => extent).map(timelineItem), periods());
        this.refresh();
    }

    async ready() {
        const map = createMap(this.mapNode);
        const loaded = this.load().then(() => this.sayRecorded());
        this.map = await map;
        this.points = pointLayer(this.map, (key) => this.choose(key));
        await loaded;
        this.refresh();
        this.fit();
        this.map.on('moveend', () => this.filters.inView && this.refresh());
        this.map.getContainer().dataset.ready = '';
        this.lines = await boundaryLines();
    }

    /* The day of the import, which is never that of the claim. */
    async sayRecorded() {
        if (this.incidents.length === 0) return;
        const indexes = this.incidents.flatMap(({ summary }) => [summary.index, ...summary.reports.map((report) => report.index)]);
        const ends = await Promise.all([Math.min(...indexes), Math.max(...indexes)].map(api.entry));
        const [first, last] = ends.map(({ recorded }) => day(recorded.by_ms ?? recorded.after_ms));
        this.recorded.replaceChildren(first === last ? t('timeline.recorded', { day: first }) : t('timeline.recorded.range', { first, last }));
    }

    refresh() {
        const shown = this.incidents.filter((one) => passes(one, this.filters.values(this.map)));
        this.list.show(shown);
        this.timeline.setBrush(this.filters.days(this.timeline));
        this.timeline.light(new Set(shown.map(({ key }) => key)));
        const drawn = this.points?.draw(shown.flatMap(({ key, placed }) => placed.map((report) => ({ key, report }))));
        this.sign.textContent = t(drawn?.crowded ? 'map.uncertainty.one' : 'map.uncertainty');
        this.count.replaceChildren(t('list.count', { n: number(shown.length), all: counted('list.incidents', this.incidents.length) }),
            this.complete ? '' : ` ${t('list.partial')}`);
    }

    fit() {
        const bounds = this.points.bounds();
        if (bounds.isValid()) this.map.fitBounds(bounds.pad(0.08), { maxZoom: 9, animate: false });
    }

    /* From the list: shown on the other two. */
    point(key) {
        this.timeline.choose(key);
        this.points?.choose(key);
    }

    /* From the map or the timeline: the list comes to it. */
    choose(key) {
        this.point(key);
        this.list.choose(key);
        const one = this.incidents.find((incident) => incident.key === key);
        if (one?.placed.length) this.popup(one);
    }

    popup({ summary, placed: [report] }) {
        const near = this.lines ? nearLine(report, this.lines) : null;
        const node = el('div', { class: 'card' },
            el('p', { class: 'when' }, report.start ? period(report.start, report.end) : t('when.none')),
            el('p', { class: 'name' }, el('a', { href: `/incident/${summary.id}` }, quoted(nameOf(summary.title) ?? t('incident.untitled')))),
            near ? el('p', { class: 'near' }, near) : null);
        this.map.openPopup(node, [report.lat_e7 / 1e7, report.lon_e7 / 1e7], { maxWidth: 260, closeButton: false, autoPanPadding: [24, 24] });
    }
}

function timelineItem({ key, extent, summary }) {
    return { key, from: extent.from, to: extent.to, title: summary.title ?? '' };
}

export async function show() {
    const home = new Home();
    title(t('list.title'));
    return { view: home.view(), ready: () => home.ready() };
}
