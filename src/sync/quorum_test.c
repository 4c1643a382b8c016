#include "base/test.h"
#include "sync/quorum.h"

/* --- the oracle: every set of witnesses, and every way to part the others --- */

static bool is_in(unsigned set, unsigned witness)
{
    return set >> witness & 1;
}

/* `part` says of each honest witness, in base 3, what it cosigns: one log, the other, none. */
static bool part_splits(struct quorum quorum, unsigned corrupt, unsigned part)
{
    unsigned cosigned[3] = {0};

    for (unsigned i = 0; i < quorum.witnesses; i++) {
        if (is_in(corrupt, i)) {
            cosigned[0]++;
            cosigned[1]++;
        } else {
            cosigned[part % 3]++;
            part /= 3;
        }
    }
    return cosigned[0] >= quorum.need && cosigned[1] >= quorum.need;
}

static bool set_splits(struct quorum quorum, unsigned corrupt)
{
    unsigned parts = 1;

    for (unsigned i = 0; i < quorum.witnesses; i++)
        parts *= is_in(corrupt, i) ? 1 : 3;
    for (unsigned part = 0; part < parts; part++)
        if (part_splits(quorum, corrupt, part))
            return true;
    return false;
}

static bool set_stops(struct quorum quorum, unsigned refusing)
{
    unsigned left = 0;

    for (unsigned i = 0; i < quorum.witnesses; i++)
        left += !is_in(refusing, i);
    return left < quorum.need;
}

/* Of a flat quorum every set of one size can do the same: that is held to as well. */
static int oracle(struct quorum quorum, bool can(struct quorum quorum, unsigned set))
{
    for (unsigned size = 0; size <= quorum.witnesses; size++) {
        unsigned sets = 0, able = 0;

        for (unsigned set = 0; set < 1u << quorum.witnesses; set++)
            if ((unsigned)__builtin_popcount(set) == size) {
                sets++;
                able += can(quorum, set);
            }
        assert_true(able == 0 || able == sets);
        if (able > 0)
            return (int)size;
    }
    return -1;
}

static int fewest(struct quorum quorum, quorum_power *power)
{
    unsigned out;

    return quorum_fewest(&out, quorum, power) ? (int)out : -1;
}

static void test_oracle(void **state)
{
    (void)state;
    for (unsigned witnesses = 0; witnesses <= 8; witnesses++)
        for (unsigned need = 0; need <= witnesses + 2; need++) {
            struct quorum quorum = {witnesses, need};

            assert_int_equal(fewest(quorum, quorum_splits), oracle(quorum, set_splits));
            assert_int_equal(fewest(quorum, quorum_stops), oracle(quorum, set_stops));
        }
}

static void test_known(void **state)
{
    static const struct {
        const char *name;
        struct quorum quorum;
        int split, stop; /* -1: nobody can */
    } cases[] = {
        {"3 of 4: two mediators together do both", {4, 3}, 2, 2},
        {"4 of 4: anybody stops it", {4, 4}, 4, 1},
        {"4 of 5", {5, 4}, 3, 2},
        {"4 of 7: one is enough", {7, 4}, 1, 4},
        {"5 of 7", {7, 5}, 3, 3},
        {"6 of 7", {7, 6}, 5, 2},
        {"3 of 7: the operator alone", {7, 3}, 0, 5},
        {"1 of 1", {1, 1}, 1, 1},
        {"no quorum: the operator alone", {0, 0}, 0, -1},
        {"witnesses, and no quorum", {3, 0}, 0, -1},
        {"more needed than there are: it stands already", {3, 4}, -1, 0},
        {"43 of 64", {64, 43}, 22, 22},
        {"64 of 64", {64, 64}, 64, 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CHECK_CASE(cases[i].name, fewest(cases[i].quorum, quorum_splits) == cases[i].split);
        CHECK_CASE(cases[i].name, fewest(cases[i].quorum, quorum_stops) == cases[i].stop);
    }
}

/* Who can with some can with more. */
static void test_monotone(void **state)
{
    (void)state;
    for (unsigned witnesses = 0; witnesses <= QUORUM_MOST; witnesses++)
        for (unsigned need = 0; need <= QUORUM_MOST; need++)
            for (unsigned acting = 1; acting <= witnesses; acting++) {
                struct quorum quorum = {witnesses, need};

                assert_true(need > witnesses || !quorum_splits(quorum, acting - 1) ||
                            quorum_splits(quorum, acting));
                assert_true(!quorum_stops(quorum, acting - 1) || quorum_stops(quorum, acting));
            }
}

static void test_ask_first(void **state)
{
    static const struct {
        const char *name;
        struct quorum quorum;
        unsigned peers, ask;
    } cases[] = {
        {"5 of 7", {7, 5}, 6, 4},
        {"5 of 7, one has no address here", {7, 5}, 5, 3},
        {"5 of 7, four have", {7, 5}, 4, 2},
        {"5 of 7, the keeper alone", {7, 5}, 1, 1},
        {"5 of 7, nobody", {7, 5}, 0, 0},
        {"4 of 7", {7, 4}, 6, 3},
        {"7 of 7", {7, 7}, 6, 6},
        {"2 of 3", {3, 2}, 2, 1},
        {"participants that have no witness count, too", {3, 2}, 10, 1},
        {"1 of 7: it is a quorum alone", {7, 1}, 6, 0},
        {"no quorum", {0, 0}, 6, 0},
        {"none needed", {3, 0}, 2, 0},
        {"more needed than there are: everybody", {3, 9}, 2, 2},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name,
                   quorum_ask_first(cases[i].quorum, cases[i].peers) == cases[i].ask);
}

/* Wherever a quorum with this witness can come about at all, enough of those who are listed answer,
 * or the only ones listed are all away. */
static void test_ask_first_stops_nothing(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 20; n++)
        for (unsigned need = 1; need <= n; need++)
            for (unsigned peers = 0; peers < n; peers++) {
                unsigned away = n - need;
                unsigned answer = peers > away ? peers - away : 0;
                unsigned ask = quorum_ask_first((struct quorum){n, need}, peers);

                assert_true(ask <= answer || (ask == 1 && answer == 0));
            }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_ask_first), cmocka_unit_test(test_ask_first_stops_nothing),
    cmocka_unit_test(test_known),     cmocka_unit_test(test_oracle),
    cmocka_unit_test(test_monotone),
};
RUN_TESTS(tests)
