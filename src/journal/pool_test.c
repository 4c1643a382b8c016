#include "journal/pool.h"

#include "base/test.h"

#include <stdatomic.h>
#include <stdio.h>

#define MOST 1000u

static atomic_uint done[MOST];

static void task(void *context, size_t piece)
{
    atomic_fetch_add(&done[piece], *(unsigned *)context);
}

/* Every piece once, however many threads and pieces, and the pool is good for more. */
static void test_pieces(void **state)
{
    static const struct {
        unsigned threads;
        size_t count, take;
    } cases[] = {{0, 0, 1},    {0, 7, 2},      {1, 0, 1},     {1, 1, 1},   {2, 1, 8},
                 {2, 1000, 1}, {3, 1000, 999}, {4, 17, 1000}, {16, 64, 5}, {2, 999, 8}};
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct pool *pool = pool_open(cases[i].threads);
        char name[40];

        snprintf(name, sizeof name, "number %zu", i);
        for (unsigned round = 1; round <= 5; round++) {
            for (size_t n = 0; n < MOST; n++)
                atomic_store(&done[n], 0);
            pool_start(pool, task, &round, cases[i].count, cases[i].take);
            pool_wait(pool);
            for (size_t n = 0; n < MOST; n++)
                CHECK_CASE(name, atomic_load(&done[n]) == (n < cases[i].count ? round : 0));
        }
        pool_start(pool, task, &(unsigned){1}, cases[i].count, cases[i].take);
        pool_close(pool); /* waits */
    }
    assert_true(pool_cores() >= 1);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_pieces)};
RUN_TESTS(tests)
