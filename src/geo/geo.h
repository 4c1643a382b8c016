#pragma once

/*
 * Where something is and how far from a line or an area, for views and feeds: never for the
 * register, which has no coordinates and no floating point (doc/decisions/0018). Positions are
 * WGS 84 in 1e-7 degree. Lines between two positions are straight in longitude and latitude, as
 * RFC 7946 §3.1.1 has them. A distance is told as a range that holds the true one on the
 * ellipsoid, so that who must be certain takes the far end and who must not overlook the near one.
 */

#include "base/arena.h"
#include "base/err.h"

struct geo_point {
    int64_t lat_e7, lon_e7;
};

struct geo_path {
    struct geo_point *at;
    size_t count;
    bool ring; /* of an area: closed, the last position is the first */
};

/* What a GeoJSON geometry means: lines, areas (rings, counted even-odd) and points. */
struct geo_shape {
    struct geo_path *path;
    size_t count, room;
};
#define GEO_POINTS 100000u /* of one shape */

struct geo_range {
    double least_m, most_m;
};

/* Farther than this it is only told that it is farther: {GEO_FAR_M, INFINITY}. */
#define GEO_FAR_M 200000.0

void geo_add(struct geo_shape *shape, struct geo_path path, struct arena *arena);

/* Between two positions anywhere. */
struct geo_range geo_between(struct geo_point a, struct geo_point b);
/* From a position to the nearest of all lines and edges of the shape. */
struct geo_range geo_distance(const struct geo_shape *shape, struct geo_point p);
/* From the straight line between two positions not farther apart than GEO_FAR_M. */
struct geo_range geo_distance_of_leg(const struct geo_shape *shape, struct geo_point a,
                                     struct geo_point b);
/* Within the areas; exactly on an edge is within or not. */
bool geo_inside(const struct geo_shape *shape, struct geo_point p);
/* How often the straight line from a to b crosses the lines and edges. None of these is longer
 * than 90 degrees of longitude. */
size_t geo_crossings(const struct geo_shape *shape, struct geo_point a, struct geo_point b);
/* The ends of lines at which no other line goes on: who passes behind one has not crossed. */
struct geo_shape geo_loose_ends(const struct geo_shape *shape, struct arena *arena);

/* A position, and how far all of the shape is from it at most: rounded up, in metres. */
struct geo_cover {
    struct geo_point centre;
    int64_t radius_m;
};
struct geo_cover geo_cover(const struct geo_shape *shape);
