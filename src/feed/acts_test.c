#include "feed/acts.h"

#include "base/test.h"

static void put_in(struct store_tx *tx, const char *table, const char *key, const char *row)
{
    struct err err = {0};

    if (!store_put(tx, 0, table, span_of(key), span_of(row), &err))
        fail_msg("%s %s: %s", table, key, err.text);
}

static void put(struct store_tx *tx, const char *key, const char *row)
{
    put_in(tx, "term", key, row);
}

/* More acts than one page of a scan holds, and sections before and behind them. */
static void fill(struct store *store, int now_ms, struct arena *arena)
{
    const struct hash digest = {{0}};
    struct store_tx *tx;
    struct err err = {0};

    assert_true(store_begin(store, &tx, &err));
    put(tx, "acs/A", "{\"words\":[\"before\"]}");
    put(tx, "act/A-01", "{\"words\":[\"airstrike\",\"bombing\"]}");
    put(tx, "act/A-02", "{\"words\":[\"bombing\"]}");
    put(tx, "act/A-03", "{\"words\":[]}");
    put(tx, "act/A-04", "{\"label\":\"without words\"}");
    for (int i = 0; i < 450; i++)
        put(tx, arena_printf(arena, "act/B-%03d", i),
            arena_printf(arena, "{\"words\":[\"word-%03d\"]}", i));
    put(tx, "act/Z-01", "{\"words\":[\"封锁\"]}");
    put(tx, "act_group/A", "{\"words\":[\"behind\"]}");
    put(tx, "acu/A", "{\"words\":[\"behind\"]}");
    put(tx, "act/A-01 2", "{\"words\":[\"bombing\"]}");
    put(tx, "act/C-01 2", "{\"words\":[\"raid\"]}");
    put_in(tx, "clock", "clock", arena_printf(arena, "{\"now_ms\":%d}", now_ms));
    put_in(tx, "agreement", "1", "{\"versions\":[{\"from_ms\":1000}]}");
    assert_true(store_put_digest(tx, 0, &digest, &err));
    assert_true(store_commit(&tx, &err));
}

static void test_find(void **state)
{
    (void)state;
    static const struct {
        const char *name, *word, *act;
    } cases[] = {
        {"one act lists it", "airstrike", "A-01"},
        {"two do", "bombing", ""},
        {"the first of many", "word-000", "B-000"},
        {"on a later page", "word-449", "B-449"},
        {"the last", "封锁", "Z-01"},
        {"no act does", "raid", ""},
        {"no word", "", ""},
        {"part of a word", "air", ""},
        {"other letters", "Airstrike", ""},
        {"another section's, before", "before", ""},
        {"another section's, behind", "behind", ""},
    };
    struct store_reader *reader;
    struct arena arena = {0};
    struct store *store;
    struct err err = {0};
    struct acts acts;

    assert_true(store_open(&store, "memory:", &err));
    fill(store, 999, &arena);
    assert_true(store_reader_open(store, &reader, &err));
    assert_true(acts_load(&acts, reader, &arena, &err));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name, span_is(acts_find(&acts, span_of(cases[i].word)), cases[i].act));
    store_reader_close(reader);
    store_close(store);
    arena_free(&arena);
}

/* Other terms have begun: their words count, and no others. */
static void test_find_amended(void **state)
{
    static const struct {
        const char *name, *word, *act;
    } cases[] = {
        {"an act of both", "bombing", "A-01"},
        {"a word of the terms before", "airstrike", ""},
        {"an act of the terms before", "word-000", ""},
        {"a word of the new terms", "raid", "C-01"},
    };
    struct store_reader *reader;
    struct arena arena = {0};
    struct store *store;
    struct err err = {0};
    struct acts acts;

    (void)state;
    assert_true(store_open(&store, "memory:", &err));
    fill(store, 1000, &arena);
    assert_true(store_reader_open(store, &reader, &err));
    assert_true(acts_load(&acts, reader, &arena, &err));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name, span_is(acts_find(&acts, span_of(cases[i].word)), cases[i].act));
    store_reader_close(reader);
    store_close(store);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_find),
    cmocka_unit_test(test_find_amended),
};

RUN_TESTS(tests)
