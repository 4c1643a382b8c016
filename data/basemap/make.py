"""Makes the vector data of the web map from source/.

    /usr/bin/python3 data/basemap/make.py

Needs Debian's python3-shapely and nothing else; README.md in data/ says where the sources come
from. Run it again and compare: the result is the same, byte for byte.
"""

import csv
import tomllib

from shapely.geometry import Polygon, box, shape
from shapely.ops import unary_union

from geometry import (HERE, area_feature, boundary_between, lines_feature, merged, names, pieces,
                      point_feature, read, shared_lines, write)

MAP = box(58.0, 22.5, 79.5, 39.8)
AGREEMENT = HERE.parent.parent / "agreements" / "doha-istanbul-2025" / "agreement.toml"

# Natural Earth 4 draws Pakistan as before 2018, when the tribal areas became part of Khyber
# Pakhtunkhwa, and calls two Afghan provinces of 2004 by the names of those they were cut from
# (source/names.csv gives them theirs, Panjshir and Daykundi, by their codes).
MERGED_PROVINCES = {"PAK-1112": "PAK-1123"}
# Administered by Pakistan, claimed by India.
DISPUTED_PROVINCES = {"PAK-1109", "PAK-1111"}

# How far a line may stray when it is thinned, in degrees: 0.002 is about 200 m.
COUNTRY_TOLERANCE, PROVINCE_TOLERANCE, RIVER_TOLERANCE = 0.01, 0.004, 0.004
LINE_TOLERANCE = 0.002

# Every boundary is drawn in one style, these with dashes.
LINE_AFG_PAK = {
    "name": {
        "en": "Boundary line (Natural Earth), uncertainty 5 km",
        "ur": "سرحدی لائن (نیچرل ارتھ)، 5 کلومیٹر تک غیر یقینی",
    },
    "between": ["AFG", "PAK"], "disputed": 1, "uncertainty_m": 5000,
}
LINE_CONTESTED = {
    "name": {
        "en": "Line in a disputed area (Natural Earth)",
        "ur": "متنازع علاقے میں لکیر (نیچرل ارتھ)",
    },
    "disputed": 1,
}
# North of this latitude the line between India and Pakistan is the working boundary and the Line
# of Control; in Natural Earth the claims begin here.
CLAIMS_BEGIN_AT = 32.3


def rows(layer):
    with open(HERE / "source" / "names.csv", encoding="utf-8", newline="") as file:
        return {r["key"]: r for r in csv.DictReader(file) if r["layer"] == layer}


def clipped(geometry, kind, tolerance):
    return pieces(geometry.intersection(MAP).simplify(tolerance), kind)


def thin(lines, tolerance=LINE_TOLERANCE):
    return [p for line in lines for p in clipped(line, "LineString", tolerance)]


def countries():
    label = rows("country")
    near = {f["properties"]["id"]: shape(f["geometry"]) for f in read("ne_50m_countries_region.geojson.gz")}
    fine = {f["properties"]["id"]: shape(f["geometry"]).buffer(0)
            for f in read("ne_10m_countries_afg_pak.geojson.gz")}
    # One piece under all, without holes: coarse and fine outlines of neighbours do not meet exactly,
    # and Natural Earth gives the Siachen glacier to nobody here.
    whole = unary_union([Polygon(p.exterior) for a in (near, fine) for g in a.values()
                         for p in pieces(g, "Polygon")])
    land = unary_union([Polygon(p.exterior) for p in pieces(whole, "Polygon")])
    yield area_feature(clipped(land, "Polygon", COUNTRY_TOLERANCE), {"kind": "land"})
    for key, area in sorted(fine.items()):
        yield area_feature(clipped(area, "Polygon", COUNTRY_TOLERANCE / 2),
                           {"kind": "country", "id": key, "name": names(label[key])})
    for key, row in sorted(label.items()):
        if row["lat"]:
            yield point_feature(row["lat"], row["lon"],
                                {"kind": "label", "id": key, "rank": int(row["rank"]), "name": names(row)})


def provinces():
    label, areas = rows("province"), {}
    for f in read("ne_10m_admin1_afg_pak.geojson.gz"):
        p = f["properties"]
        code = MERGED_PROVINCES.get(p["adm1_code"], p["adm1_code"])
        areas.setdefault(code, []).append(f["geometry"])
        if code == p["adm1_code"]:
            row = label[code]
            yield point_feature(row["lat"] or p["latitude"], row["lon"] or p["longitude"],
                                {"kind": "label", "id": code, "country": p["adm0_a3"],
                                 "disputed": int(code in DISPUTED_PROVINCES),
                                 "rank": int(row["rank"]), "name": names(row)})
    inner = []
    for owners, lines in sorted(shared_lines(areas).items(), key=lambda item: sorted(item[0])):
        if len(owners) == 2 and len({o[:3] for o in owners}) == 1:
            inner += [(sorted(owners), line.simplify(PROVINCE_TOLERANCE)) for line in lines]
    for country in ("AFG", "PAK"):
        for disputed in (0, 1):
            found = [line for owners, line in inner if owners[0].startswith(country)
                     and disputed == int(any(o in DISPUTED_PROVINCES for o in owners))]
            if found:
                yield lines_feature(found, {"kind": "border", "country": country, "disputed": disputed})


def pakistan_with(neighbour):
    """Natural Earth's small file of lines lacks these two: the outline of Pakistan along the
    neighbour, of which there is a coarser outline. Half a degree is farther than the two differ."""
    pakistan = next(f for f in read("ne_10m_countries_afg_pak.geojson.gz")
                    if f["properties"]["name"] == "Pakistan")
    areas = {f["properties"]["name"]: shape(f["geometry"])
             for f in read("ne_50m_countries_region.geojson.gz")}
    others = unary_union([a for n, a in areas.items() if n not in ("Pakistan", neighbour)])
    edges = merged(line for lines in shared_lines({"Pakistan": [pakistan["geometry"]]}).values()
                   for line in lines)
    for line in edges:
        near = line.intersection(areas[neighbour].buffer(0.15)).difference(others.buffer(0.15))
        yield from pieces(near, "LineString")


def boundaries():
    yield lines_feature(thin(boundary_between("Afghanistan", "Pakistan"), LINE_TOLERANCE / 4),
                        {"kind": "boundary", **LINE_AFG_PAK})
    for a, b in (("Afghanistan", "Iran"), ("Afghanistan", "Turkmenistan"), ("Afghanistan", "Uzbekistan"),
                 ("Afghanistan", "Tajikistan"), ("Afghanistan", "China"), ("Iran", "Pakistan")):
        yield lines_feature(thin(boundary_between(a, b)),
                            {"kind": "boundary", "between": [CODES[a], CODES[b]], "disputed": 0})
    north = box(0, CLAIMS_BEGIN_AT, 180, 90)
    india = list(pakistan_with("India"))
    for disputed in (0, 1):
        found = thin(l.intersection(north) if disputed else l.difference(north) for l in india)
        yield lines_feature(found, {"kind": "boundary", "between": ["IND", "PAK"],
                                    **(LINE_CONTESTED if disputed else {"disputed": 0})})
    yield lines_feature(thin(pakistan_with("China")),
                        {"kind": "boundary", "between": ["CHN", "PAK"], **LINE_CONTESTED})
    far = {f["properties"]["name"]: [f["geometry"]] for f in read("ne_50m_countries_region.geojson.gz")}
    for owners, lines in sorted(shared_lines(far).items(), key=lambda item: sorted(item[0])):
        if len(owners) == 2 and not owners & {"Afghanistan", "Pakistan"}:
            found = thin(lines, COUNTRY_TOLERANCE)
            pair = sorted(CODES[o] for o in owners)
            kind = LINE_CONTESTED if pair == ["CHN", "IND"] else {"disputed": 0}
            if found:
                yield lines_feature(found, {"kind": "boundary", "between": pair, **kind})
    claims = thin(shape(f["geometry"]) for f in read("ne_10m_boundary_lines_afg_pak.geojson.gz")
                  if f["properties"]["featurecla"] == "Claim boundary")
    yield lines_feature(merged(claims), {"kind": "claim", **LINE_CONTESTED})


CODES = {"Afghanistan": "AFG", "Pakistan": "PAK", "Iran": "IRN", "India": "IND", "China": "CHN",
         "Tajikistan": "TJK", "Uzbekistan": "UZB", "Turkmenistan": "TKM", "Kyrgyzstan": "KGZ",
         "Kazakhstan": "KAZ"}


def rivers():
    label, lines = rows("river"), {}
    for f in read("ne_10m_rivers_region.geojson.gz"):
        lines.setdefault(f["properties"]["name"], []).append(shape(f["geometry"]))
    for name, found in sorted(lines.items()):
        found = thin(found, RIVER_TOLERANCE)
        if found:
            yield lines_feature(merged(found), {"kind": "river", "rank": int(label[name]["rank"]),
                                                "name": names(label[name])})


def places():
    at = {"ne:" + f["properties"]["name"]: f["geometry"]["coordinates"]
          for f in read("ne_10m_populated_places_afg_pak.geojson.gz")}
    with open(HERE / "source" / "geonames_border_places.tsv", encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            at["gn:" + r["geonameid"]] = [float(r["longitude"]), float(r["latitude"])]
    for key, row in rows("place").items():
        yield point_feature(at[key][1], at[key][0],
                            {"kind": "place", "rank": int(row["rank"]), "name": names(row)})


def crossings():
    """Every position of every crossing as its source has it; n counts from 1, the first in the list."""
    for crossing in tomllib.loads(AGREEMENT.read_text(encoding="utf-8"))["crossing"]:
        for n, p in enumerate(crossing["position"], 1):
            yield point_feature(p["lat_e7"] / 1e7, p["lon_e7"] / 1e7,
                                {"kind": "crossing", "id": crossing["id"], "n": n, "rank": crossing["rank"],
                                 "position": p["kind"], "source": p["source"],
                                 "uncertainty_m": p["uncertainty_m"], "name": crossing["name"]})


for layer in (countries, provinces, boundaries, rivers, places, crossings):
    write(HERE / f"{layer.__name__}.geojson", layer())
