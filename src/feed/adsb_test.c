#include "feed/adsb.h"

#include "base/test.h"
#include "feed/gunzip.h"
#include "feed/invariants.h"
#include "feed/published.h"

#define AREA                                                                                       \
    "{\"type\":\"FeatureCollection\",\"features\":["                                               \
    "{\"type\":\"Feature\",\"properties\":{\"id\":\"line\",\"uncertainty_m\":1000},"               \
    "\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[70,33],[70,35]]}},"                   \
    "{\"type\":\"Feature\",\"properties\":{\"id\":\"short\"},"                                     \
    "\"geometry\":{\"type\":\"LineString\",\"coordinates\":[[70,33.99],[70,34.01]]}},"             \
    "{\"type\":\"Feature\",\"properties\":{\"id\":\"square\"},\"geometry\":{\"type\":\"Polygon\"," \
    "\"coordinates\":[[[70,33.9],[70.2,33.9],[70.2,34.1],[70,34.1],[70,33.9]]]}}]}"
#define MAPPING(area)                                                                              \
    "name='rx'\n[origin]\npublisher='P'\nlicence='L'\ngroup='sensor/rx'\n[area]\n"                 \
    "file='area.geojson'\nfeature='" area "'\n[receiver]\nposition_m=500\n"

static const struct remarks quiet = {0};

static bool open_text(struct feed *out, const char *text, const char *mapping, struct arena *arena,
                      struct err *err)
{
    struct adsb_input input = {.file = "f.json",
                               .mapping_file = "m.toml",
                               .area_file = "area.geojson",
                               .text = span_of(text),
                               .mapping = span_of(mapping),
                               .area = SPAN_LIT(AREA)};

    return adsb_open(out, &input, &quiet, arena, err);
}

/* A track of one aircraft to the east or west along 34 N, unless it says otherwise. */
struct at {
    int seconds;
    double lon; /* 0: the end */
    int nac;
    double lat;
};

static const char *track_text(const struct at *at, struct arena *arena)
{
    struct buf buf = buf_in(arena, SIZE_MAX);

    for (; at->lon != 0; at++)
        buf_printf(&buf,
                   "{\"now\":%d.5,\"aircraft\":[{\"hex\":\"4b43ac\",\"flight\":\"REGA1   \","
                   "\"lat\":%.6f,\"lon\":%.6f,\"seen_pos\":0.5,\"nac_p\":%d}]}\n",
                   1760000000 + at->seconds, at->lat != 0 ? at->lat : 34.0, at->lon, at->nac);
    buf_byte(&buf, 0);
    return (const char *)buf_span(&buf).at;
}

/* "certain", "possible", in order, behind each other. */
static const char *answers(struct feed *feed, struct arena *arena)
{
    struct buf buf = buf_in(arena, SIZE_MAX);
    struct feed_item item;
    struct err err = {0};
    bool more = true;
    size_t count;

    check_feed(feed, &count, arena);
    while (feed_next(feed, &item, &more, &err) && more) {
        const char *summary = arena_text(arena, json_get_text(&item.flat, "summary"));

        buf_text(&buf, buf.len ? " " : "");
        buf_text(&buf, strstr(summary, ": certain.") ? "certain" : "possible");
        buf_text(&buf, strstr(summary, "No position was received") ? "-in-a-gap" : "");
    }
    buf_byte(&buf, 0);
    return (const char *)buf_span(&buf).at;
}

/* A hundredth of a degree of longitude is 924 m there. */
static void test_tracks(void **state)
{
    (void)state;
    static const struct {
        const char *name, *mapping, *want;
        struct at at[8];
    } cases[] = {
        {"far from the line", MAPPING("line"), "", {{0, 69.5, 9, 0}, {5, 69.51, 9, 0}, {0}}},
        {"across it",
         MAPPING("line"),
         "certain",
         {{0, 69.96, 9, 0},
          {5, 69.98, 9, 0},
          {10, 70.0, 9, 0},
          {15, 70.02, 9, 0},
          {20, 70.05, 9, 0},
          {25, 70.07, 9, 0},
          {0}}},
        {"across it in one step",
         MAPPING("line"),
         "certain",
         {{0, 69.96, 9, 0}, {10, 69.97, 9, 0}, {30, 70.03, 9, 0}, {35, 70.06, 9, 0}, {0}}},
        {"to it, and back from within its uncertainty",
         MAPPING("line"),
         "possible",
         {{0, 69.95, 9, 0},
          {5, 69.97, 9, 0},
          {10, 69.992, 9, 0},
          {15, 69.97, 9, 0},
          {20, 69.94, 9, 0},
          {25, 69.9, 9, 0},
          {0}}},
        {"to it, and away before",
         MAPPING("line"),
         "",
         {{0, 69.95, 9, 0}, {2, 69.96, 9, 0}, {4, 69.95, 9, 0}, {0}}},
        {"away before, but known worse",
         MAPPING("line"),
         "possible",
         {{0, 69.95, 9, 0}, {2, 69.96, 4, 0}, {4, 69.95, 9, 0}, {6, 69.93, 9, 0}, {0}}},
        {"across, and clear of it on neither side",
         MAPPING("line"),
         "possible",
         {{0, 69.995, 9, 0}, {5, 70.005, 9, 0}, {0}}},
        {"across, and not clear behind it",
         MAPPING("line"),
         "possible",
         {{0, 69.95, 9, 0}, {10, 69.98, 9, 0}, {15, 70.005, 9, 0}, {0}}},
        {"across and back",
         MAPPING("line"),
         "certain certain",
         {{0, 69.95, 9, 0},
          {10, 70.05, 9, 0},
          {15, 70.07, 9, 0},
          {20, 70.05, 9, 0},
          {30, 69.95, 9, 0},
          {35, 69.93, 9, 0},
          {0}}},
        {"across in a gap",
         MAPPING("line"),
         "certain-in-a-gap",
         {{0, 69.9, 9, 0}, {5, 69.91, 9, 0}, {205, 70.09, 9, 0}, {210, 70.1, 9, 0}, {0}}},
        {"the same side behind a gap",
         MAPPING("line"),
         "",
         {{0, 69.9, 9, 0}, {5, 69.91, 9, 0}, {205, 69.91, 9, 0}, {210, 69.9, 9, 0}, {0}}},
        {"another flight behind an hour",
         MAPPING("line"),
         "",
         {{0, 69.9, 9, 0}, {5, 69.91, 9, 0}, {4000, 70.09, 9, 0}, {4005, 70.1, 9, 0}, {0}}},
        {"a line that ends near by is passed, not crossed",
         MAPPING("short"),
         "possible",
         {{0, 69.9, 9, 0}, {20, 69.97, 9, 0}, {40, 70.03, 9, 0}, {60, 70.1, 9, 0}, {0}}},
        {"within an area",
         MAPPING("square"),
         "certain",
         {{0, 69.9, 9, 0},
          {30, 70.05, 9, 0},
          {60, 70.1, 9, 0},
          {100, 70.3, 9, 0},
          {105, 70.32, 9, 0},
          {0}}},
        {"within it by less than is known",
         MAPPING("square"),
         "possible",
         {{0, 69.9, 9, 0},
          {5, 69.92, 9, 0},
          {30, 70.01, 4, 0},
          {55, 69.92, 9, 0},
          {60, 69.9, 9, 0},
          {0}}},
        {"there from the first",
         MAPPING("square"),
         "certain",
         {{0, 70.1, 9, 0}, {5, 70.11, 9, 0}, {0}}},
        {"an area, behind a gap",
         MAPPING("square"),
         "certain certain",
         {{0, 70.1, 9, 0}, {5, 70.11, 9, 0}, {305, 70.1, 9, 0}, {310, 70.11, 9, 0}, {0}}},
        {"beside it", MAPPING("square"), "", {{0, 70.1, 9, 34.5}, {5, 70.11, 9, 34.5}, {0}}},
        {"without a word on how exact: the default, 500 m",
         MAPPING("line"),
         "possible",
         {{0, 69.985, 0, 0}, {1, 69.985, 0, 0}, {0}}},
        {"with one", MAPPING("line"), "", {{0, 69.985, 10, 0}, {1, 69.98501, 10, 0}, {0}}},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct feed feed;

        if (!open_text(&feed, track_text(cases[i].at, &arena), cases[i].mapping, &arena, &err))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        const char *got = answers(&feed, &arena);
        if (strcmp(got, cases[i].want) != 0)
            fail_msg("case \"%s\": %s, not %s", cases[i].name, got, cases[i].want);
        feed_close(&feed);
        arena_free(&arena);
    }
}

/* A buffer round the line. */
static void test_buffer(void **state)
{
    (void)state;
    static const char mapping[] =
        "name='rx'\n[origin]\npublisher='P'\nlicence='L'\ngroup='g'\n[area]\nfile='a'\n"
        "feature='line'\nbuffer_m=10000\n[receiver]\nposition_m=500\n";
    static const struct {
        const char *name, *want;
        struct at at[6];
    } cases[] = {
        {"outside", "", {{0, 69.8, 9, 0}, {5, 69.81, 9, 0}, {0}}},
        {"within", "certain", {{0, 69.8, 9, 0}, {60, 69.95, 9, 0}, {0}}},
        {"at its edge", "possible", {{0, 69.89, 9, 0}, {5, 69.892, 9, 0}, {0}}},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct feed feed;

        CHECK_CASE(cases[i].name,
                   open_text(&feed, track_text(cases[i].at, &arena), mapping, &arena, &err));
        CHECK_CASE(cases[i].name, strcmp(answers(&feed, &arena), cases[i].want) == 0);
        feed_close(&feed);
        arena_free(&arena);
    }
}

#define NOW(aircraft) "{\"now\":1760000000.0,\"aircraft\":[" aircraft "]}"
#define AT(more) "{\"hex\":\"4b43ac\",\"lat\":34,\"lon\":70.1,\"seen_pos\":1" more "}"

/* The forms it comes in, and how exact a position is by them. */
static void test_forms(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *want;
    } cases[] = {
        {"a category", NOW(AT(",\"nac_p\":8")), "known to 186 m"},
        {"a radius that is worse", NOW(AT(",\"nac_p\":8,\"rc\":926")), "known to 926 m"},
        {"no word", NOW(AT("")), "known to 500 m"},
        {"unknown", NOW(AT(",\"nac_p\":0,\"rc\":0")), "known to 500 m"},
        {"multilateration", NOW(AT(",\"nac_p\":9,\"mlat\":[\"lat\",\"lon\"]")), "known to 500 m"},
        {"sent on by others", NOW(AT(",\"nac_p\":9,\"type\":\"tisb_icao\"")), "known to 500 m"},
        {"its own", NOW(AT(",\"nac_p\":9,\"type\":\"adsb_icao\"")), "known to 60 m"},
        {"an address not of the ICAO's",
         NOW("{\"hex\":\"~2ab3c4\",\"lat\":34,\"lon\":70.1,\"seen_pos\":1}"),
         "adsb/rx/square/~2ab3c4/2025-10-09T08:53:19Z"},
        {"its callsign", NOW(AT(",\"flight\":\"TRA89M  \"")), "callsign TRA89M, both as sent,"},
        {"a callsign of other letters is none", NOW(AT(",\"flight\":\"<b>\"")),
         "Aircraft 4b43ac as sent was within"},
        {"beside those without a position", NOW("{\"hex\":\"3981e4\",\"altitude\":25000}," AT("")),
         "adsb/rx/square/4b43ac/"},
        {"a track, a row a position",
         "[{\"icao24\":\"4B43AC\",\"timestamp\":1760000000000,\"last_position\":1759999999000,"
         "\"latitude\":34.0,\"longitude\":70.1,\"callsign\":null}]",
         "adsb/rx/square/4b43ac/2025-10-09T08:53:19Z"},
        {"in seconds",
         "[{\"icao24\":\"4b43ac\",\"timestamp\":1760000000,\"latitude\":34.0,\"longitude\":70.1}]",
         "adsb/rx/square/4b43ac/2025-10-09T08:53:20Z"},
        {"a trace",
         "{\"icao\":\"4b43ac\",\"timestamp\":1760000000.5,\"trace\":[[1.5,34.0,70.1,\"ground\"],"
         "[2,34,70.1,1000,50,1,0,0,{\"nac_p\":9,\"flight\":\"REGA1\"}]]}",
         "adsb/rx/square/4b43ac/2025-10-09T08:53:22Z"},
        {"a network's answer: another name of the list, and milliseconds",
         "{\"ac\":[" AT(
             ",\"alt_baro\":\"ground\",\"mlat\":[],\"tisb\":[]") "],\"msg\":\"No "
                                                                 "error\",\"now\":1760000000226,"
                                                                 "\"total\":1,\"ctime\":"
                                                                 "1760000000226,"
                                                                 "\"ptime\":1}",
         "adsb/rx/square/4b43ac/2025-10-09T08:53:19.226Z"},
        {"a position that is a minute old",
         NOW("{\"hex\":\"4b43ac\",\"type\":\"adsb_icao\",\"rr_lat\":1.0,\"rr_lon\":1.0,"
             "\"nac_p\":9,\"lastPosition\":{\"lat\":34.0,\"lon\":70.1,\"nic\":8,\"rc\":186,"
             "\"seen_pos\":61.2}}"),
         "adsb/rx/square/4b43ac/2025-10-09T08:52:18.800Z"},
        {"which is not known better than what says nothing",
         NOW("{\"hex\":\"4b43ac\",\"nac_p\":9,\"lastPosition\":{\"lat\":34.0,\"lon\":70.1,"
             "\"rc\":186,\"seen_pos\":61.2}}"),
         "known to 500 m"},
        {"where it is thought to be is no position",
         NOW("{\"hex\":\"3981e4\",\"rr_lat\":34.0,\"rr_lon\":70.1}," AT("")), "4b43ac"},
        {"OpenSky's states",
         "{\"time\":1760000000,\"states\":[[\"4b43ac\",\"REGA1   \",\"Switzerland\","
         "1759999999,1760000000,70.1,34.0,9639.3,false,232.88,98.26,4.55,null,9547.86,\"1000\","
         "false,0],[\"3981e4\",\"\",\"France\",null,1760000000,null,null,null,false,null,null,"
         "null,null,null,null,false,0]]}",
         "adsb/rx/square/4b43ac/2025-10-09T08:53:19Z"},
        {"a flight of OpenSky",
         "{\"icao24\":\"4b43ac\",\"callsign\":\"REGA1   \",\"startTime\":1760000000,"
         "\"endTime\":1760000060,\"path\":[[1760000000,34.0,70.1,609,98,false],"
         "[1760000030,null,null,609,98,false]]}",
         "adsb/rx/square/4b43ac/2025-10-09T08:53:20Z"},
        {"an address not of the ICAO's in a trace",
         "{\"icao\":\"~2ab3c4\",\"timestamp\":1760000000,\"trace\":[[0.0,34.0,70.1,null,null,null,"
         "0,null,null,\"tisb_other\",null,null,null,null]]}",
         "adsb/rx/square/~2ab3c4/2025-10-09T08:53:20Z"},
        {"a byte order mark, and separators of records",
         "\xef\xbb\xbf\x1e" NOW(AT("")) "\n\x1e" NOW(AT("")) "\n", "of 1 positions"},
        {"whose it is", NOW(AT("")),
         "\"supplier\":\"P. Licence: L. One origin: sensor/rx. Not graded.\""},
        {"which area, by its hash", NOW(AT("")), "square of area.geojson (SHA-256 "},
        {"a position that is repeated counts once", NOW(AT("")) NOW(AT("")), "of 1 positions"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct feed feed;
        size_t count;

        if (!open_text(&feed, cases[i].text, MAPPING("square"), &arena, &err))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        const char *got = arena_text(&arena, check_feed(&feed, &count, &arena));
        if (!strstr(got, cases[i].want))
            fail_msg("case \"%s\": %s not in %s", cases[i].name, cases[i].want, got);
        feed_close(&feed);
        arena_free(&arena);
    }
}

static void test_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *fault;
    } cases[] = {
        {"nothing", "", "f.json: line 1, column 1: the file is empty"},
        {"no time", "{\"aircraft\":[" AT("") "]}", "is neither an aircraft of a snapshot"},
        {"a time that is none", "{\"now\":\"noon\",\"aircraft\":[" AT("") "]}",
         "must be a time since 1970"},
        {"an address that is none", NOW("{\"hex\":\"4b43a\",\"lat\":1,\"lon\":1,\"seen_pos\":1}"),
         "must be an address of six hex digits"},
        {"one with a word in it", NOW("{\"hex\":\"rega01\"}"), "six hex digits"},
        {"half a position", NOW("{\"hex\":\"4b43ac\",\"lat\":1,\"seen_pos\":1}"),
         "must be a longitude"},
        {"beyond a pole", NOW("{\"hex\":\"4b43ac\",\"lat\":91,\"lon\":1,\"seen_pos\":1}"),
         "column 55: must be a latitude"},
        {"no age", NOW("{\"hex\":\"4b43ac\",\"lat\":1,\"lon\":1}"),
         "\"seen_pos\" must say how old"},
        {"from the future", NOW("{\"hex\":\"4b43ac\",\"lat\":1,\"lon\":1,\"seen_pos\":-5}"),
         "\"seen_pos\" must say how old"},
        {"a category that is none", NOW(AT(",\"nac_p\":16")), "must be a category"},
        {"a radius below nothing", NOW(AT(",\"rc\":-1")), "must be a radius"},
        {"two damaged", NOW(AT(",\"rc\":-1") "," AT(",\"rc\":-2")),
         "2 items are damaged; the first"},
        {"cut off", "{\"now\":1,\"aircraft\":[" AT(""), "a comma or ] must stand here"},
        {"a state without its time",
         "{\"time\":1,\"states\":[[\"4b43ac\",null,null,null,1,70.1,34.0]]}",
         "must be a time since 1970"},
        {"a state that ends early", "{\"time\":1,\"states\":[[]]}", "six hex digits"},
        {"a state that is none", "{\"time\":1,\"states\":[1]}", "six hex digits"},
        {"a flight without an address", "{\"path\":[[1,34.0,70.1]]}", "six hex digits"},
        {"a trace without a time", "{\"icao\":\"4b43ac\",\"trace\":[[1,34.0,70.1]]}",
         "must be a time since 1970"},
        {"a flight of points that are none", "{\"icao24\":\"4b43ac\",\"path\":[[1,34.0]]}",
         "seconds, latitude, longitude"},
        {"the list of another server",
         "{\"acList\":[{\"Icao\":\"4B43AC\",\"Lat\":34.0,\"Long\":70.1}],\"stm\":1}",
         "is neither an aircraft of a snapshot"},
        {"a table", "time,icao24,lat,lon\n1,4b43ac,34.0,70.1\n", "line 1, column 1"},
        {"a separator and nothing", "\x1e", "line 1, column"},
        {"a trace of texts", "{\"icao\":\"4b43ac\",\"timestamp\":1,\"trace\":[[\"a\",1,2]]}",
         "must be a list: seconds, latitude, longitude"},
        {"GeoJSON", AREA, "is neither an aircraft"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct feed feed;

        CHECK_CASE(cases[i].name,
                   !open_text(&feed, cases[i].text, MAPPING("square"), &arena, &err));
        if (!strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        arena_free(&arena);
    }
}

static void test_mapping(void **state)
{
    (void)state;
    static const struct {
        const char *name, *mapping, *fault;
    } cases[] = {
        {"no such Feature", MAPPING("lines"), "no Feature has the id lines"},
        {"no default",
         "name='x'\n[origin]\npublisher='P'\nlicence='L'\ngroup='g'\n[area]\n"
         "file='a'\nfeature='line'\n",
         "receiver.position_m is missing"},
        {"no licence", "name='x'\n[origin]\npublisher='P'\ngroup='g'\n", "origin.licence"},
        {"a member that nobody knows", MAPPING("line") "sped_ms=3\n", "receiver.sped_ms is no"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct feed feed;

        CHECK_CASE(cases[i].name, !open_text(&feed, NOW(AT("")), cases[i].mapping, &arena, &err));
        if (!strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        arena_free(&arena);
    }
}

static void test_area_path(void **state)
{
    (void)state;
    static const struct {
        const char *mapping_file, *file, *want;
    } cases[] = {
        {"m.toml", "a.geojson", "a.geojson"},
        {"x/y/m.toml", "a.geojson", "x/y/a.geojson"},
        {"x/m.toml", "../a.geojson", "x/../a.geojson"},
        {"x/m.toml", "/a.geojson", "/a.geojson"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        const char *got, *text = arena_printf(&arena, "[area]\nfile='%s'\n", cases[i].file);

        CHECK_CASE(cases[i].want,
                   adsb_area_path(&got, cases[i].mapping_file, span_of(text), &arena, &err));
        CHECK_CASE(cases[i].want, strcmp(got, cases[i].want) == 0);
        arena_free(&arena);
    }
}

/* A helicopter flies east and lands within the square. */
static void test_published(void **state)
{
    (void)state;
    static const struct {
        const char *mapping, *want;
    } cases[] = {{"data/adsb/line.toml", "certain"}, {"data/adsb/square.toml", "certain"}};

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct feed feed;
        struct span packed =
            read_published("data/adsb/helicopter_rega_zurich_2019-05-24.json.gz", &arena);
        struct adsb_input input = {
            .file = "f", .mapping_file = cases[i].mapping, .area_file = "data/adsb/area.geojson"};

        input.mapping = read_published(cases[i].mapping, &arena);
        input.area = read_published(input.area_file, &arena);
        assert_true(gunzip(&input.text, packed, ADSB_BYTES, &arena, &err));
        CHECK_CASE(cases[i].mapping, adsb_open(&feed, &input, &quiet, &arena, &err));
        CHECK_CASE(cases[i].mapping, strcmp(answers(&feed, &arena), cases[i].want) == 0);
        feed_close(&feed);
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_tracks),    cmocka_unit_test(test_buffer),
    cmocka_unit_test(test_forms),     cmocka_unit_test(test_refuses),
    cmocka_unit_test(test_mapping),   cmocka_unit_test(test_area_path),
    cmocka_unit_test(test_published),
};

RUN_TESTS(tests)
