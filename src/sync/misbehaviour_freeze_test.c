#include "base/test.h"
#include "sync/liars_check.h"

#define TERM(n) LIARS_AGREEMENT "/term/" #n
#define FREEZE(tree, entries, ...)                                                                 \
    {                                                                                              \
        .log = tree, .size = entries, __VA_ARGS__                                                  \
    }

static void test_freeze(void **state)
{
    static const struct {
        const char *name;
        struct liars_freeze freeze;
        const char *cosigned, *fault;
    } cases[] = {
        {"cosigned beyond", FREEZE('A', 5, 0), "A6 L2", ""},
        {"far beyond, another log", FREEZE('A', 5, 0), "B12 2", ""},
        {"as many entries, another log", FREEZE('A', 5, 0), "B5 L2", ""},
        {"among others", FREEZE('A', 5, 0), "A6 L012345", ""},
        {"of a later term", FREEZE('A', 5, .origin = TERM(2)), "A6 L2/2", ""},

        {"cosigned what was frozen", FREEZE('A', 5, 0), "A5 L2", "does not go beyond"},
        {"cosigned before", FREEZE('A', 5, 0), "A4 L2", "does not go beyond"},
        {"cosigned before, another log", FREEZE('A', 5, 0), "B4 L2", "does not go beyond"},
        {"others cosigned", FREEZE('A', 5, 0), "A6 L0134", "no witness of mediator/c"},
        {"nobody cosigned", FREEZE('A', 5, 0), "A6 L", "no witness of mediator/c"},
        {"a line that does not hold", FREEZE('A', 5, 0), "A6 Lc", "no witness of mediator/c"},
        {"frozen by another", FREEZE('A', 5, "party/a/node"), "A6 L2", "no witness of party/a"},
        {"frozen by no node", FREEZE('A', 5, "mediator/c/root"), "A6 L2", "no node key known here"},
        {"frozen by a stranger", FREEZE('A', 5, "stranger"), "A6 L2", "no node key known here"},
        {"of another agreement", FREEZE('A', 5, 0, "test.invalid/other"), "A6 L2",
         "of another agreement"},
        {"of another log", FREEZE('A', 5, .origin = TERM(2)), "A6 L2", "the checkpoint is of"},
        {"the next log", FREEZE('A', 5, 0), "A6 L2/2", "the checkpoint is of"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct json evidence = json_object();

        json_set_string(&evidence, "freeze", liars_freeze(cases[i].freeze), &liars);
        json_set_string(&evidence, "checkpoint", liars_checkpoint(cases[i].cosigned), &liars);
        liars_check(cases[i].name, liars_file("freeze", evidence),
                    "mediator/c/witness,mediator/c/node", cases[i].fault);
    }
}

static void test_freezes(void **state)
{
    static const struct {
        const char *name;
        struct liars_freeze a, b;
        const char *fault;
    } cases[] = {
        {"two sizes", FREEZE('A', 5, 0), FREEZE('A', 6, 0), ""},
        {"two logs", FREEZE('A', 5, 0), FREEZE('B', 5, 0), ""},
        {"two next log keys", FREEZE('A', 5, 0), FREEZE('A', 5, .next_log = "other"), ""},
        {"two origins", FREEZE('A', 5, 0), FREEZE('A', 5, .origin = TERM(3)), ""},

        {"the same", FREEZE('A', 5, 0), FREEZE('A', 5, 0), "the same freeze twice"},
        {"two next origins", FREEZE('A', 5, 0), FREEZE('A', 6, .next_origin = TERM(3)),
         "two next origins"},
        {"two keys", FREEZE('A', 5, 0), FREEZE('A', 6, "party/a/node"), "by two keys"},
        {"one by no node", FREEZE('A', 5, 0), FREEZE('A', 6, "mediator/c/root"),
         "no node key known here"},
        {"one of another agreement", FREEZE('A', 5, 0), FREEZE('A', 6, 0, "test.invalid/other"),
         "of another agreement"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        liars_check(
            cases[i].name,
            liars_pair("freezes", "freezes", liars_freeze(cases[i].a), liars_freeze(cases[i].b)),
            "mediator/c/node", cases[i].fault);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(test_freeze, liars_reset),
    cmocka_unit_test_teardown(test_freezes, liars_reset),
};
RUN_TESTS(tests)
