#include "journal/rows.h"

#include "base/test.h"

#include <stdio.h>

static void test_rows(void **state)
{
    static const struct {
        const char *table, *key;
        const char *row;     /* what is set; NULL removes */
        const char *then[4]; /* what stands afterwards: (a, 1) (a, 2) (b, 1) (b, "") */
    } steps[] = {
        {"a", "1", "one", {"one", NULL, NULL, NULL}},
        {"b", "1", "other", {"one", NULL, "other", NULL}},
        {"b", "", "empty key", {"one", NULL, "other", "empty key"}},
        {"a", "2", "two", {"one", "two", "other", "empty key"}},
        {"a", "1", "one again, longer", {"one again, longer", "two", "other", "empty key"}},
        {"a", "2", NULL, {"one again, longer", NULL, "other", "empty key"}},
        {"a", "2", NULL, {"one again, longer", NULL, "other", "empty key"}},
        {"a", "1", NULL, {NULL, NULL, "other", "empty key"}},
        {"a", "2", "back", {NULL, "back", "other", "empty key"}},
    };
    static const char *const asked[][2] = {{"a", "1"}, {"a", "2"}, {"b", "1"}, {"b", ""}};
    struct rows *rows = rows_new();
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        char name[20];
        snprintf(name, sizeof name, "step %zu", i);
        rows_set(rows, steps[i].table, span_of(steps[i].key),
                 steps[i].row ? span_of(steps[i].row) : (struct span){0});
        for (size_t n = 0; n < ARRAY_LEN(asked); n++) {
            struct span got = rows_get(rows, asked[n][0], span_of(asked[n][1]));
            CHECK_CASE(name, (got.at == NULL) == (steps[i].then[n] == NULL));
            CHECK_CASE(name, !got.at || span_is(got, steps[i].then[n]));
        }
    }
    rows_free(rows);
}

static void test_many(void **state)
{
    struct rows *rows = rows_new();
    char key[20], row[20];
    (void)state;

    for (unsigned round = 0; round < 3; round++)
        for (unsigned i = 0; i < 20000; i++) {
            snprintf(key, sizeof key, "%u", i);
            snprintf(row, sizeof row, "%u of %u", i, round);
            rows_set(rows, "t", span_of(key), i % 3 == round ? (struct span){0} : span_of(row));
        }
    for (unsigned i = 0; i < 20000; i++) {
        snprintf(key, sizeof key, "%u", i);
        snprintf(row, sizeof row, "%u of 2", i);
        struct span got = rows_get(rows, "t", span_of(key));
        assert_true(i % 3 == 2 ? !got.at : span_is(got, row));
    }
    rows_free(rows);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_many)};
RUN_TESTS(tests)
