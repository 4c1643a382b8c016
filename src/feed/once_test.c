#include "feed/once.h"

#include "base/test.h"

#include <stdio.h>

static void test_once(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *names[6];
        uint64_t twice, first; /* 0, 0: none */
        size_t again;
    } cases[] = {
        {"none", {NULL}, 0, 0, 0},
        {"one", {"a"}, 0, 0, 0},
        {"all differ", {"a", "b", "ab", "", "A"}, 0, 0, 0},
        {"the last again", {"a", "b", "c", "a"}, 4, 1, 1},
        {"the first place of a second", {"b", "a", "a", "b"}, 3, 2, 2},
        {"three times", {"a", "a", "a"}, 2, 1, 2},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct once once = {0};
        struct arena arena = {0};
        uint64_t twice = 0, first = 0, *place;

        for (size_t k = 0; k < 6 && cases[i].names[k]; k++)
            once_add(&once, span_of(cases[i].names[k]), k + 1);
        CHECK_CASE(cases[i].name, once_check(&once, &twice, &first) == !cases[i].twice);
        CHECK_CASE(cases[i].name, twice == cases[i].twice && first == cases[i].first);
        CHECK_CASE(cases[i].name, once_again(&once, &place, &arena) == cases[i].again);
        CHECK_CASE(cases[i].name, cases[i].again == 0 || place[0] == twice);
        CHECK_CASE(cases[i].name, cases[i].again < 2 || place[1] > place[0]);
        arena_free(&arena);
        once_free(&once);
    }
}

static void test_many(void **state)
{
    (void)state;
    struct once once = {0};
    uint64_t twice, first;
    char name[32];

    for (uint64_t i = 0; i < 50000; i++) {
        int len = snprintf(name, sizeof name, "id/%" PRIu64, i == 40000 ? 7 : i);
        once_add(&once, span_make(name, (size_t)len), i);
    }
    assert_false(once_check(&once, &twice, &first));
    assert_int_equal(twice, 40000);
    assert_int_equal(first, 7);
    once_free(&once);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_once), cmocka_unit_test(test_many)};

RUN_TESTS(tests)
