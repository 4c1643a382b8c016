#include "api/newest.h"

#include "base/test.h"
#include "codec/json.h"

/* Entries as their effects, one a row: which table, which key, and the index that the row says, as
 * later words on a row leave it. */

struct told {
    const char *table, *key;
    int64_t index; /* -1: as the entry's; -2: the row is removed */
};

#define MOST 6

static const struct {
    const char *name;
    struct told told[MOST];
    const char *table;
    uint64_t as_of;
    size_t limit;
    const char *want; /* keys, newest first */
} cases[] = {
    {"the newest comes first",
     {{"message", "b", -1}, {"message", "a", -1}, {"message", "c", -1}},
     "message",
     STORE_LATEST,
     9,
     "c a b "},
    {"no more than is asked",
     {{"message", "b", -1}, {"message", "a", -1}, {"message", "c", -1}},
     "message",
     STORE_LATEST,
     2,
     "c a "},
    {"as of an entry, nothing behind it",
     {{"message", "b", -1}, {"message", "a", -1}, {"message", "c", -1}},
     "message",
     1,
     1,
     "a "},
    {"a move leaves its place",
     {{"message", "b", -1}, {"message", "a", -1}, {"message", "b", 0}},
     "message",
     STORE_LATEST,
     9,
     "a b "},
    {"said anew it stands once, where that was said",
     {{"hotline_file", "b x", -1}, {"hotline_file", "a x", -1}, {"hotline_file", "b x", -1}},
     "hotline_file",
     STORE_LATEST,
     9,
     "b x a x "},
    {"another table is another's",
     {{"message", "b", -1}, {"call", "a", -1}, {"relay_act", "c", -1}},
     "call",
     STORE_LATEST,
     9,
     "a "},
    {"what is removed is not there",
     {{"message", "b", -1}, {"message", "a", -1}, {"message", "a", -2}},
     "message",
     STORE_LATEST,
     9,
     "b "},
    {"of another room nothing is kept",
     {{"incident", "b", -1}},
     "view_newest",
     STORE_LATEST,
     9,
     NULL},
    {"nothing", {{NULL, NULL, 0}}, "message", STORE_LATEST, 9, ""},
};

static void check_ok(bool ok, const struct err *err)
{
    if (!ok)
        fail_msg("%s", err->text);
}

static void tell(struct store_tx *tx, uint64_t index, const struct told *told, struct arena *arena)
{
    struct json row = json_object();
    struct effect effect = {told->table, span_of(told->key), told->index == -2 ? NULL : &row};
    const struct effects effects = {.at = &effect, .count = 1, .verdict = VERDICT_HOLDS};
    struct hash digest = {0};
    struct err err = {0};

    json_set_integer(&row, "index", told->index == -1 ? (int64_t)index : told->index, arena);
    check_ok(store_put(tx, index, told->table, effect.key,
                       effect.row ? json_bytes(effect.row, arena) : (struct span){0}, &err),
             &err);
    check_ok(newest_observe(tx, index, &effects, arena, &err) &&
                 store_put_digest(tx, index, &digest, &err),
             &err);
}

struct seen {
    struct buf keys;
    size_t count, limit;
    bool enough;
};

static bool see(void *context, struct span key, const struct json *row, struct err *err)
{
    struct seen *seen = context;

    (void)row, (void)err;
    buf_printf(&seen->keys, "%.*s ", SPAN_ARG(key));
    seen->enough = ++seen->count == seen->limit;
    return true;
}

static void check(size_t n)
{
    struct store *store;
    struct store_tx *tx;
    struct store_row *row;
    struct arena arena = {0};
    struct err err = {0};
    size_t count;
    struct seen seen = {.keys = buf_in(&arena, 400), .limit = cases[n].limit};

    check_ok(store_open(&store, "memory:", &err) && store_begin(store, &tx, &err), &err);
    for (size_t i = 0; i < MOST && cases[n].told[i].table; i++)
        tell(tx, i, &cases[n].told[i], &arena);
    if (cases[n].want) {
        check_ok(newest_each(store_tx_reader(tx), cases[n].table, cases[n].as_of, see, &seen,
                             &seen.enough, &arena, &err),
                 &err);
        if (!span_is(buf_span(&seen.keys), cases[n].want))
            fail_msg("%s: %.*s", cases[n].name, SPAN_ARG(buf_span(&seen.keys)));
    } else {
        check_ok(store_scan(store_tx_reader(tx), cases[n].table, (struct span){0}, (struct span){0},
                            STORE_LATEST, 1, &row, &count, &arena, &err),
                 &err);
        CHECK_CASE(cases[n].name, count == 0);
    }
    store_rollback(tx);
    store_close(store);
    arena_free(&arena);
}

static void test_newest(void **state)
{
    (void)state;
    for (size_t n = 0; n < ARRAY_LEN(cases); n++)
        check(n);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_newest)};

RUN_TESTS(tests)
