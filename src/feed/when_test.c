#include "feed/when.h"

#include "base/test.h"

#define UNKNOWN (14 * MS_PER_HOUR)

static void test_zone(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int offset_min;
        int64_t doubt_ms;
    } cases[] = {
        {"PKT", 300, 0},       {"AFT", 270, 0},        {"TRT", 180, 0},
        {"AST", 180, 0},       {"UTC", 0, 0},          {"Z", 0, 0},
        {"EAT", 180, 0},       {"COT", -300, 0},       {"UTC+5", 300, 0},
        {"UTC+05", 300, 0},    {"UTC+4:30", 270, 0},   {"GMT-3", -180, 0},
        {"+05:45", 345, 0},    {"-03:30", -210, 0},    {"+14", 840, 0},
        {"+00:00", 0, 0},      {"", 0, UNKNOWN},       {"local", 0, UNKNOWN},
        {"pkt", 0, UNKNOWN},   {"PKT ", 0, UNKNOWN},   {"Asia/Karachi", 0, UNKNOWN},
        {"IST", 0, UNKNOWN}, /* India, Ireland or Israel */
        {"UTC+", 0, UNKNOWN},  {"UTC+15", 0, UNKNOWN}, {"+14:30", 0, UNKNOWN},
        {"+5:60", 0, UNKNOWN}, {"+5:5", 0, UNKNOWN},   {"+5:305", 0, UNKNOWN},
        {"+005", 0, UNKNOWN},  {"+5:", 0, UNKNOWN},    {"+:30", 0, UNKNOWN},
        {"5", 0, UNKNOWN},     {"UTC5", 0, UNKNOWN},   {"+0500", 300, 0},
        {"UTC-0330", -210, 0}, {"+0000", 0, 0},        {"+1460", 0, UNKNOWN},
        {"+050", 0, UNKNOWN},  {"+05000", 0, UNKNOWN}, {"+05 0", 0, UNKNOWN},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct zone got = zone_of(span_of(cases[i].text));

        CHECK_CASE(cases[i].text, got.offset_min == cases[i].offset_min);
        CHECK_CASE(cases[i].text, got.doubt_ms == cases[i].doubt_ms);
    }
}

static void test_between(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t from_ms, to_ms;
        const char *zone;
        const char *want;
    } cases[] = {
        {"a day", 0, MS_PER_DAY, "UTC",
         "{\"at_ms\":43200000,\"basis\":\"press\",\"offset_min\":0,\"uncertainty_ms\":43200000}"},
        {"a moment", 1000, 1000, "PKT",
         "{\"at_ms\":1000,\"basis\":\"press\",\"offset_min\":300,\"uncertainty_ms\":0}"},
        {"an odd length reaches both ends", 0, 3, "AFT",
         "{\"at_ms\":2,\"basis\":\"press\",\"offset_min\":270,\"uncertainty_ms\":2}"},
        {"before 1970", -10, -4, "UTC",
         "{\"at_ms\":-7,\"basis\":\"press\",\"offset_min\":0,\"uncertainty_ms\":3}"},
        {"an unknown zone widens", 0, MS_PER_DAY, "?",
         "{\"at_ms\":43200000,\"basis\":\"press\",\"offset_min\":0,\"uncertainty_ms\":93600000}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct json got = when_between(cases[i].from_ms, cases[i].to_ms,
                                       zone_of(span_of(cases[i].zone)), "press", &arena);

        CHECK_CASE(cases[i].name, span_is(json_bytes(&got, &arena), cases[i].want));
        arena_free(&arena);
    }
}

static void test_day(void **state)
{
    (void)state;
    static const struct {
        struct calendar_date day;
        const char *zone;
        int64_t want_ms;
    } cases[] = {
        {{2025, 10, 17}, "UTC", 1760659200000},
        {{2025, 10, 17}, "PKT", 1760641200000}, /* midnight there is 19:00 the day before */
        {{2025, 10, 17}, "AFT", 1760643000000},
        {{2025, 10, 17}, "COT", 1760677200000},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].zone,
                   when_day_ms(cases[i].day, zone_of(span_of(cases[i].zone))) == cases[i].want_ms);
}

#define NOON INT64_C(1760184000000) /* 2025-10-11T12:00Z */

static void test_moment(void **state)
{
    (void)state;
    static const struct {
        const char *text, *otherwise;
        int64_t want_ms; /* 0: is none */
        int offset_min;
        int64_t doubt_ms;
    } cases[] = {
        {"2025-10-11T12:00:00Z", "PKT", NOON, 0, 0},
        {"2025-10-11T17:00:00+05:00", "UTC", NOON, 300, 0},
        {"2025-10-11T17:00:00.000+05", "UTC", NOON, 300, 0},
        {"2025-10-11T16:30:00.000+0430", "UTC", NOON, 270, 0},
        {"2025-10-11T08:30-03:30", "UTC", NOON, -210, 0},
        {"2025-10-11 12:00:00+00", "PKT", NOON, 0, 0},
        {"2025-10-11T17:00:00.0000000+05:00", "UTC", NOON, 300, 0},
        {"2025-10-11T12:00:00.001999Z", "UTC", NOON + 1, 0, 0},
        {"2025-10-11 17:00:00", "PKT", NOON, 300, 0},
        {"2025-10-11T12:00:00", "", NOON, 0, UNKNOWN},
        {"2025-10-11", "UTC", 0, 0, 0},
        {"2025-10-11T", "UTC", 0, 0, 0},
        {"2025-10-11T12", "UTC", 0, 0, 0},
        {"2025-10-11  12:00", "UTC", 0, 0, 0},
        {"2025-10-11_12:00", "UTC", 0, 0, 0},
        {"2025/10/11 12:00:00", "UTC", 0, 0, 0},
        {"2025-10-11T12:00:00 +00:00", "UTC", 0, 0, 0},
        {"2025-10-11T12:00:00+IST", "UTC", 0, 0, 0},
        {"2025-10-11T12:00:00.12Z", "UTC", 0, 0, 0},
        {"2025-10-11T24:00:00Z", "UTC", 0, 0, 0},
        {"2025-10-11T12:00:00.0000000000x", "UTC", 0, 0, 0},
        {"2025-02-30T12:00:00Z", "UTC", 0, 0, 0},
        {"", "UTC", 0, 0, 0},
        {"Saturday, the eleventh of October, at noon", "UTC", 0, 0, 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct zone zone = {.offset_min = 1}, otherwise = zone_of(span_of(cases[i].otherwise));
        int64_t at_ms = 7;
        bool ok = when_moment(&at_ms, &zone, span_of(cases[i].text), otherwise);

        CHECK_CASE(cases[i].text, ok == (cases[i].want_ms != 0));
        CHECK_CASE(cases[i].text, at_ms == (ok ? cases[i].want_ms : 7));
        CHECK_CASE(cases[i].text, zone.offset_min == (ok ? cases[i].offset_min : 1));
        CHECK_CASE(cases[i].text, zone.doubt_ms == cases[i].doubt_ms);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_moment),
    cmocka_unit_test(test_zone),
    cmocka_unit_test(test_between),
    cmocka_unit_test(test_day),
};

RUN_TESTS(tests)
