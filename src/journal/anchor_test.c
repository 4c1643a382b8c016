#include "journal/anchor.h"

#include "base/test.h"
#include "journal/world.h"

/* Entry 0, and what may be wrong with it. */

static struct span changed(struct span note, const char *from, const char *to, struct arena *arena)
{
    char *copy = arena_text(arena, note), *at = strstr(copy, from);

    assert_non_null(at);
    assert_int_equal(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
    return span_make(copy, note.len);
}

static void test_parse(void **state)
{
    static const struct {
        const char *name;
        const char *from, *to; /* a change in the signed bytes; NULL: none */
        const char *fault;
    } cases[] = {
        {"as signed", NULL, NULL, ""},
        {"a figure changed", "\"quorum\":0", "\"quorum\":1", "not signed by the first root"},
        {"another kind", "agreement.adopt 1", "agreement.admit 1", "no agreement.adopt"},
        {"another version", "agreement.adopt 1", "agreement.adopt 2", "no agreement.adopt"},
        {"another agreement on the first line", "truce\nagr", "trucx\nagr", "first line"},
        {"another agreement within", "\"name\":\"test", "\"name\":\"tesd", "first line"},
        {"the log under another name", "\"origin\":\"test", "\"origin\":\"tesd", "another name"},
        {"a member more", "\"quorum\"", "\"quorun\"", "quorun"},
        {"no record", "\"by\":", "\"bx\":", "record"},
        {"a log key that is none", "\"log_key\":\"test", "\"log_key\":\"tes+", "log_key"},
    };
    struct world *w = world_new(1);
    struct arena arena = {0};
    struct submission adopt = world_adopt(w, &arena);
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct anchor got = {.id = "untouched"};
        struct err err = {0};
        struct span note =
            cases[i].from ? changed(adopt.note, cases[i].from, cases[i].to, &arena) : adopt.note;
        bool ok = anchor_parse(&got, note, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, strcmp(got.id, ok ? w->id : "untouched") == 0);
        CHECK_CASE(cases[i].name, !ok || strcmp(got.agreement, WORLD_NAME) == 0);
    }
    arena_free(&arena);
    free(w);
}

static void test_check(void **state)
{
    static const struct {
        const char *agreement;
        bool other_log, other_promise;
        const char *fault;
    } cases[] = {
        {WORLD_NAME, false, false, ""},
        {"test.invalid/other", false, false, "not test.invalid/other"},
        {WORLD_NAME, true, false, "another log key"},
        {WORLD_NAME, false, true, "another promise key"},
    };
    struct world *w = world_new(1), *other = world_new(2);
    struct arena arena = {0};
    struct anchor anchor;
    struct err none = {0};
    (void)state;

    assert_true(anchor_parse(&anchor, world_adopt(w, &arena).note, &none));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct note_key log = note_signer_key(cases[i].other_log ? &other->log : &w->log);
        struct note_key promise =
            note_signer_key(cases[i].other_promise ? &other->promise : &w->promise);
        struct err err = {0};
        bool ok = anchor_check(&anchor, cases[i].agreement, &log, &promise, &err);

        CHECK_CASE(cases[i].fault, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].fault, strstr(err.text, cases[i].fault) != NULL);
    }
    arena_free(&arena);
    free(w);
    free(other);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_parse),
                                          cmocka_unit_test(test_check)};
RUN_TESTS(tests)
