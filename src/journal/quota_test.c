#include "journal/quota.h"

#include "base/test.h"

#define HOUR INT64_C(3600000)
#define START (HOUR * 1000)
#define HEAD                                                                                       \
    "{\"quota\":{\"exempt\":[\"hotline.\"],\"of_key\":3,\"of_organisation\":5,\"window_ms\":"      \
    "16000}}"

static int64_t take(struct quota *quota, const char *kind, const char *key, int64_t now_ms)
{
    return quota_take(quota, span_of(kind), span_of(key), span_make(key, 1), now_ms);
}

/* Pieces are of a second. The organisation is the first letter of the key. */
static void test_take(void **state)
{
    static const struct {
        const char *name;
        struct {
            const char *key;
            int64_t at_ms, wait_ms;
        } step[8];
    } cases[] = {
        {"so many at once", {{"a1", 0, 0}, {"a1", 0, 0}, {"a1", 0, 0}, {"a1", 0, 17000}}},
        {"what waited is not counted",
         {{"a1", 0, 0},
          {"a1", 0, 0},
          {"a1", 0, 0},
          {"a1", 1, 16999},
          {"a1", 16999, 1},
          {"a1", 17000, 0}}},
        {"until the oldest is out",
         {{"a1", 0, 0},
          {"a1", 5000, 0},
          {"a1", 9000, 0},
          {"a1", 9500, 7500},
          {"a1", 17000, 0},
          {"a1", 17000, 5000}}},
        {"a key for itself",
         {{"a1", 0, 0}, {"a1", 0, 0}, {"a1", 0, 0}, {"a2", 0, 0}, {"b1", 0, 0}, {"a1", 0, 17000}}},
        {"an organisation for its keys",
         {{"a1", 0, 0},
          {"a1", 0, 0},
          {"a2", 0, 0},
          {"a2", 0, 0},
          {"a3", 0, 0},
          {"a3", 0, 17000},
          {"a1", 0, 17000},
          {"b1", 0, 0}}},
        {"the longer of two waits",
         {{"a1", 0, 0},
          {"a2", 1000, 0},
          {"a3", 2000, 0},
          {"a3", 2000, 0},
          {"a3", 2000, 0},
          {"a3", 2000, 17000},
          {"a1", 2000, 15000}}},
        {"nothing for long", {{"a1", 0, 0}, {"a1", 0, 0}, {"a1", 0, 0}, {"a1", 100 * HOUR, 0}}},
        {"a clock that goes back stands",
         {{"a1", HOUR, 0},
          {"a1", 0, 0},
          {"a1", HOUR, 0},
          {"a1", 0, 17000},
          {"a1", HOUR + 1000, 16000}}},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct quota quota = {0};

        quota_set(&quota, SPAN_LIT(HEAD));
        for (size_t k = 0; k < ARRAY_LEN(cases[i].step) && cases[i].step[k].key; k++) {
            int64_t wait = take(&quota, "incident.report", cases[i].step[k].key,
                                START + cases[i].step[k].at_ms);
            if (wait != cases[i].step[k].wait_ms)
                fail_msg("%s: step %zu waits %" PRId64, cases[i].name, k, wait);
        }
        quota_close(&quota);
    }
}

/* Whatever comes when: in no window are more than three taken, and who comes when told is. */
static void test_any_window(void **state)
{
    struct quota quota = {0};
    int64_t taken[400], now = START;
    size_t count = 0;
    uint64_t chance = 1;
    (void)state;

    quota_set(&quota, SPAN_LIT(HEAD));
    while (count < ARRAY_LEN(taken)) {
        chance = chance * UINT64_C(6364136223846793005) + 1442695040888963407u;
        now += (int64_t)(chance >> 33) % 9000;
        int64_t wait = take(&quota, "incident.report", "a1", now);
        if (wait > 0) {
            assert_true(wait <= 17000);
            now += wait;
            assert_int_equal(take(&quota, "incident.report", "a1", now), 0);
        }
        taken[count++] = now;
    }
    for (size_t i = 3; i < count; i++)
        assert_true(taken[i] - taken[i - 3] >= 16000);
    quota_close(&quota);
}

static void test_exempt(void **state)
{
    struct quota quota = {0};
    (void)state;

    quota_set(&quota, SPAN_LIT(HEAD));
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(take(&quota, "hotline.message", "a1", START), 0);
    for (unsigned i = 0; i < 3; i++) /* they were not counted */
        assert_int_equal(take(&quota, "hotline", "a1", START), 0);
    assert_int_equal(take(&quota, "hotline", "a1", START), 17000);
    assert_int_equal(take(&quota, "hotline.message", "a1", START), 0);
    quota_close(&quota);
}

static void test_terms_change(void **state)
{
    struct quota quota = {0};
    (void)state;

    for (unsigned i = 0; i < 100; i++) /* none yet */
        assert_int_equal(take(&quota, "incident.report", "a1", START), 0);
    quota_set(&quota, SPAN_LIT(HEAD));
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(take(&quota, "incident.report", "a1", START), 0);
    quota_set(&quota, SPAN_LIT(HEAD)); /* the same: counts stay */
    assert_int_equal(take(&quota, "incident.report", "a1", START), 17000);
    quota_set(&quota, SPAN_LIT("{\"quota\":{\"of_key\":4,\"of_organisation\":4,"
                               "\"window_ms\":16000}}"));
    assert_int_equal(take(&quota, "incident.report", "a1", START), 0);
    assert_int_equal(take(&quota, "incident.report", "a1", START), 17000);
    quota_set(&quota, SPAN_LIT("{\"quota\":{\"of_key\":1,\"of_organisation\":1,"
                               "\"window_ms\":32000}}"));
    assert_int_equal(take(&quota, "incident.report", "a1", START), 0); /* begun anew */
    assert_int_equal(take(&quota, "incident.report", "a1", START), 34000);
    quota_set(&quota, SPAN_LIT("{}"));
    assert_int_equal(take(&quota, "incident.report", "a1", START), 0);
    quota_set(&quota, SPAN_LIT("no row"));
    assert_int_equal(take(&quota, "incident.report", "a1", START), 0);
    quota_close(&quota);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_take),
    cmocka_unit_test(test_any_window),
    cmocka_unit_test(test_exempt),
    cmocka_unit_test(test_terms_change),
};
RUN_TESTS(tests)
