#include "base/test.h"
#include "register/scenario.h"

#include "base/limits.h"
#include "codec/hex.h"

/* The agreement's beginning (format §7.1 to §7.4). */

/* Entry 0 with one member changed. */
static const struct {
    const char *name;
    const char *member;
    const char *value; /* NULL: left out */
    const char *want;
} adoptions[] = {
    {"as it should be", "quorum", "0", "holds"},
    {"a quorum of its witnesses", "witnesses",
     "[{'key':'%w1','org':'north'},{'key':'%w2','org':'south'}]", "holds"},
    {"a promise key almost of such a name", "promise_key", "'@north-south/terms/1'", "holds"},
    {"a promise key of another agreement's origin", "promise_key", "'@east-west/term/1'", "holds"},
    {"two files", "pieces",
     "[{'file':'agreement.toml','n':1,'sha256':'#'},{'file':'agreement.toml','n':2,'sha256':'#'},"
     "{'file':'line.geojson','n':1,'sha256':'#'}]",
     "holds"},

    {"another name than on the first line", "name", "'east-west'", "void adopt format §7.1"},
    {"not the first term", "origin", "'north-south/term/2'", "void adopt format §7.1"},
    {"an origin of another agreement", "origin", "'east-west/term/1'", "void adopt format §7.1"},
    {"the log key has another name", "log_key", "'@north-south/log'", "void adopt format §7.1"},
    {"the operator is no node", "operator", "'north/root'", "void adopt format §7.1"},
    {"a quorum without witnesses", "quorum", "1", "void adopt format §7.1"},
    {"an organisation is witness twice", "witnesses",
     "[{'key':'%w1','org':'north'},{'key':'%w2','org':'south'},{'key':'%w3','org':'north'}]",
     "void adopt format §7.1"},
    {"the terms are not listed", "pieces", "[{'file':'line.geojson','n':1,'sha256':'#'}]",
     "void adopt format §7.1"},
    {"pieces do not begin at 1", "pieces", "[{'file':'agreement.toml','n':2,'sha256':'#'}]",
     "void adopt format §7.1"},
    {"a piece is left out", "pieces",
     "[{'file':'agreement.toml','n':1,'sha256':'#'},{'file':'agreement.toml','n':3,'sha256':'#'}]",
     "void adopt format §7.1"},
    {"a piece twice", "pieces",
     "[{'file':'agreement.toml','n':1,'sha256':'#'},{'file':'agreement.toml','n':1,'sha256':'#'}]",
     "void adopt format §7.1"},
    {"files out of order", "pieces",
     "[{'file':'line.geojson','n':1,'sha256':'#'},{'file':'agreement.toml','n':1,'sha256':'#'}]",
     "void adopt format §7.1"},
    {"the second file begins at 2", "pieces",
     "[{'file':'agreement.toml','n':1,'sha256':'#'},{'file':'line.geojson','n':2,'sha256':'#'}]",
     "void adopt format §7.1"},

    {"a root twice", "roots",
     "[{'key':'@north/root','org':'north'},{'key':'@north/root','org':'south'}]",
     "void key_taken format §1.4"},
    {"a node that is a root", "nodes",
     "[{'key':'@north/node','org':'north'},{'key':'@north/root','org':'north'}]",
     "void key_taken format §1.4"},
    {"a witness with the key of a node", "witnesses", "[{'key':'%north/node','org':'north'}]",
     "void key_taken format §1.4"},
    {"a witness key that signs notes", "witnesses", "[{'key':'@w1','org':'north'}]",
     "void key_unfit format §1.4"},
    {"a root that cosigns", "roots",
     "[{'key':'@north/root','org':'north'},{'key':'%south/root','org':'south'}]",
     "void key_unfit format §1.4"},
    {"the promise key cosigns", "promise_key", "'%north-south/promise'",
     "void key_unfit format §1.4"},
    {"the promise key is the log's", "promise_key", "'@north-south/term/1'",
     "void key_unfit format §1.4"},
    {"the promise key has a name of origins", "promise_key", "'@north-south/term/2'",
     "void key_unfit format §1.4"},
    {"a root has one", "roots",
     "[{'key':'@north/root','org':'north'},{'key':'@north-south/term/x','org':'south'}]",
     "void key_unfit format §1.4"},
    {"a node has one", "nodes",
     "[{'key':'@north/node','org':'north'},{'key':'@north-south/term/2','org':'north'}]",
     "void key_unfit format §1.4"},
    {"a witness has one", "witnesses", "[{'key':'%north-south/term/2','org':'north'}]",
     "void key_unfit format §1.4"},

    {"no promise key", "promise_key", NULL, "void shape format §9.2"},
    {"nobody's node", "nodes", "[]", "void shape format §9.2"},
    {"no piece", "pieces", "[]", "void shape format §9.2"},
    {"pieces under the name that parts have", "parts",
     "[{'file':'agreement.toml','n':1,'sha256':'#'}]", "void shape format §9.2"},
    {"rules number 0", "rules", "0", "void shape format §9.2"},
    {"a member too many", "colour", "'red'", "void shape format §9.2"},
    {"no roots", "roots", "[]", "void bad_signature format §1.2"},
    {"roots that are no list", "roots", "'north/root'", "void bad_signature format §1.2"},
    {"a first root that is no object", "roots", "['@north/root']",
     "void bad_signature format §1.2"},
    {"another first root", "roots",
     "[{'key':'@south/root','org':'south'},{'key':'@north/root','org':'north'}]",
     "void bad_signature format §1.2"},
};

static void set_or_leave_out(struct test_log *log, struct json *body, const char *member,
                             const char *value)
{
    struct json out = json_object();

    for (size_t i = 0; i < body->object.count; i++)
        if (!span_is(body->object.at[i].key, member))
            json_set(&out, arena_text(&log->arena, body->object.at[i].key),
                     body->object.at[i].value, &log->arena);
    if (value)
        json_set(&out, member, test_body(log, value), &log->arena);
    *body = out;
}

static void test_adopt_fields(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(adoptions); i++) {
        struct test_log log;
        struct err err = {0};

        test_log_open(&log, NULL);
        struct record_draft draft = test_draft(&log, "north/root", "agreement.adopt", test_adopt);
        set_or_leave_out(&log, &draft.body, adoptions[i].member, adoptions[i].value);
        CHECK_CASE(adoptions[i].name, test_append(&log, test_sign(&log, &draft), &err));
        if (strcmp(test_verdict(&log), adoptions[i].want) != 0)
            fail_msg("case \"%s\": %s: %.*s", adoptions[i].name, test_verdict(&log),
                     SPAN_ARG(log.effects.why));
        bool holds = log.effects.verdict == VERDICT_HOLDS;
        CHECK_CASE(adoptions[i].name, holds == (test_row(&log, "agreement", "1") != NULL));
        CHECK_CASE(adoptions[i].name, holds == (test_row(&log, "key", "north/root") != NULL));
        test_log_close(&log);
    }
}

/* What would follow if the signature that is to come held: the same, and nothing without. */
static void test_adopt_unsigned(void **state)
{
    static const uint8_t none[SIGN_SIGNATURE_BYTES];

    (void)state;
    for (size_t i = 0; i < 2 * ARRAY_LEN(adoptions); i++) {
        struct test_log log;
        struct span text;
        struct err err = {0};
        bool asked = i < ARRAY_LEN(adoptions);
        size_t n = i % ARRAY_LEN(adoptions);

        test_log_open(&log, NULL);
        struct buf note = buf_in(&log.arena, 60000);
        struct record_draft draft = test_draft(&log, "north/root", "agreement.adopt", test_adopt);
        set_or_leave_out(&log, &draft.body, adoptions[n].member, adoptions[n].value);
        CHECK_CASE(adoptions[n].name, record_text(&text, &draft, &log.arena, &err));
        buf_put(&note, text);
        buf_byte(&note, '\n');
        note_put_line(&note, draft.by, 0, span_make(none, sizeof none));
        log.trusted = asked;
        CHECK_CASE(adoptions[n].name, test_append(&log, buf_span(&note), &err));
        const char *want = asked ? adoptions[n].want : "void bad_signature format §1.2";
        CHECK_CASE(adoptions[n].name, strcmp(test_verdict(&log), want) == 0);
        test_log_close(&log);
    }
}

/* What stands around the body of entry 0. */
static void test_adopt_envelope(void **state)
{
    static const struct {
        const char *name, *kind;
        uint64_t seq;
        const char *prev;
        const char *want;
    } cases[] = {
        {"as it should be", "agreement.adopt", 1, "", "holds"},
        {"not the first of its key", "agreement.adopt", 2, "", "void gap adopt format §7.1"},
        {"it comes after something", "agreement.adopt", 1,
         "0000000000000000000000000000000000000000000000000000000000000000",
         "void first_prev format §3.4"},
        {"another kind", "agreement.concur", 1, "", "void other_agreement format §3.2"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct test_log log;
        struct err err = {0};

        test_log_open(&log, NULL);
        struct record_draft draft = test_draft(&log, "north/root", cases[i].kind, test_adopt);
        draft.seq = cases[i].seq;
        draft.prev = span_of(cases[i].prev);
        CHECK_CASE(cases[i].name, test_append(&log, test_sign(&log, &draft), &err));
        CHECK_CASE(cases[i].name, strcmp(test_verdict(&log), cases[i].want) == 0);

        /* Once entry 0 is void nothing can be made of what follows it. */
        if (log.effects.verdict == VERDICT_VOID) {
            test_say(&log, "north/root", "agreement.adopt", test_adopt);
            CHECK_CASE(cases[i].name,
                       strcmp(test_verdict(&log), "void other_agreement format §3.2") == 0);
        }
        test_log_close(&log);
    }
}

/* §10.6: no verdict at all by rules that the program lacks. */
static void test_unknown_rules(void **state)
{
    struct test_log log;
    struct err err = {0};

    (void)state;
    test_log_open(&log, NULL);
    struct record_draft draft = test_draft(&log, "north/root", "agreement.adopt", test_adopt);
    set_or_leave_out(&log, &draft.body, "rules", "2");
    assert_false(test_append(&log, test_sign(&log, &draft), &err));
    assert_int_equal(err.kind, ERR_REFUSED);
    assert_non_null(strstr(err.text, "rules 2"));
    test_log_close(&log);
}

static void test_coming_into_force(void **state)
{
    static const struct line lines[] = {
        {"another piece", NULL, "north/root", "agreement.part",
         "{'content':~,'file':'agreement.toml','n':2}", "void piece format §7.2"},
        {"another file", NULL, "north/root", "agreement.part", "{'content':~,'file':'b','n':1}",
         "void piece format §7.2"},
        {"another content", NULL, "north/root", "agreement.part",
         "{'content':'x','file':'agreement.toml','n':1}", "void piece format §7.2"},
        {"concurrence with what is no adoption", NULL, "south/root", "agreement.concur",
         "{'agreement':'0000000000000000000000000000000000000000000000000000000000000000'}",
         "void reference format §9.2"},
        {"a node does not concur", NULL, "north/node", "agreement.concur", "{'agreement':'$adopt'}",
         "void wrong_job format §1.4"},
        {"a root concurs", NULL, "south/root", "agreement.concur", "{'agreement':'$adopt'}",
         "holds"},
        {"but once", NULL, "south/root", "agreement.concur", "{'agreement':'$adopt'}",
         "void no_move rules 1 agreement.concur"},
        {"the other root", NULL, "north/root", "agreement.concur", "{'agreement':'$adopt'}",
         "holds"},
        {"the terms complete it", NULL, "south/root", "agreement.part",
         "{'content':~,'file':'agreement.toml','n':1}", "holds"},
        {"they come once", NULL, "south/root", "agreement.part",
         "{'content':~,'file':'agreement.toml','n':1}", "void piece format §7.2"},
    };
    struct test_log log;

    (void)state;
    test_log_open(&log, NULL);
    test_say(&log, "north/root", "agreement.adopt", test_adopt);
    test_name_it(&log, "adopt");
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        const struct json *agreement;

        say_and_check(&log, &lines[i]);
        agreement = test_row(&log, "agreement", "1");
        CHECK_CASE(lines[i].name, span_is(json_get_string(agreement, "state", (struct span){0}),
                                          i < 8 ? "adopting" : "in_force"));
        CHECK_CASE(lines[i].name, (test_row(&log, "term", "agreement") != NULL) == (i >= 8));
    }
    assert_int_equal(json_get_integer(test_row(&log, "agreement", "1"), "in_force_at", 0), 9);
    assert_true(row_is(&log, "term", "act/shelling", "{'id':'shelling'}"));
    assert_true(row_is(&log, "term", "clause/14.2", "{'id':'14.2'}"));
    assert_true(row_is(&log, "term", "act/dancing", ""));
    test_log_close(&log);
}

/* What entry 0 lists and the roots agreed to may still be no terms; then the entry that
 * would have completed it is void, and everything as it was. */
static void test_malformed_terms(void **state)
{
    static const struct {
        const char *name, *terms;
        bool canonical; /* else with a space behind it */
    } cases[] = {
        {"no object", "[]", true},
        {"no head", "{}", true},
        {"of another agreement",
         "{'agreement':{'entries':'public','max_gap_ms':1800000,'name':'east-west',"
         "'no_move':'1','quorum':0,'rules':1},'clause':[{'id':'1'}]}",
         true},
        {"not canonical",
         "{'agreement':{'entries':'public','max_gap_ms':1800000,'name':'north-south',"
         "'no_move':'1','quorum':0,'rules':1},'clause':[{'id':'1'}]}",
         false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct test_log log;

        test_log_open(&log, cases[i].terms);
        if (!cases[i].canonical)
            log.terms = span_of(arena_printf(&log.arena, "%.*s ", SPAN_ARG(log.terms)));
        test_say(&log, "north/root", "agreement.adopt", test_adopt);
        test_name_it(&log, "adopt");
        test_say(&log, "north/root", "agreement.part",
                 "{'content':~,'file':'agreement.toml','n':1}");
        test_say(&log, "north/root", "agreement.concur", "{'agreement':'$adopt'}");
        CHECK_CASE(cases[i].name, strcmp(test_verdict(&log), "holds") == 0);
        test_say(&log, "south/root", "agreement.concur", "{'agreement':'$adopt'}");
        CHECK_CASE(cases[i].name, strcmp(test_verdict(&log), "void terms format §7.2") == 0);
        const struct json *row = test_row(&log, "agreement", "1");
        CHECK_CASE(cases[i].name, json_get(row, "concurred")->array.count == 1);
        CHECK_CASE(cases[i].name, test_row(&log, "term", "agreement") == NULL);
        test_log_close(&log);
    }
}

/* Terms of several pieces, in any order; the other file is data that no rule reads. */
static void test_pieces(void **state)
{
    struct test_log log;
    char hash[3][65];
    struct span cut[3];

    (void)state;
    test_log_open(&log, NULL);
    cut[0] = span_slice(log.terms, 0, 100);
    cut[1] = span_from(log.terms, 100);
    cut[2] = SPAN_LIT("{\"type\":\"FeatureCollection\",\"x\":0.5}");
    for (size_t i = 0; i < 3; i++) {
        struct hash of = hash_of(cut[i]);
        hex_text(hash[i], hash_span(&of));
    }
    struct record_draft draft = test_draft(&log, "north/root", "agreement.adopt", test_adopt);
    set_or_leave_out(&log, &draft.body, "pieces",
                     arena_printf(&log.arena,
                                  "[{'file':'agreement.toml','n':1,'sha256':'%s'},"
                                  "{'file':'agreement.toml','n':2,'sha256':'%s'},"
                                  "{'file':'line.geojson','n':1,'sha256':'%s'}]",
                                  hash[0], hash[1], hash[2]));
    struct err err = {0};
    assert_true(test_append(&log, test_sign(&log, &draft), &err));
    test_name_it(&log, "adopt");
    test_say(&log, "north/root", "agreement.concur", "{'agreement':'$adopt'}");
    test_say(&log, "south/root", "agreement.concur", "{'agreement':'$adopt'}");

    static const int order[] = {1, 2, 0};
    static const char *const file[] = {"agreement.toml", "agreement.toml", "line.geojson"};
    for (size_t i = 0; i < 3; i++) {
        int n = order[i];

        draft = test_draft(&log, "north/root", "agreement.part", "{}");
        json_set(&draft.body, "file", json_text(file[n]), &log.arena);
        json_set_integer(&draft.body, "n", n == 1 ? 2 : 1, &log.arena);
        json_set_string(&draft.body, "content", cut[n], &log.arena);
        assert_true(test_append(&log, test_sign(&log, &draft), &err));
        assert_string_equal(test_verdict(&log), "holds");
        const struct json *row = test_row(&log, "agreement", "1");
        assert_int_equal(json_get_integer(row, "missing", -1), 2 - (int64_t)i);
    }
    assert_non_null(test_row(&log, "term", "agreement"));
    assert_non_null(test_row(&log, "agreement_part", "line.geojson 0001"));
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_adopt_fields),
    cmocka_unit_test(test_adopt_unsigned),
    cmocka_unit_test(test_adopt_envelope),
    cmocka_unit_test(test_unknown_rules),
    cmocka_unit_test(test_coming_into_force),
    cmocka_unit_test(test_malformed_terms),
    cmocka_unit_test(test_pieces),
};

RUN_TESTS(tests)
