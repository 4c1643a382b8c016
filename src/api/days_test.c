#include "api/days.h"

#include "api/row_store.h"
#include "base/calendar.h"
#include "base/test.h"

/* What is found of a day, and what is not looked at. */

#define NOVEMBER INT64_C(1761955200000)
#define DAY(n) (NOVEMBER + ((n)-1) * (int64_t)MS_PER_DAY)

static const char *at(struct row_store *s, const char *member, int64_t ms)
{
    return arena_printf(&s->arena, ",'%s':{'at_ms':%" PRId64 "}", member, ms);
}

static void put(struct row_store *s, const char *table, const char *id, const char *sector,
                const char *times)
{
    row_store_put(s, table, id,
                  arena_printf(&s->arena, "{'sector':'%s','state':'live'%s}", sector, times));
}

static bool see(void *context, struct span table, struct span id, const struct json *row,
                struct err *err)
{
    struct buf *out = context;

    (void)table, (void)row, (void)err;
    buf_printf(out, "%s%.*s", out->len ? " " : "", SPAN_ARG(id));
    return true;
}

static const char *found(struct row_store *s, const char *sector, int64_t from_ms, int64_t to_ms,
                         uint64_t as_of)
{
    struct buf out = buf_in(&s->arena, 10000);
    struct err err = {0};

    row_store_ok(
        days_each(s->reader, span_of(sector), from_ms, to_ms, as_of, see, &out, &s->arena, &err),
        &err);
    buf_byte(&out, '\0');
    return (const char *)out.at;
}

static void test_found(void **state)
{
    struct row_store s;

    (void)state;
    row_store_open(&s);
    put(&s, "report", "first", "hill", at(&s, "start", DAY(1)));
    put(&s, "report", "sixth", "hill", at(&s, "start", DAY(6)));
    put(&s, "report", "elsewhere", "town", at(&s, "start", DAY(6)));
    row_store_put(&s, "report", "nowhere",
                  arena_printf(&s.arena, "{'state':'live'%s}", at(&s, "start", DAY(6))));
    put(&s, "report", "never", "hill", "");
    put(&s, "claim", "no-such-table", "hill", at(&s, "start", DAY(6)));
    put(&s, "watch", "long", "hill",
        arena_printf(&s.arena, "%s%s", at(&s, "from", DAY(5)), at(&s, "until", DAY(20))));
    put(&s, "watch", "longest", "hill",
        arena_printf(&s.arena, "%s%s", at(&s, "from", DAY(-400)), at(&s, "until", DAY(-300))));
    put(&s, "outage", "endless", "hill", at(&s, "from", DAY(1)));
    put(&s, "observation", "seen", "hill", at(&s, "at", DAY(12)));
    put(&s, "reading", "read", "hill", at(&s, "at", DAY(12)));
    put(&s, "restriction", "gate", "hill", at(&s, "at", DAY(12)));
    put(&s, "access", "undated", "hill", "");
    row_store_put(&s, "report", "changed",
                  "{'index':1,'sector':'hill','start':{'at_ms':1761955200000}}");
    row_store_read(&s);

    assert_string_equal(found(&s, "hill", DAY(6), DAY(7), STORE_LATEST),
                        "undated endless never longest long sixth");
    assert_string_equal(found(&s, "hill", DAY(12), DAY(13), STORE_LATEST),
                        "undated endless never longest long seen read gate");
    assert_string_equal(found(&s, "hill", DAY(2), DAY(2), STORE_LATEST),
                        "undated endless never longest first");
    assert_string_equal(found(&s, "town", DAY(1), DAY(30), STORE_LATEST), "elsewhere");
    assert_string_equal(found(&s, "", DAY(1), DAY(30), STORE_LATEST), "nowhere");
    assert_string_equal(found(&s, "hil", DAY(1), DAY(30), STORE_LATEST), "");
    assert_string_equal(found(&s, "hill", DAY(6), DAY(7), 1), "sixth"); /* as of entry 1 */
    assert_string_equal(found(&s, "hill", CALENDAR_MIN_MS, CALENDAR_MIN_MS + 1, STORE_LATEST),
                        "undated endless never longest");
    row_store_close(&s);
}

/* A key without its row is no store of ours. */
static void test_damaged(void **state)
{
    static const char *const keys[] = {"hill any watch gone", "hill any nothing gone"};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        struct row_store s;
        struct buf out;
        struct err err = {0};

        row_store_open(&s);
        row_store_put(&s, "view_day", keys[i], "{}");
        row_store_read(&s);
        out = buf_in(&s.arena, 100);
        CHECK_CASE(keys[i], !days_each(s.reader, SPAN_LIT("hill"), DAY(1), DAY(2), STORE_LATEST,
                                       see, &out, &s.arena, &err));
        CHECK_CASE(keys[i], err.kind == ERR_CONFLICT);
        row_store_close(&s);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_found),
    cmocka_unit_test(test_damaged),
};

RUN_TESTS(tests)
