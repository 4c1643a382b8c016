/* Reported positions on the map: a mark, and round it the circle within which the
 * reporter places it. */

import { L, onPalette, palette } from './basemap.js';
import { distance } from './geo.js';
import { t } from './words.js';

export const hasPosition = (report) => report.lat_e7 !== undefined && report.lon_e7 !== undefined;
export const latOf = (report) => report.lat_e7 / 1e7;
export const lonOf = (report) => report.lon_e7 / 1e7;

/* How far a drawn line itself may be wrong, where its own data does not say. */
const LINE_UNCERTAINTY_M = 5000;

/* A position that near to a line is on nobody's side. Null when it is well clear of all. */
export function nearLine(report, lines) {
    let nearest = null;
    for (const line of lines) {
        const metres = distance(latOf(report), lonOf(report), [line]);
        const uncertain = line.properties.uncertainty_m ?? LINE_UNCERTAINTY_M;
        if (metres <= uncertain) return t('position.within', { km: uncertain / 1000 });
        if (metres <= uncertain + (report.uncertainty_m ?? 0)) nearest = t('position.reaches', { km: uncertain / 1000 });
    }
    return nearest;
}

const markStyle = (chosen, crowded) => {
    const c = palette();
    return { radius: chosen ? 8 : crowded ? 4 : 6, weight: crowded ? 0.8 : 1.5, color: c.edge, fillColor: chosen ? c.chosen : c.point, fillOpacity: 0.95 };
};
const circleStyle = (chosen) => {
    const c = palette();
    const color = chosen ? c.chosen : c.point;
    return { weight: chosen ? 1.4 : 0.8, color, opacity: chosen ? 0.9 : 0.55, fillColor: color, fillOpacity: chosen ? 0.14 : 0.07, dashArray: '3 3' };
};

/* Above this many, circles would be a fog: then only the chosen one has its own. */
const CIRCLES = 300;

/* Marks for reports, each {report, key}. `onChoose` is told the key. A mark is made once
 * and comes and goes with the filters. */
export function pointLayer(map, onChoose) {
    map.createPane('points').style.zIndex = 420; /* above the names */
    const renderer = L.canvas({ padding: 0.4, pane: 'points' });
    const made = new Map();
    let shown = new Set();
    let crowded = false;
    let chosen = null;

    function make({ report, key }) {
        const at = [latOf(report), lonOf(report)];
        const mine = key === chosen;
        const circle = report.uncertainty_m
            ? L.circle(at, { ...circleStyle(mine), radius: report.uncertainty_m, renderer, pane: 'points', interactive: false })
            : null;
        const mark = L.circleMarker(at, { ...markStyle(mine, crowded), renderer, pane: 'points' }).on('click', () => onChoose(key));
        return { key, circle, mark };
    }

    function style(one) {
        one.circle?.setStyle(circleStyle(one.key === chosen));
        const look = markStyle(one.key === chosen, crowded);
        one.mark.setStyle(look);
        one.mark.setRadius(look.radius);
    }

    function place(one) {
        const circle = shown.has(one) && (!crowded || one.key === chosen);
        if (one.circle && circle !== map.hasLayer(one.circle)) circle ? one.circle.addTo(map) : one.circle.remove();
        if (shown.has(one) !== map.hasLayer(one.mark)) shown.has(one) ? one.mark.addTo(map) : one.mark.remove();
    }

    function draw(reports) {
        const placed = reports.filter(({ report }) => hasPosition(report));
        const before = crowded;
        crowded = placed.length > CIRCLES;
        for (const given of placed) if (!made.has(given.report)) made.set(given.report, make(given));
        shown = new Set(placed.map(({ report }) => made.get(report)));
        made.forEach(place);
        if (crowded !== before) made.forEach(style);
        shown.forEach((one) => one.mark.bringToFront()); /* no circle over a mark */
        map.fire('marks', { at: crowded ? [] : [...shown].map((one) => one.mark.getLatLng()) });
        return { crowded };
    }

    function choose(key) {
        if (key === chosen) return;
        const touched = [...made.values()].filter((one) => one.key === chosen || one.key === key);
        chosen = key;
        touched.forEach(place);
        touched.forEach(style);
        touched.filter((one) => one.key === key && shown.has(one)).forEach((one) => one.mark.bringToFront());
    }

    onPalette(() => made.forEach(style));
    return { draw, choose, bounds: () => L.latLngBounds([...shown].map((one) => one.mark.getLatLng())) };
}
