#include "api/medium.h"

#include "base/test.h"

#define AT(time) "\"start\":{\"at_ms\":" time
#define NOON "1760529600000" /* 2025-10-15T12:00:00Z */
#define LOCAL(ms) .has_time = true, .local_ms = INT64_C(1760529600000) + (ms)
#define HOUR INT64_C(3600000)
#define CHAMAN "\"lat_e7\":309000000,\"lon_e7\":664500000"
/* a hundredth of a degree of latitude: 1,108 m there */
#define NEAR .has_position = true, .lat_e7 = 309100000, .lon_e7 = 664500000

static void test_differs(void **state)
{
    static const struct {
        const char *name;
        struct exif exif;
        const char *said, *media, *sniffed, *want;
    } cases[] = {
        {"nothing said of place or time", {NEAR, LOCAL(0)}, "{}", "image/jpeg", "image/jpeg", "{}"},
        {"nothing claimed",
         {.local_ms = 0},
         "{" CHAMAN "," AT(NOON) "}}",
         "image/jpeg",
         "image/jpeg",
         "{}"},

        {"the same type", {.local_ms = 0}, "{}", "image/png", "image/png", "{}"},
        {"another type",
         {.local_ms = 0},
         "{}",
         "image/png",
         "text/html",
         "{\"type\":\"text/html\"}"},
        {"a type that nobody knows",
         {.local_ms = 0},
         "{}",
         "image/png",
         "application/octet-stream",
         "{}"},
        {"a text of some sort", {.local_ms = 0}, "{}", "text/csv", "text/plain", "{}"},
        {"libmagic not asked", {.local_ms = 0}, "{}", "image/png", "", "{}"},

        {"a kilometre off",
         {NEAR},
         "{" CHAMAN "}",
         "",
         "",
         "{\"place\":{\"least_m\":1,\"most_m\":1,\"uncertainty_m\":0}}"},
        {"within what the report admits",
         {NEAR},
         "{" CHAMAN ",\"uncertainty_m\":1200}",
         "",
         "",
         "{}"},
        {"within both errors together",
         {NEAR, .has_uncertainty = true, .uncertainty_m = 600},
         "{" CHAMAN ",\"uncertainty_m\":600}",
         "",
         "",
         "{}"},
        {"beyond both together",
         {NEAR, .has_uncertainty = true, .uncertainty_m = 500},
         "{" CHAMAN ",\"uncertainty_m\":500}",
         "",
         "",
         "{\"place\":{\"least_m\":1,\"most_m\":1,\"uncertainty_m\":1000}}"},
        {"where the observer stood",
         {NEAR},
         "{\"observer_lat_e7\":309100000,\"observer_lon_e7\":664500000}",
         "",
         "",
         "{}"},
        {"from afar, and where the observer stood",
         {NEAR},
         "{" CHAMAN ",\"observer_lat_e7\":309100000,\"observer_lon_e7\":664500000}",
         "",
         "",
         "{\"place\":{\"least_m\":1,\"most_m\":1,\"uncertainty_m\":0}}"},
        {"neither there nor there",
         {NEAR},
         "{\"observer_lat_e7\":309110000,\"observer_lon_e7\":664500000}",
         "",
         "",
         "{\"observer_place\":{\"least_m\":110,\"most_m\":112,\"uncertainty_m\":0}}"},
        {"half a place", {NEAR}, "{\"lat_e7\":309000000}", "", "", "{}"},

        {"the same second", {LOCAL(0), .has_offset = true}, "{" AT(NOON) "}}", "", "", "{}"},
        {"the same by another clock",
         {LOCAL(5 * HOUR), .has_offset = true, .offset_min = 300},
         "{" AT(NOON) "}}",
         "",
         "",
         "{}"},
        {"an hour early",
         {LOCAL(-HOUR), .has_offset = true},
         "{" AT(NOON) "}}",
         "",
         "",
         "{\"time\":{\"earlier_ms\":3599001}}"},
        {"an hour late",
         {LOCAL(HOUR), .has_offset = true},
         "{" AT(NOON) "}}",
         "",
         "",
         "{\"time\":{\"later_ms\":3600000}}"},
        {"an hour late, within its error",
         {LOCAL(HOUR), .has_offset = true},
         "{" AT(NOON) ",\"uncertainty_ms\":3600000}}",
         "",
         "",
         "{}"},
        {"before the end",
         {LOCAL(HOUR), .has_offset = true},
         "{\"end\":{\"at_ms\":1760536800000}," AT(NOON) "}}",
         "",
         "",
         "{}"},
        {"no offset: anywhere on earth", {LOCAL(14 * HOUR)}, "{" AT(NOON) "}}", "", "", "{}"},
        {"no offset, and nowhere on earth",
         {LOCAL(15 * HOUR)},
         "{" AT(NOON) "}}",
         "",
         "",
         "{\"time\":{\"later_ms\":3600000}}"},
        {"no offset, twelve hours early", {LOCAL(-12 * HOUR)}, "{" AT(NOON) "}}", "", "", "{}"},
        {"no offset, thirteen hours early",
         {LOCAL(-13 * HOUR)},
         "{" AT(NOON) "}}",
         "",
         "",
         "{\"time\":{\"earlier_ms\":3599001}}"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct json said, got, place;

        CHECK_CASE(cases[i].name, json_parse(&said, span_of(cases[i].said), &arena, &err));
        got = medium_differs(span_of(cases[i].media), span_of(cases[i].sniffed), &cases[i].exif,
                             &said, &arena);
        const struct json *found = json_get(&got, "place");
        if (found) { /* in kilometres: the bounds are geo_test's */
            place = json_object();
            json_set_integer(&place, "least_m", json_get_integer(found, "least_m", 0) / 1000,
                             &arena);
            json_set_integer(&place, "most_m", json_get_integer(found, "most_m", 0) / 1000, &arena);
            json_set_integer(&place, "uncertainty_m", json_get_integer(found, "uncertainty_m", 0),
                             &arena);
            json_set(&got, "place", place, &arena);
        }
        if (!span_is(json_bytes(&got, &arena), cases[i].want))
            fail_msg("case \"%s\": %.*s", cases[i].name, SPAN_ARG(json_bytes(&got, &arena)));
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_differs)};
RUN_TESTS(tests)
