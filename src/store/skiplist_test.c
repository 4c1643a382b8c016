#include <stdlib.h>

#include "base/test.h"
#include "store/skiplist.h"

#define NUMBERS 3000

static int compare(const void *a, const void *b)
{
    const int *x = a;
    const int *y = b;

    return (*x > *y) - (*x < *y);
}

/* Held against an array that says of each number whether it is in. */
static void check(const struct skiplist *list, const bool *in)
{
    const struct skiplist_node *node = list->first[0];

    for (int i = 0; i < NUMBERS; i++) {
        const struct skiplist_node *found = skiplist_seek(list, &i);

        assert_ptr_equal(found, node); /* the first that is not before i */
        if (in[i]) {
            assert_non_null(node);
            assert_int_equal(*(const int *)node->item, i);
            node = node->next[0];
        }
    }
    assert_null(node);
}

static void test_random(void **state)
{
    static int number[NUMBERS];
    static bool in[NUMBERS];
    struct skiplist list;
    uint64_t chance = 88172645463325252u;

    (void)state;
    skiplist_open(&list, compare);
    check(&list, in);
    for (int i = 0; i < NUMBERS; i++)
        number[i] = i;
    for (int step = 0; step < 40000; step++) {
        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        size_t i = (size_t)(chance % NUMBERS);
        if (in[i])
            skiplist_remove(&list, &number[i]);
        else
            skiplist_insert(&list, &number[i]);
        in[i] = !in[i];
        if (step % 4000 == 0)
            check(&list, in);
    }
    check(&list, in);
    skiplist_close(&list);
}

static void test_in_order_and_against(void **state)
{
    static int number[NUMBERS];
    static bool in[NUMBERS];

    (void)state;
    memset(in, true, sizeof in);
    for (int backwards = 0; backwards < 2; backwards++) {
        struct skiplist list;

        skiplist_open(&list, compare);
        for (int i = 0; i < NUMBERS; i++) {
            number[i] = backwards ? NUMBERS - 1 - i : i;
            skiplist_insert(&list, &number[i]);
        }
        check(&list, in);
        skiplist_close(&list);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_random),
    cmocka_unit_test(test_in_order_and_against),
};
RUN_TESTS(tests)
