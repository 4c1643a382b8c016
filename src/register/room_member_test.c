#include "base/test.h"
#include "register/scenario.h"

/* Keys: who is admitted, by whom, and whose key is revoked, by whom. */

#define AUTHOR(key, more) "{'job':'author','key':'@" key "','org':'north'," more "'role':'monitor'}"
#define REVOKE(key) "{'name':'" key "','reason':'lost'}"
#define NO_RIGHT "void not_yours rules 1 member.revoke"

static const struct line admissions[] = {
    {"by a root", NULL, "north/root", "member.admit", AUTHOR("a", ""), "holds"},
    {"by an author whose role says so", NULL, "north/desk", "member.admit", AUTHOR("b", ""),
     "holds"},
    {"by one whose role says nothing of it", NULL, "south/desk", "member.admit", AUTHOR("c", ""),
     "void capability rules 1 member.admit"},
    {"by a node", NULL, "north/node", "member.admit", AUTHOR("c", ""),
     "void wrong_job format §1.4"},
    {"with all there is", NULL, "north/root", "member.admit",
     AUTHOR("d", "'age':'age1qqq','revoker':'@d/revoker','scope':['claim','no.kind'],"), "holds"},
    {"a node", NULL, "north/root", "member.admit", "{'job':'node','key':'@e','org':'mediators'}",
     "holds"},
    {"an external witness", NULL, "north/root", "member.admit",
     "{'job':'external','key':'%f','org':'mediators'}", "holds"},

    {"the same again", NULL, "north/root", "member.admit", AUTHOR("a", ""),
     "void key_taken format §1.4"},
    {"the name with another key", NULL, "north/root", "member.admit",
     "{'job':'witness','key':'%a','org':'north'}", "void key_taken format §1.4"},
    {"a key of another name under another type", NULL, "north/root", "member.admit",
     "{'job':'witness','key':'%b','org':'north'}", "void key_taken format §1.4"},
    {"the log's key", NULL, "north/root", "member.admit", AUTHOR("north-south/term/1", ""),
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
                       "{'age':'age1qqq','from':12,'job':'author','org':'north','role':'monitor',"
                       "'scope':['claim','no.kind'],'state':'active','vkey':'@d'}"));
    assert_true(row_is(&log, "key", "d/revoker",
                       "{'from':12,'job':'revoker','org':'north','state':'active',"
                       "'vkey':'@d/revoker'}"));
    assert_true(row_is(&log, "key", "c", ""));
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
        {"as a witness", "witness", NOTE_TYPE_COSIGNATURE, NULL},
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

/* Who may revoke `phone` (whose revoker is `phone/revoker`), each on a log of its own. */
static const struct {
    const char *name, *by, *body, *want;
} revocations[] = {
    {"the key itself", "phone", REVOKE("phone"), "holds"},
    {"its revoker", "phone/revoker", REVOKE("phone"), "holds"},
    {"a root", "north/root", REVOKE("phone"), "holds"},
    {"another root", "south/root", REVOKE("phone"), "holds"},
    {"an author whose role says so", "north/desk", REVOKE("phone"), "holds"},
    {"with a doubt", "north/root", "{'doubt_from':9,'name':'phone','reason':'compromised'}",
     "holds"},
    {"a node its own", "north/node", REVOKE("north/node"), "holds"},

    {"an author whose role does not", "south/desk", REVOKE("phone"), NO_RIGHT},
    {"a node another's", "north/node", REVOKE("phone"), NO_RIGHT},
    {"a revoker another key", "phone/revoker", REVOKE("north/desk"), NO_RIGHT},
    {"a revoker itself", "phone/revoker", REVOKE("phone/revoker"), NO_RIGHT},
    {"an author by the name of a revoker", "tablet/revoker", REVOKE("tablet"), NO_RIGHT},
    {"nobody of that name", "north/root", REVOKE("nobody"), "void no_move 14.2"},
    {"one who may not, nobody of that name", "south/desk", REVOKE("nobody"), NO_RIGHT},
    {"revoked already", "north/root", REVOKE("gone"), "void no_move 14.2"},
    {"by one revoked", "gone", REVOKE("gone"), "void revoked_key format §9.2"},
    {"for no reason", "north/root", "{'name':'phone'}", "void shape format §9.2"},
    {"for another reason", "north/root", "{'name':'phone','reason':'whim'}",
     "void shape format §9.2"},
    {"a key outside its scope", "limited", REVOKE("limited"), "void scope rules 1 member.revoke"},
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
         AUTHOR("limited", "'scope':['claim'],"), "holds"},
        {"one gone", NULL, "north/root", "member.admit", AUTHOR("gone", ""), "holds"},
        {"indeed", NULL, "north/root", "member.revoke", REVOKE("gone"), "holds"},
    };

    test_log_open(log, NULL);
    test_begin(log);
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
         "{'doubt_from':14,'name':'phone','reason':'compromised'}", "holds"},
        {"after", NULL, "phone", "incident.report", "{}", "void revoked_key format §9.2"},
        {"nobody takes the name again", NULL, "north/root", "member.admit", AUTHOR("phone", ""),
         "void key_taken format §1.4"},
    };
    struct test_log log;

    (void)state;
    begin_revocation(&log);
    play(&log, lines, ARRAY_LEN(lines));
    assert_true(row_is(&log, "key", "phone",
                       "{'doubt_from':14,'from':8,'job':'author','org':'north','revoked_at':15,"
                       "'role':'monitor','state':'revoked','vkey':'@phone'}"));
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_admit),
    cmocka_unit_test(test_key_under_another_name),
    cmocka_unit_test(test_revoke),
    cmocka_unit_test(test_after_revocation),
};

RUN_TESTS(tests)
