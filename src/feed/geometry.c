#include "feed/geometry.h"

#include "feed/degrees.h"

#define DECIMALS 7
#define HALF_ROUND_E7 INT64_C(1800000000)
#define DEPTH 8u /* of collections in collections */

struct build {
    struct piece *piece;
    struct geo_shape shape;
    size_t points;
    unsigned depth;
};

static bool is_list(struct piece *piece, const struct foreign *value, const char *what)
{
    if (value && value->type == FOREIGN_ARRAY)
        return true;
    piece_fail(piece, value, "%s must be a list", what);
    return false;
}

static bool read_degrees(const struct foreign *value, int64_t *out, int64_t limit)
{
    return value->type == FOREIGN_NUMBER && foreign_scaled(out, value->text, DECIMALS, limit);
}

static bool read_position(struct build *b, const struct foreign *value, struct geo_point *out)
{
    if (!is_list(b->piece, value, "a position"))
        return false;
    if (value->array.count < 2) {
        piece_fail(b->piece, value, "a position has longitude and latitude");
        return false;
    }
    if (!read_degrees(&value->array.at[0], &out->lon_e7, DEGREES_LON_E7)) {
        piece_fail(b->piece, &value->array.at[0], "must be a longitude, from -180 to 180 degrees");
        return false;
    }
    if (!read_degrees(&value->array.at[1], &out->lat_e7, DEGREES_LAT_E7)) {
        piece_fail(b->piece, &value->array.at[1],
                   "must be a latitude, from -90 to 90 degrees: longitude stands first");
        return false;
    }
    for (size_t i = 2; i < value->array.count; i++)
        if (value->array.at[i].type != FOREIGN_NUMBER) {
            piece_fail(b->piece, &value->array.at[i], "must be a number");
            return false;
        }
    if (++b->points > GEO_POINTS) {
        piece_fail(b->piece, value, "more than %u positions in one geometry", GEO_POINTS);
        return false;
    }
    return true;
}

static void add_point(struct build *b, const struct foreign *value)
{
    struct geo_point *at = ARENA_NEW(b->piece->arena, struct geo_point);

    if (read_position(b, value, at))
        geo_add(&b->shape, (struct geo_path){.at = at, .count = 1}, b->piece->arena);
}

static bool too_wide(struct geo_point a, struct geo_point b)
{
    int64_t way = a.lon_e7 - b.lon_e7;

    return way >= HALF_ROUND_E7 || way <= -HALF_ROUND_E7;
}

static bool read_path(struct build *b, const struct foreign *value, size_t least,
                      struct geo_path *out)
{
    if (!is_list(b->piece, value, "a line"))
        return false;
    if (value->array.count < least) {
        piece_fail(b->piece, value, "has %zu positions, and needs %zu", value->array.count, least);
        return false;
    }
    *out = (struct geo_path){.count = value->array.count};
    out->at = ARENA_ARRAY(b->piece->arena, struct geo_point, out->count);
    for (size_t i = 0; i < out->count; i++) {
        if (!read_position(b, &value->array.at[i], &out->at[i]))
            return false;
        if (i > 0 && too_wide(out->at[i - 1], out->at[i])) {
            piece_fail(b->piece, &value->array.at[i],
                       "is half the earth away from the position before: lines are cut at the "
                       "antimeridian");
            return false;
        }
    }
    return true;
}

static void add_line(struct build *b, const struct foreign *value)
{
    struct geo_path path;

    if (read_path(b, value, 2, &path))
        geo_add(&b->shape, path, b->piece->arena);
}

static void add_ring(struct build *b, const struct foreign *value)
{
    struct geo_path path;

    if (!read_path(b, value, 4, &path))
        return;
    struct geo_point first = path.at[0], last = path.at[path.count - 1];
    path.ring = true;
    if (first.lat_e7 != last.lat_e7 || first.lon_e7 != last.lon_e7)
        piece_fail(b->piece, value, "a ring must end where it begins");
    geo_add(&b->shape, path, b->piece->arena);
}

static void each(struct build *b, const struct foreign *value,
                 void (*add)(struct build *b, const struct foreign *value))
{
    if (is_list(b->piece, value, "\"coordinates\""))
        for (size_t i = 0; i < value->array.count && !piece_failed(b->piece); i++)
            add(b, &value->array.at[i]);
}

static void add_points(struct build *b, const struct foreign *value)
{
    each(b, value, add_point);
}

static void add_lines(struct build *b, const struct foreign *value)
{
    each(b, value, add_line);
}

static void add_area(struct build *b, const struct foreign *value)
{
    each(b, value, add_ring);
}

static void add_areas(struct build *b, const struct foreign *value)
{
    each(b, value, add_area);
}

static const struct {
    const char *type;
    void (*add)(struct build *b, const struct foreign *coordinates);
} types[] = {
    {"Point", add_point},           {"MultiPoint", add_points}, {"LineString", add_line},
    {"MultiLineString", add_lines}, {"Polygon", add_area},      {"MultiPolygon", add_areas},
};

static void add_geometry(struct build *b, const struct foreign *geometry)
{
    const struct foreign *type = foreign_get(geometry, "type");
    const struct foreign *coordinates = foreign_get(geometry, "coordinates");

    if (geometry->type != FOREIGN_OBJECT) {
        piece_fail(b->piece, geometry, "a geometry must be an object, or null");
        return;
    }
    if (span_is(foreign_text(type), "GeometryCollection")) {
        if (b->depth++ == DEPTH)
            piece_fail(b->piece, geometry, "collections in more than %u collections", DEPTH);
        else
            each(b, foreign_get(geometry, "geometries"), add_geometry);
        b->depth--;
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (!span_is(foreign_text(type), types[i].type))
            continue;
        if (!coordinates)
            piece_fail(b->piece, geometry, "a geometry must have \"coordinates\"");
        else if (coordinates->type != FOREIGN_ARRAY || coordinates->array.count)
            types[i].add(b, coordinates); /* an empty list is as null (§3.1) */
        return;
    }
    piece_fail(b->piece, type ? type : geometry, "is no type of geometry of RFC 7946");
}

struct geo_shape geometry_read(struct piece *piece, const struct foreign *geometry)
{
    struct build b = {.piece = piece};

    if (geometry && geometry->type != FOREIGN_NULL)
        add_geometry(&b, geometry);
    return piece_failed(piece) ? (struct geo_shape){0} : b.shape;
}

static bool is_one_of(struct span name, const char *const *names)
{
    while (*names && !span_is(name, *names))
        names++;
    return *names != NULL;
}

void geometry_check_system(struct piece *piece, const struct foreign *object, bool lon_lat)
{
    static const char *const longitude_first[] = {
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:OGC::CRS84",
        "OGC:CRS84",
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        NULL,
    };
    /* Latitude first by its own definition, and longitude first in GeoJSON of before RFC 7946
     * (geojson.org/geojson-spec.html, 2.1.1); programs do both. */
    static const char *const either[] = {
        "EPSG:4326",
        "urn:ogc:def:crs:EPSG::4326",
        "http://www.opengis.net/def/crs/EPSG/0/4326",
        NULL,
    };
    const struct foreign *crs = foreign_get(object, "crs");
    struct span name = foreign_text(foreign_get(foreign_get(crs, "properties"), "name"));

    if (!crs || is_one_of(name, longitude_first) || (lon_lat && is_one_of(name, either)))
        return;
    if (is_one_of(name, either))
        piece_fail(
            piece, crs,
            "\"crs\" does not tell whether longitude or latitude stands first: leave it out, "
            "or say in the mapping [position] order = \"lon_lat\" where longitude does");
    else
        piece_fail(piece, crs,
                   "\"crs\" must be left out, or name CRS84: RFC 7946 knows no other system");
}
