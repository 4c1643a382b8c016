#include "geo/geo.h"

#include "base/test.h"

#include <math.h>

#define DEGREE (M_PI / 180)

/* The length of the geodesic by Vincenty (Survey Review 23, 1975), which shares nothing with what
 * is tested. Not for positions on opposite sides of the earth. */
static double vincenty_m(struct geo_point p, struct geo_point q)
{
    const double a = 6378137, f = 1 / 298.257223563, b = a * (1 - f);
    double u1 = atan((1 - f) * tan((double)p.lat_e7 * 1e-7 * DEGREE));
    double u2 = atan((1 - f) * tan((double)q.lat_e7 * 1e-7 * DEGREE));
    double l = (double)(q.lon_e7 - p.lon_e7) * 1e-7 * DEGREE, lambda = l;
    double sigma = 0, s = 0, c = 0, alpha2 = 0, m = 0;

    for (int i = 0; i < 50; i++) {
        double x = cos(u2) * sin(lambda);
        double y = cos(u1) * sin(u2) - sin(u1) * cos(u2) * cos(lambda);
        s = hypot(x, y);
        if (s == 0)
            return 0;
        c = sin(u1) * sin(u2) + cos(u1) * cos(u2) * cos(lambda);
        sigma = atan2(s, c);
        double sin_alpha = cos(u1) * cos(u2) * sin(lambda) / s;
        alpha2 = 1 - sin_alpha * sin_alpha;
        m = alpha2 > 0 ? c - 2 * sin(u1) * sin(u2) / alpha2 : 0;
        double k = f / 16 * alpha2 * (4 + f * (4 - 3 * alpha2));
        lambda = l + (1 - k) * f * sin_alpha * (sigma + k * s * (m + k * c * (2 * m * m - 1)));
    }
    double u = alpha2 * (a * a - b * b) / (b * b);
    double big = 1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u)));
    double small = u / 1024 * (256 + u * (-128 + u * (74 - 47 * u)));
    double change =
        small * s *
        (m + small / 4 * (c * (2 * m * m - 1) - small / 6 * m * (4 * s * s - 3) * (4 * m * m - 3)));
    return b * big * (sigma - change);
}

static uint64_t seed = 20260;

static double chance(double low, double high)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return low + (high - low) * (double)(seed >> 11) / 9007199254740992.0;
}

static struct geo_point point(double lat, double lon)
{
    return (struct geo_point){(int64_t)llround(lat * 1e7), (int64_t)llround(lon * 1e7)};
}

static struct geo_shape line_of(struct geo_point *at, size_t count, bool ring, struct arena *arena)
{
    struct geo_shape shape = {0};

    geo_add(&shape, (struct geo_path){.at = at, .count = count, .ring = ring}, arena);
    return shape;
}

static void test_oracle(void **state)
{
    (void)state;
    /* Geoscience Australia's example of Flinders Peak and Buninyong: 54,972.271 m. */
    struct geo_point p = point(-37.951033417, 144.424867889),
                     q = point(-37.652821139, 143.926495528);

    assert_true(fabs(vincenty_m(p, q) - 54972.271) < 0.05);
}

static void test_between(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct geo_point p = point(chance(-89, 89), chance(-90, 90));
        struct geo_point q = point(chance(-89, 89), chance(-60, 60));
        double m = vincenty_m(p, q);

        if (m > 15e6)
            continue; /* Vincenty does not converge there */
        struct geo_range got = geo_between(p, q);
        assert_true(got.least_m <= m && m <= got.most_m && got.most_m - got.least_m <= m * 0.013);
    }
    struct geo_range over = geo_between(point(10, 179.999), point(10, -179.999));
    assert_true(over.least_m > 215 && over.most_m < 222);
}

/* A line of one segment that lies somewhere about p, at most about 200 km off. */
static double distance_by_steps(struct geo_point p, struct geo_point a, struct geo_point b)
{
    double least = INFINITY;
    enum { STEPS = 1500 };

    for (int64_t i = 0; i <= STEPS; i++) {
        struct geo_point at = {a.lat_e7 + (b.lat_e7 - a.lat_e7) * i / STEPS,
                               a.lon_e7 + (b.lon_e7 - a.lon_e7) * i / STEPS};
        least = fmin(least, vincenty_m(p, at));
    }
    return least;
}

static void test_distance(void **state)
{
    (void)state;
    struct arena arena = {0};

    for (int i = 0; i < 250; i++) {
        double lat = chance(-80, 80), reach = chance(0.001, 1.5), wide = reach / cos(lat * DEGREE);
        struct geo_point p = point(lat, chance(-170, 170));
        struct geo_point end[2] = {p, p};

        for (size_t k = 0; k < 2; k++) {
            end[k].lat_e7 += (int64_t)(chance(-reach, reach) * 1e7);
            end[k].lon_e7 += (int64_t)(chance(-wide, wide) * 1e7);
        }
        struct geo_shape shape = line_of(end, 2, false, &arena);
        double m = distance_by_steps(p, end[0], end[1]);
        double step = vincenty_m(end[0], end[1]) / 1500;
        struct geo_range got = geo_distance(&shape, p);
        if (!(got.least_m <= m && m <= got.most_m + step))
            fail_msg("%f N, %f m off a line: told %f to %f", lat, m, got.least_m, got.most_m);
        if (m < 20000 && fabs(lat) < 60)
            assert_true(got.most_m - got.least_m < 2 + m * 0.02);
        arena_reset(&arena);
    }
    arena_free(&arena);
}

static void test_far(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct geo_point at[2] = {point(34, 70), point(35, 71)};
    struct geo_shape shape = line_of(at, 2, false, &arena), none = {0};

    static const struct {
        const char *name;
        double lat, lon;
    } cases[] = {{"north", 60, 70}, {"east", 34, 100}, {"opposite", -34, -110}, {"a pole", 90, 0}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct geo_range got = geo_distance(&shape, point(cases[i].lat, cases[i].lon));
        CHECK_CASE(cases[i].name, got.most_m == INFINITY && got.least_m <= GEO_FAR_M);
    }
    assert_true(geo_distance(&none, point(0, 0)).most_m == INFINITY);
    arena_free(&arena);
}

static void test_leg(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct geo_point at[2] = {point(34, 70), point(34, 71)};
    struct geo_shape shape = line_of(at, 2, false, &arena);
    static const struct {
        const char *name;
        double lat_a, lon_a, lat_b, lon_b;
        double least, most;
        size_t crossings;
    } cases[] = {
        {"across", 33.9, 70.5, 34.1, 70.5, 0, 40, 1},
        {"along, to the north", 34.1, 70.48, 34.1, 70.52, 11080, 11110, 0},
        {"up to it", 33.9, 70.5, 33.99, 70.5, 1100, 1120, 0},
        {"behind its end", 33.9, 71.1, 34.1, 71.1, 9200, 9260, 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct geo_point a = point(cases[i].lat_a, cases[i].lon_a);
        struct geo_point b = point(cases[i].lat_b, cases[i].lon_b);
        struct geo_range got = geo_distance_of_leg(&shape, a, b);
        double room = 300; /* the leg's own length has its error, too */

        CHECK_CASE(cases[i].name, got.least_m <= cases[i].most && got.most_m >= cases[i].least);
        CHECK_CASE(cases[i].name, got.most_m - got.least_m < 2 * room + cases[i].most * 0.1);
        CHECK_CASE(cases[i].name, geo_crossings(&shape, a, b) == cases[i].crossings);
        CHECK_CASE(cases[i].name, geo_crossings(&shape, b, a) == cases[i].crossings);
    }
    arena_free(&arena);
}

static void test_inside(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct geo_point outer[] = {point(30, 170), point(30, -170), point(40, -170), point(40, 170),
                                point(30, 170)};
    struct geo_point hole[] = {point(34, 178), point(34, -178), point(36, -178), point(36, 178),
                               point(34, 178)};
    struct geo_shape shape = line_of(outer, 5, true, &arena);
    static const struct {
        const char *name;
        double lat, lon;
        bool inside;
    } cases[] = {
        {"west of the antimeridian", 32, 175, true},
        {"east of it", 32, -175, true},
        {"on it", 32, 180, true},
        {"on it, the other name", 32, -180, true},
        {"in the hole", 35, 179.5, false},
        {"in the hole, east", 35, -179.5, false},
        {"the other side of the earth", 35, 0, false},
        {"north", 41, 175, false},
        {"west", 35, 169, false},
        {"east", 35, -169, false},
    };

    geo_add(&shape, (struct geo_path){.at = hole, .count = 5, .ring = true}, &arena);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name,
                   geo_inside(&shape, point(cases[i].lat, cases[i].lon)) == cases[i].inside);
    arena_free(&arena);
}

/* A way through a corner, and one over the antimeridian, cross once. */
static void test_crossings(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct geo_point corner[] = {point(0, -1), point(0, 0), point(0, 1)};
    struct geo_point date[] = {point(-1, 180), point(1, 180)};
    struct geo_shape bent = line_of(corner, 3, false, &arena);
    struct geo_shape meridian = line_of(date, 2, false, &arena);

    assert_int_equal(geo_crossings(&bent, point(-1, 0), point(1, 0)), 1);
    assert_int_equal(geo_crossings(&bent, point(-1, 0), point(0, 0)) +
                         geo_crossings(&bent, point(0, 0), point(1, 0)),
                     1);
    assert_int_equal(geo_crossings(&meridian, point(0, 179), point(0, -179)), 1);
    assert_int_equal(geo_crossings(&meridian, point(0, 1), point(0, -1)), 0);
    arena_free(&arena);
}

static void test_loose_ends(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct geo_point a[] = {point(0, 0), point(1, 1)}, b[] = {point(1, 1), point(2, 2)};
    struct geo_point c[] = {point(5, 5), point(6, 6), point(5, 7), point(5, 5)};
    struct geo_shape shape = line_of(a, 2, false, &arena);

    geo_add(&shape, (struct geo_path){.at = b, .count = 2}, &arena);
    geo_add(&shape, (struct geo_path){.at = c, .count = 4, .ring = true}, &arena);
    struct geo_shape ends = geo_loose_ends(&shape, &arena);
    assert_int_equal(ends.count, 2);
    assert_true(ends.path[0].at->lat_e7 == 0 && ends.path[1].at->lat_e7 == 20000000);
    arena_free(&arena);
}

static void test_cover(void **state)
{
    (void)state;
    struct arena arena = {0};

    for (int i = 0; i < 400; i++) {
        double lat = chance(-75, 75), reach = chance(0.0001, 8);
        struct geo_point corner[6], base = point(lat, chance(-100, 100));

        for (size_t k = 0; k < 5; k++) {
            corner[k] = base;
            corner[k].lat_e7 += (int64_t)(chance(-reach, reach) * 1e7);
            corner[k].lon_e7 += (int64_t)(chance(-reach, reach) * 1e7);
        }
        corner[5] = corner[0];
        struct geo_shape shape = line_of(corner, 6, true, &arena);
        struct geo_cover cover = geo_cover(&shape);
        for (size_t k = 1; k < 6; k++)
            for (int64_t step = 0; step <= 20; step++) {
                struct geo_point at = {
                    corner[k].lat_e7 + (corner[k - 1].lat_e7 - corner[k].lat_e7) * step / 20,
                    corner[k].lon_e7 + (corner[k - 1].lon_e7 - corner[k].lon_e7) * step / 20};
                assert_true(vincenty_m(cover.centre, at) <= (double)cover.radius_m);
            }
        arena_reset(&arena);
    }
    struct geo_point one = point(12, 34), two[2] = {point(-17, 179.9), point(-17, -179.9)};
    struct geo_shape lone = line_of(&one, 1, false, &arena), pair = line_of(two, 2, false, &arena);
    assert_int_equal(geo_cover(&lone).radius_m, 0);
    assert_true(geo_cover(&pair).radius_m < 11000);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_oracle),    cmocka_unit_test(test_between),
    cmocka_unit_test(test_distance),  cmocka_unit_test(test_far),
    cmocka_unit_test(test_leg),       cmocka_unit_test(test_inside),
    cmocka_unit_test(test_crossings), cmocka_unit_test(test_loose_ends),
    cmocka_unit_test(test_cover),
};

RUN_TESTS(tests)
