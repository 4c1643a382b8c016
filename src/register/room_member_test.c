#include "base/test.h"
#include "register/scenario.h"

/* Keys: who is admitted, by whom, and whose key is revoked, by whom. */

#define AUTHOR_OF(org, key, more)                                                                  \
    "{'job':'author','key':'@" key "','org':'" org "'," more "'role':'monitor'}"
#define AUTHOR(key, more) AUTHOR_OF("north", key, more)
#define NODE_OF(org, key) "{'job':'node','key':'@" key "','org':'" org "'}"
#define EXTERNAL_OF(org, key) "{'job':'external','key':'%" key "','org':'" org "'}"
#define WITNESS_OF(org, key) "{'job':'witness','key':'%" key "','org':'" org "'}"
#define REVOKE(key) "{'name':'" key "','reason':'lost'}"
#define NOT_YOURS "void not_yours rules 1 member.admit"
#define NO_RIGHT "void not_yours rules 1 member.revoke"
#define NO_PLACE "void witness format §1.5"

static const struct line admissions[] = {
    {"by a root", NULL, "north/root", "member.admit", AUTHOR("a", ""), "holds"},
    {"by an author whose role says so", NULL, "north/desk", "member.admit", AUTHOR("b", ""),
     "holds"},
    {"by one whose role says nothing of it", NULL, "south/desk", "member.admit",
     AUTHOR_OF("south", "c", ""), "void capability rules 1 member.admit"},
    {"by a node", NULL, "north/node", "member.admit", AUTHOR("c", ""),
     "void wrong_job format §1.4"},
    {"with all there is", NULL, "north/root", "member.admit",
     AUTHOR("d", "'age':'" TEST_AGE "','revoker':'@d/revoker','scope':['claim','no.kind'],"),
     "holds"},
    {"a node", NULL, "north/root", "member.admit", NODE_OF("north", "e"), "holds"},
    {"an external witness", NULL, "north/root", "member.admit", EXTERNAL_OF("north", "f"), "holds"},

    {"the same again", NULL, "north/root", "member.admit", AUTHOR("a", ""),
     "void key_taken format §1.4"},
    {"the name with another key", NULL, "north/root", "member.admit", EXTERNAL_OF("north", "a"),
     "void key_taken format §1.4"},
    {"the revoker is the key", NULL, "north/root", "member.admit", AUTHOR("g", "'revoker':'@g',"),
     "void key_unfit format §1.4"},
    {"the revoker of another", NULL, "north/root", "member.admit",
     AUTHOR("g", "'revoker':'@a/revoker',"), "void key_unfit format §1.4"},
    {"a revoker whose name goes on", NULL, "north/root", "member.admit",
     AUTHOR("g", "'revoker':'@g/revoker/x',"), "void key_unfit format §1.4"},
    {"a revoker that cosigns", NULL, "north/root", "member.admit",
     AUTHOR("g", "'revoker':'%g/revoker',"), "void key_unfit format §1.4"},
    {"a revoker that is bound", NULL, "north/root", "member.admit",
     "{'job':'author','key':'@d/revoker/x','org':'north','revoker':'@d/revoker/x/revoker',"
     "'role':'monitor'}",
     "holds"},
    {"a revoker's name that is bound", NULL, "north/root", "member.admit",
     "{'job':'author','key':'@d/revoker/x/revoker','org':'north','role':'monitor'}",
     "void key_taken format §1.4"},
    {"an author that cosigns", NULL, "north/root", "member.admit",
     "{'job':'author','key':'%g','org':'north','role':'monitor'}", "void key_unfit format §1.4"},
    {"a node that cosigns", NULL, "north/root", "member.admit",
     "{'job':'node','key':'%g','org':'north'}", "void key_unfit format §1.4"},
    {"an external witness that signs", NULL, "north/root", "member.admit",
     "{'job':'external','key':'@g','org':'north'}", "void key_unfit format §1.4"},
    {"the log's key", NULL, "north/root", "member.admit", AUTHOR("north-south/term/1", ""),
     "void key_unfit format §1.4"},
    {"a name as that of the next log key", NULL, "north/root", "member.admit",
     AUTHOR("north-south/term/2", ""), "void key_unfit format §1.4"},
    {"any name there", NULL, "north/root", "member.admit",
     EXTERNAL_OF("north", "north-south/term/x"), "void key_unfit format §1.4"},
    {"a revoker's name there", NULL, "north/root", "member.admit",
     AUTHOR("north-south/term", "'revoker':'@north-south/term/revoker',"),
     "void key_unfit format §1.4"},
    {"a name beside it", NULL, "north/root", "member.admit", AUTHOR("north-south/terms/2", ""),
     "holds"},
    {"a word for an age recipient", NULL, "north/root", "member.admit",
     AUTHOR("g", "'age':'age1qqq',"), "void key_unfit format §1.4"},
    {"one with a letter changed", NULL, "north/root", "member.admit",
     AUTHOR("g", "'age':'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwp',"),
     "void key_unfit format §1.4"},
    {"of low order", NULL, "north/root", "member.admit",
     AUTHOR("g", "'age':'age1ur4h5lpmgxu2u9jku0a0r87ydtdqnr0tnsetrlvxvgz3vh6fhqqqzyt4v9',"),
     "void key_unfit format §1.4"},
    {"a node's of low order", NULL, "north/root", "member.admit",
     "{'age':'age1anlllllllllllllllllllllllllllllllllllllllllllllllals4n2t7m','job':'node',"
     "'key':'@g','org':'north'}",
     "void key_unfit format §1.4"},
    {"an author without a role", NULL, "north/root", "member.admit",
     "{'job':'author','key':'@g','org':'north'}", "void shape format §9.2"},
    {"a node with one", NULL, "north/root", "member.admit",
     "{'job':'node','key':'@g','org':'north','role':'monitor'}", "void shape format §9.2"},
    {"a root", NULL, "north/root", "member.admit", "{'job':'root','key':'@g','org':'north'}",
     "void shape format §9.2"},
    {"a revoker by itself", NULL, "north/root", "member.admit",
     "{'job':'revoker','key':'@g','org':'north'}", "void shape format §9.2"},
    {"a promise key", NULL, "north/root", "member.admit",
     "{'job':'promise','key':'@g','org':'north'}", "void shape format §9.2"},
    {"a role that there is not", NULL, "north/root", "member.admit",
     "{'job':'author','key':'@g','org':'north','role':'king'}", "void term rules 1 member.admit"},
    {"an organisation that there is not", NULL, "north/root", "member.admit",
     "{'job':'author','key':'@g','org':'west','role':'monitor'}", "void term rules 1 member.admit"},
    {"a scope of nothing", NULL, "north/root", "member.admit", AUTHOR("g", "'scope':[],"),
     "void shape format §9.2"},
    {"nothing of the refused was kept", NULL, "north/root", "member.admit",
     AUTHOR("g", "'revoker':'@g/revoker',"), "holds"},
};

static void test_admit(void **state)
{
    struct test_log log;

    (void)state;
    test_log_open(&log, NULL);
    test_begin(&log);
    play(&log, admissions, ARRAY_LEN(admissions));
    assert_true(row_is(&log, "key", "d",
                       "{'age':'" TEST_AGE "','from':12,'job':'author','org':'north',"
                       "'role':'monitor','scope':['claim','no.kind'],'state':'active',"
                       "'vkey':'@d'}"));
    assert_true(row_is(&log, "key", "d/revoker",
                       "{'from':12,'job':'revoker','org':'north','state':'active',"
                       "'vkey':'@d/revoker'}"));
    assert_true(row_is(&log, "key", "c", ""));
    test_log_close(&log);
}

/* Whose keys are whose to admit. The mediators have no root, and `med` is their desk. */
static const struct line strangers[] = {
    {"a root, an author of who has no root", NULL, "north/root", "member.admit",
     "{'job':'author','key':'@med','org':'mediators','role':'desk'}", "holds"},
    {"another root too", NULL, "south/root", "member.admit", AUTHOR_OF("mediators", "m1", ""),
     "holds"},
    {"and an external", NULL, "south/root", "member.admit", EXTERNAL_OF("mediators", "m2"),
     "holds"},
    {"an author, an author of who has no root", NULL, "north/desk", "member.admit",
     AUTHOR_OF("mediators", "m3", ""), "holds"},
    {"and an external", NULL, "north/desk", "member.admit", EXTERNAL_OF("mediators", "m4"),
     "holds"},
    {"and an external of its own", NULL, "north/desk", "member.admit", EXTERNAL_OF("north", "n1"),
     "holds"},
    {"who has no root, its own author", NULL, "med", "member.admit",
     AUTHOR_OF("mediators", "m5", ""), "holds"},

    {"a root, another's author", NULL, "north/root", "member.admit", AUTHOR_OF("south", "x", ""),
     NOT_YOURS},
    {"another's node", NULL, "north/root", "member.admit", NODE_OF("south", "x"), NOT_YOURS},
    {"another's external", NULL, "north/root", "member.admit", EXTERNAL_OF("south", "x"),
     NOT_YOURS},
    {"another's witness", NULL, "north/root", "member.admit", WITNESS_OF("south", "x"), NOT_YOURS},
    {"a node of who has no root", NULL, "north/root", "member.admit", NODE_OF("mediators", "x"),
     NOT_YOURS},
    {"a witness of who has no root", NULL, "north/root", "member.admit",
     WITNESS_OF("mediators", "x"), NOT_YOURS},
    {"an author, another's author", NULL, "north/desk", "member.admit", AUTHOR_OF("south", "x", ""),
     NOT_YOURS},
    {"another's external", NULL, "north/desk", "member.admit", EXTERNAL_OF("south", "x"),
     NOT_YOURS},
    {"a node of its own", NULL, "north/desk", "member.admit", NODE_OF("north", "x"), NOT_YOURS},
    {"a witness of its own", NULL, "north/desk", "member.admit", WITNESS_OF("north", "x"),
     NOT_YOURS},
    {"who has no root, an author of who has one", NULL, "med", "member.admit", AUTHOR("x", ""),
     NOT_YOURS},
    {"and a node of its own", NULL, "med", "member.admit", NODE_OF("mediators", "x"), NOT_YOURS},
    {"a role where none is, of another", NULL, "north/root", "member.admit",
     "{'job':'node','key':'@x','org':'south','role':'monitor'}", NOT_YOURS},
    {"a key that is bound, of another", NULL, "north/root", "member.admit",
     AUTHOR_OF("south", "med", ""), NOT_YOURS},

    {"a root ends", NULL, "south/root", "member.revoke", REVOKE("south/root"), "holds"},
    {"its organisation is still not others'", NULL, "north/root", "member.admit",
     AUTHOR_OF("south", "x", ""), NOT_YOURS},
};

static void test_whose_to_admit(void **state)
{
    struct test_log log;

    (void)state;
    test_log_open(&log, NULL);
    test_begin_with(&log, "[{'key':'%w1','org':'south'},{'key':'%w2','org':'mediators'}]");
    play(&log, strangers, ARRAY_LEN(strangers));
    assert_true(row_is(&log, "key", "x", ""));
    test_log_close(&log);
}

/* An organisation has one witness's place (format §1.5): north here, and south has none. */
static const struct line places[] = {
    {"it is taken", NULL, "north/root", "member.admit", WITNESS_OF("north", "w2"), NO_PLACE},
    {"there is none", NULL, "south/root", "member.admit", WITNESS_OF("south", "w2"), NO_PLACE},
    {"it is left", NULL, "north/root", "member.revoke", REVOKE("w1"), "holds"},
    {"it is still not another's", NULL, "south/root", "member.admit", WITNESS_OF("north", "w2"),
     NOT_YOURS},
    {"and not a desk's", NULL, "north/desk", "member.admit", WITNESS_OF("north", "w2"), NOT_YOURS},
    {"nor for the same key", NULL, "north/root", "member.admit", WITNESS_OF("north", "w1"),
     "void key_taken format §1.4"},
    {"nor for a role", NULL, "north/root", "member.admit",
     "{'job':'witness','key':'%w2','org':'north','role':'monitor'}", "void shape format §9.2"},
    {"it is taken again", NULL, "north/root", "member.admit", WITNESS_OF("north", "w2"), "holds"},
    {"before the tick", NULL, "north/root", "member.admit", WITNESS_OF("north", "w3"), NO_PLACE},
    {"a tick", NULL, "north/node", "clock.tick", "{'at_ms':1760000900000}", "holds"},
    {"and after it", NULL, "north/root", "member.admit", WITNESS_OF("north", "w3"), NO_PLACE},
    {"it is left again", NULL, "north/root", "member.revoke", REVOKE("w2"), "holds"},
    {"for a third", NULL, "north/root", "member.admit", WITNESS_OF("north", "w3"), "holds"},
    {"who leaves at once", NULL, "north/root", "member.revoke", REVOKE("w3"), "holds"},
    {"for a fourth", NULL, "north/root", "member.admit", WITNESS_OF("north", "w4"), "holds"},
};

static void test_witness_places(void **state)
{
    struct test_log log;

    (void)state;
    test_log_open(&log, NULL);
    test_begin_with(&log, "[{'key':'%w1','org':'north'}]");
    play(&log, places, ARRAY_LEN(places));
    assert_true(row_is(&log, "quorum", "quorum",
                       "{'orgs':['north'],'pending':[{'change':'revoke','index':19,'name':'w2'},"
                       "{'change':'admit','index':20,'name':'w3'},"
                       "{'change':'revoke','index':21,'name':'w3'},"
                       "{'change':'admit','index':22,'name':'w4'}],'quorum':0,"
                       "'witnesses':['w2']}"));
    test_log_close(&log);
}

/* One key, one name (format §1.4): also where the name is new, under either type. */
static void test_key_under_another_name(void **state)
{
    static const struct {
        const char *name, *job;
        uint8_t type;
        const char *role;
    } cases[] = {
        {"as another author", "author", NOTE_TYPE_ED25519, "monitor"},
        {"as a node", "node", NOTE_TYPE_ED25519, NULL},
        {"as an external", "external", NOTE_TYPE_COSIGNATURE, NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct test_log log;
        struct note_signer alias;
        struct err err = {0};

        test_log_open(&log, NULL);
        test_begin(&log);
        note_signer_make(&alias, SPAN_LIT("alias"), cases[i].type,
                         test_key(&log, "north/desk")->signer.secret.seed);
        struct note_key key = note_signer_key(&alias);
        struct record_draft draft = test_draft(&log, "north/root", "member.admit", "{}");
        json_set(&draft.body, "job", json_text(cases[i].job), &log.arena);
        json_set(&draft.body, "key", json_text(note_key_text(&key, &log.arena)), &log.arena);
        json_set(&draft.body, "org", json_text("north"), &log.arena);
        if (cases[i].role)
            json_set(&draft.body, "role", json_text(cases[i].role), &log.arena);
        CHECK_CASE(cases[i].name, test_append(&log, test_sign(&log, &draft), &err));
        CHECK_CASE(cases[i].name, strcmp(test_verdict(&log), "void key_taken format §1.4") == 0);
        CHECK_CASE(cases[i].name, row_is(&log, "key", "alias", ""));
        test_log_close(&log);
    }
}

/* Who may revoke whom, each on a log of its own: begin_revocation says who they are. */
static const struct {
    const char *name, *by, *body, *want;
} revocations[] = {
    {"the key itself", "phone", REVOKE("phone"), "holds"},
    {"its revoker", "phone/revoker", REVOKE("phone"), "holds"},
    {"a root", "north/root", REVOKE("phone"), "holds"},
    {"an author whose role says so", "north/desk", REVOKE("phone"), "holds"},
    {"with a doubt", "north/root", "{'doubt_from':9,'name':'phone','reason':'compromised'}",
     "holds"},
    {"a key that its scope does not keep from it", "limited", REVOKE("limited"), "holds"},
    {"a node itself", "north/node", REVOKE("north/node"), "holds"},
    {"a root itself", "north/root", REVOKE("north/root"), "holds"},
    {"an author itself, whose role does not", "south/desk", REVOKE("south/desk"), "holds"},
    {"a root its node", "north/root", REVOKE("north/node"), "holds"},
    {"a root its witness", "south/root", REVOKE("w2"), "holds"},
    {"a root its external", "south/root", REVOKE("south/glass"), "holds"},
    {"a root a revoker", "north/root", REVOKE("phone/revoker"), "holds"},
    {"a root an author of who has no root", "south/root", REVOKE("med"), "holds"},
    {"a root an external of who has no root", "south/root", REVOKE("med/glass"), "holds"},
    {"an author an author of who has no root", "north/desk", REVOKE("med"), "holds"},
    {"an author an external of who has no root", "north/desk", REVOKE("med/glass"), "holds"},
    {"who has no root its own external", "med", REVOKE("med/glass"), "holds"},

    {"an author whose role does not", "south/desk", REVOKE("med"), NO_RIGHT},
    {"one of another organisation with a root", "north/desk", REVOKE("south/desk"), NO_RIGHT},
    {"an author an external of such", "north/desk", REVOKE("south/glass"), NO_RIGHT},
    {"who has no root an author of such", "med", REVOKE("phone"), NO_RIGHT},
    {"an author a root", "north/desk", REVOKE("north/root"), NO_RIGHT},
    {"an author a node", "north/desk", REVOKE("north/node"), NO_RIGHT},
    {"an author a witness", "north/desk", REVOKE("w1"), NO_RIGHT},
    {"an author a revoker", "north/desk", REVOKE("phone/revoker"), NO_RIGHT},
    {"a root another root", "south/root", REVOKE("north/root"), NO_RIGHT},
    {"a root another's author", "south/root", REVOKE("phone"), NO_RIGHT},
    {"a root another's external", "north/root", REVOKE("south/glass"), NO_RIGHT},
    {"a root another's node", "south/root", REVOKE("north/node"), NO_RIGHT},
    {"a root another's witness", "north/root", REVOKE("w2"), NO_RIGHT},
    {"a root another's revoker", "south/root", REVOKE("phone/revoker"), NO_RIGHT},
    {"a root the witness of who has no root", "north/root", REVOKE("w3"), NO_RIGHT},
    {"a root the log key", "north/root", REVOKE("north-south/term/1"), NO_RIGHT},
    {"a root the promise key", "north/root", REVOKE("north-south/promise"), NO_RIGHT},
    {"a node another's", "north/node", REVOKE("phone"), NO_RIGHT},
    {"a node its organisation's", "north/node", REVOKE("north/desk"), NO_RIGHT},
    {"a revoker another key", "phone/revoker", REVOKE("north/desk"), NO_RIGHT},
    {"a revoker itself", "phone/revoker", REVOKE("phone/revoker"), NO_RIGHT},
    {"an author by the name of a revoker", "tablet/revoker", REVOKE("tablet"), NO_RIGHT},
    {"nobody of that name", "north/root", REVOKE("nobody"), NO_RIGHT},
    {"one who may not, nobody of that name", "south/desk", REVOKE("nobody"), NO_RIGHT},
    {"one who may not, revoked already", "south/root", REVOKE("gone"), NO_RIGHT},
    {"revoked already", "north/root", REVOKE("gone"), "void no_move 14.2"},
    {"by one revoked", "gone", REVOKE("gone"), "void revoked_key format §9.2"},
    {"for no reason", "north/root", "{'name':'phone'}", "void shape format §9.2"},
    {"for another reason", "north/root", "{'name':'phone','reason':'whim'}",
     "void shape format §9.2"},
    {"another key, outside its scope", "limited", REVOKE("phone"),
     "void scope rules 1 member.revoke"},
};

static void begin_revocation(struct test_log *log)
{
    static const struct line lines[] = {
        {"a key with a revoker", NULL, "north/root", "member.admit",
         AUTHOR("phone", "'revoker':'@phone/revoker',"), "holds"},
        {"one without", NULL, "north/root", "member.admit", AUTHOR("tablet", ""), "holds"},
        {"one named as its revoker would be", NULL, "north/root", "member.admit",
         AUTHOR("tablet/revoker", ""), "holds"},
        {"a limited one", NULL, "north/root", "member.admit",
         "{'job':'author','key':'@limited','org':'north','role':'desk','scope':['claim']}",
         "holds"},
        {"one gone", NULL, "north/root", "member.admit", AUTHOR("gone", ""), "holds"},
        {"indeed", NULL, "north/root", "member.revoke", REVOKE("gone"), "holds"},
        {"the mediators' desk", NULL, "north/root", "member.admit",
         "{'job':'author','key':'@med','org':'mediators','role':'desk'}", "holds"},
        {"their external", NULL, "north/root", "member.admit",
         EXTERNAL_OF("mediators", "med/glass"), "holds"},
        {"and that of the south", NULL, "south/root", "member.admit",
         EXTERNAL_OF("south", "south/glass"), "holds"},
    };

    test_log_open(log, NULL);
    test_begin_with(log, "[{'key':'%w1','org':'north'},{'key':'%w2','org':'south'},"
                         "{'key':'%w3','org':'mediators'}]");
    play(log, lines, ARRAY_LEN(lines));
}

static void test_revoke(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(revocations); i++) {
        struct test_log log;

        begin_revocation(&log);
        say_and_check(&log,
                      &(struct line){revocations[i].name, NULL, revocations[i].by, "member.revoke",
                                     revocations[i].body, revocations[i].want});
        test_log_close(&log);
    }
}

/* From the revocation on, not before it, and for good. */
static void test_after_revocation(void **state)
{
    static const struct line lines[] = {
        {"before", NULL, "phone", "incident.report", "{}", "holds"},
        {"revoked", NULL, "phone/revoker", "member.revoke",
         "{'doubt_from':17,'name':'phone','reason':'compromised'}", "holds"},
        {"after", NULL, "phone", "incident.report", "{}", "void revoked_key format §9.2"},
        {"nobody takes the name again", NULL, "north/root", "member.admit", AUTHOR("phone", ""),
         "void key_taken format §1.4"},
    };
    struct test_log log;

    (void)state;
    begin_revocation(&log);
    play(&log, lines, ARRAY_LEN(lines));
    assert_true(row_is(&log, "key", "phone",
                       "{'doubt_from':17,'from':8,'job':'author','org':'north',"
                       "'reason':'compromised','revoked_at':18,'role':'monitor','state':'revoked',"
                       "'vkey':'@phone'}"));
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_admit),          cmocka_unit_test(test_whose_to_admit),
    cmocka_unit_test(test_witness_places), cmocka_unit_test(test_key_under_another_name),
    cmocka_unit_test(test_revoke),         cmocka_unit_test(test_after_revocation),
};

RUN_TESTS(tests)
