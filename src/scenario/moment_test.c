#include "scenario/moment.h"

#include "base/test.h"

static const struct moment now = {1762431000000, 270}; /* 2025-11-06 16:40 +04:30 */

static const struct {
    const char *text;
    int64_t ms; /* -1: it is none */
} durations[] = {
    {"6 hours", 21600000},
    {"6h", 21600000},
    {"90 min", 5400000},
    {"1 day 6 hours", 108000000},
    {"1 day and 6 hours", 108000000},
    {"2 weeks", 1209600000},
    {"1 second", 1000},
    {"0 days", 0},
    {"", -1},
    {"6", -1},
    {"hours", -1},
    {"six hours", -1},
    {"-6 hours", -1},
    {"1.5 hours", -1},
    {"6 fortnights", -1},
    {"6 hours 5", -1},
    {"200 years", -1},
    {"99999999999999999999 days", -1},
    {"36601 days", -1}, /* more than a century */
};

static void test_durations(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(durations); i++) {
        int64_t ms = -1;
        bool ok = moment_duration(&ms, span_of(durations[i].text));

        CHECK_CASE(durations[i].text, ok == (durations[i].ms >= 0));
        CHECK_CASE(durations[i].text, ms == durations[i].ms);
    }
}

static const struct {
    const char *text;
    bool alone; /* without a now */
    int64_t ms; /* -1: it is none */
    int offset_min;
} moments[] = {
    {"2025-11-06 16:40 +04:30", true, 1762431000000, 270},
    {"2025-11-06 17:10 +05:00", true, 1762431000000, 300},
    {"2025-11-06 12:10 UTC", true, 1762431000000, 0},
    {"2025-11-06 12:10 Z", true, 1762431000000, 0},
    {"2025-11-06 12:10:30 UTC", true, 1762431030000, 0},
    {"2025-11-06 16:40", false, 1762431000000, 270},
    {"16:40", false, 1762431000000, 270},
    {"16:40:01", false, 1762431001000, 270},
    {"17:10 +05:00", false, 1762431000000, 300},
    {"00:10 +05:00", false, 1762369800000, 300},
    {"now", false, 1762431000000, 270},
    {"in 6 hours", false, 1762452600000, 270},
    {"2 days ago", false, 1762258200000, 270},
    {"2025-11-06 16:40", true, -1, 0}, /* in what zone? */
    {"16:40", true, -1, 0},
    {"now", true, -1, 0},
    {"in 6 hours", true, -1, 0},
    {"", false, -1, 0},
    {"2025-11-06", false, -1, 0},
    {"2025-02-30 16:40 UTC", false, -1, 0},
    {"2025-11-06 24:40 UTC", false, -1, 0},
    {"2025-11-06 16:40 +0430", false, -1, 0},
    {"2025-11-06 16:40 PKT", false, -1, 0},
    {"2025-11-06T16:40Z", false, -1, 0}, /* one way to write it */
    {"06.11.2025 16:40 UTC", false, -1, 0},
    {"16:40 +05:00 x", false, -1, 0},
    {"4:40", false, -1, 0},
    {"in hours", false, -1, 0},
    {"6 hours", false, -1, 0}, /* before or after? */
    {"tomorrow", false, -1, 0},
    {"0000-00-00 00:00 UTC", false, -1, 0},
    {"36600 days ago", true, -1, 0},
};

static void test_moments(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(moments); i++) {
        struct moment got = {-1, 0};
        bool ok = moment_parse(&got, span_of(moments[i].text), moments[i].alone ? NULL : &now);

        CHECK_CASE(moments[i].text, ok == (moments[i].ms >= 0));
        CHECK_CASE(moments[i].text, got.ms == moments[i].ms);
        CHECK_CASE(moments[i].text, got.offset_min == moments[i].offset_min);
    }
}

static const struct {
    const char *text, *json; /* NULL: it is none */
} stated[] = {
    {"16:40", "{\"at_ms\":1762431000000,\"basis\":\"watch\",\"offset_min\":270,"
              "\"uncertainty_ms\":0}"},
    {"16:40 ±10 min by camera", "{\"at_ms\":1762431000000,\"basis\":\"camera\",\"offset_min\":270,"
                                "\"uncertainty_ms\":600000}"},
    {"16:40 +- 10 min", "{\"at_ms\":1762431000000,\"basis\":\"watch\",\"offset_min\":270,"
                        "\"uncertainty_ms\":600000}"},
    {"2025-11-06 17:10 +05:00 +/- 1 hour by estimate",
     "{\"at_ms\":1762431000000,\"basis\":\"estimate\",\"offset_min\":300,"
     "\"uncertainty_ms\":3600000}"},
    {"16:40 ±", NULL},
    {"±10 min", NULL},
    {"16:40 ±soon", NULL},
    {"about 16:40", NULL},
};

static void test_stated(void **state)
{
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(stated); i++) {
        struct json got;
        bool ok = moment_stated(&got, span_of(stated[i].text), &now, &arena);

        CHECK_CASE(stated[i].text, ok == (stated[i].json != NULL));
        CHECK_CASE(stated[i].text, !ok || span_is(json_bytes(&got, &arena), stated[i].json));
    }
    arena_free(&arena);
}

static void test_written_out(void **state)
{
    struct arena arena = {0};

    (void)state;
    assert_string_equal(moment_text(now, &arena), "2025-11-06 16:40 +04:30");
    assert_string_equal(moment_duration_text(108061000, &arena), "1 day 6 hours 1 min 1 s");
    assert_string_equal(moment_duration_text(0, &arena), "no time");
    assert_string_equal(moment_duration_text(-60000, &arena), "minus 1 min");
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_durations),
    cmocka_unit_test(test_moments),
    cmocka_unit_test(test_stated),
    cmocka_unit_test(test_written_out),
};
RUN_TESTS(tests)
