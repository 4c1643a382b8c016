/* One incident: what is reported of it, and what each side claims, side by side. Nothing
 * is averaged, nothing added up, and nobody is said to be right. */

import * as api from './api.js';
import { asOfControl } from './as_of.js';
import { boundaryLines, createMap } from './basemap.js';
import { claimCell, allVersions } from './claim.js';
import { caseView, othersView } from './case.js';
import { columnsOf, rowsOf } from './claims.js';
import { el } from './dom.js';
import { kindsByName } from './fields.js';
import { title } from './frame.js';
import { nameOf } from './incidents.js';
import { mapCaption } from './map_caption.js';
import { hasPosition, latOf, lonOf, nearLine, pointLayer } from './points.js';
import { reportView } from './report.js';
import { period } from './when.js';
import { label, partySides, t } from './words.js';

function rowHead(row) {
    return el('th', { scope: 'row' },
        el('span', { class: 'matter' }, label('matter', row.matter)),
        row.counted ? el('span', { class: 'subject' }, label('subject', row.subject)) : null,
        row.notes.map((note) => el('span', { class: `note ${note}` }, t(`note.${note}`))));
}

function cell(row, side, known) {
    const held = row.cells.get(side);
    const party = partySides().has(side);
    return el('td', { 'data-side': label('side', side), class: held ? null : party ? 'silent' : 'silent other' },
        held ? held.map((one) => claimCell(one, row, known)) : el('p', {}, party ? t('claim.none') : '–'));
}

function table(rows, columns, known) {
    const node = el('table', { class: 'claims' },
        el('caption', {}, t('claims.caption')),
        el('thead', {}, el('tr', {},
            el('th', { scope: 'col' }, t('claims.matter')),
            columns.map((side) => el('th', { scope: 'col' }, label('side', side))))),
        el('tbody', {}, rows.map((row) =>
            el('tr', { class: row.notes.includes('contested') ? 'disagree' : null }, rowHead(row), columns.map((side) => cell(row, side, known))))));
    node.style.setProperty('--columns', columns.length);
    return node;
}

async function claimsView({ claims, incident }) {
    if (claims.length === 0) return el('p', { class: 'none' }, t('claims.none'));
    const rows = rowsOf(claims, incident.contested ?? []);
    return el('div', { class: 'beside' }, table(rows, columnsOf(claims), await allVersions(claims)));
}

function unlinkedView(items) {
    if (items.length === 0) return null;
    return el('section', {}, el('h2', {}, t('unlinked.title')), el('p', { class: 'lead' }, t('unlinked.lead')),
        el('ul', {}, items.map((item) => el('li', {}, el('a', { href: `/record/${item.id}` }, t('record.link', { index: item.index }))))));
}

const flat = ({ fields, public: open, state }) => ({ ...open, ...fields, state });

function heading({ incident, reports }) {
    const [report] = reports.map(flat);
    const name = nameOf(incident.title) ?? t('incident.untitled');
    title(name);
    return el('header', { class: 'subject' },
        el('p', { class: 'back' }, el('a', { href: '/' }, t('nav.all'))),
        el('p', { class: 'when' }, report?.start ? period(report.start, report.end) : t('when.none')),
        el('h1', { dir: 'auto' }, name),
        incident.state === 'withdrawn' ? el('p', { class: 'badge' }, t('state.withdrawn')) : null);
}

function smallMap(reports) {
    const placed = reports.map(flat).filter(hasPosition);
    if (placed.length === 0) return { node: null, draw: null };

    const node = el('div', { class: 'map', role: 'application', 'aria-label': t('map.label') });
    const near = el('p', { class: 'near', role: 'status' });
    async function draw() {
        const map = await createMap(node);
        const points = pointLayer(map, () => {});
        points.draw(placed.map((report, key) => ({ report, key })));
        map.setView([latOf(placed[0]), lonOf(placed[0])], 8, { animate: false });
        node.dataset.ready = '';
        const lines = await boundaryLines();
        near.textContent = placed.map((report) => nearLine(report, lines)).find(Boolean) ?? '';
    }
    return { node: el('figure', { class: 'where' }, node, el('figcaption', {}, mapCaption(near))), draw };
}

export async function show(id, status) {
    const asked = new URLSearchParams(location.search).get('as_of');
    const answer = await api.incident(id, asked);
    const kinds = answer.incident.case || answer.others.length ? kindsByName(await api.kinds()) : null;
    const taken = answer.incident.case ? await api.caseOf(id, asked) : null;
    const map = smallMap(answer.reports);
    const view = el('div', { class: 'page' },
        heading(answer),
        asOfControl({ first: answer.incident.index, last: status.size - 1, shown: answer.as_of, chosen: asked !== null }),
        el('div', { class: map.node ? 'told placed' : 'told' },
            el('section', { class: 'reports', 'aria-labelledby': 'reports' },
                el('h2', { id: 'reports' }, t('reports.title')), answer.reports.map(reportView)),
            map.node),
        el('section', { 'aria-labelledby': 'claims' },
            el('h2', { id: 'claims' }, t('claims.title')),
            el('p', { class: 'lead' }, t('claims.lead')),
            await claimsView(answer)),
        othersView(answer.others, kinds),
        taken ? caseView(taken, kinds) : null,
        unlinkedView(answer.unlinked));
    return { view, ready: () => map.draw?.() };
}
