#include "feed/firms.h"

#include "base/test.h"
#include "feed/gunzip.h"
#include "feed/invariants.h"
#include "feed/published.h"
#include "feed/test_remarks.h"

/* The three headers that FIRMS gives out. */
#define WEEK                                                                                       \
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,confidence,version,"     \
    "bright_ti5,frp,daynight\n"
#define ARCHIVE                                                                                    \
    "latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,instrument,confidence,"  \
    "version,bright_t31,frp,daynight,type\n"
#define COUNTRY                                                                                    \
    "country_id,latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,"  \
    "confidence,version,bright_ti5,frp,daynight\n"

#define PIXEL_OF(lat, date, time, satellite)                                                       \
    lat ",97.90886,326.04,0.46,0.63," date "," time "," satellite ",nominal,2.0NRT,281.23,2.72,"   \
        "D\n"
#define PLAIN PIXEL_OF("22.30177", "2025-06-21", "0555", "N")

static void test_read(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        const char *item; /* part of what becomes of it */
    } cases[] = {
        {"what names it", WEEK PLAIN,
         "incident.read firms/VIIRS/Suomi-NPP/2025-06-21T05:55Z/223017700/979088600 {"},
        {"when, within a granule", WEEK PLAIN,
         "\"at\":{\"at_ms\":1750485300000,\"basis\":\"system\",\"offset_min\":0,"
         "\"uncertainty_ms\":360000}"},
        {"where, within a diagonal", WEEK PLAIN,
         "\"lat_e7\":223017700,\"lon_e7\":979088600,\"means\":\"satellite\",\"position_basis\":"
         "\"centre of a pixel of 460 m by 630 m (scan, track), either way by its diagonal\","
         "\"sensor\":\"VIIRS/Suomi-NPP\""},
        {"so many metres", WEEK PLAIN, "\"uncertainty_m\":781}"},
        {"what it shows", WEEK PLAIN,
         "\"summary\":\"Thermal hotspot; confidence nominal; by day; brightness temperature, band "
         "I4 326.04 K; band I5 281.23 K; fire radiative power 2.72 MW; product 2.0NRT\""},
        {"whose it is", WEEK PLAIN,
         "\"supplier\":\"NASA and NOAA. Published by NASA FIRMS, part of ESDIS; open data. One "
         "origin: all readings of VIIRS. Not graded.\""},
        {"south and west", WEEK "-0.5,-180,326,0.4,0.4,2025-06-21,0000,1,low,2.0NRT,281,2,N\n",
         "firms/VIIRS/NOAA-20/2025-06-21T00:00Z/-5000000/-1800000000 "},
        {"NOAA-21, by its long name", WEEK PIXEL_OF("1", "2025-06-21", "0555", "NOAA-21"),
         "\"sensor\":\"VIIRS/NOAA-21\""},
        {"a letter for a word",
         COUNTRY "PAK,22,97,326,0.4,0.4,2025-06-21,0000,N21,VIIRS,h,2,1,2,N\n",
         "confidence high; by night"},
        {"a time without its zero", WEEK PIXEL_OF("1", "2025-06-21", "555", "N"), "T05:55Z/"},
        {"just after midnight", WEEK PIXEL_OF("1", "2025-06-21", "5", "N"), "T00:05Z/"},
        {"a time with a colon", WEEK PIXEL_OF("1", "2025-06-21", "23:59", "N"), "T23:59Z/"},
        {"MODIS, from an archive",
         ARCHIVE "33.5,70.25,310.4,4.8,2,2019-02-27,2105,Terra,MODIS,62,6.1,290.2,18.5,N,2\n",
         "\"summary\":\"Thermal hotspot; confidence 62 of 100; by night; brightness temperature "
         "310.4 K; second band 290.2 K; fire radiative power 18.5 MW; type 2: other static land "
         "source; product 6.1\",\"supplier\":\"NASA. Published"},
        {"its pixel", ARCHIVE "33.5,70.25,310,4.8,2,2019-02-27,2105,A,MODIS,0,6.1,290,18,N,0\n",
         "\"uncertainty_m\":5200}"},
        {"VIIRS, from an archive",
         ARCHIVE "33.5,70.25,310,0.4,0.4,2019-02-27,2105,N,VIIRS,n,2,290,18,N,3\n",
         "\"sensor\":\"VIIRS/Suomi-NPP\""},
        {"what is blank is not told, and not 0",
         WEEK "22,97,,0.4,0.4,2025-06-21,0000,N,low,,281.5,,D\n",
         "\"summary\":\"Thermal hotspot; confidence low; by day; band I5 281.5 K\""},
        {"0 is a figure", WEEK "22,97,1,0.4,0.4,2025-06-21,0000,N,low,,,0,N\n",
         "fire radiative power 0 MW"},
        {"a table without rows", WEEK, ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct buf heard = buf_in(&arena, 1000);
        const struct remarks remarks = {.say = hear, .context = &heard};
        struct err err = {0};
        struct feed feed;
        size_t count;

        if (!firms_open(&feed, "f.csv", span_of(cases[i].text), &remarks, &arena, &err))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        const char *items = arena_text(&arena, check_feed(&feed, &count, &arena));
        if (!strstr(items, cases[i].item))
            fail_msg("case \"%s\": %s", cases[i].name, items);
        CHECK_CASE(cases[i].name, heard.len == 0);
        CHECK_CASE(cases[i].name, count == (cases[i].item[0] ? 1 : 0));
        feed_close(&feed);
        arena_free(&arena);
    }
}

#define CELLS(lat, lon, bright, scan, track, date, time, satellite, confidence, frp, daynight)     \
    WEEK lat "," lon "," bright "," scan "," track "," date "," time "," satellite "," confidence  \
             ",2.0NRT,281," frp "," daynight "\n"

#define EDITION(version, frp)                                                                      \
    "42.07812,1.86601,336.07,0.5,0.41,2025-06-21,0041,N,nominal," version ",281.96," frp ",N\n"

/* Files of near real time have rows twice. */
static void test_again(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct buf heard = buf_in(&arena, 1000);
    const struct remarks remarks = {.say = hear, .context = &heard};
    struct err err = {0};
    struct feed feed;
    size_t count;

    assert_true(firms_open(&feed, "f.csv",
                           SPAN_LIT(WEEK PLAIN EDITION("2.0NRT", "3.23") PLAIN PIXEL_OF(
                               "1", "2025-06-21", "1", "N") PLAIN EDITION("2.0NRT", "3.23")),
                           &remarks, &arena, &err));
    check_feed(&feed, &count, &arena);
    assert_int_equal(count, 3);
    assert_true(span_is(buf_span(&heard),
                        "f.csv: 3 rows repeat another to the last character, and were passed over "
                        "(first in line 4)|"));
    feed_close(&feed);
    arena_free(&arena);
}

static void test_refuse(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *fault;
    } cases[] = {
        {"an empty file", "", "line 1, column 1: the file is empty"},
        {"a refusal for a table", "Invalid MAP_KEY.\n",
         "line 1, column 1: \"latitude\" is missing"},
        {"no time", "latitude,longitude,scan,track,acq_date,satellite,confidence\n",
         "\"acq_time\" is missing"},
        {"a row cut off", WEEK PLAIN "22.3,97.9,326.04,0.4",
         "line 3, column 18: the row ends after 4 of 13 cells"},
        {"a cell too many", WEEK "1,2,3,4,5,6,7,8,9,10,11,12,13,14\n", "line 2, column"},
        {"an open quote", WEEK "\"22.3,97.9\n", "line 2, column 1: this quote is not closed"},
        {"no UTF-8", WEEK "22.3\xff,97.9\n", "not UTF-8"},
        {"no latitude", CELLS("", "97", "1", "1", "1", "2025-06-21", "1", "N", "low", "", "D"),
         "line 2, column 1: \"latitude\" is empty"},
        {"no longitude", CELLS("22", "", "1", "1", "1", "2025-06-21", "1", "N", "low", "", "D"),
         "\"longitude\" is empty"},
        {"beyond the pole",
         CELLS("91", "97", "1", "1", "1", "2025-06-21", "1", "N", "low", "", "D"),
         "\"latitude\" must be a decimal number from -90 to 90"},
        {"around the world",
         CELLS("2", "181", "1", "1", "1", "2025-06-21", "1", "N", "low", "", "D"),
         "line 2, column 3: \"longitude\" must be a decimal number from -180 to 180"},
        {"a comma for a point",
         CELLS("\"2,5\"", "97", "1", "1", "1", "2025-06-21", "1", "N", "low", "", "D"),
         "\"latitude\" must be"},
        {"an exponent", CELLS("2e1", "97", "1", "1", "1", "2025-06-21", "1", "N", "low", "", "D"),
         "\"latitude\" must be"},
        {"no scan", CELLS("2", "97", "1", "", "1", "2025-06-21", "1", "N", "low", "", "D"),
         "\"scan\" is empty"},
        {"a pixel without size",
         CELLS("2", "97", "1", "0.0", "1", "2025-06-21", "1", "N", "low", "", "D"),
         "\"scan\" must be larger than 0"},
        {"a negative one", CELLS("2", "97", "1", "1", "-1", "2025-06-21", "1", "N", "low", "", "D"),
         "\"track\" must be a decimal number from 0 to 10"},
        {"one in metres",
         CELLS("2", "97", "1", "375", "375", "2025-06-21", "1", "N", "low", "", "D"),
         "\"scan\" must be a decimal number from 0 to 10"},
        {"no day", CELLS("2", "97", "1", "1", "1", "", "1", "N", "low", "", "D"),
         "\"acq_date\" is empty"},
        {"no such day", CELLS("2", "97", "1", "1", "1", "2025-06-31", "1", "N", "low", "", "D"),
         "\"acq_date\" must be a date that exists"},
        {"a day the other way",
         CELLS("2", "97", "1", "1", "1", "06/21/2025", "1", "N", "low", "", "D"),
         "\"acq_date\" must be a date"},
        {"no time of day", CELLS("2", "97", "1", "1", "1", "2025-06-21", "", "N", "low", "", "D"),
         "\"acq_time\" is empty"},
        {"hour 24", CELLS("2", "97", "1", "1", "1", "2025-06-21", "2400", "N", "low", "", "D"),
         "\"acq_time\" must be a time of day"},
        {"minute 60", CELLS("2", "97", "1", "1", "1", "2025-06-21", "1260", "N", "low", "", "D"),
         "\"acq_time\" must be"},
        {"seconds too",
         CELLS("2", "97", "1", "1", "1", "2025-06-21", "120000", "N", "low", "", "D"),
         "\"acq_time\" must be"},
        {"a colon elsewhere",
         CELLS("2", "97", "1", "1", "1", "2025-06-21", "5:55", "N", "low", "", "D"),
         "\"acq_time\" must be"},
        {"a word for a time",
         CELLS("2", "97", "1", "1", "1", "2025-06-21", "noon", "N", "low", "", "D"),
         "\"acq_time\" must be"},
        {"no satellite", CELLS("2", "97", "1", "1", "1", "2025-06-21", "1", "", "low", "", "D"),
         "\"satellite\" is empty"},
        {"another satellite",
         CELLS("2", "97", "1", "1", "1", "2025-06-21", "1", "L8", "low", "", "D"),
         "\"satellite\" is no satellite"},
        {"not its instrument",
         ARCHIVE "33,70,310,1,1,2019-02-27,2105,Terra,VIIRS,62,6.1,290,18,N,0\n",
         "line 2, column 37: \"instrument\" is not the one"},
        {"no confidence", CELLS("2", "97", "1", "1", "1", "2025-06-21", "1", "N", "", "", "D"),
         "\"confidence\" is empty"},
        {"a number for VIIRS",
         CELLS("2", "97", "1", "1", "1", "2025-06-21", "1", "N", "62", "", "D"),
         "\"confidence\" must be low, nominal or high"},
        {"a word for MODIS",
         CELLS("2", "97", "1", "1", "1", "2025-06-21", "1", "Aqua", "high", "", "D"),
         "\"confidence\" must be a whole number from 0 to 100"},
        {"101 of 100", CELLS("2", "97", "1", "1", "1", "2025-06-21", "1", "Aqua", "101", "", "D"),
         "\"confidence\" must be a whole number from 0 to 100"},
        {"no temperature",
         CELLS("2", "97", "hot", "1", "1", "2025-06-21", "1", "N", "low", "", "D"),
         "\"bright_ti4\" must be a decimal number from 0 to 5000"},
        {"no power", CELLS("2", "97", "1", "1", "1", "2025-06-21", "1", "N", "low", "nan", "D"),
         "\"frp\" must be a decimal number"},
        {"less than none",
         CELLS("2", "97", "1", "1", "1", "2025-06-21", "1", "N", "low", "-1", "D"),
         "\"frp\" must be a decimal number from 0"},
        {"neither day nor night",
         CELLS("2", "97", "1", "1", "1", "2025-06-21", "1", "N", "low", "", "X"),
         "\"daynight\" must be D or N"},
        {"cut off before its last letter",
         CELLS("2", "97", "1", "1", "1", "2025-06-21", "1", "N", "low", "", ""),
         "\"daynight\" must be D or N"},
        {"no such type", ARCHIVE "33,70,310,1,1,2019-02-27,2105,Aqua,MODIS,62,6.1,290,18,N,4\n",
         "\"type\" must be 0 to 3"},
        {"a hotspot twice, of two editions",
         WEEK EDITION("2.0NRT", "3.23") EDITION("2.0URT", "3.23"),
         "line 3, column 1: firms/VIIRS/Suomi-NPP/2025-06-21T00:41Z/420781200/18660100 stands in "
         "line 2 already: a pixel has one reading; keep the row of the later edition"},
        {"with other figures", WEEK EDITION("2.0NRT", "3.23") EDITION("2.0NRT", "3.24"),
         "line 3, column 1: firms/"},
        {"again to the last character, and then with other figures",
         WEEK EDITION("2.0NRT", "3.23") EDITION("2.0NRT", "3.23") EDITION("2.0NRT", "3.24"),
         "line 4, column 1: firms/"},
        {"damaged, and again", WEEK PLAIN PLAIN "22.3\xff,97.9\n", "not UTF-8"},
        {"a hotspot twice, printed otherwise",
         WEEK PLAIN PIXEL_OF("22.3017700", "2025-06-21", "05:55", "NPP"),
         "line 3, column 1: firms/"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        const struct remarks quiet = {0};
        struct err err = {0};
        struct feed feed = {.source = "untouched"};

        CHECK_CASE(cases[i].name,
                   !firms_open(&feed, "f.csv", span_of(cases[i].text), &quiet, &arena, &err));
        if (!strstr(err.text, cases[i].fault) || !strstr(err.text, "f.csv: line "))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, strcmp(feed.source, "untouched") == 0);
        arena_free(&arena);
    }
}

/* Each damaged row is told by its place, twenty of them at most, and all are counted. */
static void test_damage_is_counted(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct buf heard = buf_in(&arena, 100000), text = buf_in(&arena, 100000);
    const struct remarks remarks = {.say = hear, .context = &heard};
    struct err err = {0};
    struct feed feed;
    size_t told = 0;

    buf_text(&text, WEEK);
    for (int i = 0; i < 30; i++) {
        buf_printf(&text, PIXEL_OF("%d", "2025-06-21", "0555", "N"), i);
        buf_text(&text, PIXEL_OF("99", "2025-06-21", "0555", "N"));
    }
    assert_false(firms_open(&feed, "f.csv", buf_span(&text), &remarks, &arena, &err));
    assert_string_equal(err.text, "30 rows are damaged; the first: f.csv: line 3, column 1: "
                                  "\"latitude\" must be a decimal number from -90 to 90");
    struct span rest = buf_span(&heard), one;
    while (span_cut(&rest, '|', &one)) {
        const char *place = arena_printf(&arena, "f.csv: line %zu, column 1: ", 3 + 2 * told++);
        assert_true(span_starts_with(one, span_of(place)));
    }
    assert_int_equal(told, 20);

    buf_text(&text, "\"");
    assert_false(firms_open(&feed, "f.csv", buf_span(&text), &remarks, &arena, &err));
    assert_non_null(strstr(err.text, "30 rows are damaged, and what follows cannot be read: "
                                     "f.csv: line 62, column 1: "));
    arena_free(&arena);
}

/* data/README.md: 3,549 hotspots of a week, 230 of them low and 82 high. */
static void test_published(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct buf heard = buf_in(&arena, 1000);
    const struct remarks remarks = {.say = hear, .context = &heard};
    struct err err = {0};
    struct feed_item item;
    struct feed feed;
    struct span text;
    size_t count = 0, low = 0, high = 0, inside = 0;
    bool more;

    struct span packed =
        read_published("data/firms/viirs_snpp_south_asia_2025-06-21_2025-06-28.csv.gz", &arena);
    assert_true(gunzip(&text, packed, FIRMS_BYTES, &arena, &err));
    assert_true(firms_open(&feed, "firms.csv", text, &remarks, &arena, &err));
    while (feed_next(&feed, &item, &more, &err) && more) {
        const char *summary =
            arena_text(&arena, json_get_string(&item.flat, "summary", SPAN_LIT("")));
        int64_t lat = json_get_integer(&item.flat, "lat_e7", 0);
        int64_t lon = json_get_integer(&item.flat, "lon_e7", 0);

        count++;
        low += strstr(summary, "confidence low;") != NULL;
        high += strstr(summary, "confidence high;") != NULL;
        inside += lat >= 290000000 && lat <= 380000000 && lon >= 600000000 && lon <= 750000000;
    }
    assert_int_equal(count, 3549);
    assert_int_equal(low, 230);
    assert_int_equal(high, 82);
    assert_int_equal(inside, 1186);
    assert_int_equal(heard.len, 0);
    feed_close(&feed);

    /* cut off anywhere but at the end of a row */
    for (size_t len = text.len - 2; len > text.len - 70; len--)
        assert_false(
            firms_open(&feed, "firms.csv", span_slice(text, 0, len), &remarks, &arena, &err));
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_read),      cmocka_unit_test(test_again),
    cmocka_unit_test(test_refuse),    cmocka_unit_test(test_damage_is_counted),
    cmocka_unit_test(test_published),
};

RUN_TESTS(tests)
