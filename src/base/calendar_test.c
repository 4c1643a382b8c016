#include "base/calendar.h"

#include "base/test.h"

#include <stdio.h>
#include <time.h>

/* xorshift64*, from a seed: the same moments on every run. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

static int64_t random_between(uint64_t *state, int64_t low, int64_t high)
{
    return low + (int64_t)(next_random(state) % ((uint64_t)(high - low) + 1));
}

/* Beside the C library, which counts another way. */
static void check_day(int64_t ms)
{
    time_t seconds = (time_t)((ms - ((ms % 1000) + 1000) % 1000) / 1000);
    struct tm tm = {0};

    assert_non_null(gmtime_r(&seconds, &tm));
    struct calendar_date date = calendar_date(ms);
    assert_int_equal(date.year, tm.tm_year + 1900);
    assert_int_equal(date.month, tm.tm_mon + 1);
    assert_int_equal(date.day, tm.tm_mday);

    tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
    assert_int_equal(calendar_ms(date), (int64_t)timegm(&tm) * 1000);
}

static void test_every_day(void **state)
{
    (void)state;
    for (int64_t ms = CALENDAR_MIN_MS; ms < CALENDAR_MAX_MS; ms += MS_PER_DAY)
        check_day(ms);
}

static void test_random_moments(void **state)
{
    (void)state;
    uint64_t seed = 1;

    for (int i = 0; i < 1000000; i++)
        check_day(random_between(&seed, CALENDAR_MIN_MS, CALENDAR_MAX_MS));
}

static void test_edges(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        struct calendar_date date;
    } cases[] = {
        {0, {1970, 1, 1}},
        {-1, {1969, 12, 31}},
        {MS_PER_DAY - 1, {1970, 1, 1}},
        {-MS_PER_DAY, {1969, 12, 31}},
        {-MS_PER_DAY - 1, {1969, 12, 30}},
        {CALENDAR_MIN_MS, {1, 1, 1}},
        {CALENDAR_MAX_MS, {9999, 12, 31}},
        {INT64_C(951782400000), {2000, 2, 29}},
        {INT64_C(951868800000), {2000, 3, 1}},
        {INT64_C(4107456000000), {2100, 2, 28}},
        {INT64_C(4107542400000), {2100, 3, 1}},
        {INT64_C(1760832000000), {2025, 10, 19}},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct calendar_date date = calendar_date(cases[i].ms);

        assert_int_equal(date.year, cases[i].date.year);
        assert_int_equal(date.month, cases[i].date.month);
        assert_int_equal(date.day, cases[i].date.day);
    }
}

static void test_parse_date(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        struct calendar_date date;
    } cases[] = {
        {"2025-10-19", true, {2025, 10, 19}},
        {"0001-01-01", true, {1, 1, 1}},
        {"9999-12-31", true, {9999, 12, 31}},
        {"2024-02-29", true, {2024, 2, 29}},
        {"2000-02-29", true, {2000, 2, 29}},
        {"2023-02-29", false, {0}},
        {"1900-02-29", false, {0}},
        {"2025-04-31", false, {0}},
        {"2025-00-10", false, {0}},
        {"2025-13-10", false, {0}},
        {"2025-10-00", false, {0}},
        {"2025-10-32", false, {0}},
        {"0000-01-01", false, {0}},
        {"", false, {0}},
        {"2025", false, {0}},
        {"2025-10", false, {0}},
        {"2025-10-1", false, {0}},
        {"2025-1-19", false, {0}},
        {"25-10-19", false, {0}},
        {"2025/10/19", false, {0}},
        {"20251019", false, {0}},
        {"2025-10-19 ", false, {0}},
        {" 2025-10-19", false, {0}},
        {"2025-10-19T", false, {0}},
        {"+2025-10-19", false, {0}},
        {"-025-10-19", false, {0}},
        {"2025-10- 9", false, {0}},
        {"٢٠٢٥-10-19", false, {0}},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct calendar_date date = {99, 99, 99};

        CHECK_CASE(cases[i].text,
                   calendar_parse_date(&date, span_of(cases[i].text)) == cases[i].ok);
        CHECK_CASE(cases[i].text, date.year == (cases[i].ok ? cases[i].date.year : 99));
        CHECK_CASE(cases[i].text, date.month == (cases[i].ok ? cases[i].date.month : 99));
        CHECK_CASE(cases[i].text, date.day == (cases[i].ok ? cases[i].date.day : 99));
    }
}

#define NOON_MS INT64_C(1760875200000) /* 2025-10-19T12:00:00Z */

static void test_parse_time(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
        int offset_min;
    } cases[] = {
        {"2025-10-19T12:00Z", NOON_MS, 0},
        {"2025-10-19T12:00:00Z", NOON_MS, 0},
        {"2025-10-19T12:00:01Z", NOON_MS + 1000, 0},
        {"2025-10-19T12:00:00.001Z", NOON_MS + 1, 0},
        {"2025-10-19T17:00+05:00", NOON_MS, 300},
        {"2025-10-19T16:30:00+04:30", NOON_MS, 270},
        {"2025-10-19T02:30-09:30", NOON_MS, -570},
        {"2025-10-20T02:00+14:00", NOON_MS, 840},
        {"2025-10-19T12:00+00:00", NOON_MS, 0},
        {"1970-01-01T00:00Z", 0, 0},
        {"1969-12-31T23:59:59.999Z", -1, 0},
        {"0001-01-01T00:00Z", CALENDAR_MIN_MS, 0},
        {"9999-12-31T23:59:59.999Z", CALENDAR_MAX_MS, 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t ms = 99;
        int offset_min = 99;

        CHECK_CASE(cases[i].text, calendar_parse_time(&ms, &offset_min, span_of(cases[i].text)));
        CHECK_CASE(cases[i].text, ms == cases[i].ms);
        CHECK_CASE(cases[i].text, offset_min == cases[i].offset_min);
    }
}

static void test_parse_time_refuses(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "2025-10-19",
        "2025-10-19T12:00", /* whose noon? */
        "2025-10-19T12Z",
        "2025-10-19T24:00Z",
        "2025-10-19T12:60Z",
        "2025-10-19T12:00:60Z", /* POSIX time has no leap second */
        "2025-10-19T12:00:00.1Z",
        "2025-10-19T12:00:00.0001Z",
        "2025-10-19T12:00.5Z",
        "2025-10-19T12:00:Z",
        "2025-10-19T12:00:00.Z",
        "2025-10-19t12:00Z",
        "2025-10-19T12:00z",
        "2025-10-19 12:00Z",
        "2025-02-30T12:00Z",
        "2025-10-19T12:00+5:00",
        "2025-10-19T12:00+0500",
        "2025-10-19T12:00+05",
        "2025-10-19T12:00+15:00",
        "2025-10-19T12:00+05:60",
        "2025-10-19T12:00-",
        "2025-10-19T12:00+05:00Z",
        "2025-10-19T12:00ZZ",
        "2025-10-19T12:00Z ",
        "2025-10-19T-1:00Z",
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t ms = 99;
        int offset_min = 99;

        CHECK_CASE(cases[i], !calendar_parse_time(&ms, &offset_min, span_of(cases[i])));
        CHECK_CASE(cases[i], ms == 99 && offset_min == 99);
    }
}

static void test_format(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        int offset_min;
        const char *text;
    } cases[] = {
        {NOON_MS, 0, "2025-10-19T12:00:00Z"},
        {NOON_MS + 123, 0, "2025-10-19T12:00:00.123Z"},
        {NOON_MS + 7, 0, "2025-10-19T12:00:00.007Z"},
        {NOON_MS, 300, "2025-10-19T17:00:00+05:00"},
        {NOON_MS, -570, "2025-10-19T02:30:00-09:30"},
        {NOON_MS, 840, "2025-10-20T02:00:00+14:00"},
        {-1, 0, "1969-12-31T23:59:59.999Z"},
        {0, -1, "1969-12-31T23:59:00-00:01"},
        {CALENDAR_MIN_MS + MS_PER_DAY, -1439, "0001-01-01T00:01:00-23:59"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[CALENDAR_TEXT];

        calendar_format(text, cases[i].ms, cases[i].offset_min);
        CHECK_CASE(cases[i].text, strcmp(text, cases[i].text) == 0);
    }
}

/* Written and read again, and written beside what the C library says. */
static void test_format_random(void **state)
{
    (void)state;
    uint64_t seed = 2;

    for (int i = 0; i < 300000; i++) {
        int64_t ms =
            random_between(&seed, CALENDAR_MIN_MS + MS_PER_DAY, CALENDAR_MAX_MS - MS_PER_DAY);
        int offset_min = (int)random_between(&seed, -899, 899);
        time_t local = (time_t)((ms - ((ms % 1000) + 1000) % 1000) / 1000 + offset_min * 60);
        char text[CALENDAR_TEXT], want[CALENDAR_TEXT];
        struct tm tm;
        int64_t ms_again;
        int offset_again;

        calendar_format(text, ms, offset_min);
        assert_true(calendar_parse_time(&ms_again, &offset_again, span_of(text)));
        assert_int_equal(ms_again, ms);
        assert_int_equal(offset_again, offset_min);

        assert_non_null(gmtime_r(&local, &tm));
        snprintf(want, sizeof want, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900,
                 tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
        assert_memory_equal(text, want, strlen(want));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_every_day),  cmocka_unit_test(test_random_moments),
    cmocka_unit_test(test_edges),      cmocka_unit_test(test_parse_date),
    cmocka_unit_test(test_parse_time), cmocka_unit_test(test_parse_time_refuses),
    cmocka_unit_test(test_format),     cmocka_unit_test(test_format_random),
};

RUN_TESTS(tests)
