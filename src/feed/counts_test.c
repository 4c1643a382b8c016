#include "feed/counts.h"

#include "base/test.h"

#include <stdio.h>

#define HEAD                                                                                       \
    "report_no,issued,data_until_local,tz,period_days,region,violations,explosions,"               \
    "previous_period_violations,note,url\n"
#define ROW(figures) "157/2021,2021-07-08,2021-07-07 19:30,EEST,1,Luhansk," figures ",,\n"

/* "MATTER BEST|…": of each claim; a claim without a figure says "-". */
static bool figures_of(char *out, size_t room, const char *text, struct arena *arena,
                       struct err *err)
{
    const struct remarks quiet = {0};
    struct feed_item item;
    struct feed feed;
    bool more = true;
    size_t len = 0;

    out[0] = '\0';
    if (!counts_open(&feed, "f.csv", span_of(text), &quiet, arena, err))
        return false;
    while (feed_next(&feed, &item, &more, err) && more) {
        const struct json *best = json_get(&item.flat, "best");
        struct span matter = json_get_string(&item.flat, "matter", (struct span){0});

        assert_string_equal(item.kind, "claim");
        len += (size_t)snprintf(out + len, room - len, "%.*s ", SPAN_ARG(matter));
        len += (size_t)(best ? snprintf(out + len, room - len, "%" PRId64 "|", best->integer)
                             : snprintf(out + len, room - len, "-|"));
    }
    feed_close(&feed);
    return !more;
}

static void test_figures(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } cases[] = {
        {"both", HEAD ROW("10,9,328"), "violations 10|explosions 9|"},
        {"a blank one is no claim", HEAD ROW("2,,4"), "violations 2|"},
        {"nor the other", HEAD ROW(",3,4"), "explosions 3|"},
        {"zero is one", HEAD ROW("0,0,0"), "violations 0|explosions 0|"},
        {"none at all", HEAD ROW(",,"), ""},
        {"two reports", HEAD ROW("1,,") "158/2021,2021-07-09,2021-07-08 19:30,,2,Luhansk,,0,,,\n",
         "violations 1|explosions 0|"},
        {"no more columns than are needed",
         "region,period_days,tz,data_until_local,issued,report_no,explosions,violations\n"
         "Donetsk,1,EEST,2021-07-07 19:30,2021-07-08,157/2021,63,75\n",
         "violations 75|explosions 63|"},
        {"no rows", HEAD, ""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        char got[400];

        if (!figures_of(got, sizeof got, cases[i].text, &arena, &err))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        if (strcmp(got, cases[i].want) != 0)
            fail_msg("case \"%s\": %s, not %s", cases[i].name, got, cases[i].want);
        arena_free(&arena);
    }
}

static void test_whole(void **state)
{
    static const char want[] =
        "{\"best\":2,\"channel\":\"dataset\",\"claimant\":\"OSCE SMM\",\"external_id\":"
        "\"counts/168/2021/Luhansk_region/violations\",\"made\":{\"at_ms\":1626858000000,\"basis\":"
        "\"document\",\"offset_min\":180,\"uncertainty_ms\":43200000},\"matter\":\"violations\","
        "\"side\":\"OSCE\",\"sources\":[{\"id\":\"168/2021\",\"published\":\"2021-07-21\","
        "\"publisher\":\"OSCE SMM\",\"url\":\"https://x\"}],\"statement\":\"Report 168/2021, "
        "Luhansk region, days: 1, until 2021-07-20 19:30 EEST; violations of the ceasefire: 2; "
        "violations in the period before: 4 (a note)\",\"subject\":\"Luhansk region\"}";
    const struct remarks quiet = {0};
    struct arena arena = {0};
    struct err err = {0};
    struct feed_item item;
    struct feed feed;
    bool more;

    (void)state;
    assert_true(counts_open(&feed, "f.csv",
                            span_of(HEAD "168/2021,2021-07-21,2021-07-20 19:30,EEST,1,Luhansk "
                                         "region,2,,4,a note,https://x\n"),
                            &quiet, &arena, &err));
    assert_true(feed_next(&feed, &item, &more, &err) && more);
    struct span got = json_bytes(&item.flat, &arena);
    if (!span_is(got, want))
        fail_msg("%.*s", SPAN_ARG(got));
    feed_close(&feed);
    arena_free(&arena);
}

static void test_refuses(void **state)
{
    static const struct {
        const char *name, *text, *fault;
    } cases[] = {
        {"a column is missing", "report_no,issued\n1,2\n", "line 1"},
        {"no report", HEAD ",2021-07-08,2021-07-07 19:30,EEST,1,Luhansk,1,1,,,\n", "report_no"},
        {"no region", HEAD "1,2021-07-08,2021-07-07 19:30,EEST,1,,1,1,,,\n", "region"},
        {"no day", HEAD "1,,2021-07-07 19:30,EEST,1,Luhansk,1,1,,,\n", "issued"},
        {"a day that there is not", HEAD "1,2021-02-30,2021-07-07 19:30,EEST,1,L,1,1,,,\n",
         "issued"},
        {"a time without its day", HEAD "1,2021-07-08,19:30,EEST,1,L,1,1,,,\n", "data_until_local"},
        {"a day without its time", HEAD "1,2021-07-08,2021-07-07,EEST,1,L,1,1,,,\n",
         "data_until_local"},
        {"no period", HEAD "1,2021-07-08,2021-07-07 19:30,EEST,,L,1,1,,,\n", "period_days"},
        {"a period of no days", HEAD "1,2021-07-08,2021-07-07 19:30,EEST,0,L,1,1,,,\n",
         "period_days"},
        {"one of more than a month", HEAD "1,2021-07-08,2021-07-07 19:30,EEST,32,L,1,1,,,\n",
         "period_days"},
        {"a figure in words", HEAD ROW("ten,9,"), "violations"},
        {"a fraction", HEAD ROW("1.5,9,"), "violations"},
        {"less than none", HEAD ROW("1,-1,"), "explosions"},
        {"damaged beside no figures", HEAD "1,2021-07-08,then,EEST,1,L,,,,,\n", "data_until_local"},
        {"twice", HEAD ROW("1,2,") ROW("3,4,"), "stands in line 2 already"},
        {"a cell too few", HEAD "1,2021-07-08\n", "line 2"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        char got[400];

        CHECK_CASE(cases[i].name, !figures_of(got, sizeof got, cases[i].text, &arena, &err));
        if (!strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_figures),
    cmocka_unit_test(test_whole),
    cmocka_unit_test(test_refuses),
};

RUN_TESTS(tests)
