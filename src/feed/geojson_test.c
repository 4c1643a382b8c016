#include "feed/geojson.h"

#include "base/test.h"
#include "feed/invariants.h"
#include "feed/published.h"

#define MAPPING                                                                                    \
    "name='x'\nclaimant='C'\nside='S'\n[origin]\npublisher='P'\nlicence='L'\ngroup='dataset/x'\n"  \
    "[position]\nuncertainty_m=100\n[time]\ntz='UTC'\n[property]\nid='id'\nstart='day'\n"          \
    "end='until'\nplace='place'\nuncertainty_m='acc'\n"                                            \
    "[[figure]]\nproperty='dead'\nmatter='killed'\nsubject='all'\n"

#define PROPERTIES "\"properties\":{\"id\":\"1\",\"day\":\"2025-10-11\"}"
#define AT(geometry) "{\"type\":\"Feature\"," PROPERTIES ",\"geometry\":" geometry "}"
#define WITH(properties)                                                                           \
    "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"id\":1,\"day\":\"2025-10-"          \
    "11\"" properties "}}"
#define ALL(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"

static const struct remarks quiet = {0};

static bool read_text(struct span *out, const char *text, const char *mapping, struct arena *arena,
                      struct err *err)
{
    struct feed feed;
    size_t count;

    if (!geojson_open(&feed, "f.json", span_of(text), "m.toml", span_of(mapping), &quiet, arena,
                      err))
        return false;
    *out = check_feed(&feed, &count, arena);
    feed_close(&feed);
    return true;
}

static void check_accepts(const char *name, const char *text, const char *mapping, const char *want)
{
    struct arena arena = {0};
    struct err err = {0};
    struct span got;

    if (!read_text(&got, text, mapping, &arena, &err))
        fail_msg("case \"%s\": %s", name, err.text);
    if (!strstr(arena_text(&arena, got), want))
        fail_msg("case \"%s\": %s not in %s", name, want, arena_text(&arena, got));
    arena_free(&arena);
}

static void test_accepts(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *want;
    } cases[] = {
        {"a point, longitude first", AT("{\"type\":\"Point\",\"coordinates\":[69.75,36.66667]}"),
         "\"lat_e7\":366666700,\"lon_e7\":697500000,"},
        {"its uncertainty is the mapping's",
         AT("{\"type\":\"Point\",\"coordinates\":[69.75,36.66667,1200]}"),
         "\"uncertainty_m\":100}"},
        {"degrees with an exponent", AT("{\"type\":\"Point\",\"coordinates\":[6.975e1,-3E-1]}"),
         "\"lat_e7\":-3000000,\"lon_e7\":697500000,"},
        {"a line", AT("{\"type\":\"LineString\",\"coordinates\":[[70,34],[70,34.02]]}"),
         "\"lat_e7\":340100000,\"lon_e7\":700000000,"},
        {"a line's middle reaches its ends",
         AT("{\"type\":\"LineString\",\"coordinates\":[[70,34],[70,34.02]]}"),
         "\"uncertainty_m\":1236}"},
        {"an area over the antimeridian, cut",
         AT("{\"type\":\"MultiPolygon\",\"coordinates\":[[[[179,-17],[180,-17],[180,-16],[179,-17]]"
            "],"
            "[[[-180,-17],[-179,-17],[-180,-16],[-180,-17]]]]}"),
         "\"lat_e7\":-165000000,\"lon_e7\":1800000000,"},
        {"a collection",
         AT("{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Point\",\"coordinates\":"
            "[1,2]},{\"type\":\"MultiPoint\",\"coordinates\":[[1,2]]}]}"),
         "\"lat_e7\":20000000,\"lon_e7\":10000000,"},
        {"no place", AT("null"), "\"means\":\"dataset\",\"sources\""},
        {"no coordinates", AT("{\"type\":\"Point\",\"coordinates\":[]}"),
         "\"means\":\"dataset\",\"sources\""},
        {"a collection of Features", ALL(AT("null")), "incident.open geojson/x/1"},
        {"with crs in its one true form",
         "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":"
         "\"urn:ogc:def:crs:OGC:1.3:CRS84\"}},\"features\":[" AT("null") "]}",
         "incident.open geojson/x/1"},
        {"type behind its features",
         "{\"features\":[" AT("null") "],\"type\":\"FeatureCollection\"}", "geojson/x/1"},
        {"Features on lines",
         WITH("") "\n"
                  "{\"type\":\"Feature\",\"geometry\":null,\"properties\":"
                  "{\"id\":2,\"day\":\"2025-10-11\"}}\n",
         "incident.report geojson/x/2 in geojson/x/2"},
        {"a number is an id", WITH(""), "incident.open geojson/x/1 "},
        {"a day is its middle", WITH(""),
         "\"start\":{\"at_ms\":1760184000000,\"basis\":\"document\","
         "\"offset_min\":0,\"uncertainty_ms\":43200000}"},
        {"a moment with its zone", WITH(",\"until\":\"2025-10-11T10:00:00+05:00\""),
         "\"end\":{\"at_ms\":1760158800000,\"basis\":\"document\",\"offset_min\":300,"},
        {"a moment in the mapping's zone", WITH(",\"until\":\"2025-10-11T10:00:00\""),
         "\"end\":{\"at_ms\":1760176800000,\"basis\":\"document\",\"offset_min\":0,\"uncertainty_"
         "ms\":"
         "1800000}"},
        {"as databases print it", WITH(",\"until\":\"2025-10-11 10:00:00.123456+00\""),
         "\"end\":{\"at_ms\":1760176800123,"},
        {"a figure", WITH(",\"dead\":3"), "claim geojson/x/1/dead in geojson/x/1 {\"best\":3,"},
        {"a figure in quotes", WITH(",\"dead\":\"10\""), "{\"best\":10,"},
        {"none is one", WITH(",\"dead\":0"), "{\"best\":0,"},
        {"whose it is", WITH(",\"dead\":0"),
         "\"sources\":[{\"publisher\":\"P. Licence: L. One origin: dataset/x. Not graded.\"}]"},
        {"a place in the title", WITH(",\"place\":\"Spin Boldak\""),
         "\"title\":\"Spin Boldak, 2025-10-11\""},
        {"its own uncertainty, if it is larger",
         "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]},"
         "\"properties\":{\"id\":1,\"day\":\"2025-10-11\",\"acc\":2500}}",
         "\"uncertainty_m\":2500}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        check_accepts(cases[i].name, cases[i].text, MAPPING, cases[i].want);
}

#define MAPPED(time, property)                                                                     \
    "name='x'\n[origin]\npublisher='P'\nlicence='L'\ngroup='dataset/x'\n[position]\n"              \
    "uncertainty_m=5000\norder='lon_lat'\n[time]\n" time "[property]\n" property

/* Files as others publish them, cut to a Feature or two. */
static void test_published_by_others(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *mapping, *want;
    } cases[] = {
        {"USGS: a depth, a box of six numbers, an id beside the properties",
         "{\"type\":\"FeatureCollection\",\"metadata\":{\"generated\":1760190000000,\"url\":"
         "\"https://"
         "earthquake.usgs.gov/"
         "x\",\"title\":\"USGS\",\"status\":200,\"api\":\"1.10.3\",\"count\":1},"
         "\"features\":[{\"type\":\"Feature\",\"properties\":{\"mag\":4.5,\"place\":\"45 km SSW of "
         "Jarm, "
         "Afghanistan\",\"time\":1760184000123,\"updated\":1760185000040,\"tz\":null,\"felt\":"
         "null,\"sig\":312,\"type\":\"earthquake\"},\"geometry\":{\"type\":\"Point\","
         "\"coordinates\":"
         "[70.6461,36.4915,194.8]},\"id\":\"us7000abcd\"}],\"bbox\":[70.6461,36.4915,194.8,70.6461,"
         "36.4915,194.8]}",
         MAPPED("form='epoch_ms'\nuncertainty_s=10\n",
                "start='time'\nplace='place'\ntype='type'\n"),
         "\"start\":{\"at_ms\":1760184000123,\"basis\":\"document\",\"offset_min\":0,"
         "\"uncertainty_ms\":10000}"},
        {"GDACS: moments without a zone, lists and objects that nobody asked for",
         "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"bbox\":[70.6,36.4,"
         "70.6,"
         "36.4],\"geometry\":{\"type\":\"Point\",\"coordinates\":[70.6461,36.4915]},\"properties\":"
         "{"
         "\"eventtype\":\"EQ\",\"eventid\":1500112,\"name\":\"Earthquake in Afghanistan\",\"url\":{"
         "\"geometry\":\"https://www.gdacs.org/"
         "x\"},\"fromdate\":\"2025-10-11T12:00:00\",\"todate\":"
         "\"2025-10-11T12:00:00\",\"affectedcountries\":[{\"iso2\":\"AF\"}]}}],\"bbox\":null}",
         MAPPED("tz='UTC'\n", "id='eventid'\nstart='fromdate'\nend='todate'\ntype='eventtype'\n"),
         "incident.open geojson/x/1500112 "},
        {"a moment without a zone, and none in the mapping: any of them",
         "{\"type\":\"Feature\",\"id\":7,\"geometry\":null,\"properties\":{\"at\":\"2025-10-11T12:"
         "00:"
         "00\"}}",
         MAPPED("", "start='at'\n"), "\"offset_min\":0,\"uncertainty_ms\":52200000}"},
        {"a text sequence (RFC 8142)",
         "\x1e{\"type\":\"Feature\",\"id\":7,\"geometry\":null,\"properties\":{\"at\":\"2025-10-"
         "11\"}}"
         "\n\x1e{\"type\":\"Feature\",\"id\":8,\"geometry\":null,\"properties\":{\"at\":"
         "\"2025-10-11\"}}\n",
         MAPPED("", "start='at'\n"), "incident.open geojson/x/8 "},
        {"an older file, of which it is known that longitude stands first",
         "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":"
         "\"EPSG:4326\"}},\"features\":[{\"type\":\"Feature\",\"id\":7,\"geometry\":{\"type\":"
         "\"Point\","
         "\"coordinates\":[70.5,36.5]},\"properties\":{\"at\":\"2025-10-11\"}}]}",
         MAPPED("", "start='at'\n"), "\"lat_e7\":365000000,\"lon_e7\":705000000,"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        check_accepts(cases[i].name, cases[i].text, cases[i].mapping, cases[i].want);
}

/* Null and a blank are no figure, and no claim. */
static void test_no_figure(void **state)
{
    (void)state;
    static const char *const cases[] = {WITH(""), WITH(",\"dead\":null"), WITH(",\"dead\":\"\"")};

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct span got;

        CHECK_CASE(cases[i], read_text(&got, cases[i], MAPPING, &arena, &err));
        CHECK_CASE(cases[i], !strstr(arena_text(&arena, got), "claim "));
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
        {"latitude first", AT("{\"type\":\"Point\",\"coordinates\":[36.6,120]}"),
         "must be a latitude, from -90 to 90 degrees: longitude stands first"},
        {"beyond the antimeridian", AT("{\"type\":\"Point\",\"coordinates\":[180.1,3]}"),
         "must be a longitude"},
        {"half a position", AT("{\"type\":\"Point\",\"coordinates\":[36.6]}"),
         "a position has longitude and latitude"},
        {"a position of texts", AT("{\"type\":\"Point\",\"coordinates\":[\"1\",\"2\"]}"),
         "must be a longitude"},
        {"a line of one", AT("{\"type\":\"LineString\",\"coordinates\":[[1,2]]}"),
         "has 1 positions, and needs 2"},
        {"a ring of three", AT("{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[2,3],[1,2]]]}"),
         "has 3 positions, and needs 4"},
        {"a ring left open",
         AT("{\"type\":\"Polygon\",\"coordinates\":[[[1,2],[2,3],[3,3],[4,4]]]}"),
         "a ring must end where it begins"},
        {"a line that was not cut",
         AT("{\"type\":\"LineString\",\"coordinates\":[[179,0],[-179,0]]}"),
         "lines are cut at the antimeridian"},
        {"a type in small letters", AT("{\"type\":\"point\",\"coordinates\":[1,2]}"),
         "is no type of geometry"},
        {"no coordinates at all", AT("{\"type\":\"Point\"}"), "must have \"coordinates\""},
        {"another system",
         "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":"
         "\"EPSG:3857\"}},\"features\":[" AT("null") "]}",
         "line 1, column 35: \"crs\" must be left out"},
        {"one of uncertain order",
         "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{\"name\":"
         "\"urn:ogc:def:crs:EPSG::4326\"}},\"features\":[" AT("null") "]}",
         "line 1, column 35: \"crs\" does not tell whether longitude or latitude stands first"},
        {"crs null", "{\"type\":\"FeatureCollection\",\"crs\":null,\"features\":[" AT("null") "]}",
         "\"crs\" must be left out"},
        {"a geometry alone", "{\"type\":\"Point\",\"coordinates\":[1,2]}", "is no Feature"},
        {"another collection", "{\"type\":\"Topology\",\"features\":[" AT("null") "]}",
         "is no FeatureCollection"},
        {"no geometry", "{\"type\":\"Feature\"," PROPERTIES "}", "must have \"geometry\""},
        {"no properties", "{\"type\":\"Feature\",\"geometry\":null,\"properties\":null}",
         "has no id"},
        {"an id that is a list",
         "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"id\":[]}}",
         "must be a text or a number"},
        {"an id with a space",
         "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"id\":\"a b\"}}", "is no id"},
        {"no time", "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"id\":1}}",
         "has no time of beginning"},
        {"a day that is none",
         "{\"type\":\"Feature\",\"geometry\":null,\"properties\":{\"id\":1,\"day\":\"2025-02-30\"}"
         "}",
         "must be a day"},
        {"a time of day alone", WITH(",\"until\":\"10:00:00\""), "must be a day"},
        {"a time in a zone that is three", WITH(",\"until\":\"2025-10-11T10:00:00 IST\""),
         "must be a day"},
        {"a time the way of others", WITH(",\"until\":\"10/11/2025 10:00:00\""), "must be a day"},
        {"an end before its beginning", WITH(",\"until\":\"2025-10-09\""), "ends before it begins"},
        {"half a dead man", WITH(",\"dead\":2.5"), "must be a whole number"},
        {"less than none", WITH(",\"dead\":-1"), "must be a whole number"},
        {"a figure that is true", WITH(",\"dead\":true"), "must be a whole number"},
        {"a place that is a list", WITH(",\"place\":[1]"), "must be a text or a number"},
        {"a Feature twice", ALL(AT("null") ",\n" AT("null")),
         "f.json: line 2, column 1: its id stands in line 1 already"},
        {"two are damaged", ALL(WITH(",\"dead\":-1") "," WITH(",\"dead\":-2")),
         "2 items are damaged; the first: f.json: line 1, column 1"},
        {"cut off", "{\"type\":\"FeatureCollection\",\"features\":[" AT("null") ",",
         "a value must stand here, but the text ends"},
        {"a member twice", ALL("{\"type\":\"Feature\",\"type\":\"Feature\"}"),
         "stands in this object already"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct span got;

        CHECK_CASE(cases[i].name, !read_text(&got, cases[i].text, MAPPING, &arena, &err));
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
        {"nothing", "", "m.toml: name is missing"},
        {"no licence", "name='x'\n[origin]\npublisher='P'\ngroup='g'\n",
         "origin.licence is missing"},
        {"no origin", "name='x'\n[property]\nstart='a'\n", "origin.publisher is missing"},
        {"no uncertainty",
         "name='x'\n[origin]\npublisher='P'\nlicence='L'\ngroup='g'\n[property]\nstart='a'\n",
         "position.uncertainty_m is missing"},
        {"a word that nobody knows", MAPPING "count='x'\n", "figure"},
        {"a member that nobody knows", "nmae='x'\n", "nmae is no member of such a file"},
        {"a property that nobody knows",
         "name='x'\n[origin]\npublisher='P'\nlicence='L'\ngroup='g'\n[position]\nuncertainty_m=1\n["
         "property]\ncolour='a'\n",
         "property.colour is no member"},
        {"a name that begins no id", "name='a b'\n", "name must be a word"},
        {"no TOML", "name=", "m.toml: line 1"},
        {"an order that positions do not have",
         "name='x'\n[origin]\npublisher='P'\nlicence='L'\ngroup='g'\n[position]\nuncertainty_m=1\n"
         "order='lat_lon'\n",
         "position.order must be lon_lat"},
        {"a form of time",
         "name='x'\n[origin]\npublisher='P'\nlicence='L'\ngroup='g'\n[time]\n"
         "form='julian'\n",
         "time.form must be"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct span got;

        CHECK_CASE(cases[i].name, !read_text(&got, WITH(""), cases[i].mapping, &arena, &err));
        if (!strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        arena_free(&arena);
    }
}

/* As USGS publishes earthquakes: the Feature's own id, times in milliseconds. */
static void test_epoch(void **state)
{
    (void)state;
    check_accepts(
        "milliseconds, and the Feature's id",
        "{\"type\":\"Feature\",\"id\":\"us7000\",\"geometry\":null,\"properties\":{\"time\":"
        "1760184000000}}",
        "name='usgs'\n[origin]\npublisher='P'\nlicence='L'\ngroup='g'\n[position]\n"
        "uncertainty_m=0\n[time]\nform='epoch_ms'\nuncertainty_s=2\n[property]\n"
        "start='time'\n",
        "incident.report geojson/usgs/us7000 in geojson/usgs/us7000 {\"external_id\":"
        "\"geojson/usgs/us7000\",\"means\":\"dataset\",\"sources\":[{\"publisher\":\"P. "
        "Licence: L. One origin: g. Not graded.\"}],\"start\":{\"at_ms\":1760184000000,"
        "\"basis\":\"document\",\"offset_min\":0,\"uncertainty_ms\":2000}}");
}

/* What is in data/, as it was published: its numbers are texts in part. */
static void test_published(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = {0};
    struct feed feed;
    size_t count;
    struct span text = read_published("data/ucdp/ged191_afghanistan_sample.geojson", &arena);
    struct span mapping = read_published("data/ucdp/ged191_afghanistan_sample.toml", &arena);

    assert_true(geojson_open(&feed, "g", text, "m", mapping, &quiet, &arena, &err));
    check_feed(&feed, &count, &arena);
    assert_int_equal(count, 4 * 310);
    feed_close(&feed);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_accepts),   cmocka_unit_test(test_published_by_others),
    cmocka_unit_test(test_no_figure), cmocka_unit_test(test_refuses),
    cmocka_unit_test(test_mapping),   cmocka_unit_test(test_epoch),
    cmocka_unit_test(test_published),
};

RUN_TESTS(tests)
