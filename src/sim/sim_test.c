#include "sim/sim.h"

#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * Everybody at once, from a seed. `make sim SEED=n [STEPS=m] [LIARS=n]` repeats one with all that
 * happens on standard error; with FROM=n SEEDS=m in the environment these are run, and nothing
 * else. By itself it runs what half a minute of one core is enough for: under ASan fewer.
 *
 * A long run on 22 November 2026, about an hour of one core: 5,910 seeds of 150 steps, of which
 * 3,240 hand the log over. It found faults of the program, eight with what was found beside it
 * (doc/threats.md names them); the last 1,020 of its seeds found none, of which 120 and the 150
 * below ran with all of them mended. Many thousands on one program it is not yet.
 */

#define STEPS 150u
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#define SANITIZED __has_feature(address_sanitizer)
#else
#define SANITIZED 0
#endif
#define SEEDS (SANITIZED ? 20u : 150u) /* slower by so much */
#define THREES (SANITIZED ? 4u : 12u)
#define IGNORED_SEEDS (SANITIZED ? 2u : 8u)

static uint64_t asked(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text && text[0] ? strtoull(text, NULL, 10) : otherwise;
}

/* None, one and two that lie, in turn. */
static struct sim_options options_of(uint64_t seed)
{
    return (struct sim_options){.seed = seed,
                                .steps = (unsigned)asked("STEPS", STEPS),
                                .liars = (unsigned)asked("LIARS", seed % 3),
                                .handovers = (unsigned)asked("HANDOVERS", seed / 3 % 3)};
}

static void print(uint64_t seed, const struct sim_result *r)
{
    fprintf(stderr,
            "# seed %" PRIu64 ": %" PRIu64 " entries, %" PRIu64 " records taken in, %" PRIu64
            " checkpoints witnessed, %" PRIu64
            " crashes, %u hand-overs, %u set aside; of lies %u proven, %u shown, %u "
            "harmless; of %u pieces of evidence %u prove something%s%s%s\n",
            seed, r->entries, r->promised, r->witnessed, r->crashes, r->handed_over, r->set_aside,
            r->found, r->shown, r->harmless, r->evidence, r->proofs,
            r->split ? "; two logs had the quorum" : "", r->broken[0] ? ": " : "", r->broken);
}

/* With two liars among seven, whoever they are, nothing is broken that was promised. */
static void test_two_liars(void **state)
{
    uint64_t first = asked("FROM", 1), count = asked("SEEDS", SEEDS), broken = 0;
    struct sim_result all = {0};
    (void)state;

    for (uint64_t seed = first; seed < first + count; seed++) {
        struct sim_options options = options_of(seed);
        struct sim_result r;

        sim_run(&r, &options);
        all.found += r.found;
        all.shown += r.shown;
        all.crashes += r.crashes;
        all.witnessed += r.witnessed;
        all.promised += r.promised;
        if (!r.broken[0] && !r.split)
            continue;
        print(seed, &r);
        broken++;
    }
    assert_int_equal(broken, 0);
    /* And that much happened at all. */
    assert_true(all.crashes > count && all.witnessed > 4 * count && all.promised > 4 * count);
    assert_true(SANITIZED || count < SEEDS || (all.found > 0 && all.shown > 0));
}

/* Three can give two logs a quorum each, and the simulator sees it. */
static void test_three_liars(void **state)
{
    unsigned splits = 0, proven = 0;
    (void)state;

    for (uint64_t seed = 1; seed <= THREES; seed++) {
        struct sim_options options = {.seed = seed,
                                      .steps = STEPS,
                                      .liars = SIM_LIARS,
                                      .first = LIE_SPLIT,
                                      .others = LIE_SIGNS_ALL};
        struct sim_result r;

        sim_run(&r, &options);
        if (r.broken[0])
            print(seed, &r);
        assert_string_equal(r.broken, "");
        splits += r.split;
        proven += r.split && r.found > 0;
    }
    assert_true(splits > 0);
    assert_int_equal(proven, splits); /* more is not promised: the proof afterwards is */
}

/* A keeper that ignores one party's author: every honest node shows which records. */
static void test_passed_over(void **state)
{
    unsigned passed_over = 0;
    (void)state;

    for (uint64_t seed = 1; seed <= IGNORED_SEEDS; seed++) {
        struct sim_options options = {
            .seed = seed, .steps = STEPS, .liars = 1, .first = LIE_IGNORES};
        struct sim_result r;

        sim_run(&r, &options);
        if (r.broken[0])
            print(seed, &r);
        assert_string_equal(r.broken, "");
        passed_over += r.passed_over;
    }
    assert_true(passed_over > 0);
}

/* Or no seed could be looked at again. */
static void test_one_seed_one_history(void **state)
{
    (void)state;

    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct sim_options options = options_of(seed);
        struct sim_result a, b;

        sim_run(&a, &options);
        sim_run(&b, &options);
        assert_true(hash_equal(a.history, b.history));
    }
}

static void test_asked_for(void **state)
{
    uint64_t seed = asked("SEED", 0);
    struct sim_options options = options_of(seed);
    struct sim_result r;
    (void)state;

    options.trace = true;
    sim_run(&r, &options);
    print(seed, &r);
    assert_false(r.split);
    assert_string_equal(r.broken, "");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_two_liars), cmocka_unit_test(test_three_liars),
    cmocka_unit_test(test_passed_over), cmocka_unit_test(test_one_seed_one_history)};
static const struct CMUnitTest one[] = {cmocka_unit_test(test_asked_for)};
static const struct CMUnitTest many[] = {cmocka_unit_test(test_two_liars)};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    if (asked("SEED", 0))
        return cmocka_run_group_tests(one, NULL, NULL);
    return asked("FROM", 0) ? cmocka_run_group_tests(many, NULL, NULL)
                            : cmocka_run_group_tests(tests, NULL, NULL);
}
