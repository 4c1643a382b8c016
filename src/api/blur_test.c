#include "api/blur.h"

#include "api/row_store.h"
#include "base/test.h"

/* The cell of a place: the same whoever asks and however often, never smaller than was set. */

static bool same(struct geo_point a, struct geo_point b)
{
    return a.lat_e7 == b.lat_e7 && a.lon_e7 == b.lon_e7;
}

static const struct {
    const char *name;
    struct geo_point at;
    int64_t radius_m;
} places[] = {
    {"a village at the line", {309876543, 665432109}, 5000},
    {"at the least radius", {309876543, 665432109}, 500},
    {"at the largest", {309876543, 665432109}, 100000},
    {"south of the equator", {-43219876, 312345678}, 10000},
    {"at the equator", {0, 0}, 5000},
    {"west of the date line", {-179999999, 1799999999}, 5000},
    {"east of it", {-179999999, -1800000000}, 5000},
    {"on it", {-179999999, 1800000000}, 5000},
    {"in the far north", {789012345, 123456789}, 5000},
    {"at the pole", {900000000, 123456789}, 5000},
    {"at the other", {-900000000, -1800000000}, 100000},
};

static void test_cells(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        const char *name = places[i].name;
        struct geo_cover cell = blur_point(places[i].at, places[i].radius_m);
        struct geo_range off = geo_between(cell.centre, places[i].at);

        CHECK_CASE(name, cell.centre.lat_e7 >= -900000000 && cell.centre.lat_e7 <= 900000000);
        CHECK_CASE(name, cell.centre.lon_e7 >= -1800000000 && cell.centre.lon_e7 <= 1800000000);
        CHECK_CASE(name, same(blur_point(cell.centre, places[i].radius_m).centre, cell.centre));
        CHECK_CASE(name, off.least_m <= (double)cell.radius_m);
        CHECK_CASE(name, cell.radius_m >= places[i].radius_m);
    }
}

/* All within the radius of a centre, north, south, east and west, is one cell; beyond the corner
 * it is another's. */
static void test_size(void **state)
{
    static const struct {
        const char *name;
        int64_t lat_e7, lon_e7; /* a metre that way, at 31 degrees north, and a little less */
    } ways[] = {{"north", 90, 0}, {"south", -90, 0}, {"east", 0, 104}, {"west", 0, -104}};
    const int64_t radius_m = 5000;
    struct geo_point centre = blur_point((struct geo_point){309876543, 665432109}, radius_m).centre;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        struct geo_point near = {centre.lat_e7 + ways[i].lat_e7 * (radius_m - 10),
                                 centre.lon_e7 + ways[i].lon_e7 * (radius_m - 10)};
        struct geo_point far = {centre.lat_e7 + ways[i].lat_e7 * 2 * radius_m,
                                centre.lon_e7 + ways[i].lon_e7 * 2 * radius_m};

        CHECK_CASE(ways[i].name, same(blur_point(near, radius_m).centre, centre));
        CHECK_CASE(ways[i].name, !same(blur_point(far, radius_m).centre, centre));
    }
}

static const struct {
    const char *name, *fields, *keeps, *shown; /* with ' for quotation marks */
    int64_t radius_m;
} cases[] = {
    {"shown as it is", "{'lat_e7':309876543,'lon_e7':665432109,'place_name':'a'}", NULL,
     "{'lat_e7':309876543,'lon_e7':665432109,'place_name':'a'}", 0},
    {"places in words", "{'admin':'b','language':'ps','place_name':'a','summary':'c'}", NULL,
     "{'blur_m':500,'language':'ps','summary':'c'}", 500},
    {"one that stays", "{'admin':'b','place_name':'a'}", "['admin']", "{'admin':'b','blur_m':500}",
     500},
    {"both that stay", "{'admin':'b','place_name':'a'}", "['place_name','admin']",
     "{'admin':'b','blur_m':500,'place_name':'a'}", 500},
    {"no list", "{'admin':'b'}", "'admin'", "{'blur_m':500}", 500},
    {"one half of a position", "{'lat_e7':309876543}", NULL, "{'blur_m':500}", 500},
    {"the other", "{'lon_e7':665432109,'uncertainty_m':1}", NULL, "{'blur_m':500}", 500},
    {"what has all of it",
     "{'as_received':'a','position_basis':'b','shape':[],'shape_form':'line'}",
     "['as_received','shape']", "{'blur_m':500}", 500},
    {"figures in a text", "{'phase':'2','summary':'Hit at 34.52612, 69.17123.'}", NULL,
     "{'blur_m':500,'phase':'2','summary':'…'}", 500},
    {"in a place that stays", "{'admin':'Kabul, 42SWD1234567890'}", "['admin']",
     "{'admin':'…','blur_m':500}", 500},
    {"deep inside", "{'sources':[{'name':'a'},{'name':'geo:34.5,69.1'}]}", NULL, "{'blur_m':500}",
     500},
    {"shown as it is, figures and all", "{'summary':'34.52612, 69.17123'}", NULL,
     "{'summary':'34.52612, 69.17123'}", 0},
    {"a position that is a word", "{'lat_e7':'x','lon_e7':665432109}", NULL, "{'blur_m':500}", 500},
};

static struct json parsed(const char *text, struct arena *arena)
{
    struct json out;
    struct err err = {0};
    char *copy = arena_printf(arena, "%s", text);

    for (char *at = copy; *at; at++)
        *at = *at == '\'' ? '"' : *at;
    if (!json_parse_canonical(&out, span_of(copy), arena, &err))
        fail_msg("%s: %s", text, err.text);
    return out;
}

static void test_fields(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct json fields = parsed(cases[i].fields, &arena), keeps;
        struct json wanted = parsed(cases[i].shown, &arena);
        struct blur blur = {.radius_m = cases[i].radius_m};

        if (cases[i].keeps) {
            struct json whole =
                parsed(arena_printf(&arena, "{'keeps':%s}", cases[i].keeps), &arena);
            keeps = *json_get(&whole, "keeps");
            blur.keeps = &keeps;
        }
        struct json shown = blur_fields(&fields, &blur, &arena);
        CHECK_CASE(cases[i].name,
                   span_equal(json_bytes(&shown, &arena), json_bytes(&wanted, &arena)));
        arena_free(&arena);
    }
}

/* A position that was said to be more uncertain than the cell stays so. */
static void test_uncertainty(void **state)
{
    struct arena arena = {0};
    struct blur blur = {.radius_m = 5000};
    struct json near = parsed("{'lat_e7':309876543,'lon_e7':665432109,'uncertainty_m':20}", &arena);
    struct json far =
        parsed("{'lat_e7':309876543,'lon_e7':665432109,'uncertainty_m':30000}", &arena);

    (void)state;
    near = blur_fields(&near, &blur, &arena);
    far = blur_fields(&far, &blur, &arena);
    assert_true(json_get_integer(&near, "uncertainty_m", 0) >= 5000);
    assert_int_equal(json_get_integer(&far, "uncertainty_m", 0), 30000);
    assert_int_not_equal(json_get_integer(&near, "lat_e7", 0), 309876543);
    assert_int_equal(json_get_integer(&near, "lat_e7", 0), json_get_integer(&far, "lat_e7", 0));
    arena_free(&arena);
}

/* Whose records are shown so, and how near: by the terms in force. The second version of them
 * begins at 9. */
static void test_whose(void **state)
{
    static const struct {
        const char *name, *key, *now;
        int64_t radius_m;
    } whose[] = {
        {"a villager", "villager", "5", 700},
        {"a villager, when the radius is larger", "villager", "9", 900},
        {"a monitor", "monitor", "5", 0},
        {"a monitor, when the role is one of those", "monitor", "9", 900},
        {"a key without a role", "root", "5", 0},
        {"a key of a role that there is not", "lost", "5", 0},
        {"nobody's", "nobody", "5", 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(whose); i++) {
        struct row_store s;
        struct blur blur = {.radius_m = 1};
        struct err err = {0};

        row_store_open(&s);
        row_store_put(&s, "agreement", "1", "{'versions':[{'from_ms':9}]}");
        row_store_put(&s, "clock", "clock", arena_printf(&s.arena, "{'now_ms':%s}", whose[i].now));
        row_store_put(&s, "term", "agreement", "{'blur_keeps':['admin'],'blur_m':700}");
        row_store_put(&s, "term", "agreement 2", "{'blur_m':900}");
        row_store_put(&s, "term", "role/villager", "{'blur':1}");
        row_store_put(&s, "term", "role/villager 2", "{'blur':1}");
        row_store_put(&s, "term", "role/monitor", "{'blur':0}");
        row_store_put(&s, "term", "role/monitor 2", "{'blur':1}");
        row_store_put(&s, "key", "villager", "{'role':'villager'}");
        row_store_put(&s, "key", "monitor", "{'role':'monitor'}");
        row_store_put(&s, "key", "lost", "{'role':'lost'}");
        row_store_put(&s, "key", "root", "{'job':'root'}");
        row_store_read(&s);
        row_store_ok(blur_of(&blur, s.reader, span_of(whose[i].key), STORE_LATEST, &s.arena, &err),
                     &err);
        CHECK_CASE(whose[i].name, blur.radius_m == whose[i].radius_m);
        CHECK_CASE(whose[i].name, (blur.keeps != NULL) == (whose[i].radius_m == 700));
        row_store_close(&s);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_cells),       cmocka_unit_test(test_size),  cmocka_unit_test(test_fields),
    cmocka_unit_test(test_uncertainty), cmocka_unit_test(test_whose),
};
RUN_TESTS(tests)
