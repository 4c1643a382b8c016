/* What lies under the map of a form: the vector data of the other pages' map, from this node. Every
 * boundary is the same thin grey line, dashed where it is disputed. */

const VERSION = new URL(import.meta.url).pathname.split('/')[2];
const GREY = '#8b8880';

const LAYERS = [
    ['countries', { 'fill-color': '#f5f2eb', 'stroke-color': '#f5f2eb', 'stroke-width': 1 }],
    ['rivers', { 'stroke-color': '#b5cbd8', 'stroke-width': 1 }],
    ['provinces', { 'stroke-color': '#dcd6ca', 'stroke-width': 1 }],
    ['boundaries', [
        { filter: ['==', ['get', 'disputed'], 1], style: { 'stroke-color': GREY, 'stroke-width': 1.3, 'stroke-line-dash': [6, 4] } },
        { else: true, style: { 'stroke-color': GREY, 'stroke-width': 1.3 } },
    ]],
    ['places', { 'circle-radius': 2.5, 'circle-fill-color': GREY, 'text-value': ['get', 'label'], 'text-font': '12px sans-serif', 'text-offset-y': -10, 'text-fill-color': '#3a3833' }],
    ['crossings', { 'circle-radius': 3, 'circle-fill-color': '#fff', 'circle-stroke-color': GREY, 'circle-stroke-width': 1.5, 'text-value': ['get', 'label'], 'text-font': '11px sans-serif', 'text-offset-y': 12, 'text-fill-color': '#3a3833' }],
];

/* The name in the language of the page, which is a text: the map's own formulas reach no deeper. */
function labelled(feature) {
    const names = feature.get('name');
    if (names) feature.set('label', names[document.documentElement.lang] ?? names.en);
}

export function baseLayers(Layer, Source, Format) {
    return LAYERS.map(([name, style]) => {
        const source = new Source({ url: `/data/basemap/${name}.geojson?v=${VERSION}`, format: new Format() });
        source.on('addfeature', ({ feature }) => labelled(feature));
        return new Layer({ source, style, declutter: true });
    });
}

/* Where the map begins, as on the other pages (src/web/static/basemap.js). */
const [LAT, LON] = [32.8, 69];
const RADIUS = 6378137;
const radians = (degrees) => (degrees * Math.PI) / 180;

export const centre = [RADIUS * radians(LON), RADIUS * Math.log(Math.tan(Math.PI / 4 + radians(LAT) / 2))];
export const zoom = 6;
