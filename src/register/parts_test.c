#include "base/test.h"
#include "register/scenario.h"

/* Who may be a recipient of a part (format §4.4), and the rows of parts and readers (§4.5). */

#define HASH_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HASH_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define HASH_C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
#define PART(hash, tier, recipients)                                                               \
    "{'commitment':'" hash "','recipients':[" recipients "],'stored':'" HASH_C "','tier':'" tier   \
    "'}"
#define REPORT(parts) "{'parts':[" parts "]}"
#define ADMIT(key, org, role, more)                                                                \
    {                                                                                              \
        key, NULL, "north/root", "member.admit",                                                   \
            "{'job':'author','key':'@" key "','org':'" org "'," more "'role':'" role "'}", "holds" \
    }
#define AGE "'age':'" TEST_AGE "',"
#define RECIPIENT "void recipient format §4.4"
#define LEFT_OUT "void left_out format §4.4"

/* Of each organisation one who reads; of the mission two, and one who reads nothing. */
static const struct line readers[] = {
    ADMIT("n", "north", "desk", AGE),
    ADMIT("e", "east", "desk", AGE),
    ADMIT("e/2", "east", "desk", AGE),
    ADMIT("w", "west", "desk", AGE),
    ADMIT("m", "mission", "desk", AGE),
    ADMIT("m/2", "mission", "monitor", AGE),
    ADMIT("m/3", "mission", "reader", AGE),
    ADMIT("m/4", "mission", "desk", ""), /* no age recipient */
};

static const struct line lines[] = {
    {"a public part", NULL, "mission/desk", "incident.report", REPORT(PART(HASH_A, "public", "")),
     "holds"},
    {"of the mission", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mission", "'m'")), "holds"},
    {"to two of it", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mission", "'m','m/2'")), "holds"},
    {"by one who does not read it", NULL, "south/desk", "incident.report",
     REPORT(PART(HASH_A, "mission", "'m'")), "holds"},
    {"sealed", NULL, "mission/desk", "incident.report", REPORT(PART(HASH_A, "sealed", "'w','e'")),
     "holds"},
    {"sealed the other way", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "sealed", "'e','w'")), "holds"},
    {"to all who read of the mechanism", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mechanism", "'e','n','w'")), "holds"},
    {"two of one organisation", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mechanism", "'e','e/2','n','w'")), "holds"},

    {"to nobody's key", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mission", "'stranger'")), RECIPIENT},
    {"to a reader and a stranger", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mission", "'m','stranger'")), RECIPIENT},
    {"to a role that does not read", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mission", "'m/3'")), RECIPIENT},
    {"to a key without an age recipient", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mission", "'m/4'")), RECIPIENT},
    {"to another organisation", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mission", "'n'")), RECIPIENT},
    {"to a root", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mission", "'north/root'")), RECIPIENT},
    {"to a node", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mechanism", "'north/node'")), RECIPIENT},
    {"the first part is well, the second is not", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mission", "'m'") "," PART(HASH_B, "sealed", "'m','e'")), RECIPIENT},
    {"sealed to two of one organisation", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "sealed", "'e','e/2'")), RECIPIENT},
    {"sealed to a party", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "sealed", "'e','n'")), RECIPIENT},
    {"a medium to a stranger", NULL, "mission/desk", "incident.report",
     "{'parts':[{'commitment':'" HASH_A "','media':'image/jpeg','recipients':['stranger'],"
     "'stored':'" HASH_B "','tier':'mission'}]}",
     RECIPIENT},
    {"one party is left out", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mechanism", "'e','w'")), LEFT_OUT},
    {"a mediator is", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mechanism", "'e','e/2','n'")), LEFT_OUT},
    {"the writer's own side alone reads", NULL, "north/desk", "incident.report",
     REPORT(PART(HASH_A, "mechanism", "'n'")), LEFT_OUT},
    {"of a kind that is no work of a case", NULL, "north/root", "member.admit",
     "{'job':'author','key':'@z','org':'north','parts':[" PART(HASH_A, "mission",
                                                               "'stranger'") "],'role':'desk'}",
     RECIPIENT},
    {"of the work of a case", NULL, "mission/desk", "case.triage",
     "{'accused':['south'],'act':'shelling','case':'$incident','grade':'grave','in_area':'yes',"
     "'in_time':'yes','modalities':1,'outcome':'open','parts':[" PART(HASH_A, "mechanism",
                                                                      "'n'") "],'urgent':'no'}",
     LEFT_OUT},
    {"without the capability it is that", NULL, "reader", "incident.report",
     REPORT(PART(HASH_A, "mission", "'stranger'")), "void capability rules 1 incident.report"},

    {"who reads is revoked", NULL, "north/root", "member.revoke", "{'name':'n','reason':'lost'}",
     "holds"},
    {"and reads no more", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mechanism", "'e','n','w'")), RECIPIENT},
    {"nor is waited for", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mechanism", "'e','w'")), "holds"},
    {"one who does not read is admitted there", NULL, "south/root", "member.admit",
     "{'age':'" TEST_AGE "','job':'author','key':'@s','org':'south','role':'monitor'}", "holds"},
    {"and need not be there", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mechanism", "'e','w'")), "holds"},
    {"one who reads is", NULL, "south/root", "member.admit",
     "{'age':'" TEST_AGE "','job':'author','key':'@s/2','org':'south','role':'desk'}", "holds"},
    {"and must be", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mechanism", "'e','w'")), LEFT_OUT},
    {"another has its place", NULL, "s/2", "member.rotate", "{'consent':&s/2>s/3,'key':'@s/3'}",
     "holds"},
    {"the one before reads no more", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mechanism", "'e','s/2','w'")), RECIPIENT},
    {"but the new one", NULL, "mission/desk", "incident.report",
     REPORT(PART(HASH_A, "mechanism", "'e','s/3','w'")), "holds"},
};

static void test_recipients(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, readers, ARRAY_LEN(readers));
    play(&log, lines, ARRAY_LEN(lines));
    test_log_close(&log);
}

/*
 * Who is revoked or replaced after the author last saw the log is a recipient still; who stopped
 * reading before is none. `mission/desk` and `m` are there from the start, `m` is revoked, `m/2`
 * is replaced by `m/5`, and a key is admitted between the two.
 */
struct revoked {
    uint64_t before, revoked, between, after; /* sizes of the log */
};

static struct revoked revoke_readers(struct test_log *log)
{
    static const struct line gone[] = {
        {"m is revoked", NULL, "north/root", "member.revoke", "{'name':'m','reason':'lost'}",
         "holds"},
        ADMIT("late", "mission", "desk", AGE),
        {"m/2 is replaced", NULL, "m/2", "member.rotate", "{'consent':&m/2>m/5,'key':'@m/5'}",
         "holds"},
    };
    struct revoked at;

    test_begin_case(log);
    play(log, readers, ARRAY_LEN(readers));
    at.before = log->size;
    play(log, gone, 1);
    at.revoked = log->size;
    play(log, gone + 1, 1);
    at.between = log->size;
    play(log, gone + 2, 1);
    at.after = log->size;
    return at;
}

struct sealing {
    const char *name, *by;
    int64_t seen; /* from `before` on; -1: nothing at all */
    const char *parts;
    const char *want;
};

#define TO(who) "[" PART(HASH_A, "mission", "'" who "'") "]"
#define ALL "[" PART(HASH_A, "mechanism", "'e','n','w'") "]"

static void seal_and_check(struct test_log *log, const struct revoked *at, const struct sealing *s)
{
    struct record_draft draft = test_draft(log, s->by, "incident.report", "{}");
    struct err err = {0};

    if (s->seen >= 0) {
        draft.seen_size = at->before + (uint64_t)s->seen;
        draft.seen_root = log->root[draft.seen_size];
    }
    json_set(&draft.body, "parts", test_body(log, s->parts), &log->arena);
    assert_true(test_append(log, test_sign(log, &draft), &err));
    if (strcmp(test_verdict(log), s->want) != 0)
        fail_msg("%s: %s, not %s", s->name, test_verdict(log), s->want);
}

static void test_sealed_before(void **state)
{
    static const struct sealing cases[] = {
        {"before both", "mission/desk", 0, TO("m"), "holds"},
        {"to who is replaced since", "mission/desk", 0, TO("m/2"), "holds"},
        {"to who has the place since", "mission/desk", 0, TO("m/5"), "holds"},
        {"to two", "mission/desk", 0, "[" PART(HASH_A, "mission", "'m','m/2'") "]", "holds"},
        {"the last entry it had seen is the admission of another", "south/desk", 0, TO("m/2"),
         "holds"},
        {"it saw the revocation", "mission/desk", 1, TO("m"), RECIPIENT},
        {"but not the replacement", "mission/desk", 2, TO("m/2"), "holds"},
        {"it saw the replacement", "mission/desk", 3, TO("m/2"), RECIPIENT},
        {"says later that it had not", "mission/desk", 0, TO("m"), RECIPIENT},
        {"nor of the other", "mission/desk", 0, TO("m/2"), RECIPIENT},
        {"to who reads now, whatever it saw", "mission/desk", 0, TO("m/5"), "holds"},
        {"nor that it saw nothing", "mission/desk", -1, TO("m"), RECIPIENT},
        {"who never saw that it was admitted", "east/desk", -1, TO("m"), RECIPIENT},
        {"a key that came after the revocation", "late", 0, TO("m"), RECIPIENT},
        {"but before the replacement", "late", 0, TO("m/2"), "holds"},
        {"the key that came with it", "m/5", 0, TO("m/2"), RECIPIENT},
        {"to one who never read", "south/desk", 0, TO("m/3"), RECIPIENT},
        {"to one whose recipient is not known", "south/desk", 0, TO("m/4"), RECIPIENT},
        {"to another organisation", "south/desk", 0, TO("n"), RECIPIENT},
    };
    struct test_log log;

    (void)state;
    struct revoked at = revoke_readers(&log);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        seal_and_check(&log, &at, &cases[i]);
    test_log_close(&log);
}

/* What it had seen counts for nothing in a record that does not fit the log, or its chain. */
static void test_sealed_before_marked(void **state)
{
    static const struct {
        const char *name;
        int64_t seen, seq; /* more than it would be */
        bool root;
        const char *want;
    } cases[] = {
        {"as it is", 0, 0, true, "holds"},
        {"another root", 0, 0, false, "void seen recipient format §4.4"},
        {"ahead", 99, 0, true, "void ahead recipient format §4.4"},
        {"a gap", 0, 1, true, "void gap recipient format §4.4"},
    };
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct test_log log;
        struct revoked at = revoke_readers(&log);
        struct record_draft draft = test_draft(&log, "mission/desk", "incident.report", "{}");

        draft.seen_size = at.before + (uint64_t)cases[i].seen;
        if (cases[i].root)
            draft.seen_root = log.root[at.before];
        draft.seq += (uint64_t)cases[i].seq;
        json_set(&draft.body, "parts", test_body(&log, TO("m")), &log.arena);
        assert_true(test_append(&log, test_sign(&log, &draft), &err));
        CHECK_CASE(cases[i].name, strcmp(test_verdict(&log), cases[i].want) == 0);
        test_log_close(&log);
    }
}

/* An organisation is there by the key that it had; one that came to read meanwhile is missing. */
static void test_whole_before(void **state)
{
    static const struct line gone[] = {
        {"n is replaced", NULL, "n", "member.rotate", "{'consent':&n>n/2,'key':'@n/2'}", "holds"},
        ADMIT("late", "mission", "desk", AGE),
        {"one who reads comes", NULL, "south/root", "member.admit",
         "{'age':'" TEST_AGE "','job':'author','key':'@s','org':'south','role':'desk'}", "holds"},
    };
    static const struct sealing cases[] = {
        {"to who is replaced since", "mission/desk", 0, ALL, "holds"},
        {"it saw that", "east/desk", 1, ALL, RECIPIENT},
    };
    static const struct sealing left_out = {"south reads", "mission/desk", 0, ALL, LEFT_OUT};
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, readers, ARRAY_LEN(readers));
    struct revoked at = {.before = log.size};
    play(&log, gone, 2);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        seal_and_check(&log, &at, &cases[i]);
    play(&log, gone + 2, 1);
    seal_and_check(&log, &at, &left_out);
    test_log_close(&log);
}

/* Nothing but tiers that are public is read by anybody where the agreement does not say by whom. */
static void test_no_tiers(void **state)
{
    static const struct line plain[] = {
        {"public", NULL, "north/desk", "incident.report", REPORT(PART(HASH_A, "public", "")),
         "holds"},
        {"a tier that the agreement does not have", NULL, "north/desk", "incident.report",
         REPORT(PART(HASH_B, "mission", "'north/desk'")), RECIPIENT},
    };
    struct test_log log;

    (void)state;
    test_log_open(&log, NULL);
    test_begin(&log);
    play(&log, plain, ARRAY_LEN(plain));
    test_log_close(&log);
}

/* Before there are terms nobody reads anything. */
static void test_before_terms(void **state)
{
    struct test_log log;
    struct err err = {0};

    (void)state;
    test_log_open(&log, NULL);
    struct record_draft draft = test_draft(&log, "north/root", "agreement.adopt", test_adopt);
    struct json parts = test_body(&log, "[" PART(HASH_A, "mission", "'north/root'") "]");
    json_set(&draft.body, "parts", parts, &log.arena);
    assert_true(test_append(&log, test_sign(&log, &draft), &err));
    CHECK_CASE("at entry 0", strcmp(test_verdict(&log), RECIPIENT) == 0);
    CHECK_CASE("there is no row", row_is(&log, "part", HASH_A, ""));
    test_log_close(&log);

    test_log_open(&log, NULL);
    draft = test_draft(&log, "north/root", "agreement.adopt", test_adopt);
    parts = test_body(&log, "[" PART(HASH_A, "public", "") "]");
    json_set(&draft.body, "parts", parts, &log.arena);
    assert_true(test_append(&log, test_sign(&log, &draft), &err));
    test_name_it(&log, "adopt");
    CHECK_CASE("public", row_is(&log, "part", HASH_A,
                                "{'by':'north/root','index':0,'org':'north','record':'$adopt',"
                                "'state':'held','stored':'" HASH_C "','tier':'public'}"));
    test_log_close(&log);
}

/* The row is that of who named it first; a void record names nothing. */
static void test_rows_of_parts(void **state)
{
    static const struct line said[] = {
        {"void", NULL, "mission/desk", "incident.report",
         REPORT(PART(HASH_A, "mission", "'stranger'")), RECIPIENT},
        {"the first", "one", "mission/desk", "incident.report",
         "{'parts':[" PART(HASH_A, "mission",
                           "'m'") ",{'commitment':'" HASH_B
                                  "','media':'image/jpeg','recipients':[],'stored':'" HASH_A
                                  "','tier':'public'}]}",
         "holds"},
        {"another", NULL, "south/desk", "incident.report", REPORT(PART(HASH_A, "public", "")),
         "holds"},
    };
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, readers, ARRAY_LEN(readers));
    play(&log, said, 1);
    CHECK_CASE("void", row_is(&log, "part", HASH_A, ""));
    play(&log, said + 1, 2);
    CHECK_CASE(
        "fields",
        row_is(&log, "part", HASH_A,
               "{'by':'mission/desk','index':21,'org':'mission','recipients':['m'],'record':'$one',"
               "'state':'held','stored':'" HASH_C "','tier':'mission'}"));
    CHECK_CASE("a medium",
               row_is(&log, "part", HASH_B,
                      "{'by':'mission/desk','index':21,'media':'image/jpeg','org':'mission',"
                      "'record':'$one','state':'held','stored':'" HASH_A "','tier':'public'}"));
    test_log_close(&log);
}

static void test_rows_of_readers(void **state)
{
    static const struct {
        struct line line;
        const char *keys; /* of the mission */
    } said[] = {
        {ADMIT("a", "mission", "desk", AGE), "{'keys':['a']}"},
        {ADMIT("b", "mission", "reader", AGE), "{'keys':['a','b']}"},
        {ADMIT("c", "mission", "desk", ""), "{'keys':['a','b']}"},
        {{"a node's recipient is no reader", NULL, "north/root", "member.admit",
          "{'age':'" TEST_AGE "','job':'external','key':'%x','org':'mission'}", "holds"},
         "{'keys':['a','b']}"},
        {{"void", NULL, "reader", "member.admit",
          "{'age':'" TEST_AGE "','job':'author','key':'@d','org':'mission','role':'desk'}",
          "void capability rules 1 member.admit"},
         "{'keys':['a','b']}"},
        {{"rotated", NULL, "a", "member.rotate", "{'consent':&a>a/2,'key':'@a/2'}", "holds"},
         "{'keys':['b','a/2']}"},
        {{"with a recipient that it had not", NULL, "c", "member.rotate",
          "{'age':'" TEST_AGE "','consent':&c>c/2,'key':'@c/2'}", "holds"},
         "{'keys':['b','a/2','c/2']}"},
        {{"revoked", NULL, "b", "member.revoke", "{'name':'b','reason':'lost'}", "holds"},
         "{'keys':['a/2','c/2']}"},
        {{"the next", NULL, "a/2", "member.revoke", "{'name':'a/2','reason':'lost'}", "holds"},
         "{'keys':['c/2']}"},
        {{"the last", NULL, "c/2", "member.revoke", "{'name':'c/2','reason':'lost'}", "holds"},
         "{'keys':[]}"},
    };
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    CHECK_CASE("none", row_is(&log, "reader", "mission", ""));
    for (size_t i = 0; i < ARRAY_LEN(said); i++) {
        play(&log, &said[i].line, 1);
        CHECK_CASE(said[i].line.name, row_is(&log, "reader", "mission", said[i].keys));
    }
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_recipients),           cmocka_unit_test(test_no_tiers),
    cmocka_unit_test(test_before_terms),         cmocka_unit_test(test_rows_of_parts),
    cmocka_unit_test(test_rows_of_readers),      cmocka_unit_test(test_sealed_before),
    cmocka_unit_test(test_sealed_before_marked), cmocka_unit_test(test_whole_before),
};

RUN_TESTS(tests)
