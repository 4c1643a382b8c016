#include "api/coverage.h"

#include "api/row_store.h"
#include "base/calendar.h"
#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * What was watched of two sectors, `hill` and `town`, on three days from 6 November 2025. A case
 * is what the register holds, a line a row:
 *
 *   watch SECTOR FROM UNTIL [SENSOR]      outage SECTOR FROM UNTIL|- [SENSOR]
 *   TYPE SECTOR AT UNTIL|- [REQUEST]      (a restriction: denial, delay, fire, …)
 *   access ID SECTOR AT|- ANSWER          seen SECTOR AT       report SECTOR AT
 *
 * times as "DAY HH:MM" of November, UTC, and at the line's end "superseded" or "withdrawn" where it
 * is not live. What comes out is "watched_s/blind_s watches outages denied restrictions seen
 * reported" of each day; a day on which nothing is to be told is "-".
 */

#define NOVEMBER INT64_C(1761955200000)
#define NOW "{'counted_ms':0,'index':1,'now_ms':1762646400000,'size':1}" /* 9 November */

struct words {
    char at[8][24];
    int count;
};

static struct words words_of(struct span line)
{
    struct words out = {0};
    char text[200];

    assert(line.len < sizeof text);
    memcpy(text, line.at, line.len);
    text[line.len] = '\0';
    for (char *save = NULL, *word = strtok_r(text, " ", &save); word;
         word = strtok_r(NULL, " ", &save))
        snprintf(out.at[out.count++], sizeof out.at[0], "%s", word);
    return out;
}

/* "6T09:30" */
static const char *time_text(struct row_store *s, const char *text)
{
    int day, hour, minute;
    int read = sscanf(text, "%dT%d:%d", &day, &hour, &minute);

    assert(read == 3);
    int64_t ms = NOVEMBER + (day - 1) * (int64_t)MS_PER_DAY + hour * (int64_t)MS_PER_HOUR +
                 minute * (int64_t)MS_PER_MINUTE;
    return arena_printf(
        &s->arena, "{'at_ms':%" PRId64 ",'basis':'watch','offset_min':0,'uncertainty_ms':600000}",
        ms);
}

/* ",'NAME':{…}", or nothing for "-" and "". */
static const char *timed(struct row_store *s, const char *name, const char *text)
{
    if (text[0] == '\0' || text[0] == '-')
        return "";
    return arena_printf(&s->arena, ",'%s':%s", name, time_text(s, text));
}

static const char *named(struct row_store *s, const char *name, const char *text)
{
    return text[0] ? arena_printf(&s->arena, ",'%s':'%s'", name, text) : "";
}

static bool ends_life(const char *word)
{
    return strcmp(word, "superseded") == 0 || strcmp(word, "withdrawn") == 0;
}

static void put_line(struct row_store *s, struct span line)
{
    struct words w = words_of(line);
    const char *state = ends_life(w.at[w.count - 1]) ? w.at[--w.count] : "live";
    const char *key = arena_printf(&s->arena, "%06" PRIu64, s->index), *table, *more;

    if (ends_life(state))
        w.at[w.count][0] = '\0';
    if (strcmp(w.at[0], "access") == 0) {
        row_store_put(s, "access", w.at[1],
                      arena_printf(&s->arena, "{'answer':'%s','sector':'%s','state':'x'%s}",
                                   w.at[4], w.at[2], timed(s, "at", w.at[3])));
        return;
    }
    if (strcmp(w.at[0], "watch") == 0 || strcmp(w.at[0], "outage") == 0) {
        table = w.at[0];
        more = arena_printf(&s->arena, "%s%s%s", timed(s, "from", w.at[2]),
                            timed(s, "until", w.at[3]), named(s, "sensor", w.at[4]));
    } else if (strcmp(w.at[0], "seen") == 0 || strcmp(w.at[0], "report") == 0) {
        bool is_report = strcmp(w.at[0], "report") == 0;
        table = is_report ? "report" : "observation";
        more = timed(s, is_report ? "start" : "at", w.at[2]);
    } else {
        table = "restriction";
        more = arena_printf(&s->arena, "%s%s%s,'type':'%s'", timed(s, "at", w.at[2]),
                            timed(s, "until", w.at[3]), named(s, "request", w.at[4]), w.at[0]);
    }
    row_store_put(s, table, key,
                  arena_printf(&s->arena, "{'sector':'%s','state':'%s'%s}", w.at[1], state, more));
}

static void begin(struct row_store *s, const char *lines)
{
    struct span rest = span_of(lines), line;

    row_store_open(s);
    row_store_put(s, "clock", "clock", NOW);
    row_store_put(s, "term", "agreement", "{'offsets_min':[300,270,900,'x']}");
    row_store_put(s, "term", "sector/hill", "{'id':'hill'}");
    row_store_put(s, "term", "sector/town", "{'id':'town'}");
    row_store_put(s, "term", "sector/town 2", "{'id':'town'}");
    while (span_cut(&rest, '\n', &line))
        put_line(s, line);
    row_store_read(s);
}

/* The days of one sector in a line. */
static const char *told(struct row_store *s, const struct coverage *c, const char *sector)
{
    struct buf out = buf_in(&s->arena, 1000);

    for (size_t i = 0; i < c->count; i++) {
        const struct coverage_day *d = &c->at[i];
        const int64_t all[] = {d->watches,      d->outages, d->denied,
                               d->restrictions, d->seen,    d->reported};
        int64_t any = d->watched_s + d->blind_s;

        if (!span_is(d->sector, sector))
            continue;
        for (size_t n = 0; n < ARRAY_LEN(all); n++)
            any += all[n];
        buf_text(&out, out.len ? ", " : "");
        if (any == 0) {
            buf_text(&out, "-");
            continue;
        }
        buf_printf(&out, "%" PRId64 "/%" PRId64, d->watched_s, d->blind_s);
        for (size_t n = 0; n < ARRAY_LEN(all); n++)
            buf_printf(&out, " %" PRId64, all[n]);
    }
    buf_byte(&out, '\0');
    return (const char *)out.at;
}

static const struct {
    const char *name, *lines;
    const char *hill; /* by days of UTC */
} cases[] = {
    {"nobody watched", "", "-, -, -"},
    {"an hour", "watch hill 6T09:00 6T10:00\n", "3600/0 1 0 0 0 0 0, -, -"},
    {"a day", "watch hill 6T00:00 7T00:00\n", "86400/0 1 0 0 0 0 0, -, -"},
    {"over midnight", "watch hill 6T23:00 7T01:00\n", "3600/0 1 0 0 0 0 0, 3600/0 1 0 0 0 0 0, -"},
    {"from before the first day", "watch hill 5T23:00 6T01:00\n", "3600/0 1 0 0 0 0 0, -, -"},
    {"past the last", "watch hill 8T23:00 9T01:00\n", "-, -, 3600/0 1 0 0 0 0 0"},
    {"all of it", "watch hill 1T00:00 20T00:00\n",
     "86400/0 1 0 0 0 0 0, 86400/0 1 0 0 0 0 0, 86400/0 1 0 0 0 0 0"},
    {"none of it", "watch hill 1T00:00 5T00:00\nwatch hill 9T00:00 9T01:00\n", "-, -, -"},
    {"two at one time are one", "watch hill 6T09:00 6T10:00\nwatch hill 6T09:30 6T10:30 camera\n",
     "5400/0 2 0 0 0 0 0, -, -"},
    {"one within another", "watch hill 6T09:00 6T12:00\nwatch hill 6T10:00 6T11:00\n",
     "10800/0 2 0 0 0 0 0, -, -"},
    {"one after another", "watch hill 6T11:00 6T12:00\nwatch hill 6T09:00 6T10:00\n",
     "7200/0 2 0 0 0 0 0, -, -"},
    {"no moment", "watch hill 6T09:00 6T09:00\n", "-, -, -"},
    {"of the other sector", "watch town 6T09:00 6T10:00\n", "-, -, -"},
    {"of a sector that is none", "watch moon 6T09:00 6T10:00\n", "-, -, -"},
    {"superseded", "watch hill 6T09:00 6T10:00 superseded\n", "-, -, -"},
    {"withdrawn", "watch hill 6T09:00 6T10:00 withdrawn\n", "-, -, -"},

    {"blind in the middle", "watch hill 6T09:00 6T12:00\noutage hill 6T10:00 6T11:00\n",
     "7200/3600 1 1 0 0 0 0, -, -"},
    {"blind all the time", "watch hill 6T09:00 6T10:00\noutage hill 6T00:00 7T00:00\n",
     "0/3600 1 1 0 0 0 0, -, -"},
    {"blind since, with no end", "watch hill 6T09:00 8T00:00\noutage hill 6T10:00 -\n",
     "3600/50400 1 1 0 0 0 0, 0/86400 1 1 0 0 0 0, 0/0 0 1 0 0 0 0"},
    {"blind when nobody watched", "outage hill 6T09:00 6T10:00\n", "0/0 0 1 0 0 0 0, -, -"},
    {"one camera blind", "watch hill 6T09:00 6T10:00 c1\noutage hill 6T09:00 6T10:00 c1\n",
     "0/3600 1 1 0 0 0 0, -, -"},
    {"another camera blind", "watch hill 6T09:00 6T10:00 c1\noutage hill 6T09:00 6T10:00 c2\n",
     "3600/0 1 1 0 0 0 0, -, -"},
    {"a camera blind, and people there",
     "watch hill 6T09:00 6T10:00\nwatch hill 6T09:00 6T10:00 c1\n"
     "outage hill 6T09:00 6T10:00 c1\n",
     "3600/0 2 1 0 0 0 0, -, -"},
    {"all blind", "watch hill 6T09:00 6T10:00 c1\noutage hill 6T09:30 6T10:00\n",
     "1800/1800 1 1 0 0 0 0, -, -"},
    {"blind twice at one time",
     "watch hill 6T09:00 6T12:00\noutage hill 6T09:30 6T10:30\noutage hill 6T10:00 6T11:00\n",
     "5400/5400 1 2 0 0 0 0, -, -"},
    {"blind elsewhere", "watch hill 6T09:00 6T10:00\noutage town 6T09:00 6T10:00\n",
     "3600/0 1 0 0 0 0 0, -, -"},
    {"an outage taken back", "watch hill 6T09:00 6T10:00\noutage hill 6T09:00 6T10:00 withdrawn\n",
     "3600/0 1 0 0 0 0 0, -, -"},

    {"denied, for the rest of the day", "watch hill 6T09:00 6T17:00\ndenial hill 6T11:00 -\n",
     "7200/21600 1 0 1 1 0 0, -, -"},
    {"which the next day is not", "watch hill 6T09:00 7T09:00\ndenial hill 6T11:00 -\n",
     "7200/46800 1 0 1 1 0 0, 32400/0 1 0 0 0 0 0, -"},
    {"denied for an hour", "watch hill 6T09:00 6T17:00\ndenial hill 6T11:00 6T12:00\n",
     "25200/3600 1 0 1 1 0 0, -, -"},
    {"denied to people, not to the camera",
     "watch hill 6T09:00 6T10:00 c1\ndenial hill 6T09:00 -\n", "3600/0 1 0 1 1 0 0, -, -"},
    {"a delay hinders, and takes nothing away",
     "watch hill 6T09:00 6T10:00\ndelay hill 6T09:00 6T10:00\n", "3600/0 1 0 0 1 0 0, -, -"},
    {"a denial taken back", "watch hill 6T09:00 6T10:00\ndenial hill 6T09:00 - withdrawn\n",
     "3600/0 1 0 0 0 0 0, -, -"},
    {"denied on paper", "access a1 hill 6T09:00 denied\n", "0/0 0 0 1 0 0 0, -, -"},
    {"granted", "access a1 hill 6T09:00 granted\n", "-, -, -"},
    {"denied on paper and at the gate is denied once",
     "access a1 hill 6T09:00 denied\ndenial hill 6T10:00 - a1\n", "0/0 0 0 1 1 0 0, -, -"},
    {"two refusals", "access a1 hill 6T09:00 denied\ndenial hill 6T10:00 -\n",
     "0/0 0 0 2 1 0 0, -, -"},

    {"seen, where somebody watched", "watch hill 6T09:00 6T10:00\nseen hill 6T09:30\n",
     "3600/0 1 0 0 0 1 0, -, -"},
    {"reported, where nobody did", "report hill 6T09:30\nreport hill 6T09:30 withdrawn\n",
     "0/0 0 0 0 0 0 1, -, -"},
};

static void test_days(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct coverage_query query = {.from_ms = NOVEMBER + 5 * (int64_t)MS_PER_DAY,
                                             .to_ms = NOVEMBER + 8 * (int64_t)MS_PER_DAY,
                                             .as_of = STORE_LATEST};
        struct coverage got;
        struct row_store s;
        struct err err = {0};

        begin(&s, cases[i].lines);
        row_store_ok(coverage_read(&got, s.reader, &query, &s.arena, &err), &err);
        assert_int_equal(got.count, 6);
        if (strcmp(told(&s, &got, "hill"), cases[i].hill) != 0)
            fail_msg("%s: %s, not %s", cases[i].name, told(&s, &got, "hill"), cases[i].hill);
        row_store_close(&s);
    }
}

/* One watch, 20:00 to 21:00 UTC of the 6th, is of the 7th at five hours east. */
static void test_offsets(void **state)
{
    static const struct {
        int offset_min;
        const char *hill;
    } days[] = {
        {0, "3600/0 1 0 0 0 0 0, -, -"},
        {300, "-, 3600/0 1 0 0 0 0 0, -"},
        {210, "1800/0 1 0 0 0 0 0, 1800/0 1 0 0 0 0 0, -"},
        {-300, "3600/0 1 0 0 0 0 0, -, -"},
    };
    struct row_store s;
    struct err err = {0};
    int *offset;
    size_t count;

    (void)state;
    begin(&s, "watch hill 6T20:00 6T21:00\n");
    for (size_t i = 0; i < ARRAY_LEN(days); i++) {
        int64_t first =
            NOVEMBER + 5 * (int64_t)MS_PER_DAY - days[i].offset_min * (int64_t)MS_PER_MINUTE;
        const struct coverage_query query = {first, first + 3 * (int64_t)MS_PER_DAY,
                                             days[i].offset_min, STORE_LATEST};
        struct coverage got;

        row_store_ok(coverage_read(&got, s.reader, &query, &s.arena, &err), &err);
        assert_int_equal(got.at[0].from_ms, first);
        assert_string_equal(told(&s, &got, "hill"), days[i].hill);
    }
    row_store_ok(coverage_offsets(s.reader, STORE_LATEST, &offset, &count, &s.arena, &err), &err);
    assert_int_equal(count, 3); /* 900 minutes and a word are none */
    assert_int_equal(offset[0], 0);
    assert_int_equal(offset[1], 300);
    assert_int_equal(offset[2], 270);
    row_store_close(&s);
}

static void test_which_days(void **state)
{
    static const struct {
        const char *name;
        int64_t from_ms, to_ms;
        size_t days; /* 0: refused */
    } spans[] = {
        {"a day", NOVEMBER, NOVEMBER + MS_PER_DAY, 1},
        {"a day and a moment", NOVEMBER, NOVEMBER + MS_PER_DAY + 1, 2},
        {"the day that begins within", NOVEMBER - 1, NOVEMBER + 1, 1},
        {"the most", NOVEMBER, NOVEMBER + 400 * (int64_t)MS_PER_DAY, 400},
        {"one more", NOVEMBER, NOVEMBER + 401 * (int64_t)MS_PER_DAY, 0},
        {"no day begins in an hour", NOVEMBER + 1, NOVEMBER + MS_PER_HOUR, 0},
        {"nothing", NOVEMBER, NOVEMBER, 0},
        {"backwards", NOVEMBER + MS_PER_DAY, NOVEMBER, 0},
        {"before the calendar", INT64_MIN, NOVEMBER, 0},
        {"after it", NOVEMBER, INT64_MAX, 0},
    };
    struct row_store s;

    (void)state;
    begin(&s, "");
    for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
        const struct coverage_query query = {spans[i].from_ms, spans[i].to_ms, 0, STORE_LATEST};
        struct coverage got = {.count = 99};
        struct err err = {0};
        bool ok = coverage_read(&got, s.reader, &query, &s.arena, &err);

        CHECK_CASE(spans[i].name, ok == (spans[i].days > 0));
        CHECK_CASE(spans[i].name, ok || (err.kind == ERR_USAGE && got.count == 99));
        CHECK_CASE(spans[i].name, !ok || got.count == 2 * spans[i].days);
    }
    row_store_close(&s);
}

/* Nothing is watched that has not happened yet, whatever was said of it. */
static void test_not_before_its_time(void **state)
{
    const struct coverage_query query = {NOVEMBER + 7 * (int64_t)MS_PER_DAY,
                                         NOVEMBER + 10 * (int64_t)MS_PER_DAY, 0, STORE_LATEST};
    struct coverage got;
    struct row_store s;
    struct err err = {0};

    (void)state;
    begin(&s, "watch hill 8T00:00 20T00:00\n");
    row_store_ok(coverage_read(&got, s.reader, &query, &s.arena, &err), &err);
    assert_string_equal(told(&s, &got, "hill"), "86400/0 1 0 0 0 0 0, -, -");
    row_store_close(&s);
}

/* Without a watch nothing says "seen 0". */
static void test_json(void **state)
{
    const struct coverage_query query = {NOVEMBER + 5 * (int64_t)MS_PER_DAY,
                                         NOVEMBER + 6 * (int64_t)MS_PER_DAY, 0, STORE_LATEST};
    struct coverage got;
    struct row_store s;
    struct err err = {0};

    (void)state;
    begin(&s, "watch hill 6T09:00 6T10:00\naccess a1 hill - denied\n");
    row_store_ok(coverage_read(&got, s.reader, &query, &s.arena, &err), &err);
    struct json json = coverage_json(&got, 0, &s.arena);
    assert_true(span_is(
        json_bytes(&json, &s.arena),
        "{\"days\":[{\"blind_s\":0,\"denied\":0,\"from_ms\":1762387200000,\"outages\":0,"
        "\"reported\":0,\"restrictions\":0,\"sector\":\"hill\",\"seen\":0,\"watched\":1,"
        "\"watched_s\":3600,\"watches\":1},{\"blind_s\":0,\"denied\":0,\"from_ms\":1762387200000,"
        "\"outages\":0,\"reported\":0,\"restrictions\":0,\"sector\":\"town\",\"watched\":0,"
        "\"watched_s\":0,\"watches\":0}],\"offset_min\":0,\"undated\":1}"));
    row_store_close(&s);
}

/* As of an entry before the watch there was none. */
static void test_as_of(void **state)
{
    struct coverage_query query = {NOVEMBER + 5 * (int64_t)MS_PER_DAY,
                                   NOVEMBER + 6 * (int64_t)MS_PER_DAY, 0, 5};
    struct coverage got;
    struct row_store s;
    struct err err = {0};

    (void)state;
    begin(&s, "watch hill 6T09:00 6T10:00\n"); /* entry 5 */
    row_store_ok(coverage_read(&got, s.reader, &query, &s.arena, &err), &err);
    assert_true(coverage_watched(&got.at[0]));
    query.as_of = 4;
    row_store_ok(coverage_read(&got, s.reader, &query, &s.arena, &err), &err);
    assert_false(coverage_watched(&got.at[0]));
    row_store_close(&s);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_days),       cmocka_unit_test(test_offsets),
    cmocka_unit_test(test_which_days), cmocka_unit_test(test_not_before_its_time),
    cmocka_unit_test(test_json),       cmocka_unit_test(test_as_of),
};

RUN_TESTS(tests)
