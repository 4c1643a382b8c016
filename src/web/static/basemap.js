/* The ground that events are drawn on: vector data served by this node, in one neutral
 * style. Every boundary is the same thin grey line, whoever drew it; one that is disputed
 * is dashed. No country and no side has a colour. */

import * as L from './leaflet/leaflet.js';
import { LABEL_FILES, labelLayer } from './labels.js';
import { t } from './words.js';

const LIGHT = {
    water: '#dbe5e9', land: '#f5f2eb', province: '#dcd6ca', river: '#b5cbd8', boundary: '#8b8880',
    point: '#1f4e79', edge: '#ffffff', chosen: '#b3541e',
};
const DARK = {
    water: '#0f1519', land: '#1c2227', province: '#2e363d', river: '#26404f', boundary: '#7d858d',
    point: '#8fbce6', edge: '#14181c', chosen: '#f0a46c',
};

const dark = matchMedia('(prefers-color-scheme: dark)');
let printing = false;
export const palette = () => (dark.matches && !printing ? DARK : LIGHT);

/* Calls again whenever the colours change: at dusk, and for paper. */
export function onPalette(redraw) {
    const turn = (paper) => () => {
        printing = paper;
        redraw();
    };
    dark.addEventListener('change', redraw);
    addEventListener('beforeprint', turn(true));
    addEventListener('afterprint', turn(false));
}

const DASHED = '6 4';
const LAYERS = [
    { file: 'countries', style: (c) => ({ color: c.land, weight: 1, fill: true, fillColor: c.land, fillOpacity: 1 }) },
    { file: 'rivers', style: (c) => ({ color: c.river, weight: 1 }) },
    { file: 'provinces', style: (c) => ({ color: c.province, weight: 0.9, fill: false }) },
    { file: 'boundaries', style: (c, { disputed }) => ({ color: c.boundary, weight: 1.3, dashArray: disputed ? DASHED : null, fill: false }) },
];

/* The version of this set of files: what is asked for with it may be kept for ever. */
const version = new URL(import.meta.url).pathname.split('/')[2];
const files = new Map();

function basemapFile(name) {
    if (!files.has(name)) files.set(name, fetch(`/data/basemap/${name}.geojson?v=${version}`).then((answer) => answer.json()));
    return files.get(name);
}

async function basemapFiles(names) {
    const held = await Promise.all(names.map(basemapFile));
    return Object.fromEntries(names.map((name, n) => [name, held[n]]));
}

/* Every line that a side could be told by. */
export const boundaryLines = async () => (await basemapFile('boundaries')).features;

const isLine = ({ geometry }) => geometry.type !== 'Point';

function drawGround(map, data) {
    const renderer = L.canvas({ padding: 0.4 });
    const drawn = LAYERS.map(({ file, style }) => ({
        look: ({ properties }) => style(palette(), properties),
        layer: L.geoJSON(data[file], { renderer, interactive: false, filter: isLine }).addTo(map),
    }));
    const paint = () => {
        map.getContainer().style.background = palette().water;
        drawn.forEach(({ layer, look }) => layer.setStyle(look));
    };
    paint();
    onPalette(paint);
}

/* As far as the data goes (data/basemap/make.py). */
const EDGE = [[22.5, 58], [39.8, 79.5]];

export async function createMap(container) {
    const data = await basemapFiles([...new Set([...LAYERS.map(({ file }) => file), ...LABEL_FILES])]);
    const map = L.map(container, {
        zoomControl: false, attributionControl: false, maxZoom: 12,
        zoomSnap: 0.25, zoomDelta: 0.75, wheelPxPerZoomLevel: 90,
        maxBounds: EDGE, maxBoundsViscosity: 1,
    }).setView([32.8, 69], 6);
    /* What lies beyond the data is not water: it is not shown. */
    const keepInside = () => map.setMinZoom(map.getBoundsZoom(EDGE, true));
    map.on('resize', keepInside);
    keepInside();

    L.control.zoom({ zoomInTitle: t('map.in'), zoomOutTitle: t('map.out') }).addTo(map);
    L.control.scale({ imperial: false, maxWidth: 110 }).addTo(map);
    drawGround(map, data);
    labelLayer(map, data);
    return map;
}

export { L };
