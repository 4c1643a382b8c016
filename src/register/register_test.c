#include "base/test.h"
#include "register/apply.h"
#include "register/scenario.h"

/* What is common to all kinds: the order of judging, marks, chains, effects. The rooms
 * have tests of their own. */

#define NOBODY "0000000000000000000000000000000000000000000000000000000000000000"
#define CLAIM(more)                                                                                \
    "{'channel':'filed','claimant':'Command'," more "'matter':'killed','side':'north',"            \
    "'subject':'south'}"
#define A_CLAIM CLAIM("")

/* The state that the rows below start from. */
static void begin(struct test_log *log)
{
    static const struct line lines[] = {
        {"a key limited to claims", NULL, "north/root", "member.admit",
         "{'job':'author','key':'@phone','org':'north','role':'desk','scope':['claim']}", "holds"},
        {"a key that will be revoked", NULL, "north/root", "member.admit",
         "{'job':'author','key':'@gone','org':'north','role':'desk'}", "holds"},
        {"it is", NULL, "north/root", "member.revoke", "{'name':'gone','reason':'lost'}", "holds"},
        {"an incident", "incident", "north/desk", "incident.open", "{}", "holds"},
        {"a claim", "claim", "north/desk", "claim", CLAIM("'external_id':'7',"), "holds"},
        {"a report of the other side", "report", "south/desk", "incident.report", "{}", "holds"},
        {"what is void", "void", "reader", "claim", A_CLAIM, "void capability rules 1 claim"},
    };

    test_log_open(log, NULL);
    test_begin(log);
    play(log, lines, ARRAY_LEN(lines));
}

static void other_agreement(struct record_draft *draft)
{
    draft->agreement = SPAN_LIT("east-west");
}
static void version_2(struct record_draft *draft)
{
    draft->version = 2;
}
static void taken_number(struct record_draft *draft)
{
    draft->seq = 1;
}
static void other_prev(struct record_draft *draft)
{
    draft->prev = SPAN_LIT(NOBODY);
}
static void seen_ahead(struct record_draft *draft)
{
    draft->seen_size = 1000;
}
static void seen_other_root(struct record_draft *draft)
{
    draft->seen_size = 3;
}
static void gap(struct record_draft *draft)
{
    draft->seq += 100;
}
static void gap_and_ahead(struct record_draft *draft)
{
    gap(draft);
    seen_ahead(draft);
}
static void gap_and_other_root(struct record_draft *draft)
{
    gap(draft);
    seen_other_root(draft);
}

static struct span whole(struct test_log *log, struct span note)
{
    (void)log;
    return note;
}
static struct span cut_short(struct test_log *log, struct span note)
{
    (void)log;
    return span_slice(note, 0, note.len - 1);
}
/* A digit of the signature's base64: still 64 bytes, but not the signature. */
static struct span spoilt(struct test_log *log, struct span note)
{
    char *copy = arena_text(&log->arena, note);

    copy[note.len - 40] = copy[note.len - 40] == 'A' ? 'B' : 'A';
    return span_make(copy, note.len);
}

/* One thing is wrong with each, unless its name says more: then the first that is judged
 * counts (format §9.2). */
static const struct {
    const char *name, *by, *kind, *body;
    void (*edit)(struct record_draft *draft);
    struct span (*spoil)(struct test_log *log, struct span note);
    const char *want;
    const char *tables; /* that it writes to */
} judged[] = {
    {"as it should be", "south/desk", "claim", A_CLAIM, NULL, whole, "holds",
     "chain claim record verdict"},
    {"saw more than there is", "south/desk", "claim", A_CLAIM, seen_ahead, whole, "marked ahead",
     "chain claim record verdict"},
    {"saw another root", "south/desk", "claim", A_CLAIM, seen_other_root, whole, "marked seen",
     "chain claim record verdict"},
    {"skips numbers", "south/desk", "claim", A_CLAIM, gap, whole, "marked gap",
     "chain claim record verdict"},
    {"skips numbers and saw more than there is", "south/desk", "claim", A_CLAIM, gap_and_ahead,
     whole, "marked ahead gap", "chain claim record verdict"},
    {"skips numbers and saw another root", "south/desk", "claim", A_CLAIM, gap_and_other_root,
     whole, "marked gap seen", "chain claim record verdict"},

    {"cut short", "south/desk", "claim", A_CLAIM, NULL, cut_short, "void not_a_record format §3",
     "verdict"},
    {"of another agreement", "south/desk", "claim", A_CLAIM, other_agreement, whole,
     "void other_agreement format §3.2", "verdict"},
    {"of another agreement by a key that is not known", "stranger", "claim", A_CLAIM,
     other_agreement, whole, "void other_agreement format §3.2", "verdict"},
    {"by a key that is not known", "stranger", "claim", A_CLAIM, NULL, whole,
     "void unknown_key format §9.2", "verdict"},
    {"by such a key, and the signature does not hold", "stranger", "claim", A_CLAIM, NULL, spoilt,
     "void unknown_key format §9.2", "verdict"},
    {"the signature does not hold", "south/desk", "claim", A_CLAIM, NULL, spoilt,
     "void bad_signature format §1.2", "verdict"},
    {"nor that of a revoked key", "gone", "claim", A_CLAIM, NULL, spoilt,
     "void bad_signature format §1.2", "verdict"},
    {"by a revoked key", "gone", "claim", A_CLAIM, NULL, whole, "void revoked_key format §9.2",
     "record verdict"},
    {"by a revoked key under a number that is taken", "gone", "claim", A_CLAIM, taken_number, whole,
     "void revoked_key format §9.2", "record verdict"},
    {"under a number that is taken", "south/desk", "claim", A_CLAIM, taken_number, whole,
     "void fork format §9.2", "record verdict"},
    {"under a number that is taken, of no kind", "south/desk", "no.kind", "{}", taken_number, whole,
     "void fork format §9.2", "record verdict"},
    {"does not continue the chain", "south/desk", "claim", A_CLAIM, other_prev, whole,
     "void prev format §9.2", "record verdict"},
    {"a first record that does not name entry 0", "phone", "claim", A_CLAIM, other_prev, whole,
     "void first_prev format §3.4", "record verdict"},
    {"of no kind", "south/desk", "no.kind", "{}", NULL, whole, "void unknown_kind format §9.2",
     "chain record verdict"},
    {"of a version that there is not", "south/desk", "claim", A_CLAIM, version_2, whole,
     "void unknown_kind format §9.2", "chain record verdict"},
    {"an author's tick", "south/desk", "clock.tick", "{'at_ms':1760000001000}", NULL, whole,
     "void wrong_job format §1.4", "chain record verdict"},
    {"a node's claim, misshapen", "north/node", "claim", "{}", NULL, whole,
     "void wrong_job format §1.4", "chain record verdict"},
    {"a field is missing", "south/desk", "claim", "{}", NULL, whole, "void shape format §9.2",
     "chain record verdict"},
    {"a field too many, and nobody allowed it", "reader", "claim", CLAIM("'colour':'red',"), NULL,
     whole, "void shape format §9.2", "chain record verdict"},
    {"names a record that is not logged", "south/desk", "claim", CLAIM("'incident':'" NOBODY "',"),
     NULL, whole, "void reference format §9.2", "chain record verdict"},
    {"names a record that is void", "south/desk", "claim", CLAIM("'supersedes':'$void',"), NULL,
     whole, "void reference format §9.2", "chain record verdict"},
    {"names a record of another kind, by one who may not", "reader", "claim",
     CLAIM("'incident':'$report',"), NULL, whole, "void reference format §9.2",
     "chain record verdict"},
    {"names what the agreement does not know", "south/desk", "incident.report", "{'act':'dancing'}",
     NULL, whole, "void term rules 1 incident.report", "chain record verdict"},
    {"outside the key's scope", "phone", "incident.open", "{}", NULL, whole,
     "void scope rules 1 incident.open", "chain record verdict"},
    {"by one who may not", "south/desk", "incident.open", "{}", NULL, whole,
     "void capability rules 1 incident.open", "chain record verdict"},
    {"takes back what is another's", "south/desk", "record.withdraw",
     "{'reason':'error','record':'$claim'}", NULL, whole, "void not_yours rules 1 record.withdraw",
     "chain record verdict"},
    {"an external id that is in use", "north/desk", "claim", CLAIM("'external_id':'7',"), NULL,
     whole, "void external_id rules 1 claim", "chain record verdict"},
    {"undoes a link that there is not", "north/desk", "incident.unlink",
     "{'incident':'$incident','record':'$report'}", NULL, whole, "void no_move 14.2",
     "chain record verdict"},
    {"a tick that does not move the time", "north/node", "clock.tick", "{'at_ms':1760000000000}",
     NULL, whole, "void tick format §8", "chain record verdict"},
    {"a second adoption", "north/root", "agreement.adopt", NULL, NULL, whole,
     "void adopt format §7.1", "chain record verdict"},
    {"a piece that entry 0 does not list", "north/root", "agreement.part",
     "{'content':'x','file':'agreement.toml','n':2}", NULL, whole, "void piece format §7.2",
     "chain record verdict"},
    {"a name that is bound", "north/root", "member.admit",
     "{'job':'author','key':'@gone','org':'north','role':'desk'}", NULL, whole,
     "void key_taken format §1.4", "chain record verdict"},
    {"an external with a key that signs notes", "north/root", "member.admit",
     "{'job':'external','key':'@w','org':'north'}", NULL, whole, "void key_unfit format §1.4",
     "chain record verdict"},
    {"a witness where there is no place", "north/root", "member.admit",
     "{'job':'witness','key':'%w','org':'north'}", NULL, whole, "void witness format §1.5",
     "chain record verdict"},
    {"a rotation that the new key did not consent to", "north/desk", "member.rotate",
     "{'consent':'x','key':'@new'}", NULL, whole, "void consent format §6.6",
     "chain record verdict"},
    {"rules that rule already", "north/root", "rules.adopt", "{'number':1}", NULL, whole,
     "void rules_number format §10.5", "chain record verdict"},
    {"terms that would begin before now", "north/root", "agreement.amend",
     "{'from_ms':1,'pieces':[{'file':'agreement.toml','n':1,'sha256':'#'}],'version':2}", NULL,
     whole, "void amendment format §7.6", "chain record verdict"},
    {"a hand-over without a quorum", "south/node", "term.open",
     "{'freezes':['x'],'log_key':'@north-south/term/2','operator':'south/node',"
     "'promise_key':'@p'}",
     NULL, whole, "void hand_over format §7.5", "chain record verdict"},
    {"what a node computed of entries to come", "north/node", "node.attest",
     "{'digest':'" NOBODY "','size':1000}", NULL, whole, "void shape format §9.2",
     "chain record verdict"},
};

static const char *tables_written(const struct test_log *log, struct arena *arena)
{
    struct buf line = buf_in(arena, 1000);
    const char *last = "";

    for (size_t i = 0; i < log->effects.count; i++) {
        const char *table = log->effects.at[i].table;

        if (strcmp(table, last) != 0)
            buf_printf(&line, "%s%s", i ? " " : "", table);
        last = table;
    }
    buf_byte(&line, '\0');
    return (const char *)line.at;
}

static void test_judged(void **state)
{
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(judged); i++) {
        struct test_log log;

        begin(&log);
        struct record_draft draft = test_draft(&log, judged[i].by, judged[i].kind,
                                               judged[i].body ? judged[i].body : test_adopt);
        if (judged[i].edit)
            judged[i].edit(&draft);
        CHECK_CASE(judged[i].name,
                   test_append(&log, judged[i].spoil(&log, test_sign(&log, &draft)), &err));
        if (strcmp(test_verdict(&log), judged[i].want) != 0)
            fail_msg("case \"%s\": %s: %.*s", judged[i].name, test_verdict(&log),
                     SPAN_ARG(log.effects.why));
        CHECK_CASE(judged[i].name, strcmp(tables_written(&log, &log.arena), judged[i].tables) == 0);
        CHECK_CASE(judged[i].name,
                   (log.effects.why.len > 0) == (log.effects.verdict == VERDICT_VOID));
        test_log_close(&log);
    }
}

static bool is_void_for(const char *want, const char *reason)
{
    size_t len = strlen(reason);

    return strncmp(want, "void ", 5) == 0 && strncmp(want + 5, reason, len) == 0 &&
           want[5 + len] == ' ';
}

/* Those that need a log of another beginning are in test_repeated, test_before_force,
 * room_agreement_test.c, role_test.c and parts_test.c. */
static void test_every_reason_is_named(void **state)
{
    static const char *const elsewhere[] = {"repeated", "not_in_force", "no_tick",   "terms",
                                            "role",     "on_behalf",    "recipient", "left_out"};
    const struct reason_text *text;

    (void)state;
    /* Those of a case are in the tests of its rooms. */
    for (size_t r = 1; r < REASON_CLOCK_RUNS && (text = reason_at(r)) != NULL; r++) {
        bool named = false;

        for (size_t i = 0; i < ARRAY_LEN(elsewhere); i++)
            named |= strcmp(elsewhere[i], text->word) == 0;
        for (size_t i = 0; i < ARRAY_LEN(judged); i++)
            named |= is_void_for(judged[i].want, text->word);
        CHECK_CASE(text->word, named);
    }
}

/* The same text again is the same record, whatever stands under it; and what somebody
 * logged under a text with a false signature does not keep the true record out. */
static void test_repeated(void **state)
{
    struct test_log log;
    struct err err = {0};

    (void)state;
    begin(&log);
    struct span note = test_record(&log, "south/desk", "claim", A_CLAIM);
    const struct {
        const char *name;
        struct span note;
        const char *want;
    } cases[] = {
        {"falsely signed", spoilt(&log, note), "void bad_signature format §1.2"},
        {"truly signed", note, "holds"},
        {"once more", note, "void repeated format §9.2"},
        {"falsely signed once more", spoilt(&log, note), "void repeated format §9.2"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CHECK_CASE(cases[i].name, test_append(&log, cases[i].note, &err));
        CHECK_CASE(cases[i].name, strcmp(test_verdict(&log), cases[i].want) == 0);
        CHECK_CASE(cases[i].name, i == 1 || log.effects.count == 1);
    }
    test_log_close(&log);
}

static void test_before_force(void **state)
{
    static const struct line lines[] = {
        {"adopted", "adopt", "north/root", "agreement.adopt", NULL, "holds"},
        {"no time yet", NULL, "north/node", "clock.tick", "{'at_ms':1}",
         "void not_in_force format §7.3"},
        {"nobody is admitted", NULL, "north/root", "member.admit",
         "{'job':'author','key':'@a','org':'north','role':'desk'}",
         "void not_in_force format §7.3"},
        {"nobody is revoked", NULL, "north/root", "member.revoke",
         "{'name':'south/root','reason':'lost'}", "void not_in_force format §7.3"},
        {"the terms", NULL, "north/root", "agreement.part",
         "{'content':~,'file':'agreement.toml','n':1}", "holds"},
        {"one root", NULL, "south/root", "agreement.concur", "{'agreement':'$adopt'}", "holds"},
        {"still no time", NULL, "north/node", "clock.tick", "{'at_ms':1}",
         "void not_in_force format §7.3"},
        {"the other root", NULL, "north/root", "agreement.concur", "{'agreement':'$adopt'}",
         "holds"},
        {"nothing happens out of time", NULL, "north/node", "node.attest",
         "{'digest':'" NOBODY "','size':1}", "void no_tick format §7.4"},
        {"an author", NULL, "north/root", "member.admit",
         "{'job':'author','key':'@a','org':'north','role':'desk'}", "holds"},
        {"who has no time either", NULL, "a", "claim", A_CLAIM, "void no_tick format §7.4"},
        {"the first tick", NULL, "north/node", "clock.tick", "{'at_ms':1}", "holds"},
        {"now it can be said", NULL, "a", "claim", A_CLAIM, "holds"},
    };
    struct test_log log;

    (void)state;
    test_log_open(&log, NULL);
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct line line = lines[i];

        line.body = line.body ? line.body : test_adopt;
        say_and_check(&log, &line);
    }
    test_log_close(&log);
}

/* Ids of an agreement's moves. */
static void test_knows_move(void **state)
{
    static const struct {
        const char *id;
        bool known;
    } ids[] = {
        {"case.triage", true},
        {"case.triage/open", true},
        {"case.reply/asks_time", true},
        {"ruling.answer/in_force", true},
        {"case", false},
        {"case.triages", false},
        {"case.triage/", false},
        {"case.triage/asks_time", false},
        {"case.triage open", false},
        {"/open", false},
        {"case.triage/open/open", false},
        {"", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        CHECK_CASE(ids[i].id, register_knows_move(span_of(ids[i].id)) == ids[i].known);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_knows_move),
    cmocka_unit_test(test_judged),
    cmocka_unit_test(test_every_reason_is_named),
    cmocka_unit_test(test_repeated),
    cmocka_unit_test(test_before_force),
};

RUN_TESTS(tests)
