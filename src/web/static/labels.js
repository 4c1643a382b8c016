/* Names on the map, as HTML, so that a browser sets any script. The more important name
 * stands; what would touch it waits for a closer look. */

import * as L from './leaflet/leaflet.js';
import { el } from './dom.js';
import { language, text } from './words.js';

/* In pixels: between two names; round the mark of an incident; the dot of a town with its
 * margins (css/home.css) and where in them its middle is. */
const GAP = 2;
const MARK = 6;
const DOT_WIDTH = 12;
const DOT_AT = 4;

/* Which names are looked at first, and between which zooms. The rank is the feature's. */
const KINDS = [
    { file: 'countries', kind: 'label', name: 'country', from: [4, 4, 4.5], to: 8.5 },
    { file: 'places', kind: 'place', name: 'town', ranks: [1], from: [4.5], dot: true },
    { file: 'crossings', kind: 'crossing', name: 'crossing', first: true, from: [7, 7], dot: true },
    { file: 'places', kind: 'place', name: 'town', ranks: [2, 3, 4], from: [0, 5.5, 6.5, 7.5], dot: true },
    { file: 'provinces', kind: 'label', name: 'province', from: [6, 6], to: 9.5 },
];
const RANKS = { main: 1, minor: 2 };

export const LABEL_FILES = [...new Set(KINDS.map(({ file }) => file))];

const overlaps = (a, b) =>
    a.left < b.right + GAP && b.left < a.right + GAP && a.top < b.bottom + GAP && b.top < a.bottom + GAP;

/* `data` holds the GeoJSON of each of LABEL_FILES. */
export function labelLayer(map, data) {
    const pane = map.createPane('names');
    const names = KINDS.flatMap((kind) => named(kind, data[kind.file]).map((feature) => makeName(pane, kind, feature)));
    let marks = [];
    const place = () => arrange(map, names, marks);
    map.on('zoomend moveend resize', place);
    map.on('marks', (event) => {
        marks = event.at;
        place();
    });
    document.fonts.ready.then(() => {
        names.forEach((name) => { name.size = null; });
        place();
    });
    place();
}

const rankOf = ({ rank }) => RANKS[rank] ?? rank ?? 1;

/* A crossing has a position from each source; its name stands at the first. */
function named(kind, { features }) {
    return features
        .filter(({ properties: p }) => p.kind === kind.kind && (!kind.first || p.n === 1))
        .filter(({ properties: p }) => !kind.ranks || kind.ranks.includes(rankOf(p)))
        .sort((a, b) => rankOf(a.properties) - rankOf(b.properties));
}

function makeName(pane, kind, { geometry, properties }) {
    const rank = rankOf(properties);
    const [lon, lat] = geometry.coordinates;
    const node = el('span', { class: `place ${kind.name} rank-${rank}`, hidden: true }, text(properties.name));
    pane.append(node);
    return { node, at: L.latLng(lat, lon), from: kind.from[rank - 1] ?? kind.from.at(-1), to: kind.to ?? Infinity, dot: kind.dot, size: null };
}

/* Where a name may stand round its point: an area's on its middle, a town's beside its
 * dot, first on the side from which the language is read. `shift` is from the box of the
 * text to the corner of the whole. */
function choices({ dot, size }, point) {
    const top = point.y - size.y / 2;
    const wide = dot ? size.x - DOT_WIDTH : size.x;
    const at = (left, flip, shift) => ({ left, right: left + wide, top, bottom: top + size.y, flip, shift });
    if (!dot) return [at(point.x - wide / 2, false, 0)];

    const rtl = language.dir === 'rtl';
    const right = at(point.x + DOT_WIDTH - DOT_AT, rtl, DOT_WIDTH);
    const left = at(point.x - DOT_WIDTH + DOT_AT - wide, !rtl, 0);
    return rtl ? [left, right] : [right, left];
}

function arrange(map, names, marks) {
    const zoom = map.getZoom();
    const view = map.getBounds().pad(0.05);
    const taken = marks.map((at) => map.latLngToLayerPoint(at))
        .map(({ x, y }) => ({ left: x - MARK, right: x + MARK, top: y - MARK, bottom: y + MARK }));

    for (const name of names) {
        const near = zoom >= name.from && zoom < name.to && view.contains(name.at);
        name.node.hidden = !near;
        if (!near) continue;
        name.size ??= { x: name.node.offsetWidth, y: name.node.offsetHeight };
        const box = choices(name, map.latLngToLayerPoint(name.at)).find((one) => !taken.some((other) => overlaps(one, other)));
        name.node.hidden = !box;
        if (!box) continue;
        taken.push(box);
        name.node.classList.toggle('flip', box.flip);
        L.DomUtil.setPosition(name.node, L.point(Math.round(box.left - box.shift), Math.round(box.top)));
    }
}
