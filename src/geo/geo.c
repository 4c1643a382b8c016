#include "geo/geo.h"

#include <math.h>
#include <stdlib.h>

#define DEGREE (M_PI / 180)
#define E7 1e-7
#define TURN_E7 INT64_C(3600000000)

/* WGS 84. */
#define AXIS_M 6378137.0
#define FLATTENING (1 / 298.257223563)
#define SPHERE_M 6371008.8
/* A great circle on that sphere is off the ellipsoid by less. */
#define SPHERE_ERROR 0.006

void geo_add(struct geo_shape *shape, struct geo_path path, struct arena *arena)
{
    if (shape->count == shape->room) {
        size_t room = shape->room ? 2 * shape->room : 4;
        struct geo_path *at = ARENA_ARRAY(arena, struct geo_path, room);

        if (shape->count)
            memcpy(at, shape->path, shape->count * sizeof *at);
        shape->path = at;
        shape->room = room;
    }
    shape->path[shape->count++] = path;
}

/* The way from one longitude to another, the short way round. */
static int64_t lon_between(int64_t from_e7, int64_t to_e7)
{
    int64_t way = (to_e7 - from_e7) % TURN_E7;

    if (way > TURN_E7 / 2)
        way -= TURN_E7;
    return way < -TURN_E7 / 2 ? way + TURN_E7 : way;
}

static double haversine_m(struct geo_point a, struct geo_point b)
{
    double lat_a = (double)a.lat_e7 * E7 * DEGREE, lat_b = (double)b.lat_e7 * E7 * DEGREE;
    double lat = sin((lat_b - lat_a) / 2);
    double lon = sin((double)lon_between(a.lon_e7, b.lon_e7) * E7 * DEGREE / 2);
    double h = lat * lat + cos(lat_a) * cos(lat_b) * lon * lon;

    return 2 * SPHERE_M * asin(sqrt(h < 1 ? h : 1));
}

struct geo_range geo_between(struct geo_point a, struct geo_point b)
{
    double m = haversine_m(a, b);

    return (struct geo_range){m * (1 - SPHERE_ERROR), m * (1 + SPHERE_ERROR)};
}

/* --- a plane that touches the ellipsoid --- */

struct plane {
    struct geo_point origin;
    double east_m, north_m; /* of 1e-7 degree there */
    double slant;           /* how fast a degree of longitude shrinks: tan(latitude) */
};

struct spot {
    double x, y;
};

static struct plane plane_at(struct geo_point p)
{
    double lat = (double)p.lat_e7 * E7 * DEGREE, e2 = FLATTENING * (2 - FLATTENING);
    double w = 1 - e2 * sin(lat) * sin(lat);

    return (struct plane){.origin = p,
                          .east_m = AXIS_M / sqrt(w) * cos(lat) * E7 * DEGREE,
                          .north_m = AXIS_M * (1 - e2) / (w * sqrt(w)) * E7 * DEGREE,
                          .slant = fabs(tan(lat))};
}

static struct spot spot_of(const struct plane *plane, struct geo_point p)
{
    return (struct spot){(double)lon_between(plane->origin.lon_e7, p.lon_e7) * plane->east_m,
                         (double)(p.lat_e7 - plane->origin.lat_e7) * plane->north_m};
}

/*
 * What a distance of d from the origin is off by, as a part of it: east-west scale changes by
 * tan(latitude) for each radian north, and lines that are straight here curve on the ellipsoid by
 * as much. geo_test.c holds it against geodesics.
 */
static double error_at(const struct plane *plane, double d)
{
    return 1e-4 + d / SPHERE_M * (plane->slant + 1);
}

static struct geo_range range_at(const struct plane *plane, double d)
{
    double error = error_at(plane, d);

    if (!(d < GEO_FAR_M) || error >= 1)
        return (struct geo_range){GEO_FAR_M * (error < 1 ? 1 - error : 0), INFINITY};
    return (struct geo_range){d * (1 - error), d * (1 + error)};
}

static double cross(struct spot o, struct spot a, struct spot b)
{
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

static double to_segment(struct spot p, struct spot a, struct spot b)
{
    double x = b.x - a.x, y = b.y - a.y, square = x * x + y * y;
    double t = square > 0 ? ((p.x - a.x) * x + (p.y - a.y) * y) / square : 0;

    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return hypot(p.x - a.x - t * x, p.y - a.y - t * y);
}

static bool meet(struct spot a, struct spot b, struct spot c, struct spot d)
{
    return cross(a, b, c) * cross(a, b, d) < 0 && cross(c, d, a) * cross(c, d, b) < 0;
}

/* --- distances --- */

/* More degrees off than GEO_FAR_M can be: then nothing of the segment need be looked at. */
static bool far_off(const struct plane *plane, struct geo_point a, struct geo_point b)
{
    int64_t north = (int64_t)(GEO_FAR_M / plane->north_m) * 2;
    int64_t low = a.lat_e7 < b.lat_e7 ? a.lat_e7 : b.lat_e7;
    int64_t high = a.lat_e7 < b.lat_e7 ? b.lat_e7 : a.lat_e7;

    return low - plane->origin.lat_e7 > north || plane->origin.lat_e7 - high > north;
}

/* The nearest of all segments to the leg from the plane's origin to `to`. */
static double nearest(const struct geo_shape *shape, const struct plane *plane, struct spot to)
{
    struct spot from = {0, 0};
    double least = INFINITY;

    for (size_t i = 0; i < shape->count; i++) {
        const struct geo_path *path = &shape->path[i];

        for (size_t k = path->count > 1; k < path->count; k++) {
            struct geo_point before = path->at[k > 0 ? k - 1 : 0];
            if (far_off(plane, before, path->at[k]))
                continue;
            struct spot a = spot_of(plane, before), b = spot_of(plane, path->at[k]);
            if (fabs(a.x - b.x) > (double)TURN_E7 / 2 * plane->east_m) /* round the back */
                continue;
            double d = fmin(fmin(to_segment(from, a, b), to_segment(to, a, b)),
                            fmin(to_segment(a, from, to), to_segment(b, from, to)));
            least = meet(from, to, a, b) ? 0 : fmin(least, d);
        }
    }
    return least;
}

struct geo_range geo_distance(const struct geo_shape *shape, struct geo_point p)
{
    struct plane plane = plane_at(p);

    return range_at(&plane, nearest(shape, &plane, (struct spot){0, 0}));
}

struct geo_range geo_distance_of_leg(const struct geo_shape *shape, struct geo_point a,
                                     struct geo_point b)
{
    struct plane plane = plane_at(a);
    struct spot to = spot_of(&plane, b);
    double way = hypot(to.x, to.y), d = nearest(shape, &plane, to);
    double error = error_at(&plane, d + way) * (d + way);

    if (!(d < GEO_FAR_M))
        return (struct geo_range){fmax(GEO_FAR_M - error, 0), INFINITY};
    return (struct geo_range){fmax(d - error, 0), d + error};
}

/* --- sides --- */

/* a·b against c·d, whose factors are below 2^32: no product overflows, a difference might. */
static int compare_products(int64_t a, int64_t b, int64_t c, int64_t d)
{
    return (a * b > c * d) - (a * b < c * d);
}

/* On which side of the line from a to b the position is: exact, in integers. */
static int side_of(struct geo_point a, struct geo_point b, struct geo_point p)
{
    return compare_products(lon_between(a.lon_e7, b.lon_e7), p.lat_e7 - a.lat_e7,
                            b.lat_e7 - a.lat_e7, lon_between(a.lon_e7, p.lon_e7));
}

/* A position on a line counts to its left, so that a way through a corner crosses once. */
static bool crosses(struct geo_point a, struct geo_point b, struct geo_point c, struct geo_point d)
{
    if (llabs(lon_between(a.lon_e7, c.lon_e7)) > TURN_E7 / 4)
        return false; /* on the other side of the earth, where left is right */
    return (side_of(a, b, c) >= 0) != (side_of(a, b, d) >= 0) &&
           (side_of(c, d, a) >= 0) != (side_of(c, d, b) >= 0);
}

size_t geo_crossings(const struct geo_shape *shape, struct geo_point a, struct geo_point b)
{
    size_t count = 0;

    for (size_t i = 0; i < shape->count; i++)
        for (size_t k = 1; k < shape->path[i].count; k++)
            count += crosses(a, b, shape->path[i].at[k - 1], shape->path[i].at[k]);
    return count;
}

/* The ring laid out flat from where it begins, however it lies to the antimeridian. */
static bool ring_holds(const struct geo_path *path, struct geo_point p)
{
    double x = (double)lon_between(p.lon_e7, path->at[0].lon_e7);
    bool inside = false;

    for (size_t k = 1; k < path->count; k++) {
        struct geo_point a = path->at[k - 1], b = path->at[k];
        double way = (double)lon_between(a.lon_e7, b.lon_e7);

        if ((a.lat_e7 > p.lat_e7) != (b.lat_e7 > p.lat_e7)) {
            double part = (double)(p.lat_e7 - a.lat_e7) / (double)(b.lat_e7 - a.lat_e7);
            inside ^= x + way * part > 0;
        }
        x += way;
    }
    return inside;
}

bool geo_inside(const struct geo_shape *shape, struct geo_point p)
{
    bool inside = false;

    for (size_t i = 0; i < shape->count; i++)
        inside ^= shape->path[i].ring && ring_holds(&shape->path[i], p);
    return inside;
}

/* --- ends --- */

static bool same_point(struct geo_point a, struct geo_point b)
{
    return a.lat_e7 == b.lat_e7 && lon_between(a.lon_e7, b.lon_e7) == 0;
}

static size_t ends_at(const struct geo_shape *shape, struct geo_point p)
{
    size_t count = 0;

    for (size_t i = 0; i < shape->count; i++) {
        const struct geo_path *path = &shape->path[i];

        if (path->count == 0)
            continue;
        count += same_point(path->at[0], p);
        count += same_point(path->at[path->count - 1], p);
    }
    return count;
}

struct geo_shape geo_loose_ends(const struct geo_shape *shape, struct arena *arena)
{
    struct geo_shape ends = {0};

    for (size_t i = 0; i < shape->count; i++) {
        const struct geo_path *path = &shape->path[i];

        for (size_t k = 0; k < 2 && path->count; k++) {
            struct geo_point *end = k ? &path->at[path->count - 1] : &path->at[0];
            if (ends_at(shape, *end) == 1)
                geo_add(&ends, (struct geo_path){.at = end, .count = 1}, arena);
        }
    }
    return ends;
}

/* --- a cover --- */

static int by_value(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* The middle of the shortest arc that holds all longitudes: the circle without its widest gap. */
static int64_t middle_lon(int64_t *lon, size_t count)
{
    qsort(lon, count, sizeof *lon, by_value);
    int64_t widest = lon[0] + TURN_E7 - lon[count - 1], from = lon[0];
    for (size_t i = 1; i < count; i++)
        if (lon[i] - lon[i - 1] > widest) {
            widest = lon[i] - lon[i - 1];
            from = lon[i];
        }
    int64_t middle = from + (TURN_E7 - widest) / 2;
    return middle > TURN_E7 / 2 ? middle - TURN_E7 : middle;
}

static struct geo_point middle(const struct geo_shape *shape, struct arena *arena)
{
    size_t count = 0;
    int64_t low = INT64_MAX, high = INT64_MIN;

    for (size_t i = 0; i < shape->count; i++)
        count += shape->path[i].count;
    int64_t *lon = ARENA_ARRAY(arena, int64_t, count);
    count = 0;
    for (size_t i = 0; i < shape->count; i++)
        for (size_t k = 0; k < shape->path[i].count; k++) {
            struct geo_point p = shape->path[i].at[k];
            low = p.lat_e7 < low ? p.lat_e7 : low;
            high = p.lat_e7 > high ? p.lat_e7 : high;
            lon[count++] = p.lon_e7;
        }
    return (struct geo_point){low + (high - low) / 2, middle_lon(lon, count)};
}

/* Lines longer than a degree bend away from the shortest way: they are looked at piece by piece. */
#define PIECE_E7 10000000

static double farthest_of_segment(struct geo_point centre, struct geo_point a, struct geo_point b)
{
    int64_t north = b.lat_e7 - a.lat_e7, east = lon_between(a.lon_e7, b.lon_e7);
    int64_t longer = llabs(north) > llabs(east) ? llabs(north) : llabs(east);
    int64_t pieces = longer / PIECE_E7 + 1;
    double most = 0;

    for (int64_t i = 0; i <= pieces; i++) {
        struct geo_point p = {a.lat_e7 + north * i / pieces, a.lon_e7 + east * i / pieces};
        most = fmax(most, haversine_m(centre, p));
    }
    return most;
}

/* Ellipsoid, and what a piece bends within a degree. */
#define COVER_ERROR 0.02
#define HALF_WAY_ROUND_M 20037508

struct geo_cover geo_cover(const struct geo_shape *shape)
{
    struct arena arena = {0};
    struct geo_cover cover = {.centre = middle(shape, &arena)};
    double most = 0;

    for (size_t i = 0; i < shape->count; i++) {
        const struct geo_path *path = &shape->path[i];

        for (size_t k = 0; k < path->count; k++)
            most =
                fmax(most, farthest_of_segment(cover.centre, path->at[k ? k - 1 : 0], path->at[k]));
    }
    arena_free(&arena);
    if (most > 0)
        most = ceil(most * (1 + COVER_ERROR)) + 1;
    cover.radius_m = most < HALF_WAY_ROUND_M ? (int64_t)most : HALF_WAY_ROUND_M;
    return cover;
}
