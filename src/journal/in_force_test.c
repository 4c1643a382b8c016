#include "journal/in_force.h"

#include "base/test.h"

/* Rows of three entries: the terms, other terms agreed for later, and the tick at which those
 * begin. */
static const struct {
    uint64_t index;
    const char *table, *key, *row;
} rows[] = {
    {0, "agreement", "1", "{}"},
    {0, "clock", "clock", "{\"now_ms\":5}"},
    {0, "term", "agreement", "{\"no_move\":\"1\"}"},
    {0, "term", "act/A-01", "{\"id\":\"A-01\"}"},
    {1, "agreement", "1", "{\"versions\":[{\"from_ms\":9}]}"},
    {1, "term", "agreement 2", "{\"no_move\":\"2\"}"},
    {1, "term", "act/A-02 2", "{\"id\":\"A-02\"}"},
    {2, "clock", "clock", "{\"now_ms\":9}"},
};

static void fill(struct store *store)
{
    const struct hash digest = {{0}};
    struct store_tx *tx;
    struct err err = {0};

    assert_true(store_begin(store, &tx, &err));
    for (uint64_t index = 0, i = 0; index < 3; index++) {
        for (; i < ARRAY_LEN(rows) && rows[i].index == index; i++)
            assert_true(store_put(tx, index, rows[i].table, span_of(rows[i].key),
                                  span_of(rows[i].row), &err));
        assert_true(store_put_digest(tx, index, &digest, &err));
    }
    assert_true(store_commit(&tx, &err));
}

static void test_in_force(void **state)
{
    static const struct {
        const char *name;
        uint64_t as_of;
        int64_t version;
        const char *item, *row; /* NULL: there is none */
    } cases[] = {
        {"the first terms", 0, 1, "agreement", "{\"no_move\":\"1\"}"},
        {"an item of theirs", 0, 1, "act/A-01", "{\"id\":\"A-01\"}"},
        {"one of terms to come", 0, 1, "act/A-02", NULL},
        {"agreed, not begun", 1, 1, "agreement", "{\"no_move\":\"1\"}"},
        {"begun", 2, 2, "agreement", "{\"no_move\":\"2\"}"},
        {"its item", 2, 2, "act/A-02", "{\"id\":\"A-02\"}"},
        {"one that it lacks", 2, 2, "act/A-01", NULL},
        {"the latest", STORE_LATEST, 2, "act/A-02", "{\"id\":\"A-02\"}"},
    };
    struct store_reader *reader;
    struct arena arena = {0};
    struct store *store;
    struct err err = {0};

    (void)state;
    assert_true(store_open(&store, "memory:", &err));
    fill(store);
    assert_true(store_reader_open(store, &reader, &err));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t version = 0;
        struct span row = SPAN_LIT("x");

        CHECK_CASE(cases[i].name,
                   in_force_version(reader, cases[i].as_of, &version, &arena, &err) &&
                       in_force_term(reader, cases[i].item, cases[i].as_of, &row, &arena, &err));
        CHECK_CASE(cases[i].name, version == cases[i].version);
        CHECK_CASE(cases[i].name, cases[i].row ? span_is(row, cases[i].row) : row.at == NULL);
    }
    store_reader_close(reader);
    store_close(store);
    arena_free(&arena);
}

/* Before there is an agreement. */
static void test_empty(void **state)
{
    struct store_reader *reader;
    struct arena arena = {0};
    struct store *store;
    struct err err = {0};
    struct span row;
    int64_t version;

    (void)state;
    assert_true(store_open(&store, "memory:", &err));
    assert_true(store_reader_open(store, &reader, &err));
    assert_true(in_force_version(reader, STORE_LATEST, &version, &arena, &err));
    assert_int_equal(version, 1);
    assert_true(in_force_term(reader, "agreement", STORE_LATEST, &row, &arena, &err));
    assert_null(row.at);
    store_reader_close(reader);
    store_close(store);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_in_force),
    cmocka_unit_test(test_empty),
};

RUN_TESTS(tests)
