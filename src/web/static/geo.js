/* How far a point lies from a drawn line. Display only: no rule of the register reads a
 * coordinate. On the few kilometres that matter here the earth is flat enough. */

const METRES_PER_DEGREE = 111320;

function toSegment([px, py], [ax, ay], [bx, by]) {
    const dx = bx - ax;
    const dy = by - ay;
    const length = dx * dx + dy * dy;
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / length));
    return Math.hypot(px - ax - along * dx, py - ay - along * dy);
}

const linesOf = ({ type, coordinates }) => (type === 'LineString' ? [coordinates] : coordinates);

/* Metres from the nearest of the features, Infinity without any. */
export function distance(lat, lon, features) {
    const east = METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
    const flat = ([x, y]) => [(x - lon) * east, (y - lat) * METRES_PER_DEGREE];
    let nearest = Infinity;

    for (const feature of features)
        for (const line of linesOf(feature.geometry)) {
            const points = line.map(flat);
            for (let n = 1; n < points.length; n++)
                nearest = Math.min(nearest, toSegment([0, 0], points[n - 1], points[n]));
        }
    return nearest;
}
