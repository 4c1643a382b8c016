#include "base/test.h"
#include "sync/liars_check.h"

#define PROMISER "observer/e/promise"
#define TERM_2 LIARS_AGREEMENT "/term/2"

/* Entry I of log A is letter number I of the alphabet. */
static void test_promise(void **state)
{
    static const struct {
        const char *name;
        struct liars_promise promise;
        const char *log;
        uint64_t index; /* that the receipt is of */
        const char *leaf;
        const char *fault;
    } cases[] = {
#define PROMISE(i, bytes, ...) {.index = i, .leaf = bytes, .id = '1', __VA_ARGS__}
        {"another entry", PROMISE(3, "X", 0), "A9 L", 3, "d", ""},
        {"the last entry", PROMISE(8, "X", 0), "A9 L", 8, "i", ""},
        {"the only entry", PROMISE(0, "X", 0), "A1 L", 0, "a", ""},
        {"cosigned as well", PROMISE(3, "X", 0), "A9 L0123", 3, "d", ""},

        {"kept", PROMISE(3, "d", 0), "A9 L", 3, "d", "was kept"},
        {"a receipt of another place", PROMISE(4, "X", 0), "A9 L", 3, "d", "is of entry 3"},
        {"a leaf that is not there", PROMISE(3, "X", 0), "A9 L", 3, "e", "is not number 3"},
        {"the leaf promised", PROMISE(3, "X", 0), "A9 L", 3, "X", "is not number 3"},
        {"a log that nobody signed", PROMISE(3, "X", 0), "A9 0", 3, "d", "not signed by the log"},
        {"a signature that does not hold", PROMISE(3, "X", 0), "A9 l", 3, "d", "does not hold"},
        {"the log of another term", PROMISE(3, "X", 0), "A9 L/2", 3, "d", "another log's"},
        {"the log of another agreement", PROMISE(3, "X", 0), "A9 L/x", 3, "d", "another log's"},
        {"promised by a node key", PROMISE(3, "X", LIARS_OPERATOR), "A9 L", 3, "d",
         "no promise key known here"},
        {"promised by a stranger", PROMISE(3, "X", "stranger"), "A9 L", 3, "d",
         "no promise key known here"},
        {"promised in another agreement", PROMISE(3, "X", 0, "test.invalid/other"), "A9 L", 3, "d",
         "of another agreement"},
        {"promised of another term", PROMISE(3, "X", 0, 0, TERM_2), "A9 L", 3, "d",
         "not known here"},
#undef PROMISE
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct json evidence = json_object();

        json_set_string(&evidence, "promise", liars_promise(cases[i].promise), &liars);
        json_set_string(&evidence, "receipt",
                        liars_receipt(liars_read(cases[i].log), cases[i].index), &liars);
        json_set(&evidence, "leaf", liars_hash(merkle_leaf(span_of(cases[i].leaf))), &liars);
        liars_check(cases[i].name, liars_file("promise", evidence), PROMISER, cases[i].fault);
    }
}

static void test_promise_notes(void **state)
{
    static const struct {
        const char *name, *member, *note, *fault;
    } cases[] = {
        {"no promise", "promise", "x", "note:"},
        {"a refusal", "promise", NULL, "it is a refusal"},
        {"no receipt", "receipt", "", "must stand here"},
        {"a receipt of nothing", "receipt", "c2sp.org/tlog-proof@v1\nindex 3\n\n", "note:"},
    };
    struct span refusal =
        liars_refusal((struct liars_refusal){"too large", 5, 0, 0, 0}, SPAN_LIT("x"));

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct misbehaviour file;

        assert_true(liars_each(2, &file) && span_is(file.kind, "promise"));
        json_set_string(&file.evidence, cases[i].member,
                        cases[i].note ? span_of(cases[i].note) : refusal, &liars);
        liars_check(cases[i].name, file, "", cases[i].fault);
    }
}

static void test_promises(void **state)
{
    static const struct {
        const char *name;
        struct liars_promise a, b;
        const char *fault;
    } cases[] = {
#define PROMISE(i, bytes, letter, ...) {.index = i, .leaf = bytes, .id = letter, __VA_ARGS__}
#define FIRST PROMISE(3, "X", '1', 0)
        {"one place to two records", FIRST, PROMISE(3, "Y", '2', 0), ""},
        {"one place to two spellings of a record", FIRST, PROMISE(3, "Y", '1', 0), ""},
        {"two places to one record", FIRST, PROMISE(4, "X", '1', 0), ""},
        {"two places to two spellings of a record", FIRST, PROMISE(4, "Y", '1', 0), ""},

        {"the same promise", FIRST, FIRST, "can be kept"},
        {"two places to two records", FIRST, PROMISE(4, "Y", '2', 0), "can be kept"},
        {"two places to one leaf", FIRST, PROMISE(4, "X", '2', 0), "can be kept"},
        {"one by a node key", FIRST, PROMISE(3, "Y", '2', LIARS_OPERATOR), "no promise key known"},
        {"one by a stranger", FIRST, PROMISE(3, "Y", '2', "stranger"), "no promise key known"},
        {"one of another agreement", FIRST, PROMISE(3, "Y", '2', 0, "test.invalid/other"),
         "of another agreement"},
        {"one of another term", FIRST, PROMISE(3, "Y", '2', 0, 0, TERM_2), "not known here"},
#undef FIRST
#undef PROMISE
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        liars_check(cases[i].name,
                    liars_pair("promises", "promises", liars_promise(cases[i].a),
                               liars_promise(cases[i].b)),
                    PROMISER, cases[i].fault);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(test_promise, liars_reset),
    cmocka_unit_test_teardown(test_promise_notes, liars_reset),
    cmocka_unit_test_teardown(test_promises, liars_reset),
};
RUN_TESTS(tests)
