#include "base/test.h"
#include "sync/liars_check.h"

/* Checkpoints as words: sync/liars.h says how they read. */

static void test_split(void **state)
{
    static const struct {
        const char *name, *first, *second, *accused, *fault;
    } cases[] = {
        {"one size, two roots", "A7 L", "B7 L", LIARS_ORIGIN, ""},
        {"one entry, two roots", "A1 L", "C1 L", LIARS_ORIGIN, ""},
        {"two sizes", "A5 L", "B9 L", LIARS_ORIGIN, ""},
        {"the first of a power of two", "A4 L", "B9 L", LIARS_ORIGIN, ""},
        {"both of a power of two", "A4 L", "B8 L", LIARS_ORIGIN, ""},
        {"nothing in common", "A1 L", "C9 L", LIARS_ORIGIN, ""},
        {"witnesses that saw one each", "A5 L0", "B9 L1", LIARS_ORIGIN, ""},
        {"a witness that saw both", "A5 L013", "B9 L3", LIARS_ORIGIN ",mediator/d/witness", ""},
        {"five of seven on each side", "A5 L01234", "B9 L23456",
         LIARS_ORIGIN ",mediator/c/witness,mediator/d/witness,observer/e/witness", ""},
        {"a witness alone", "A5 3", "B9 L3", "mediator/d/witness", ""},
        {"a log line that does not hold", "A5 l3", "B9 L3", "mediator/d/witness", ""},
        {"a cosignature that does not hold", "A5 L0d", "B9 L03", LIARS_ORIGIN ",party/a/witness",
         ""},
        {"a term whose key is not known, cosigned", "A5 L3/2", "B9 L3/2", "mediator/d/witness", ""},

        {"the same log", "A7 L0", "A7 L0", "", "continues the first"},
        {"a log that grew", "A5 L0", "A9 L0", "", "continues the first"},
        {"a log before it parts", "A3 L0", "B9 L0", "", "continues the first"},
        {"a log that began with nothing", "A0 L", "B9 L", "", "continues the first"},
        {"signed by nobody", "A7 ", "B7 L", "", "no signature"},
        {"signed once, cosigned once", "A7 0", "B7 L1", "", "no key known here"},
        {"a signature that does not hold", "A7 l", "B7 L", "", "no key known here"},
        {"nor the second", "A7 L", "B7 l", "", "no key known here"},
        {"none holds", "A7 la", "B7 la", "", "no key known here"},
        {"a term whose key is not known", "A5 L/2", "B9 L/2", "", "no key known here"},
        {"a witness that is not known", "A5 +", "B9 +", "", "no key known here"},
        {"two terms", "A5 L0", "B9 L0/2", "", "of two origins"},
        {"another agreement", "A5 L0/x", "B9 L0/x", "", "of another agreement"},
        {"the other of another agreement", "A5 L0", "B9 L0/x", "", "of another agreement"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        liars_check(cases[i].name, liars_split(cases[i].first, cases[i].second), cases[i].accused,
                    cases[i].fault);
}

/* A log of nothing has one root. */
static void test_split_nothing(void **state)
{
    static const struct {
        const char *name;
        bool lies;
        const char *second, *fault;
    } cases[] = {
        {"another root, and a log", true, "A9 L", ""},
        {"another root, and the right one", true, "A0 L", ""},
        {"the right root", false, "A9 L", "continues the first"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct misbehaviour file = liars_split("A0 L", cases[i].second);
        struct span first = liars_sign_root(
            liars_read("A0 L"), cases[i].lies ? merkle_leaf(SPAN_LIT("a")) : merkle_empty());

        json_set(&file.evidence, "checkpoints", liars_two(first, liars_checkpoint(cases[i].second)),
                 &liars);
        liars_check(cases[i].name, file, LIARS_ORIGIN, cases[i].fault);
    }
}

static void test_split_origin(void **state)
{
    static const struct {
        const char *name, *origin, *fault;
    } cases[] = {
        {"the last term there can be", LIARS_AGREEMENT "/term/9007199254740991", ""},
        {"one past it", LIARS_AGREEMENT "/term/9007199254740992", "of another agreement"},
        {"a longer name", LIARS_AGREEMENT "/2/term/1", "of another agreement"},
        {"a longer word", LIARS_AGREEMENT "/terms/1", "of another agreement"},
        {"the name alone", LIARS_AGREEMENT, "of another agreement"},
        {"term 0", LIARS_AGREEMENT "/term/0", "of another agreement"},
        {"a leading zero", LIARS_AGREEMENT "/term/01", "of another agreement"},
        {"more behind it", LIARS_AGREEMENT "/term/1/x", "of another agreement"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct liars_checkpoint first = liars_read("A5 L0"), second = liars_read("B9 L0");

        first.origin = second.origin = cases[i].origin;
        liars_check(cases[i].name, liars_split_of(first, second), "party/a/witness",
                    cases[i].fault);
    }
}

/* One thing in good evidence is made wrong. */
static void test_split_evidence(void **state)
{
    struct liars_log a = liars_log('A'), b = liars_log('B');
    struct span first = liars_checkpoint("A5 L"), second = liars_checkpoint("B9 L");
    struct json path = liars_path(b, 5, 9), cut = liars_path(b, 5, 9), longer = liars_path(b, 5, 9);

    cut.array.count--;
    json_push(&longer, path.array.at[0], &liars);
    const struct {
        const char *name, *member;
        struct json value;
        const char *fault;
    } cases[] = {
        {"as it is", "consistency", path, ""},
        {"the path of the first log", "consistency", liars_path(a, 5, 9), "does not lead"},
        {"the path from another size", "consistency", liars_path(b, 6, 9), "does not lead"},
        {"a path cut short", "consistency", cut, "does not lead"},
        {"a path too long", "consistency", longer, "does not lead"},
        {"no path", "consistency", json_array(), "does not lead"},
        {"the root of other entries", "root", liars_hash(liars_root(&b, 6)), "does not lead"},
        {"the root of the first", "root", liars_hash(liars_root(&a, 5)), "does not lead"},
        {"the larger first", "checkpoints", liars_two(second, first), "stands first"},
        {"one twice", "checkpoints", liars_two(first, first), "does not lead"},
        {"a record", "checkpoints", liars_two(liars_entry0(), second), "checkpoint:"},
        {"nothing", "checkpoints", liars_two(SPAN_LIT("x"), second), "note:"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct misbehaviour file = liars_split("A5 L", "B9 L");

        json_set(&file.evidence, cases[i].member, cases[i].value, &liars);
        liars_check(cases[i].name, file, LIARS_ORIGIN, cases[i].fault);
    }
}

static void test_clock(void **state)
{
    static const struct {
        const char *name, *first, *second, *accused, *fault;
    } cases[] = {
        {"a second", "A5 2@101", "A9 2@100", "mediator/c/witness", ""},
        {"a year", "A5 L2@1761955200", "A9 L2@1730419200", "mediator/c/witness", ""},
        {"by one entry", "A8 L2@101", "A9 L2@100", "mediator/c/witness", ""},
        {"two at once", "A5 L24@101", "A9 L42@100", "mediator/c/witness,observer/e/witness", ""},
        {"one of two", "A5 L24@101", "A9 L4@100", "observer/e/witness", ""},
        {"of logs that part", "A5 2@101", "B9 2@100", "mediator/c/witness", ""},
        {"by more than the calendar has", "A5 2@9007199254740", "A9 2@100", "mediator/c/witness",
         ""},
        {"beyond the calendar", "A5 2@9007199254740", "A9 2@9007199254739", "mediator/c/witness",
         ""},
        {"from the last second of it", "A5 2@253370764799", "A9 2@253370764798",
         "mediator/c/witness", ""},
        {"of a later term", "A5 2@101/2", "A9 2@100/2", "mediator/c/witness", ""},

        {"in order", "A5 L2@100", "A9 L2@101", "", "no witness known here"},
        {"at once", "A5 L2@100", "A9 L2@100", "", "no witness known here"},
        {"two witnesses", "A5 L2@101", "A9 L3@100", "", "no witness known here"},
        {"one size", "A9 L2@101", "A9 L2@100", "", "of one size"},
        {"the larger first", "A9 L2@100", "A5 L2@101", "", "stands first"},
        {"the log's own signature has no time", "A5 L@101", "A9 L@100", "",
         "no witness known here"},
        {"the earlier does not hold", "A5 L2@101", "A9 Lc@100", "", "no witness known here"},
        {"nor the later", "A5 Lc@101", "A9 L2@100", "", "no witness known here"},
        {"a witness that is not known", "A5 +@101", "A9 +@100", "", "no witness known here"},
        {"two terms", "A5 L2@101", "A9 L2@100/2", "", "of two origins"},
        {"another agreement", "A5 L2@101/x", "A9 L2@100/x", "", "of another agreement"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        liars_check(cases[i].name,
                    liars_pair("clock", "checkpoints", liars_checkpoint(cases[i].first),
                               liars_checkpoint(cases[i].second)),
                    cases[i].accused, cases[i].fault);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(test_split, liars_reset),
    cmocka_unit_test_teardown(test_split_nothing, liars_reset),
    cmocka_unit_test_teardown(test_split_origin, liars_reset),
    cmocka_unit_test_teardown(test_split_evidence, liars_reset),
    cmocka_unit_test_teardown(test_clock, liars_reset),
};
RUN_TESTS(tests)
