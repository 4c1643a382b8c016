#include "api/limiter.h"

#include "base/test.h"

static void test_one_address(void **state)
{
    static const struct {
        const char *name;
        int64_t at_ms;
        uint32_t cost, wait_s;
    } cases[] = {
        {"ten at once", 0, 10, 0},
        {"and no more", 0, 1, 1},
        {"nor a little later", 499, 1, 1},
        {"one comes back after half a second", 500, 1, 0},
        {"and is gone", 500, 1, 1},
        {"five are there after two and a half", 3000, 6, 1},
        {"five are", 3000, 5, 0},
        {"ten need five seconds", 3000, 10, 5},
        {"to wait adds nothing beyond ten", 1000000, 11, 0},
        {"a cost above all is all", 1000000, 1, 1},
        {"which cannot be met sooner", 1000000, 1000000, 5},
        {"asking for nothing is free", 1000000, 0, 0},
    };
    static const uint8_t address[16] = {192, 0, 2, 1};
    struct limiter *limiter = limiter_open(10, 2);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name, limiter_take(limiter, address, cases[i].cost, cases[i].at_ms) ==
                                      cases[i].wait_s);
    limiter_close(limiter);
    limiter_close(NULL);
}

static void test_addresses(void **state)
{
    static const struct {
        const char *name;
        uint8_t address[16];
        bool empty; /* after 2001:db8::1 has taken all */
    } cases[] = {
        {"itself", {0x20, 1, 0xd, 0xb8, [15] = 1}, true},
        {"its network", {0x20, 1, 0xd, 0xb8, [8] = 7, [15] = 9}, true},
        {"another network", {0x20, 1, 0xd, 0xb8, [7] = 1}, false},
        {"IPv4", {192, 0, 2, 1}, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct limiter *limiter = limiter_open(3, 1);

        CHECK_CASE(cases[i].name, limiter_take(limiter, cases[0].address, 3, 5) == 0);
        CHECK_CASE(cases[i].name,
                   (limiter_take(limiter, cases[i].address, 1, 5) > 0) == cases[i].empty);
        limiter_close(limiter);
    }
}

/* Many addresses, far more than there is room for: who has taken all a moment ago does not
 * get more by it; who asked long ago is forgotten first. */
static void test_full_table(void **state)
{
    static const uint8_t greedy[16] = {203, 0, 113, 9};
    struct limiter *limiter = limiter_open(1000, 1);
    unsigned got = 0;

    (void)state;
    assert_int_equal(limiter_take(limiter, greedy, 1000, 1), 0);
    for (uint32_t i = 0; i < 100000; i++) {
        uint8_t address[16] = {10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i};

        assert_int_equal(limiter_take(limiter, address, 1, 2), 0);
        got += limiter_take(limiter, greedy, 1, 2) == 0;
    }
    assert_int_equal(got, 0);
    limiter_close(limiter);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_one_address),
    cmocka_unit_test(test_addresses),
    cmocka_unit_test(test_full_table),
};
RUN_TESTS(tests)
