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

const markStyle = (chosen) => {
    const c = palette();
    return { radius: chosen ? 8 : 6, weight: 1.5, color: c.edge, fillColor: chosen ? c.chosen : c.point, fillOpacity: 0.95 };
};
const circleStyle = (chosen) => {
    const c = palette();
    const color = chosen ? c.chosen : c.point;
    return { weight: chosen ? 1.4 : 0.8, color, opacity: chosen ? 0.9 : 0.55, fillColor: color, fillOpacity: chosen ? 0.14 : 0.07, dashArray: '3 3' };
};

/* Marks for reports, each {report, key}. `onChoose` is told the key. */
export function pointLayer(map, onChoose) {
    map.createPane('points').style.zIndex = 420; /* above the names */
    const renderer = L.canvas({ padding: 0.4, pane: 'points' });
    const group = L.layerGroup().addTo(map);
    let drawn = [];
    let chosen = null;

    function style(one) {
        one.circle?.setStyle(circleStyle(one.key === chosen));
        one.mark.setStyle(markStyle(one.key === chosen));
        one.mark.setRadius(markStyle(one.key === chosen).radius);
    }

    function draw(reports) {
        group.clearLayers();
        const placed = reports.filter(({ report }) => hasPosition(report));
        const circles = placed.map(({ report }) => report.uncertainty_m
            ? L.circle([latOf(report), lonOf(report)], { radius: report.uncertainty_m, renderer, pane: 'points', interactive: false }).addTo(group)
            : null);
        drawn = placed.map(({ report, key }, n) => ({
            key, circle: circles[n],
            mark: L.circleMarker([latOf(report), lonOf(report)], { renderer, pane: 'points' }).on('click', () => onChoose(key)).addTo(group),
        }));
        drawn.forEach(style);
        map.fire('marks', { at: drawn.map((one) => one.mark.getLatLng()) });
    }

    function choose(key) {
        if (key === chosen) return;
        const before = chosen;
        chosen = key;
        drawn.filter((one) => one.key === before || one.key === key).forEach(style);
        drawn.filter((one) => one.key === key).forEach((one) => one.mark.bringToFront());
    }

    onPalette(() => drawn.forEach(style));
    return { draw, choose, bounds: () => L.latLngBounds(drawn.map((one) => one.mark.getLatLng())) };
}
