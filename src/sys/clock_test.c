#include "base/test.h"
#include "sys/clock.h"
#include "sys/entropy.h"

static int64_t given_now_ms(void *context)
{
    return *(const int64_t *)context;
}

static void test_clock(void **state)
{
    struct clock clock = clock_system();
    int64_t now = clock_now_ms(clock);
    uint64_t ticks = clock_ticks_ns();
    int64_t given = -7;

    (void)state;
    assert_true(now > INT64_C(1700000000000)); /* 2023 */
    assert_true(clock_now_ms(clock) - now < 60000);
    assert_true(clock_ticks_ns() >= ticks);
    assert_int_equal(clock_now_ms((struct clock){given_now_ms, &given}), -7);
}

static void test_entropy(void **state)
{
    uint8_t a[300] = {0}, b[300] = {0};
    size_t zeros = 0;

    (void)state;
    entropy_fill(a, sizeof a);
    entropy_fill(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    for (size_t i = 0; i < sizeof a; i++)
        zeros += a[i] == 0;
    assert_true(zeros < 30); /* about one in 256 */
    entropy_fill(a, 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_clock),
    cmocka_unit_test(test_entropy),
};
RUN_TESTS(tests)
