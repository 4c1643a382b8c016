#include "base/test.h"
#include "register/scenario.h"

#include "ledger/statement.h"

/* A new key in the place of an old one (format §6.6). */

#define ROTATE(from, to) "{'consent':&" from ">" to ",'key':'@" to "'}"
#define NO_CONSENT "void consent format §6.6"
#define CLAIM                                                                                      \
    "{'channel':'filed','claimant':'Command','matter':'killed','side':'north','subject':'south'}"

static const struct line beginning[] = {
    {"a key with all there is", NULL, "north/root", "member.admit",
     "{'age':'" TEST_AGE "','job':'author','key':'@phone','org':'north','revoker':'@phone/revoker',"
     "'role':'monitor','scope':['claim']}",
     "holds"},
    {"one by the name of a revoker", NULL, "south/root", "member.admit",
     "{'job':'author','key':'@phone3/revoker','org':'south','role':'desk'}", "holds"},
    {"a second node", NULL, "north/root", "member.admit",
     "{'job':'node','key':'@north/node/2','org':'north'}", "holds"},
};

static void begin(struct test_log *log)
{
    test_log_open(log, NULL);
    test_begin_with(log, "[{'key':'%w1','org':'north'}]");
    play(log, beginning, ARRAY_LEN(beginning));
}

/* Each on a log of its own. */
static const struct line rotations[] = {
    {"an author's", NULL, "north/desk", "member.rotate", ROTATE("north/desk", "new"), "holds"},
    {"a node's", NULL, "south/node", "member.rotate", ROTATE("south/node", "new"), "holds"},
    {"a root's", NULL, "south/root", "member.rotate", ROTATE("south/root", "new"), "holds"},
    {"one whose scope does not name it", NULL, "phone", "member.rotate", ROTATE("phone", "new"),
     "holds"},
    {"one who may do nothing", NULL, "reader", "member.rotate", ROTATE("reader", "new"), "holds"},

    {"a revoker's", NULL, "phone/revoker", "member.rotate", ROTATE("phone/revoker", "new"),
     "void wrong_job format §1.4"},
    {"no consent", NULL, "phone", "member.rotate", "{'key':'@new'}", "void shape format §9.2"},
    {"no key", NULL, "phone", "member.rotate", "{'consent':&phone>new}", "void shape format §9.2"},
    {"more", NULL, "phone", "member.rotate", "{'consent':&phone>new,'key':'@new','role':'desk'}",
     "void shape format §9.2"},
    {"a key that cosigns", NULL, "phone", "member.rotate", "{'consent':&phone>new,'key':'%new'}",
     "void key_unfit format §1.4"},
    {"a name as of a log key", NULL, "phone", "member.rotate",
     ROTATE("phone", "north-south/term/2"), "void key_unfit format §1.4"},
    {"to itself", NULL, "phone", "member.rotate", ROTATE("phone", "phone"),
     "void key_taken format §1.4"},
    {"to another's", NULL, "phone", "member.rotate", ROTATE("phone", "north/desk"),
     "void key_taken format §1.4"},
    {"an empty consent", NULL, "phone", "member.rotate", "{'consent':'','key':'@new'}",
     "void shape format §9.2"},
    {"a consent that is none", NULL, "phone", "member.rotate", "{'consent':'yes','key':'@new'}",
     NO_CONSENT},
    {"for another's place", NULL, "phone", "member.rotate",
     "{'consent':&north/desk>new,'key':'@new'}", NO_CONSENT},
    {"for the place of one of another name", NULL, "phone", "member.rotate",
     "{'consent':&phon>new,'key':'@new'}", NO_CONSENT},
    {"another key's", NULL, "phone", "member.rotate", "{'consent':&phone>other,'key':'@new'}",
     NO_CONSENT},
    {"a signer's own", NULL, "phone", "member.rotate", "{'consent':&phone>phone,'key':'@new'}",
     NO_CONSENT},
};

static void test_rotations(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rotations); i++) {
        struct test_log log;

        begin(&log);
        say_and_check(&log, &rotations[i]);
        bool holds = log.effects.verdict == VERDICT_HOLDS;
        CHECK_CASE(rotations[i].name, holds == (test_row(&log, "key", "new") != NULL));
        test_log_close(&log);
    }
}

/* Consents that the new key did sign, or that say what they must and it did not sign. */
static const struct {
    const char *name;
    const char *agreement, *word, *members, *by;
    const char *want;
} consents[] = {
    {"as it should be", "north-south", "rotate", "{'from':'phone','key':'@new'}", "new", "holds"},
    {"in another agreement", "east-west", "rotate", "{'from':'phone','key':'@new'}", "new",
     NO_CONSENT},
    {"of another word", "north-south", "sign-in", "{'at_ms':1,'node':'phone','nonce':'#'}", "new",
     NO_CONSENT},
    {"signed by another", "north-south", "rotate", "{'from':'phone','key':'@new'}", "stranger",
     NO_CONSENT},
    {"signed by the old key", "north-south", "rotate", "{'from':'phone','key':'@new'}", "phone",
     NO_CONSENT},
    {"to another key", "north-south", "rotate", "{'from':'phone','key':'@other'}", "new",
     NO_CONSENT},
};

static struct json rotation_with(struct test_log *log, size_t i)
{
    struct json members = test_body(log, consents[i].members);
    struct json body = test_body(log, "{'key':'@new'}");
    struct span note = statement_sign(span_of(consents[i].agreement), consents[i].word, &members,
                                      &test_key(log, consents[i].by)->signer, &log->arena);

    json_set_string(&body, "consent", note, &log->arena);
    return body;
}

static void test_consents(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(consents); i++) {
        struct test_log log;
        struct err err = {0};

        begin(&log);
        struct record_draft draft = test_draft(&log, "phone", "member.rotate", "{}");
        draft.body = rotation_with(&log, i);
        CHECK_CASE(consents[i].name, test_append(&log, test_sign(&log, &draft), &err));
        if (strcmp(test_verdict(&log), consents[i].want) != 0)
            fail_msg("case \"%s\": %s: %.*s", consents[i].name, test_verdict(&log),
                     SPAN_ARG(log.effects.why));
        test_log_close(&log);
    }
}

/* The right words under a signature that does not hold. */
static void test_spoilt_consent(void **state)
{
    struct test_log log;
    struct err err = {0};

    (void)state;
    begin(&log);
    struct record_draft draft = test_draft(&log, "phone", "member.rotate", ROTATE("phone", "new"));
    struct span whole = json_get_string(&draft.body, "consent", (struct span){0});
    char *note = arena_text(&log.arena, whole);
    char *digit = &note[whole.len - 40]; /* of the signature in base64 */
    *digit = *digit == 'A' ? 'B' : 'A';
    json_set(&draft.body, "consent", json_text(note), &log.arena);
    assert_true(test_append(&log, test_sign(&log, &draft), &err));
    assert_string_equal(test_verdict(&log), NO_CONSENT);
    test_log_close(&log);
}

/* The new key is what the old one was; the old one is nothing more. */
static void test_author(void **state)
{
    static const struct line lines[] = {
        {"before", NULL, "phone", "claim", CLAIM, "holds"},
        {"rotated", NULL, "phone", "member.rotate", ROTATE("phone", "phone2"), "holds"},
        {"the old key", NULL, "phone", "claim", CLAIM, "void revoked_key format §9.2"},
        {"does not rotate again", NULL, "phone", "member.rotate", ROTATE("phone", "phone3"),
         "void revoked_key format §9.2"},
        {"the new key", NULL, "phone2", "claim", CLAIM, "holds"},
        {"within the same scope", NULL, "phone2", "incident.report", "{}",
         "void scope rules 1 incident.report"},
        {"rotates in its turn", NULL, "phone2", "member.rotate", ROTATE("phone2", "phone3"),
         "holds"},
        {"nobody is admitted under the old name", NULL, "north/root", "member.admit",
         "{'job':'author','key':'@phone','org':'north','role':'desk'}",
         "void key_taken format §1.4"},
        {"nor revoked again", NULL, "north/root", "member.revoke",
         "{'name':'phone','reason':'lost'}", "void no_move 14.2"},
        {"an author by the name of its revoker", NULL, "phone3/revoker", "member.revoke",
         "{'name':'phone3','reason':'compromised'}", "void not_yours rules 1 member.revoke"},
        {"its revoker ends what has its place", NULL, "phone/revoker", "member.revoke",
         "{'name':'phone3','reason':'compromised'}", "holds"},
        {"and nothing else", NULL, "phone/revoker", "member.revoke",
         "{'name':'north/desk','reason':'compromised'}", "void not_yours rules 1 member.revoke"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    assert_true(row_is(&log, "key", "phone",
                       "{'age':'" TEST_AGE "','from':8,'job':'author','org':'north',"
                       "'reason':'replaced','replaced_by':'phone2','revoked_at':12,"
                       "'role':'monitor','scope':['claim'],'state':'revoked','vkey':'@phone'}"));
    assert_true(row_is(&log, "key", "phone3",
                       "{'age':'" TEST_AGE
                       "','first':'phone','from':17,'job':'author','org':'north',"
                       "'reason':'compromised','revoked_at':21,'role':'monitor','scope':['claim'],"
                       "'state':'revoked','vkey':'@phone3'}"));
    test_log_close(&log);
}

static struct span text_of(struct test_log *log, const char *member)
{
    return json_get_string(test_row(log, "agreement", "1"), member, (struct span){0});
}

static bool names_are(struct test_log *log, const char *member, const char *want)
{
    struct json names = test_body(log, want);

    return json_equal(json_get(test_row(log, "agreement", "1"), member), &names);
}

/* The operator's: who ticks is who has the place. Another node's leaves the agreement alone. */
static void test_operator(void **state)
{
    static const struct line lines[] = {
        {"another node's", NULL, "south/node", "member.rotate", ROTATE("south/node", "s2"),
         "holds"},
        {"the operator's", NULL, "north/node", "member.rotate", ROTATE("north/node", "n2"),
         "holds"},
        {"the old key does not tick", NULL, "north/node", "clock.tick", "{'at_ms':1760000001000}",
         "void revoked_key format §9.2"},
        {"nor another of its organisation", NULL, "north/node/2", "clock.tick",
         "{'at_ms':1760000001000}", "void tick format §8"},
        {"the new one does", NULL, "n2", "clock.tick", "{'at_ms':1760000001000}", "holds"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    const struct json *before = test_row(&log, "agreement", "1");
    say_and_check(&log, &lines[0]);
    assert_ptr_equal(test_row(&log, "agreement", "1"), before);
    play(&log, lines + 1, ARRAY_LEN(lines) - 1);
    assert_true(span_is(text_of(&log, "operator"), "n2"));
    assert_true(names_are(&log, "roots", "['north/root','south/root']"));
    test_log_close(&log);
}

/* A root's: in its place among the roots, its concurrence standing. */
static void test_root(void **state)
{
    static const struct line lines[] = {
        {"the first root's", NULL, "north/root", "member.rotate", ROTATE("north/root", "r2"),
         "holds"},
        {"it concurred already", NULL, "r2", "agreement.concur", "{'agreement':'$adopt'}",
         "void no_move rules 1 agreement.concur"},
        {"it admits its own", NULL, "r2", "member.admit",
         "{'job':'node','key':'@north/node/3','org':'north'}", "holds"},
        {"and no other's", NULL, "r2", "member.admit", "{'job':'node','key':'@x','org':'south'}",
         "void not_yours rules 1 member.admit"},
        {"others still may not for its organisation", NULL, "south/root", "member.admit",
         "{'job':'author','key':'@x','org':'north','role':'desk'}",
         "void not_yours rules 1 member.admit"},
        {"the old key admits nobody", NULL, "north/root", "member.admit",
         "{'job':'node','key':'@x','org':'north'}", "void revoked_key format §9.2"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    assert_true(names_are(&log, "roots", "['r2','south/root']"));
    assert_true(names_are(&log, "concurred", "['north/root','south/root']"));
    assert_true(span_is(text_of(&log, "operator"), "north/node"));
    test_log_close(&log);
}

/* What a root proposed or agreed to stays so, and is asked of nobody a second time. */
static void test_amendments(void **state)
{
    static const struct line lines[] = {
        {"proposed", "two", "north/root", "rules.adopt", "{'number':2}", "holds"},
        {"the proposer's", NULL, "north/root", "member.rotate", ROTATE("north/root", "r2"),
         "holds"},
        {"and once more", NULL, "r2", "member.rotate", ROTATE("r2", "r3"), "holds"},
        {"it has concurred", NULL, "r3", "agreement.concur", "{'agreement':'$two'}",
         "void no_move 14.2"},
        {"the other's", NULL, "south/root", "member.rotate", ROTATE("south/root", "s2"), "holds"},
        {"who left concurs no more", NULL, "south/root", "agreement.concur", "{'agreement':'$two'}",
         "void revoked_key format §9.2"},
        {"it is not in force yet", NULL, "north/desk", "claim", CLAIM, "holds"},
        {"who has its place does", NULL, "s2", "agreement.concur", "{'agreement':'$two'}", "holds"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    assert_int_equal(json_get_integer(test_row(&log, "agreement", "1"), "rules", 0), 2);
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_rotations),      cmocka_unit_test(test_consents),
    cmocka_unit_test(test_spoilt_consent), cmocka_unit_test(test_author),
    cmocka_unit_test(test_operator),       cmocka_unit_test(test_root),
    cmocka_unit_test(test_amendments),
};

RUN_TESTS(tests)
