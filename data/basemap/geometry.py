"""What make.py and sectors.py share: reading the sources, shared borders, writing GeoJSON.

Coordinates are rounded to four decimals (11 m), which also makes neighbours meet exactly, so that
a border shared by two areas is found, simplified once, and drawn once.
"""

import gzip
import json
from collections import defaultdict
from pathlib import Path

from shapely.geometry import LineString, mapping, shape
from shapely.ops import linemerge

HERE = Path(__file__).resolve().parent
DECIMALS = 4


def read(name):
    with gzip.open(HERE / "source" / name, "rt", encoding="utf-8") as file:
        return json.load(file)["features"]


def rounded(coordinates):
    """Numbers rounded, a point that repeats the one before left out, depth kept."""
    if isinstance(coordinates[0], (int, float)):
        return [round(x, DECIMALS) for x in coordinates[:2]]
    out = []
    for item in map(rounded, coordinates):
        if not (out and isinstance(item[0], float) and out[-1] == item):
            out.append(item)
    return out


def rings(geometry):
    """Every ring of a (multi)polygon in GeoJSON, as lists of rounded points."""
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for part in parts:
        for ring in part:
            points = [tuple(p) for p in rounded(ring)]
            if len(points) > 3:
                yield points if points[0] == points[-1] else points + points[:1]


def shared_lines(areas):
    """{owners: lines} of the areas {name: [GeoJSON geometry, ...]}: an edge belongs to the frozenset
    of all names that have it in either direction. An edge that one name has twice lies between two
    of its own pieces and vanishes, which is how pieces are merged."""
    owners = defaultdict(list)
    for name, geometries in areas.items():
        for geometry in geometries:
            for ring in rings(geometry):
                for a, b in zip(ring, ring[1:]):
                    owners[(min(a, b), max(a, b))].append(name)
    edges = defaultdict(list)
    for edge, names in owners.items():
        once = frozenset(n for n in names if names.count(n) == 1)
        if once:
            edges[once].append(edge)
    return {names: merged(LineString(e) for e in found) for names, found in edges.items()}


def merged(lines):
    """Lines joined end to end as far as they go."""
    whole = linemerge(list(lines))
    return list(whole.geoms) if hasattr(whole, "geoms") else [whole]


def pieces(geometry, kind):
    """The parts of a shapely geometry that are of one kind, "LineString" or "Polygon"."""
    if geometry.is_empty:
        return []
    if hasattr(geometry, "geoms"):
        return [p for g in geometry.geoms for p in pieces(g, kind)]
    return [geometry] if geometry.geom_type == kind else []


def names(row):
    return {language: row[language] for language in ("en", "ur", "ps", "prs", "ar", "tr")}


def lines_feature(lines, properties):
    coordinates = [rounded(line.coords) for line in lines]
    coordinates = [c for c in coordinates if len(c) > 1]
    return feature({"type": "MultiLineString", "coordinates": coordinates}, properties)


def area_feature(polygons, properties):
    coordinates = [rounded(mapping(p)["coordinates"]) for p in polygons]
    return feature({"type": "MultiPolygon", "coordinates": coordinates}, properties)


def point_feature(lat, lon, properties):
    return feature({"type": "Point", "coordinates": rounded([float(lon), float(lat)])}, properties)


def feature(geometry, properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def write(path, features):
    """One feature a line, so that a change can be read."""
    text = (json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    Path(path).write_text('{"type":"FeatureCollection","features":[\n' + ",\n".join(text) + "\n]}\n",
                          encoding="utf-8")


def boundary_between(a, b):
    """The land boundary between two countries in Natural Earth 1:10m, joined into lines."""
    found = []
    for f in read("ne_10m_boundary_lines_afg_pak.geojson.gz"):
        p = f["properties"]
        if {p.get("adm0_left"), p.get("adm0_right")} == {a, b}:
            found += pieces(shape(f["geometry"]), "LineString")
    return merged(found)
