#include "sim/crisis.h"

#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * The hour that the hotline is for, from some seeds, with two hundred messages each. CRISIS=n
 * [MESSAGES=m] in the environment runs another, with two thousand if nothing is said, and shows all
 * that happens on standard error: a minute and more of one core.
 */

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif

static void run(uint64_t seed, unsigned messages, bool trace)
{
    const struct crisis_options options = {.seed = seed, .messages = messages, .trace = trace};
    struct crisis_result r;

    crisis_run(&r, &options);
    fprintf(stderr,
            "# seed %" PRIu64 ": %u records of officers, %u of nodes, %u cuts, %u crashes; half of "
            "the messages came within %" PRId64 " ms, 99 of 100 within %" PRId64
            ", all within %" PRId64 "; all is logged %" PRId64 " s after the log is kept again\n",
            seed, r.records, r.confirmed, r.cuts, r.crashes, r.half_ms, r.most_ms, r.worst_ms,
            r.logged_ms / 1000);
    if (r.broken[0])
        fail_msg("seed %" PRIu64 ": %s", seed, r.broken);
    assert_true(r.records >= 2 * messages && r.confirmed >= messages);
    assert_int_equal(r.crashes, 2);
    assert_true(r.cuts > 0);
    assert_true(r.half_ms < 500);
}

static void test_some_hours(void **state)
{
    (void)state;
    if (getenv("CRISIS"))
        return;
    for (uint64_t seed = 1; seed <= (SANITIZED ? 1 : 3); seed++)
        run(seed, SANITIZED ? 100 : 200, false);
}

static void test_one_that_is_asked_for(void **state)
{
    const char *seed = getenv("CRISIS"), *messages = getenv("MESSAGES");

    (void)state;
    if (seed)
        run(strtoull(seed, NULL, 10), messages ? (unsigned)strtoul(messages, NULL, 10) : 2000,
            true);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_some_hours),
    cmocka_unit_test(test_one_that_is_asked_for),
};
RUN_TESTS(tests)
