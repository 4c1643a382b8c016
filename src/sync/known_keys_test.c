#include "base/limits.h"
#include "base/test.h"
#include "sync/known_keys.h"
#include "sync/liars_check.h"

#define BY(signer, key, what, of, ...)                                                             \
    {                                                                                              \
        .by = signer, .name = key, .job = what, .org = of, __VA_ARGS__                             \
    }
#define CHIEF BY("party/a/root", "party/a/1", "author", "party/a", .role = "chief")

/* What the last of them admits is known, or the last one with anything in it is refused. */
static void test_admit(void **state)
{
    static const struct {
        const char *name;
        bool terms; /* the agreement is there */
        struct liars_admission admit[4];
        const char *fault;
    } cases[] = {
        {"an author, by its own root",
         false,
         {BY("party/a/root", "x", "author", "party/a", .role = "monitor")},
         ""},
        {"a node, by its own root", false, {BY("party/a/root", "x", "node", "party/a", 0)}, ""},
        {"a witness, by its own root",
         false,
         {BY("party/a/root", "x", "witness", "party/a", 0)},
         ""},
        {"an observer's author, by any root",
         false,
         {BY("party/b/root", "x", "author", "observer/f", .role = "monitor")},
         ""},
        {"an author, by one that may",
         true,
         {CHIEF, BY("party/a/1", "x", "author", "party/a", .role = "monitor")},
         ""},
        {"an observer's external, by one that may",
         true,
         {CHIEF, BY("party/a/1", "x", "external", "observer/f", 0)},
         ""},
        {"by one whom one admitted that may",
         true,
         {CHIEF, BY("party/a/1", "party/a/2", "author", "party/a", .role = "chief"),
          BY("party/a/2", "x", "author", "observer/g", .role = "monitor")},
         ""},
        {"by one whose scope allows it",
         true,
         {BY("party/a/root", "party/a/1", "author", "party/a", "chief", "member.admit"),
          BY("party/a/1", "x", "author", "party/a", .role = "monitor")},
         ""},

        {"by a stranger",
         false,
         {BY("stranger", "x", "author", "party/a", .role = "monitor")},
         "is not known"},
        {"by itself",
         false,
         {BY("x", "x", "author", "party/a", .role = "monitor")},
         "is not known"},
        {"before who admits it",
         true,
         {BY("party/a/1", "x", "author", "party/a", .role = "monitor"), CHIEF},
         "is not known"},
        {"a party's author, by another's root",
         false,
         {BY("party/b/root", "x", "author", "party/a", .role = "monitor")},
         "may admit no author"},
        {"a party's witness, by another's root",
         false,
         {BY("party/b/root", "x", "witness", "party/a", 0)},
         "may admit no witness"},
        {"an observer's node, by a root",
         false,
         {BY("party/b/root", "x", "node", "observer/f", 0)},
         "may admit no node"},
        {"an observer's witness, by a root",
         false,
         {BY("party/b/root", "x", "witness", "observer/f", 0)},
         "may admit no witness"},
        {"by a node",
         false,
         {BY("party/a/node", "x", "author", "party/a", .role = "monitor")},
         "may admit no author"},
        {"by an author that may not",
         true,
         {BY("party/a/root", "party/a/1", "author", "party/a", .role = "monitor"),
          BY("party/a/1", "x", "author", "party/a", .role = "monitor")},
         "may admit no author"},
        {"by an author whose role is nowhere",
         true,
         {BY("party/a/root", "party/a/1", "author", "party/a", .role = "queen"),
          BY("party/a/1", "x", "author", "party/a", .role = "monitor")},
         "may admit no author"},
        {"by an author whose scope does not allow it",
         true,
         {BY("party/a/root", "party/a/1", "author", "party/a", "chief", "claim"),
          BY("party/a/1", "x", "author", "party/a", .role = "monitor")},
         "may admit no author"},
        {"by an author, without the agreement",
         false,
         {CHIEF, BY("party/a/1", "x", "author", "party/a", .role = "monitor")},
         "may admit no author"},
        {"a node, by an author that may",
         true,
         {CHIEF, BY("party/a/1", "x", "node", "party/a", 0)},
         "may admit no node"},
        {"another party's, by an author that may",
         true,
         {CHIEF, BY("party/a/1", "x", "author", "party/b", .role = "monitor")},
         "may admit no author"},
        {"an author without a role",
         false,
         {BY("party/a/root", "x", "author", "party/a", 0)},
         "authors have a role"},
        {"a node with one",
         false,
         {BY("party/a/root", "x", "node", "party/a", .role = "chief")},
         "authors have a role"},
        {"a log key's name",
         false,
         {BY("party/a/root", LIARS_AGREEMENT "/term/2", "node", "party/a", 0)},
         "a log key's"},
        {"a name that entry 0 has",
         false,
         {BY("party/a/root", "party/a/node", "node", "party/a", 0)},
         "bound already"},
        {"a key twice",
         false,
         {BY("party/a/root", "x", "node", "party/a", 0),
          BY("party/a/root", "x", "node", "party/a", 0)},
         "bound already"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct span piece[LIARS_PIECES] = {liars_piece(0), liars_piece(1)};
        struct known_keys keys;
        struct err err = {0};
        bool ok = known_keys_open(&keys, liars_entry0(), &liars, &err);

        ok = ok && (!cases[i].terms || known_keys_terms(&keys, piece, LIARS_PIECES, &err));
        CHECK_CASE(cases[i].name, ok);
        size_t before = keys.count;
        for (size_t n = 0; ok && cases[i].admit[n].by; n++) {
            before = keys.count;
            ok = known_keys_admit(&keys, liars_admit(cases[i].admit[n]), &err);
        }
        if (ok != (cases[i].fault[0] == '\0') || !strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, keys.count == before + ok);
        CHECK_CASE(cases[i].name, !ok || known_key_named(&keys, SPAN_LIT("x")) != NULL);
    }
}

/* A key in another's place, by the word of both. */
static void test_rotate(void **state)
{
    static const struct {
        const char *name;
        struct liars_rotation rotation;
        const char *fault;
    } cases[] = {
#define TO_X(old, ...) {.by = old, .name = "x", __VA_ARGS__}
        {"a root", TO_X("party/a/root", 0), ""},
        {"a node", TO_X("party/a/node", 0), ""},
        {"an author", TO_X("party/a/1", 0), ""},

        {"a promise key", TO_X("observer/e/promise", 0), "cannot be rotated"},
        {"a log key", TO_X(LIARS_ORIGIN, 0), "cannot be rotated"},
        {"a stranger", TO_X("stranger", 0), "is not known"},
        {"without its consent", TO_X("party/a/node", .consents = "mallory"), "did not consent"},
        {"with the old one's", TO_X("party/a/node", .consents = "party/a/node"), "did not consent"},
        {"with consent to another's place", TO_X("party/a/node", .from = "party/b/node"),
         "did not consent"},
        {"with another's consent", TO_X("party/a/node", .consents = "y", .key = "y"),
         "did not consent"},
        {"with consent in another agreement",
         TO_X("party/a/node", .agreement = "test.invalid/other"), "did not consent"},
        {"to a key that is known", {.by = "party/a/node", .name = "party/b/node"}, "bound already"},
        {"to itself", {.by = "party/a/node", .name = "party/a/node"}, "bound already"},
        {"to a log key's name",
         {.by = "party/a/node", .name = LIARS_AGREEMENT "/term/2"},
         "a log key's"},
#undef TO_X
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct known_keys keys;
        struct err err = {0};

        assert_true(known_keys_open(&keys, liars_entry0(), &liars, &err) &&
                    known_keys_admit(&keys, liars_author(), &err));
        size_t before = keys.count;
        bool ok = known_keys_admit(&keys, liars_rotate(cases[i].rotation), &err);
        if (ok != (cases[i].fault[0] == '\0') || !strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, keys.count == before + ok);
        const struct known_key *x = known_key_named(&keys, SPAN_LIT("x"));
        CHECK_CASE(cases[i].name, !ok || (span_is(x->org, "party/a") && x->replaces));
    }
}

/* A place is kept: what a root may, and what the operator must, goes over with it. */
static void test_accuse_rotated(void **state)
{
    static const struct liars_rotation root = {.by = "party/a/root", .name = "party/a/root/2"};
    static const struct liars_rotation node = {.by = LIARS_OPERATOR, .name = "observer/e/node/2"};
    static const struct liars_rotation other = {.by = "party/a/node", .name = "observer/e/node/2"};
    const struct liars_admission admit =
        BY("party/a/root/2", "x", "author", "party/a", .role = "monitor");
    struct misbehaviour fork =
        liars_pair("fork", "records", liars_say((struct liars_saying){"x", "x", 7, 0, 0}),
                   liars_say((struct liars_saying){"x", "y", 7, 0, 0}));
    struct span said = liars_say((struct liars_saying){"party/b/node", "x", 7, 0, 0});
    struct json evidence = json_object();

    (void)state;
    json_set_string(&evidence, "record", said, &liars);
    json_set_string(&evidence, "receipt", (struct span){0}, &liars);
    json_set_string(
        &evidence, "refusal",
        liars_refusal((struct liars_refusal){"unknown key", 5, "observer/e/node/2", NULL, NULL},
                      said),
        &liars);
    struct misbehaviour refusal = liars_file("refusal", evidence);

    liars_check("whom a root's successor admitted",
                liars_with(liars_with(fork, liars_rotate(root)), liars_admit(admit)), "x", "");
    fork.admissions = json_array();
    liars_check("without the rotation", liars_with(fork, liars_admit(admit)), "", "is not known");
    liars_check("the operator's successor refuses", liars_with(refusal, liars_rotate(node)),
                "observer/e/node/2", "");
    refusal.admissions = json_array();
    liars_check("another node's", liars_with(refusal, liars_rotate(other)), "",
                "did not keep the log");
}

/* The next term's keys, by the word of a quorum of organisations. */
static void test_term(void **state)
{
    static const struct {
        const char *name;
        struct liars_hand_over hand_over;
        const char *fault;
    } cases[] = {
#define TO_2(notes, ...) {.by = notes, .number = 2, __VA_ARGS__}
        {"by five of seven", TO_2("01234", 0), ""},
        {"by all", TO_2("0123456", 0), ""},
        {"to a later number", {.by = "01234", .number = 7}, ""},
        {"to the same operator", TO_2("01234", LIARS_OPERATOR), ""},

        {"by four", TO_2("0123", 0), "4 freezes, too few"},
        {"by five notes of four", TO_2("01233", 0), "two freezes of one organisation"},
        {"of two texts", TO_2("01234", .two_texts = true), "not of one text"},
        {"of another agreement", TO_2("01234", .agreement = "test.invalid/other"),
         "no freeze of this agreement"},
        {"signed by another", TO_2("01234", .signer = "party/a/node"), "did not sign"},
        {"signed by no node", TO_2("01234", "party/a/root"), "did not sign"},
        {"signed by a stranger", TO_2("01234", "stranger"), "is not known"},
        {"from a term that is not known", TO_2("01234", .origin = LIARS_AGREEMENT "/term/9"),
         "another term"},
        {"to the same term", {.by = "01234", .number = 1}, "another term"},
        {"to no term", TO_2("01234", .next_origin = LIARS_AGREEMENT "/terms/2"), "another term"},
        {"with another log key", TO_2("01234", .log_key = "other"), "another term"},
        {"with another promise key", TO_2("01234", .promise_key = "other"), "another term"},
#undef TO_2
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span origin =
            span_of(arena_printf(&liars, LIARS_AGREEMENT "/term/%u", cases[i].hand_over.number));
        struct known_keys keys;
        struct err err = {0};

        assert_true(known_keys_open(&keys, liars_entry0(), &liars, &err));
        size_t before = keys.count;
        bool ok = known_keys_admit(&keys, liars_term_open(cases[i].hand_over), &err);
        if (ok != (cases[i].fault[0] == '\0') || !strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, keys.count == before + (ok ? 2 : 0));
        CHECK_CASE(cases[i].name, keys.term_count == (ok ? 2 : 1));
        CHECK_CASE(cases[i].name, !ok || known_term_of(&keys, origin) == &keys.term[1]);
    }
}

/* Another text by a node of the sixth organisation, which has nothing to do with the five. */
static void test_term_notes(void **state)
{
    static const struct {
        const char *name, *note, *fault;
    } cases[] = {
        {"no note", "x", "statement:"},
        {"a promise", NULL, "no freeze of this agreement"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span promise = liars_promise((struct liars_promise){3, "X", '1', 0, 0, 0});
        struct liars_hand_over good = {.by = "01234", .number = 2};
        struct known_keys keys;
        struct record record;
        struct err err = {0};

        assert_true(known_keys_open(&keys, liars_entry0(), &liars, &err) &&
                    record_parse(&record, liars_term_open(good), &liars, &err));
        struct json body = *record.body, freezes = *json_get(&body, "freezes");
        json_push(&freezes, json_string(cases[i].note ? span_of(cases[i].note) : promise), &liars);
        json_set(&body, "freezes", freezes, &liars);
        struct span note = liars_record((struct liars_record){
            .kind = "term.open", .by = "mediator/c/node", .prev = "", .seq = 2, .body = body});
        CHECK_CASE(cases[i].name, !known_keys_admit(&keys, note, &err));
        if (!strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
    }
}

/* Notes that are no admission to this agreement. */
static void test_admit_notes(void **state)
{
    struct json body = json_object();

    json_set(&body, "job", json_text("author"), &liars);
    const struct {
        const char *name;
        struct span note;
        const char *fault;
    } cases[] = {
        {"nothing", SPAN_LIT("x"), "record: note"},
        {"another record", liars_say((struct liars_saying){"party/a/node", "x", 7, 0, 0}),
         "is no admission"},
        {"entry 0", liars_entry0(), "is no admission"},
        {"fields that are missing",
         liars_record((struct liars_record){
             .kind = "member.admit", .by = "party/a/root", .prev = "", .seq = 2, .body = body}),
         "\"key\" is missing"},
        {"of another agreement",
         liars_record((struct liars_record){.agreement = "test.invalid/other",
                                            .kind = "member.admit",
                                            .by = "party/a/root",
                                            .prev = "",
                                            .seq = 2,
                                            .body = body}),
         "to another agreement"},
        {"in a root's name",
         liars_record((struct liars_record){.kind = "member.admit",
                                            .by = "party/a/root",
                                            .prev = "",
                                            .seq = 2,
                                            .body = body,
                                            .signer = "mallory"}),
         "does not hold"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct known_keys keys;
        struct err err = {0};

        assert_true(known_keys_open(&keys, liars_entry0(), &liars, &err));
        size_t before = keys.count;
        CHECK_CASE(cases[i].name, !known_keys_admit(&keys, cases[i].note, &err));
        if (!strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, keys.count == before);
    }
}

/* A file of later keys accuses them where their own root admitted them, and else nobody. */
static void test_accuse(void **state)
{
    static const struct {
        const char *name, *by, *accused;
    } cases[] = {
        {"a witness that was admitted", "party/a/root", LIARS_ORIGIN "," LIARS_LATER},
        {"and was not", NULL, LIARS_ORIGIN},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct misbehaviour file = liars_split("A5 L+", "B9 L+");
        struct liars_admission admit = BY(cases[i].by, LIARS_LATER, "witness", "party/a", 0);

        if (admit.by)
            file = liars_with(file, liars_admit(admit));
        liars_check(cases[i].name, file, cases[i].accused, "");
    }
}

/* What the keys of the next term sign is held against them, where the hand-over is there. */
static void test_accuse_term(void **state)
{
    static const struct liars_hand_over hand_over = {.by = "01234", .number = 2};
    struct misbehaviour split = liars_split("A5 L/2", "B9 L/2");
    const struct liars_promise a = {3, "X", '1', "promise/2", NULL, LIARS_AGREEMENT "/term/2"};
    struct liars_promise b = a, of_1 = a;

    (void)state;
    b.leaf = "Y";
    of_1.origin = LIARS_ORIGIN;
    struct misbehaviour promises =
        liars_pair("promises", "promises", liars_promise(a), liars_promise(b));
    struct misbehaviour another =
        liars_pair("promises", "promises", liars_promise(of_1), liars_promise(of_1));

    liars_check("a split, without the hand-over", split, "", "no key known here");
    liars_check("a split", liars_with(split, liars_term_open(hand_over)), LIARS_AGREEMENT "/term/2",
                "");
    liars_check("promises", liars_with(promises, liars_term_open(hand_over)), "promise/2", "");
    liars_check("of a term that is not the key's", liars_with(another, liars_term_open(hand_over)),
                "", "is not the promise key of " LIARS_ORIGIN);
}

static void test_terms(void **state)
{
    static const struct {
        const char *name;
        size_t count, piece[3]; /* 9: some other bytes */
        const char *fault;
    } cases[] = {
        {"all of them", 2, {0, 1}, ""},
        {"none", 0, {0}, "the pieces are not"},
        {"the first alone", 1, {0}, "the pieces are not"},
        {"the last alone", 1, {1}, "the pieces are not"},
        {"in another order", 2, {1, 0}, "the pieces are not"},
        {"one too many", 3, {0, 1, 1}, "the pieces are not"},
        {"one that is another", 2, {0, 9}, "the pieces are not"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct known_keys keys;
        struct span piece[3];
        struct err err = {0};

        assert_true(known_keys_open(&keys, liars_entry0(), &liars, &err));
        for (size_t n = 0; n < cases[i].count; n++)
            piece[n] = cases[i].piece[n] == 9 ? SPAN_LIT("{}") : liars_piece(cases[i].piece[n]);
        bool ok = known_keys_terms(&keys, piece, cases[i].count, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, (keys.terms != NULL) == ok);
    }
}

static void test_open(void **state)
{
    struct json operated = liars_adoption(), twice = liars_adoption(), typed = liars_adoption();

    json_set(&operated, "operator", json_text("nobody/node"), &liars);
    json_set(&twice, "promise_key", liars_vkey("party/a/node", NOTE_TYPE_ED25519), &liars);
    json_set(&typed, "promise_key", liars_vkey("promise", NOTE_TYPE_COSIGNATURE), &liars);
    const struct {
        const char *name;
        struct span entry;
        const char *fault;
    } cases[] = {
        {"entry 0", liars_entry0(), ""},
        {"signed by another",
         liars_record((struct liars_record){.kind = "agreement.adopt",
                                            .by = "party/a/root",
                                            .prev = "",
                                            .seq = 1,
                                            .signer = "mallory",
                                            .body = liars_adoption()}),
         "not signed by the first root"},
        {"an operator that has no node", liars_adopt(operated),
         "the operator is none of its nodes"},
        {"a key twice", liars_adopt(twice), "bound already"},
        {"a key of a type that does not fit", liars_adopt(typed), "is of type 0x04"},
        {"an admission", liars_author(), "no agreement.adopt"},
        {"a checkpoint", liars_checkpoint("A5 L"), "record:"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct known_keys keys = {.count = 99};
        struct err err = {0};
        bool ok = known_keys_open(&keys, cases[i].entry, &liars, &err);

        if (ok != (cases[i].fault[0] == '\0') || !strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, keys.count == (ok ? 2 + LIARS_ROOTS + 2 * LIARS_ORGS : 99));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(test_open, liars_reset),
    cmocka_unit_test_teardown(test_terms, liars_reset),
    cmocka_unit_test_teardown(test_admit, liars_reset),
    cmocka_unit_test_teardown(test_admit_notes, liars_reset),
    cmocka_unit_test_teardown(test_rotate, liars_reset),
    cmocka_unit_test_teardown(test_accuse_rotated, liars_reset),
    cmocka_unit_test_teardown(test_term, liars_reset),
    cmocka_unit_test_teardown(test_term_notes, liars_reset),
    cmocka_unit_test_teardown(test_accuse_term, liars_reset),
    cmocka_unit_test_teardown(test_accuse, liars_reset),
};
RUN_TESTS(tests)
