#include "api/lane_days.h"

#include "api/row_store.h"
#include "base/calendar.h"
#include "base/test.h"

#include <stdio.h>

/*
 * What one side declared of one lane, on the four days from 6 November 2025; it is now noon of the
 * last. A case is what the register holds in the order of the log, "STATUS SINCE UNTIL|-" each
 * ending in ";", times as DAY.HOUR of November, UTC. What comes out is a letter a day: x shut all
 * day, l limited, o open, s silent, several where the day had several; then the four sums.
 */

#define NOVEMBER INT64_C(1761955200000)

static int64_t hours(int day, int hour)
{
    return NOVEMBER + (day - 1) * (int64_t)MS_PER_DAY + hour * (int64_t)MS_PER_HOUR;
}

static const char *time_text(struct row_store *s, int64_t ms)
{
    return arena_printf(
        &s->arena, "{'at_ms':%" PRId64 ",'basis':'watch','offset_min':0,'uncertainty_ms':0}", ms);
}

static void declare(struct row_store *s, const char *org, const char *status, int64_t since,
                    int64_t until)
{
    const char *end = until ? arena_printf(&s->arena, ",'until':%s", time_text(s, until)) : "";
    /* ids run against the order of the log: it is the index that decides */
    const char *id = arena_printf(&s->arena, "%04u", 9999u - (unsigned)s->index);

    row_store_put(
        s, "declaration", id,
        arena_printf(&s->arena,
                     "{'class':'cargo','crossing':'bridge','direction':'north','org':'%s',"
                     "'since':%s,'state':'made','status':'%s'%s}",
                     org, time_text(s, since), status, end));
}

static void declare_all(struct row_store *s, const char *text)
{
    char status[16];
    int day, hour, until_day, until_hour, used;

    while (*text) {
        int64_t until = 0;

        if (sscanf(text, " %15s %d.%d -;%n", status, &day, &hour, (used = 0, &used)) != 3 ||
            !used) {
            int read = sscanf(text, " %15s %d.%d %d.%d;%n", status, &day, &hour, &until_day,
                              &until_hour, (used = 0, &used));
            assert_true(read == 5 && used);
            until = hours(until_day, until_hour);
        }
        declare(s, "north", status, hours(day, hour), until);
        text += used;
    }
}

static const char *letters(struct row_store *s, const struct lane_days *days,
                           const struct lane_period *period)
{
    static const char letter[] = "xlos";
    const char *out = "";

    for (size_t n = 0; n < period->days; n++) {
        out = arena_printf(&s->arena, "%s%s", out, n ? " " : "");
        for (unsigned bit = 0; bit < 4; bit++)
            if (days->day[n] & (1u << bit))
                out = arena_printf(&s->arena, "%s%c", out, letter[bit]);
    }
    struct lane_sum sum = lane_days_sum(days, period);
    return arena_printf(&s->arena, "%s: %d %d %d %d", out, (int)sum.closed, (int)sum.partly,
                        (int)sum.open, (int)sum.no_word);
}

static void test_days(void **state)
{
    static const struct {
        const char *name, *declared, *want;
    } cases[] = {
        {"shut before and ever since", "closed 1.0 -;", "x x x x: 4 0 0 0"},
        {"suspended is shut", "suspended 1.0 -;", "x x x x: 4 0 0 0"},
        {"limited is neither", "limited 1.0 -;", "l l l l: 0 4 0 0"},
        {"not known is no word", "unknown 1.0 -;", "s s s s: 0 0 0 4"},
        {"shut from a noon on", "open 1.0 -; closed 7.12 -;", "o xo x x: 2 1 1 0"},
        {"open again from a midnight on", "closed 1.0 -; open 8.0 -;", "x x o o: 2 0 2 0"},
        {"shut for two hours", "open 1.0 -; closed 7.10 -; open 7.12 -;", "o xo o o: 0 1 3 0"},
        {"a word that ran out: no other comes back", "open 1.0 -; closed 7.0 8.0;",
         "o x s s: 1 0 1 2"},
        {"said later of an earlier time: it goes over what was said", "open 7.0 -; closed 6.0 -;",
         "x x x x: 4 0 0 0"},
        {"the first word of the closing, on its day", "closed 7.12 -;", "s xs x x: 2 1 0 1"},
        {"it begins when the period is over", "closed 20.0 -;", "s s s s: 0 0 0 4"},
        {"it ended before", "closed 1.0 2.0;", "s s s s: 0 0 0 4"},
        {"an end that is its beginning", "closed 7.0 7.0;", "s s s s: 0 0 0 4"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct row_store s;
        struct lane_days_list list;
        struct lane_period period;
        struct err err = {0};

        row_store_open(&s);
        declare_all(&s, cases[i].declared);
        declare(&s, "south", "open", hours(1, 0), 0); /* says nothing for the other */
        row_store_read(&s);
        row_store_ok(lane_period_make(&period, hours(6, 0), hours(10, 0), 0, hours(9, 12), &err) &&
                         lane_days_read(&list, s.reader, &period, STORE_LATEST, &s.arena, &err),
                     &err);
        const struct lane_days *north = lane_days_of(&list, SPAN_LIT("bridge"), SPAN_LIT("north"),
                                                     SPAN_LIT("cargo"), SPAN_LIT("north"));
        assert_non_null(north);
        const char *got = letters(&s, north, &period);
        if (strcmp(got, cases[i].want) != 0)
            print_error("%s: %s\n", cases[i].name, got);
        CHECK_CASE(cases[i].name, strcmp(got, cases[i].want) == 0);
        CHECK_CASE(cases[i].name, list.count == 2);
        row_store_close(&s);
    }
}

static void test_as_of(void **state)
{
    struct row_store s;
    struct lane_days_list list;
    struct lane_period period;
    struct err err = {0};

    (void)state;
    row_store_open(&s);
    declare(&s, "north", "open", hours(1, 0), 0);
    declare(&s, "north", "closed", hours(1, 0), 0);
    row_store_read(&s);
    row_store_ok(lane_period_make(&period, hours(6, 0), hours(10, 0), 0, hours(9, 12), &err) &&
                     lane_days_read(&list, s.reader, &period, 0, &s.arena, &err),
                 &err);
    assert_string_equal(letters(&s, &list.at[0], &period), "o o o o: 0 0 4 0");
    assert_null(lane_days_of(&list, SPAN_LIT("bridge"), SPAN_LIT("south"), SPAN_LIT("cargo"),
                             SPAN_LIT("north")));
    assert_int_equal(lane_days_sum(NULL, &period).no_word, 4);
    row_store_close(&s);
}

static void test_period(void **state)
{
    static const struct {
        const char *name;
        int64_t from, to, now;
        int offset_min;
        size_t days; /* 0 and a fault: refused */
        const char *fault;
    } cases[] = {
        {"backwards", 10, 5, 100, 0, 0, "later one"},
        {"no whole day", 1, 2, 100, 0, 0, "1 to 400"},
        {"too many", 0, 401 * 24, 20000, 0, 0, "not 401"},
        {"as many as may be", 0, 400 * 24, 20000, 0, 400, ""},
        {"all of it to come", 240, 480, 100, 0, 0, ""},
        {"one begun", 0, 480, 1, 0, 1, ""},
        {"five hours east, its midnight is five hours earlier", 19, 43, 100, 300, 1, ""},
        {"where UTC has none", 19, 24, 100, 0, 0, "not 0"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct lane_period period = {.days = 77};
        struct err err = {0};
        bool ok = lane_period_make(&period, cases[i].from * MS_PER_HOUR, cases[i].to * MS_PER_HOUR,
                                   cases[i].offset_min, cases[i].now * MS_PER_HOUR, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, period.days == (ok ? cases[i].days : 77));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_days),
    cmocka_unit_test(test_as_of),
    cmocka_unit_test(test_period),
};

RUN_TESTS(tests)
