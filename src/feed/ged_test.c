#include "feed/ged.h"

#include "base/test.h"
#include "feed/gunzip.h"
#include "feed/invariants.h"
#include "feed/published.h"
#include "feed/test_remarks.h"

/* The columns that a GED file must have, with a row that says as little as may be. */
static const struct cell {
    const char *column, *value;
} plain[] = {
    {"id", "7"},
    {"relid", ""},
    {"type_of_violence", "1"},
    {"conflict_name", ""},
    {"dyad_name", ""},
    {"side_a", ""},
    {"side_b", ""},
    {"number_of_sources", "-1"},
    {"source_article", ""},
    {"source_office", ""},
    {"source_date", ""},
    {"source_headline", ""},
    {"source_original", ""},
    {"where_prec", ""},
    {"where_coordinates", ""},
    {"where_description", ""},
    {"adm_1", ""},
    {"adm_2", ""},
    {"latitude", ""},
    {"longitude", ""},
    {"country", ""},
    {"date_prec", "1"},
    {"date_start", "2017-02-07 00:00:00.000"},
    {"date_end", "2017-02-07 00:00:00.000"},
    {"deaths_a", "0"},
    {"deaths_b", "0"},
    {"deaths_civilians", "0"},
    {"deaths_unknown", "0"},
    {"best", "0"},
    {"high", "0"},
    {"low", "0"},
};

#define MOST_CHANGED 6

/* The plain row with other values in some columns; a column that it lacks is added. */
static struct span sheet_of(const struct cell changed[MOST_CHANGED], struct arena *arena)
{
    struct buf head = buf_in(arena, 100000), row = buf_in(arena, 100000);
    bool used[MOST_CHANGED] = {false};

    for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
        const char *value = plain[i].value;

        for (size_t j = 0; j < MOST_CHANGED && changed[j].column; j++)
            if (strcmp(changed[j].column, plain[i].column) == 0) {
                value = changed[j].value;
                used[j] = true;
            }
        buf_printf(&head, "%s%s", i ? "," : "", plain[i].column);
        if (i)
            buf_byte(&row, ',');
        csv_put_cell(&row, span_of(value));
    }
    for (size_t j = 0; j < MOST_CHANGED && changed[j].column; j++)
        if (!used[j]) {
            buf_printf(&head, ",%s", changed[j].column);
            buf_printf(&row, ",%s", changed[j].value);
        }
    buf_byte(&head, '\n');
    buf_put(&head, buf_span(&row));
    buf_byte(&head, '\n');
    return buf_span(&head);
}

#define NOON "1486468800000" /* of 2017-02-07 */
#define TIME(at, off)                                                                              \
    "{\"at_ms\":" at ",\"basis\":\"dataset\",\"offset_min\":0,\"uncertainty_ms\":" off "}"

static void test_row(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct cell changed[MOST_CHANGED];
        const char *item; /* "KIND ID", and of its fields: */
        const char *fields;
    } cases[] = {
        {"as little as may be",
         {{0}},
         "incident.report ged/7 in ged/7",
         "{\"end\":" TIME(
             NOON, "43200000") ",\"external_id\":\"ged/7\",\"means\":\"dataset\","
                               "\"start\":" TIME(
                                   NOON, "43200000") ",\"time_text\":\"2017-02-07 (date_prec 1)\","
                                                     "\"type\":\"state_based\"}"},
        {"an incident",
         {{"where_coordinates", "Kotli district"}},
         "incident.open ged/7",
         "{\"external_id\":\"ged/7\",\"start\":" TIME(
             NOON, "43200000") ",\"title\":\"Kotli district, 2017-02-07\"}"},
        {"not between states", {{"type_of_violence", "2"}}, "incident.report", "\"non_state\""},
        {"against civilians", {{"type_of_violence", "3"}}, "incident.report", "\"one_sided\""},
        {"words",
         {{"conflict_name", "A - B"},
          {"dyad_name", "Government of A - B"},
          {"where_description", "near\nthe mill"},
          {"source_original", "police"},
          {"adm_1", "Sindh"},
          {"adm_2", "Thatta"}},
         "incident.report",
         "\"summary\":\"Conflict: A - B; Dyad: Government of A - B; Where: near\\nthe mill; "
         "Reported by: police\""},
        {"districts",
         {{"adm_1", "Sindh"}, {"adm_2", "Thatta"}},
         "incident.report",
         "{\"admin\":\"Thatta, Sindh\","},
        {"a province", {{"adm_1", "Sindh"}}, "incident.report", "{\"admin\":\"Sindh\","},
        {"a country", {{"country", "Pakistan"}}, "incident.report", "\"territory\":\"Pakistan\""},
        {"its code",
         {{"country", "Pakistan"}, {"iso3", "PAK"}},
         "incident.report",
         "\"territory\":\"PAK\""},
        /* days */
        {"a day without midnight",
         {{"date_start", "2017-02-07"}},
         "incident.report",
         "\"start\":" TIME(NOON, "43200000")},
        {"two days",
         {{"date_end", "2017-02-08 00:00:00.000"}},
         "incident.report",
         "\"end\":" TIME("1486555200000", "43200000") ",\"external_id\":\"ged/7\",\"means\":"
                                                      "\"dataset\",\"start\":" TIME(NOON,
                                                                                    "43200000")},
        {"one of two days",
         {{"date_prec", "2"}, {"date_end", "2017-02-08"}},
         "incident.report",
         "\"start\":" TIME("1486512000000", "86400000")},
        {"the end of it alike",
         {{"date_prec", "2"}, {"date_end", "2017-02-08"}},
         "incident.report",
         "{\"end\":" TIME("1486512000000", "86400000")},
        {"a week",
         {{"date_prec", "3"}, {"date_end", "2017-02-13"}},
         "incident.report",
         "\"start\":" TIME("1486728000000", "302400000")},
        {"a month",
         {{"date_prec", "4"}, {"date_start", "2017-02-01"}, {"date_end", "2017-02-28"}},
         "incident.report",
         "\"start\":" TIME("1487116800000", "1209600000")},
        {"a year",
         {{"date_prec", "5"}, {"date_start", "2017-01-01"}, {"date_end", "2017-12-31"}},
         "incident.report",
         "\"start\":" TIME("1498996800000", "15768000000")},
        {"one day, to a week",
         {{"date_prec", "3"}},
         "incident.report",
         "\"start\":" TIME(NOON, "561600000")},
        {"one day, to a month",
         {{"date_prec", "4"}},
         "incident.report",
         "\"start\":" TIME(NOON, "2635200000")},
        {"what is printed",
         {{"date_prec", "2"}, {"date_end", "2017-02-08"}},
         "incident.report",
         "\"time_text\":\"2017-02-07/2017-02-08 (date_prec 2)\""},
        /* places */
        {"an exact place",
         {{"latitude", "33.950961"}, {"longitude", "74.271094"}, {"where_prec", "1"}},
         "incident.report",
         "\"lat_e7\":339509610,\"lon_e7\":742710940,\"means\":\"dataset\",\"position_basis\":"
         "\"where_prec 1: exact place\""},
        {"near it",
         {{"latitude", "1"}, {"longitude", "2"}, {"where_prec", "2"}},
         "incident.report",
         "\"uncertainty_m\":25000}"},
        {"a district's centre",
         {{"latitude", "1"}, {"longitude", "2"}, {"where_prec", "3"}},
         "incident.report",
         "\"uncertainty_m\":50000}"},
        {"a province's centre",
         {{"latitude", "1"}, {"longitude", "2"}, {"where_prec", "4"}},
         "incident.report",
         "\"uncertainty_m\":200000}"},
        {"a line",
         {{"latitude", "1"}, {"longitude", "2"}, {"where_prec", "5"}},
         "incident.report",
         "\"uncertainty_m\":100000}"},
        {"a country only",
         {{"latitude", "1"}, {"longitude", "2"}, {"where_prec", "6"}},
         "incident.report",
         "\"uncertainty_m\":1000000}"},
        {"the sea",
         {{"latitude", "1"}, {"longitude", "2"}, {"where_prec", "7"}},
         "incident.report",
         "\"uncertainty_m\":1000000}"},
        /* sources */
        {"one source",
         {{"source_article", "\"R,2017-02-08,Fire\""},
          {"source_office", "R"},
          {"source_date", "2017-02-08"},
          {"source_headline", "Fire"}},
         "incident.report",
         "\"sources\":[{\"headline\":\"Fire\",\"published\":\"2017-02-08\",\"publisher\":\"R\"}]"},
        {"two sources",
         {{"source_office", "R;S"}, {"source_date", "2017-02-08;soon"}, {"source_headline", "a;b"}},
         "incident.report",
         "\"sources\":[{\"headline\":\"a\",\"published\":\"2017-02-08\",\"publisher\":\"R\"},"
         "{\"headline\":\"b\",\"publisher\":\"S\"}]"},
        {"a semicolon in a headline",
         {{"source_article", "R,2017-02-08,a; b"},
          {"source_office", "R"},
          {"source_date", "2017-02-08"},
          {"source_headline", "a; b"}},
         "incident.report",
         "\"sources\":[{\"headline\":\"R,2017-02-08,a; b\"}]"},
        {"only an article",
         {{"source_article", "R 4/10 1990"}},
         "incident.report",
         "\"sources\":[{\"headline\":\"R 4/10 1990\"}]"},
        {"lists with holes",
         {{"source_article", "all"},
          {"source_office", ";"},
          {"source_date", ";"},
          {"source_headline", ";"}},
         "incident.report",
         "\"sources\":[{\"headline\":\"all\"}]"},
        /* figures */
        {"none killed is a figure",
         {{0}},
         "claim ged/7/killed in ged/7",
         "{\"best\":0,\"channel\":\"dataset\",\"claimant\":\"UCDP GED\",\"external_id\":"
         "\"ged/7/killed\",\"matter\":\"killed\",\"max\":0,\"min\":0,\"qualifier\":"
         "\"best_estimate\",\"side\":\"DATASET\",\"sources\":[{\"publisher\":\"UCDP GED\"}],"
         "\"statement\":\"low 0, best 0, high 0\",\"subject\":\"all\"}"},
        {"three estimates",
         {{"low", "2"}, {"best", "3"}, {"high", "5"}, {"relid", "P-1"}},
         "claim ged/7/killed",
         "{\"best\":3,\"channel\":\"dataset\",\"claimant\":\"UCDP GED\",\"external_id\":"
         "\"ged/7/killed\",\"matter\":\"killed\",\"max\":5,\"min\":2,\"qualifier\":"
         "\"best_estimate\",\"side\":\"DATASET\",\"sources\":[{\"id\":\"P-1\",\"publisher\":"
         "\"UCDP GED\"}],\"statement\":\"low 2, best 3, high 5\",\"subject\":\"all\"}"},
        {"blank is not zero",
         {{"low", ""}, {"best", ""}, {"high", ""}},
         "claim ged/7/killed",
         "{\"channel\":\"dataset\",\"claimant\":\"UCDP GED\",\"external_id\":\"ged/7/killed\","
         "\"matter\":\"killed\",\"qualifier\":"},
        {"only a best",
         {{"low", ""}, {"best", "4"}, {"high", ""}},
         "claim ged/7/killed",
         "\"statement\":\"best 4\""},
        {"a low above the high is no range",
         {{"low", "2"}, {"best", "2"}, {"high", "1"}},
         "claim ged/7/killed",
         "{\"best\":2,\"channel\":\"dataset\",\"claimant\":\"UCDP GED\",\"external_id\":"
         "\"ged/7/killed\",\"matter\":\"killed\",\"qualifier\":\"best_estimate\",\"side\":"
         "\"DATASET\",\"sources\":[{\"publisher\":\"UCDP GED\"}],\"statement\":"
         "\"low 2, best 2, high 1\",\"subject\":\"all\"}"},
        {"how many sources",
         {{"number_of_sources", "3"}},
         "claim ged/7/killed",
         "\"sources_count\":3,"},
        {"the first side",
         {{"deaths_a", "4"}, {"side_a", "Government of A"}},
         "claim ged/7/deaths_a in ged/7",
         "{\"best\":4,\"channel\":\"dataset\",\"claimant\":\"UCDP GED\",\"external_id\":"
         "\"ged/7/deaths_a\",\"matter\":\"killed\",\"qualifier\":\"best_estimate\",\"side\":"
         "\"DATASET\",\"sources\":[{\"publisher\":\"UCDP GED\"}],\"statement\":"
         "\"side_a: Government of A\",\"subject\":\"side_a\"}"},
        {"the second", {{"deaths_b", "4"}}, "claim ged/7/deaths_b", "\"subject\":\"side_b\"}"},
        {"civilians",
         {{"deaths_civilians", "4"}},
         "claim ged/7/deaths_civilians",
         "\"subject\":\"civilians\"}"},
        {"unknown",
         {{"deaths_unknown", "4"}},
         "claim ged/7/deaths_unknown",
         "\"subject\":\"unknown\"}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        const struct remarks quiet = {0};
        struct err err = {0};
        struct feed feed;
        size_t count;

        if (!ged_open(&feed, "f.csv", sheet_of(cases[i].changed, &arena), &quiet, &arena, &err))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        const char *items = arena_text(&arena, check_feed(&feed, &count, &arena));
        const char *item = strstr(items, cases[i].item);
        const char *fields = item ? strstr(item, cases[i].fields) : NULL;
        if (!fields || fields > strchr(item, '\n'))
            fail_msg("case \"%s\":\n%s", cases[i].name, items);
        feed_close(&feed);
        arena_free(&arena);
    }
}

/* Which items a row makes, and how many. */
static void test_items(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct cell changed[MOST_CHANGED];
        size_t items;
    } cases[] = {
        {"nobody killed", {{0}}, 3},
        {"on one side", {{"deaths_b", "1"}}, 4},
        {"on all",
         {{"deaths_a", "1"}, {"deaths_b", "2"}, {"deaths_civilians", "3"}, {"deaths_unknown", "4"}},
         7},
        {"blank counts", {{"deaths_a", ""}, {"deaths_b", ""}}, 3},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        const struct remarks quiet = {0};
        struct err err = {0};
        struct feed feed;
        size_t count;

        CHECK_CASE(cases[i].name, ged_open(&feed, "f.csv", sheet_of(cases[i].changed, &arena),
                                           &quiet, &arena, &err));
        check_feed(&feed, &count, &arena);
        CHECK_CASE(cases[i].name, count == cases[i].items);
        feed_close(&feed);
        arena_free(&arena);
    }
}

static void test_refuse(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct cell changed[MOST_CHANGED];
        const char *fault;
    } cases[] = {
        {"no id", {{"id", ""}}, "line 2, column 1: \"id\" is empty"},
        {"an id that is no number", {{"id", "PAK-1"}}, "line 2, column 1: \"id\" must be a whole"},
        {"an id beyond 2^53", {{"id", "9007199254740992"}}, "line 2, column 1: \"id\" must be"},
        {"no type", {{"type_of_violence", ""}}, "column 4: \"type_of_violence\" is empty"},
        {"no such type",
         {{"type_of_violence", "4"}},
         "line 2, column 4: \"type_of_violence\" must be a whole number from 0 to 3"},
        {"type 0",
         {{"type_of_violence", "0"}},
         "line 2, column 4: \"type_of_violence\" must be 1 to 3"},
        {"a number of sources",
         {{"number_of_sources", "-2"}},
         "line 2, column 10: \"number_of_sources\" must be a whole number from 0 to 100000"},
        {"an id of the data set with a space",
         {{"relid", "P 1"}},
         "line 2, column 3: \"relid\" does not fit"},
        {"no day", {{"date_start", ""}}, "\"date_start\" is empty"},
        {"a day that is not",
         {{"date_start", "2017-02-29 00:00:00.000"}},
         "line 2, column 28: \"date_start\" must be a date that exists"},
        {"a day with an hour",
         {{"date_start", "2017-02-07 13:00:00.000"}},
         "line 2, column 28: \"date_start\" must be a date"},
        {"a day with more behind it",
         {{"date_end", "2017-02-07 00:00:00.0000"}},
         "line 2, column 52: \"date_end\" must be a date"},
        {"it ends before it starts",
         {{"date_end", "2017-02-06"}},
         "line 2, column 52: \"date_end\" is before \"date_start\""},
        {"no precision of the day", {{"date_prec", ""}}, "\"date_prec\" is empty"},
        {"such a precision",
         {{"date_prec", "6"}},
         "line 2, column 26: \"date_prec\" must be a whole number from 0 to 5"},
        {"precision 0", {{"date_prec", "0"}}, "line 2, column 26: \"date_prec\" must be 1 to 5"},
        {"half a position",
         {{"latitude", "33"}, {"where_prec", "1"}},
         "\"longitude\" is empty, and the other half of the position is not"},
        {"a position without precision",
         {{"latitude", "33"}, {"longitude", "74"}},
         "\"where_prec\" is empty beside a position"},
        {"no such precision", {{"where_prec", "8"}}, "\"where_prec\" is no code"},
        {"beyond the pole",
         {{"latitude", "91"}, {"longitude", "74"}, {"where_prec", "1"}},
         "line 2, column 24: \"latitude\" must be a decimal number from -90 to 90"},
        {"no number",
         {{"latitude", "33.9.5"}, {"longitude", "74"}, {"where_prec", "1"}},
         "line 2, column 24: \"latitude\" must be a decimal number"},
        {"a negative count", {{"deaths_a", "-1"}}, "\"deaths_a\" must be a whole number"},
        {"a fraction", {{"best", "1.5"}}, "\"best\" must be a whole number from 0 to"},
        {"a word", {{"high", "many"}}, "\"high\" must be a whole number"},
        {"beyond 2^53", {{"low", "9007199254740993"}}, "\"low\" must be a whole number"},
        {"a column twice", {{"iso3", "A"}, {"iso3", "A"}}, "line 1, column 341: \"iso3\" is there"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        const struct remarks quiet = {0};
        struct err err = {0};
        struct feed feed = {.source = "untouched"};

        CHECK_CASE(cases[i].name, !ged_open(&feed, "f.csv", sheet_of(cases[i].changed, &arena),
                                            &quiet, &arena, &err));
        if (!strstr(err.text, cases[i].fault) || !strstr(err.text, "f.csv: line "))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, strcmp(feed.source, "untouched") == 0);
        arena_free(&arena);
    }
}

/* --- told, not refused --- */

static void test_told(void **state)
{
    (void)state;
    char headline[2101], place[1002];
    const struct {
        const char *name;
        struct cell changed[MOST_CHANGED];
        const char *told;
        const char *fields;
    } cases[] = {
        {"nothing to tell", {{0}}, "", ""},
        {"columns of the file that are not used", {{"year", "2017"}, {"gwnoa", "750"}}, "", ""},
        {"a column of a later version",
         {{"new", "1"}},
         "f.csv: the column \"new\" is not known and was passed over|",
         ""},
        {"a text that is too long",
         {{"source_article", headline}},
         "f.csv: 1 texts or lists were cut to what their fields hold (first in line 2)|",
         "hhh …\"}]"},
        {"cut between two letters",
         {{"where_coordinates", place}},
         "f.csv: 1 texts or lists were cut to what their fields hold (first in line 2)|",
         "\"place_name\":\"éé"},
        {"a low above the high",
         {{"low", "1"}},
         "f.csv: 1 events have a low above their high: no range is recorded, the figures are "
         "quoted (first in line 2)|",
         ""},
    };

    memset(headline, 'h', sizeof headline - 1);
    headline[sizeof headline - 1] = '\0';
    for (size_t i = 0; i + 2 < sizeof place; i += 2)
        memcpy(place + i, "é", 2);
    place[sizeof place - 2] = 'x';
    place[sizeof place - 1] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct buf heard = buf_in(&arena, 1000);
        const struct remarks remarks = {.say = hear, .context = &heard};
        struct err err = {0};
        struct feed feed;
        size_t count;

        CHECK_CASE(cases[i].name, ged_open(&feed, "f.csv", sheet_of(cases[i].changed, &arena),
                                           &remarks, &arena, &err));
        const char *items = arena_text(&arena, check_feed(&feed, &count, &arena));
        if (!span_is(buf_span(&heard), cases[i].told) || !strstr(items, cases[i].fields))
            fail_msg("case \"%s\": %.*s\n%s", cases[i].name, SPAN_ARG(buf_span(&heard)), items);
        feed_close(&feed);
        arena_free(&arena);
    }
}

#define BARE                                                                                       \
    "59553,PAK-1990-1-345-5,1990,1,Clear,1,218,218,India - Pakistan,422,422,Government of India "  \
    "- "                                                                                           \
    "Government of Pakistan,141,141,Government of India,142,142,Government of Pakistan,-1,R 4/10 " \
    "1990,,,,Pakistani military,2,Kel village,Kel sector of the control line,Azad Jammu & "        \
    "Kashmir,"                                                                                     \
    "Neelam district,34.821865,74.355544,POINT (74.355544 "                                        \
    "34.821865),179789,Pakistan,770,Asia,1,1,"                                                     \
    "1990-10-04 00:00:00.000,1990-10-04 00:00:00.000,0,2,0,0,2,2,2,750"

/* The candidate 24.0.1 had no header. This row is of version 22.1 (data/README.md). */
static void test_no_header(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct buf heard = buf_in(&arena, 1000);
    const struct remarks remarks = {.say = hear, .context = &heard};
    struct err err = {0};
    struct feed feed;
    size_t count;

    assert_true(ged_open(&feed, "f.csv", SPAN_LIT(BARE ",770\n"), &remarks, &arena, &err));
    const char *items = arena_text(&arena, check_feed(&feed, &count, &arena));
    assert_int_equal(count, 4);
    assert_non_null(strstr(items, "incident.open ged/59553 "));
    assert_non_null(strstr(items, "\"lat_e7\":348218650,\"lon_e7\":743555440,"));
    assert_non_null(strstr(items, "low 2, best 2, high 2"));
    assert_true(span_starts_with(buf_span(&heard), SPAN_LIT("f.csv: it has no header; ")));
    feed_close(&feed);

    assert_false(ged_open(&feed, "f.csv", SPAN_LIT(BARE "\n"), &remarks, &arena, &err));
    assert_non_null(strstr(err.text, "f.csv: line 1, column 1: \"id\" is missing"));
    arena_free(&arena);
}

static void test_id_twice(void **state)
{
    (void)state;
    struct arena arena = {0};
    const struct remarks quiet = {0};
    struct err err = {0};
    struct feed feed;
    struct span sheet = sheet_of((const struct cell[MOST_CHANGED]){{0}}, &arena), head;
    struct buf twice = buf_in(&arena, 10000);

    buf_put(&twice, sheet);
    assert_true(span_cut(&sheet, '\n', &head));
    buf_put(&twice, sheet);
    assert_false(ged_open(&feed, "f.csv", buf_span(&twice), &quiet, &arena, &err));
    assert_non_null(strstr(err.text, "f.csv: line 3, column 1: \"id\" stands in line 2 already"));
    arena_free(&arena);
}

/* --- what UCDP publishes --- */

struct totals {
    size_t incidents, reports, claims;
    int64_t best, by_side; /* of all deaths, and of the counts of each side */
};

static struct totals totals_of(struct feed *feed)
{
    struct totals totals = {0};
    struct feed_item item;
    struct err err = {0};
    bool more;

    while (feed_next(feed, &item, &more, &err) && more) {
        int64_t best = json_get_integer(&item.flat, "best", 0);

        totals.incidents += strcmp(item.kind, "incident.open") == 0;
        totals.reports += strcmp(item.kind, "incident.report") == 0;
        totals.claims += strcmp(item.kind, "claim") == 0;
        if (span_is(json_get_string(&item.flat, "subject", SPAN_LIT("all")), "all"))
            totals.best += best;
        else
            totals.by_side += best;
    }
    return totals;
}

/* data/README.md: 6,082 events; the sums are those of the file's own columns. */
static void test_country(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct buf heard = buf_in(&arena, 1000);
    const struct remarks remarks = {.say = hear, .context = &heard};
    struct err err = {0};
    struct feed feed;
    struct span text;

    struct span packed = read_published("data/ucdp/ged221_pakistan_1989_2019.csv.gz", &arena);
    assert_true(gunzip_needed(packed));
    assert_true(gunzip(&text, packed, GED_BYTES, &arena, &err));
    assert_int_equal(text.len, 3204905);
    assert_true(ged_open(&feed, "ged.csv", text, &remarks, &arena, &err));
    struct totals totals = totals_of(&feed);
    assert_int_equal(totals.incidents, 6082);
    assert_int_equal(totals.reports, 6082);
    assert_int_equal(totals.claims, 6082 + 6748);
    assert_int_equal(totals.best, 42368);
    assert_int_equal(totals.by_side, 42368);
    assert_non_null(strstr(arena_text(&arena, buf_span(&heard)),
                           "ged.csv: 136 events have a low above their high"));
    feed_close(&feed);
    arena_free(&arena);
}

/* Also cut off, with a byte changed or a line gone, it is refused. */
static void test_damaged_file(void **state)
{
    (void)state;
    struct arena arena = {0};
    const struct remarks quiet = {0};
    struct err err = {0};
    struct feed feed;
    struct span text;

    struct span packed = read_published("data/ucdp/ged221_pakistan_1989_2019.csv.gz", &arena);
    for (size_t len = packed.len / 2; len < packed.len; len += packed.len / 20)
        assert_false(gunzip(&text, span_slice(packed, 0, len), GED_BYTES, &arena, &err));
    assert_true(gunzip(&text, packed, GED_BYTES, &arena, &err));
    /* within the last row, line 11,000 or so: as many cells as it has */
    assert_false(
        ged_open(&feed, "ged.csv", span_slice(text, 0, text.len - 60), &quiet, &arena, &err));
    assert_non_null(strstr(err.text, "the row ends after"));

    uint8_t *bytes = (uint8_t *)arena_text(&arena, text);
    bytes[text.len / 2] = 0xff;
    assert_false(ged_open(&feed, "ged.csv", span_make(bytes, text.len), &quiet, &arena, &err));
    assert_non_null(strstr(err.text, "not UTF-8"));
    arena_free(&arena);
}

static void test_with_tags(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct buf heard = buf_in(&arena, 1000);
    const struct remarks remarks = {.say = hear, .context = &heard};
    struct err err = {0};
    struct feed feed;

    struct span text =
        read_published("data/ucdp/ged221_pakistan_2017_hxl_as_published.csv", &arena);
    assert_true(ged_open(&feed, "ged.csv", text, &remarks, &arena, &err));
    struct totals totals = totals_of(&feed);
    assert_int_equal(totals.incidents, 162);
    assert_int_equal(totals.best, 954);
    assert_int_equal(totals.by_side, 954);
    assert_int_equal(heard.len, 0);
    feed_close(&feed);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_row),       cmocka_unit_test(test_items),
    cmocka_unit_test(test_refuse),    cmocka_unit_test(test_told),
    cmocka_unit_test(test_no_header), cmocka_unit_test(test_id_twice),
    cmocka_unit_test(test_country),   cmocka_unit_test(test_damaged_file),
    cmocka_unit_test(test_with_tags),
};

RUN_TESTS(tests)
