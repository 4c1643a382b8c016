"""Makes line.geojson and sectors.geojson of an agreement, by the rule its file states:

    /usr/bin/python3 data/basemap/sectors.py agreements/doha-istanbul-2025

A sector is the set of points within 25 km of the boundary line that are nearer to its stretch of
the line than to any other. A stretch ends where a boundary between two of the Afghan provinces
below meets the line in Natural Earth. Proposed by the project; drawn in no public text.
"""

import sys
import tomllib
from math import cos, radians
from pathlib import Path

from shapely.affinity import scale
from shapely.geometry import LineString, MultiPoint, Point, mapping
from shapely.ops import polygonize, unary_union, voronoi_diagram

from geometry import area_feature, boundary_between, lines_feature, read, shared_lines, write

HALF_WIDTH_KM = 25
KM_A_DEGREE = 111.2
# The map is stretched so that a degree of longitude at this latitude is as long as one of latitude.
MIDDLE_LATITUDE = 33.0
SQUEEZE = cos(radians(MIDDLE_LATITUDE))
STEP = 0.02  # degrees between the points of the line that cells are made around: about 2 km
TOLERANCE = 0.01

# From north-east to south-west: the provinces of Afghanistan along each sector's stretch.
SECTORS = [
    ("SEC-1", {"Badakhshan", "Nuristan"}),
    ("SEC-2", {"Kunar"}),
    ("SEC-3", {"Nangarhar"}),
    ("SEC-4", {"Paktya", "Khost"}),
    ("SEC-5", {"Paktika"}),
    ("SEC-6", {"Zabul", "Kandahar"}),
    ("SEC-7", {"Hilmand", "Nimroz"}),
]


def flat(geometry):
    return scale(geometry, xfact=SQUEEZE, yfact=1.0, origin=(0, 0))


def back(geometry):
    return scale(geometry, xfact=1 / SQUEEZE, yfact=1.0, origin=(0, 0))


def cuts(line):
    """Where along the line one sector's provinces end and the next one's begin."""
    areas = {}
    for f in read("ne_10m_admin1_afg_pak.geojson.gz"):
        p = f["properties"]
        home = next((s for s, provinces in SECTORS if p["name"] in provinces), "other")
        areas.setdefault(home if p["adm0_a3"] == "AFG" else "PAK", []).append(f["geometry"])
    shared = shared_lines(areas)
    for (a, _), (b, _) in zip(SECTORS, SECTORS[1:]):
        ends = [Point(p) for l in shared[frozenset((a, b))] for p in (l.coords[0], l.coords[-1])]
        yield min((line.distance(flat(e)), line.project(flat(e))) for e in ends)[1]


def sectors(line):
    band = line.buffer(HALF_WIDTH_KM / KM_A_DEGREE, cap_style=1)
    at = [0.0, *cuts(line), line.length]
    assert at == sorted(at), "the line runs from north-east to south-west"
    home = {}
    for (name, _), start, end in zip(SECTORS, at, at[1:]):
        count = max(2, round((end - start) / STEP))
        for i in range(count):  # in the middle of its step, so that no point lies on a cut
            p = line.interpolate(start + (end - start) * (i + 0.5) / count)
            home[(p.x, p.y)] = name
    cells = {name: [] for name, _ in SECTORS}
    points = {c: Point(c) for c in home}
    for cell in voronoi_diagram(MultiPoint(list(points.values()))).geoms:
        inside = [c for c, p in points.items() if cell.contains(p)]
        cells[home[inside[0]]].append(cell)
    return {name: back(unary_union(c).intersection(band)) for name, c in cells.items()}


def thinned(areas):
    """(name, polygon) with fewer points. Lines are thinned, not areas, so that neighbours, who share
    them, still meet."""
    shared = shared_lines({name: [mapping(area)] for name, area in areas.items()})
    lines = [line.simplify(TOLERANCE) for found in shared.values() for line in found]
    for polygon in polygonize(unary_union(lines)):
        yield max(areas, key=lambda name: areas[name].intersection(polygon).area), polygon


def main(folder):
    terms = tomllib.loads((folder / "agreement.toml").read_text(encoding="utf-8"))
    name = {s["id"]: s["name"] for s in terms["sector"]}
    found = boundary_between("Afghanistan", "Pakistan")
    assert len(found) == 1, "one line from end to end"
    line = found[0]
    if line.coords[0][1] < line.coords[-1][1]:
        line = LineString(list(line.coords)[::-1])
    write(folder / "line.geojson", [lines_feature([line], {
        "id": "line", "status": "disputed", "uncertainty_m": 5000,
        "source": "Natural Earth 1:10m, public domain",
        "name": {
            "en": "Boundary line (Natural Earth), uncertainty 5 km",
            "ur": "سرحدی لائن (نیچرل ارتھ)، 5 کلومیٹر تک غیر یقینی",
        }})])
    parts = {}
    for sector, polygon in thinned(sectors(flat(line))):
        parts.setdefault(sector, []).append(polygon)
    write(folder / "sectors.geojson", [
        area_feature(parts[s], {"id": s, "status": "proposed", "name": name[s]}) for s, _ in SECTORS])


main(Path(sys.argv[1]))
