#include "base/test.h"
#include "store/row_cache.h"

/* An order, and after it what is known of row "k" of table 1 as of an entry: "?" nothing,
 * "-" that it is removed. */
static const struct {
    const char *name;
    struct {
        enum { NOTHING, PUT, KEEP, WRITTEN, DROP } kind;
        uint64_t at;
        const char *row;
    } order[5];
    struct {
        uint64_t as_of;
        const char *row;
    } known[4];
    size_t pending;
} cases[] = {
    {"nothing", {{NOTHING, 0, ""}}, {{UINT64_MAX, "?"}, {0, "?"}}, 0},
    {"put", {{PUT, 5, "a"}}, {{UINT64_MAX, "a"}, {5, "a"}, {4, "?"}}, 1},
    {"put twice", {{PUT, 5, "a"}, {PUT, 7, "b"}}, {{7, "b"}, {6, "a"}, {5, "a"}, {4, "?"}}, 2},
    {"put twice by one entry", {{PUT, 5, "a"}, {PUT, 5, "b"}}, {{5, "b"}, {4, "?"}}, 1},
    {"removed", {{PUT, 5, "a"}, {PUT, 6, "-"}}, {{6, "-"}, {5, "a"}}, 2},
    {"kept", {{KEEP, 5, "a"}}, {{UINT64_MAX, "a"}, {5, "a"}, {4, "?"}}, 0},
    {"put upon what was kept", {{KEEP, 5, "a"}, {PUT, 6, "b"}}, {{6, "b"}, {5, "a"}, {4, "?"}}, 1},
    {"kept after it was put", {{PUT, 6, "b"}, {KEEP, 6, "x"}}, {{6, "b"}}, 1},
    {"written", {{PUT, 5, "a"}, {WRITTEN, 0, ""}}, {{5, "a"}, {4, "?"}}, 0},
    {"and put again by the same entry",
     {{PUT, 5, "a"}, {WRITTEN, 0, ""}, {PUT, 5, "b"}},
     {{5, "b"}, {4, "?"}},
     1},
    {"dropped", {{PUT, 5, "a"}, {DROP, 0, ""}}, {{5, "?"}, {UINT64_MAX, "?"}}, 0},
    {"put after a drop", {{PUT, 5, "a"}, {DROP, 0, ""}, {PUT, 7, "b"}}, {{7, "b"}, {6, "?"}}, 1},
};

static void give(struct row_cache *cache, int kind, uint64_t at, const char *row)
{
    struct span bytes = !row || strcmp(row, "-") == 0 ? (struct span){0} : span_of(row);

    if (kind == PUT)
        row_cache_put(cache, 1, SPAN_LIT("k"), at, bytes);
    else if (kind == KEEP)
        row_cache_keep(cache, 1, SPAN_LIT("k"), at, bytes);
    else if (kind == WRITTEN)
        row_cache_written(cache);
    else if (kind == DROP)
        row_cache_drop(cache);
}

static void test_orders(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct row_cache cache;
        size_t count;

        row_cache_open(&cache);
        for (size_t k = 0; k < ARRAY_LEN(cases[i].order); k++)
            give(&cache, cases[i].order[k].kind, cases[i].order[k].at, cases[i].order[k].row);
        for (size_t k = 0; k < ARRAY_LEN(cases[i].known) && cases[i].known[k].row; k++) {
            const char *want = cases[i].known[k].row;
            const struct row_version *got =
                row_cache_get(&cache, 1, SPAN_LIT("k"), cases[i].known[k].as_of);

            CHECK_CASE(cases[i].name, (got == NULL) == (want[0] == '?'));
            CHECK_CASE(cases[i].name, !got || (got->row.at == NULL) == (want[0] == '-'));
            CHECK_CASE(cases[i].name, !got || !got->row.at || span_is(got->row, want));
        }
        CHECK_CASE(cases[i].name, !row_cache_get(&cache, 2, SPAN_LIT("k"), UINT64_MAX));
        CHECK_CASE(cases[i].name, !row_cache_get(&cache, 1, SPAN_LIT("kk"), UINT64_MAX));
        row_cache_sort(&cache, &count);
        CHECK_CASE(cases[i].name, count == cases[i].pending);
        row_cache_close(&cache);
    }
}

/* In the order in which they stand in the store. */
static void test_sorted(void **state)
{
    static const struct {
        int64_t table;
        struct span key;
        uint64_t at;
    } order[] = {
        {1, {(const uint8_t *)"", 0}, 9},          {1, {(const uint8_t *)"\0", 1}, 1},
        {1, {(const uint8_t *)"\0\0", 2}, 1},      {1, {(const uint8_t *)"12345678", 8}, 1},
        {1, {(const uint8_t *)"12345678", 8}, 2},  {1, {(const uint8_t *)"12345678\0", 9}, 1},
        {1, {(const uint8_t *)"123456789", 9}, 0}, {1, {(const uint8_t *)"\xff", 1}, 0},
        {2, {(const uint8_t *)"", 0}, 0},
    };
    static const size_t given[] = {7, 3, 0, 8, 5, 4, 1, 6, 2}; /* 3 before 4: versions in order */
    struct row_cache cache;
    size_t count;

    (void)state;
    row_cache_open(&cache);
    for (size_t i = 0; i < ARRAY_LEN(given); i++)
        row_cache_put(&cache, order[given[i]].table, order[given[i]].key, order[given[i]].at,
                      SPAN_LIT("x"));
    const struct row_pending *pending = row_cache_sort(&cache, &count);
    assert_int_equal(count, ARRAY_LEN(order));
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(pending[i].table, order[i].table);
        assert_true(span_equal(pending[i].key, order[i].key));
        assert_int_equal(pending[i].version->at, order[i].at);
    }
    row_cache_close(&cache);
}

static void test_many(void **state)
{
    struct row_cache cache;
    size_t count;

    (void)state;
    row_cache_open(&cache);
    for (uint64_t i = 0; i < 20000; i++)
        row_cache_put(&cache, (int64_t)(i % 3), span_make(&i, sizeof i), i,
                      span_make(&i, sizeof i));
    for (uint64_t i = 0; i < 20000; i++) {
        const struct row_version *got =
            row_cache_get(&cache, (int64_t)(i % 3), span_make(&i, sizeof i), i);
        assert_true(got && span_equal(got->row, span_make(&i, sizeof i)));
        assert_null(row_cache_get(&cache, (int64_t)(i % 3) + 1, span_make(&i, sizeof i), i));
    }
    row_cache_sort(&cache, &count);
    assert_int_equal(count, 20000);
    assert_true(row_cache_bytes(&cache) > 20000 * 16);
    row_cache_close(&cache);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_orders),
    cmocka_unit_test(test_sorted),
    cmocka_unit_test(test_many),
};
RUN_TESTS(tests)
