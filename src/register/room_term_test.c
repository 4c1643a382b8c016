#include "base/test.h"
#include "register/scenario.h"

#include "ledger/statement.h"

/* Hand-over (format §6.4, §7.5). */

#define TERM(n) TEST_AGREEMENT "/term/" n
#define HAND_OVER "void hand_over format §7.5"
#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define QUORUM NAMES("north/node", "south/node", "mediators/node")

/* The members of `changes` put into the object. */
static void change(struct test_log *log, struct json *object, const char *changes)
{
    struct json given = test_body(log, changes);

    for (size_t i = 0; i < given.object.count; i++)
        json_set(object, arena_text(&log->arena, given.object.at[i].key), given.object.at[i].value,
                 &log->arena);
}

static void append(struct test_log *log, const struct record_draft *draft)
{
    struct err err = {0};

    assert_true(test_append(log, test_sign(log, draft), &err));
}

static void check(struct test_log *log, const char *name, const char *want)
{
    if (strcmp(test_verdict(log), want) != 0)
        fail_msg("case \"%s\": %s: %.*s, not %s", name, test_verdict(log),
                 SPAN_ARG(log->effects.why), want);
}

static void hand_over(struct test_log *log, const char *by, uint64_t term)
{
    struct json freeze = test_freeze(log, term);
    struct record_draft draft = test_term_open(log, by, QUORUM, &freeze);

    append(log, &draft);
}

static void tick(struct test_log *log, const char *by, const char *origin, uint64_t size,
                 const char *const *witnesses, uint64_t second)
{
    const uint64_t seconds[] = {second, second, second, second};
    struct record_draft draft = test_draft(log, by, "clock.tick", "{}");

    log->origin = origin;
    json_set_string(&draft.body, "checkpoint", test_checkpoint(log, size, witnesses, seconds),
                    &log->arena);
    append(log, &draft);
}

/* On a log of eight entries that is to be handed over to the mediators: who signs notes,
 * what is changed in their text, and what in the body, which else names the keys of term 2. */
static const struct {
    const char *name;
    const char *const *nodes;
    const char *text, *body; /* NULL: nothing */
    const char *want;
} said[] = {
    {"as it should be", QUORUM, NULL, NULL, "holds"},
    {"in another order", NAMES("mediators/node", "north/node", "south/node"), NULL, NULL, "holds"},
    {"by another node of an organisation", NAMES("north/node/2", "south/node", "mediators/node"),
     NULL, NULL, "holds"},
    {"terms are passed over", QUORUM,
     "{'next_log_key':'@" TERM("10") "','next_origin':'" TERM("10") "'}",
     "{'log_key':'@" TERM("10") "'}", "holds"},
    {"the last term there can be", QUORUM,
     "{'next_log_key':'@" TERM("9007199254740991") "','next_origin':'" TERM(
         "9007199254740991") "'}",
     "{'log_key':'@" TERM("9007199254740991") "'}", "holds"},

    {"two notes of a quorum of three", NAMES("north/node", "south/node"), NULL, NULL, HAND_OVER},
    {"no note", NAMES(NULL), NULL, NULL, "void shape format §9.2"},
    {"a note twice", NAMES("north/node", "south/node", "south/node"), NULL, NULL, HAND_OVER},
    {"two of one organisation", NAMES("north/node", "north/node/2", "south/node"), NULL, NULL,
     HAND_OVER},
    {"two of one organisation beside a quorum",
     NAMES("north/node", "south/node", "mediators/node", "north/node/2"), NULL, NULL, HAND_OVER},
    {"an organisation without a witness", NAMES("north/node", "south/node", "press/node"), NULL,
     NULL, HAND_OVER},
    {"the same beside a quorum", NAMES("north/node", "south/node", "mediators/node", "press/node"),
     NULL, NULL, HAND_OVER},
    {"a stranger beside a quorum", NAMES("north/node", "south/node", "mediators/node", "stranger"),
     NULL, NULL, HAND_OVER},
    {"a root", NAMES("north/node", "south/root", "mediators/node"), NULL, NULL, HAND_OVER},
    {"the log key", NAMES("north/node", "south/node", TERM("1")), NULL, NULL, HAND_OVER},
    {"a witness's name", NAMES("north/node", "w2", "mediators/node"), NULL, NULL, HAND_OVER},
    {"a node that is revoked", NAMES("north/node", "south/node", "gone/node"), NULL, NULL,
     HAND_OVER},

    {"of another origin", QUORUM, "{'origin':'" TERM("2") "'}", NULL, HAND_OVER},
    {"of another agreement's origin", QUORUM, "{'origin':'east-west/term/1'}", NULL, HAND_OVER},
    {"one entry earlier", QUORUM, "{'size':7}", NULL, HAND_OVER},
    {"one entry later", QUORUM, "{'size':9}", NULL, HAND_OVER},
    {"of another tree", QUORUM, "{'root':'#'}", NULL, HAND_OVER},
    {"to the same term", QUORUM, "{'next_log_key':'@" TERM("1") "','next_origin':'" TERM("1") "'}",
     "{'log_key':'@" TERM("1") "'}", HAND_OVER},
    {"to term 0", QUORUM, "{'next_log_key':'@" TERM("0") "','next_origin':'" TERM("0") "'}",
     "{'log_key':'@" TERM("0") "'}", HAND_OVER},
    {"to term 02", QUORUM, "{'next_log_key':'@" TERM("02") "','next_origin':'" TERM("02") "'}",
     "{'log_key':'@" TERM("02") "'}", HAND_OVER},
    {"to a term past all", QUORUM,
     "{'next_log_key':'@" TERM("9007199254740992") "','next_origin':'" TERM(
         "9007199254740992") "'}",
     "{'log_key':'@" TERM("9007199254740992") "'}", HAND_OVER},
    {"to no term", QUORUM, "{'next_log_key':'@north-south/x','next_origin':'north-south/x'}",
     "{'log_key':'@north-south/x'}", HAND_OVER},
    {"to a term and more", QUORUM,
     "{'next_log_key':'@" TERM("2/3") "','next_origin':'" TERM("2/3") "'}",
     "{'log_key':'@" TERM("2/3") "'}", HAND_OVER},
    {"to another agreement's term", QUORUM,
     "{'next_log_key':'@east-west/term/2','next_origin':'east-west/term/2'}",
     "{'log_key':'@east-west/term/2'}", HAND_OVER},
    {"a log key of another name", QUORUM, "{'next_log_key':'@" TERM("3") "'}",
     "{'log_key':'@" TERM("3") "'}", HAND_OVER},
    {"a log key whose name goes on", QUORUM, "{'next_log_key':'@" TERM("22") "'}",
     "{'log_key':'@" TERM("22") "'}", HAND_OVER},
    {"another log key than is frozen for", QUORUM, NULL, "{'log_key':'%" TERM("2") "'}", HAND_OVER},
    {"another promise key", QUORUM, NULL, "{'promise_key':'@north-south/promise/3'}", HAND_OVER},
    {"another operator", QUORUM, NULL, "{'operator':'north/node'}", HAND_OVER},
    {"an operator that is nobody", QUORUM, NULL, "{'operator':'nobody'}", HAND_OVER},

    {"a log key that cosigns", QUORUM, "{'next_log_key':'%" TERM("2") "'}",
     "{'log_key':'%" TERM("2") "'}", "void key_unfit format §1.4"},
    {"a promise key that cosigns", QUORUM, "{'next_promise_key':'%p'}", "{'promise_key':'%p'}",
     "void key_unfit format §1.4"},
    {"the promise key of the term before", QUORUM, "{'next_promise_key':'@north-south/promise'}",
     "{'promise_key':'@north-south/promise'}", "void key_taken format §1.4"},
    {"the promise key of a node", QUORUM, "{'next_promise_key':'@north/node'}",
     "{'promise_key':'@north/node'}", "void key_taken format §1.4"},
    {"the log key for promises", QUORUM, "{'next_promise_key':'@" TERM("2") "'}",
     "{'promise_key':'@" TERM("2") "'}", "void key_unfit format §1.4"},

    {"no operator", QUORUM, NULL, "{'operator':'No Name'}", "void shape format §9.2"},
    {"no log key", QUORUM, NULL, "{'log_key':'x'}", "void shape format §9.2"},
    {"a member too many", QUORUM, NULL, "{'size':8}", "void shape format §9.2"},
};

/* Eight entries: a node is admitted and revoked, a tick covers that. */
static void begin(struct test_log *log)
{
    test_begin_witnessed(log, 3);
    tick(log, "north/node", TERM("1"), 4, NAMES("w1", "w2", "w3"), 1000);
    test_say(log, "north/root", "member.admit",
             "{'job':'node','key':'@gone/node','org':'mediators'}");
    test_say(log, "north/root", "member.revoke", "{'name':'gone/node','reason':'lost'}");
    tick(log, "north/node", TERM("1"), 7, NAMES("w1", "w2", "w3"), 2000);
    assert_string_equal(test_verdict(log), "holds");
    assert_int_equal(log->size, 8);
}

static void test_what_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(said); i++) {
        struct test_log log;

        begin(&log);
        struct json freeze = test_freeze(&log, 2);
        if (said[i].text)
            change(&log, &freeze, said[i].text);
        struct json as_frozen = test_freeze(&log, 2);
        struct record_draft draft = test_term_open(&log, "mediators/node", said[i].nodes, &freeze);
        change(&log, &draft.body,
               arena_printf(&log.arena, "{'log_key':'%.*s','promise_key':'%.*s'}",
                            SPAN_ARG(json_get(&as_frozen, "next_log_key")->string),
                            SPAN_ARG(json_get(&as_frozen, "next_promise_key")->string)));
        if (said[i].body)
            change(&log, &draft.body, said[i].body);
        append(&log, &draft);
        check(&log, said[i].name, said[i].want);
        bool holds = log.effects.verdict == VERDICT_HOLDS;
        CHECK_CASE(said[i].name,
                   (test_row(&log, "hand_over", "0000000000000008") != NULL) == holds);
        CHECK_CASE(said[i].name, span_is(json_get_string(test_row(&log, "agreement", "1"), "origin",
                                                         (struct span){0}),
                                         TERM("1")) != holds);
        test_log_close(&log);
    }
}

/* Notes that are none, and one that is. */
static struct span sound(struct test_log *log, const struct json *freeze)
{
    return test_freeze_note(log, "mediators/node", freeze);
}

static struct span falsely_signed(struct test_log *log, const struct json *freeze)
{
    char *note = arena_text(&log->arena, sound(log, freeze));

    note[strlen(note) - 20] ^= 1;
    return span_of(note);
}

static struct span by_another_under_this_name(struct test_log *log, const struct json *freeze)
{
    struct note_signer signer = test_key(log, "stranger")->signer;

    strcpy(signer.name, "mediators/node");
    return statement_sign(SPAN_LIT(TEST_AGREEMENT), "freeze", freeze, &signer, &log->arena);
}

static struct span of_another_agreement(struct test_log *log, const struct json *freeze)
{
    return statement_sign(SPAN_LIT("east-west"), "freeze", freeze,
                          &test_key(log, "mediators/node")->signer, &log->arena);
}

static struct span another_statement(struct test_log *log, const struct json *freeze)
{
    struct json pin = test_body(log, "{'certificate':'#','from_ms':1,'to_ms':2}");

    (void)freeze;
    return statement_sign(SPAN_LIT(TEST_AGREEMENT), "pin", &pin,
                          &test_key(log, "mediators/node")->signer, &log->arena);
}

static struct span another_text(struct test_log *log, const struct json *freeze)
{
    struct json other = test_freeze(log, 3);

    (void)freeze;
    return sound(log, &other);
}

static struct span two_signatures(struct test_log *log, const struct json *freeze)
{
    const char *more =
        strstr(arena_text(&log->arena, test_freeze_note(log, "north/node/2", freeze)), "\n\n");
    struct span one = sound(log, freeze);

    assert(more);
    return span_of(arena_printf(&log->arena, "%.*s%s", SPAN_ARG(one), more + 2));
}

static struct span a_record(struct test_log *log, const struct json *freeze)
{
    struct record_draft draft = test_draft(log, "mediators/node", "node.attest", "{}");

    draft.body = *freeze;
    struct span text;
    struct err err = {0};
    assert_true(record_text(&text, &draft, &log->arena, &err));
    return note_sign(text, &test_key(log, "mediators/node")->signer, &log->arena);
}

static struct span no_note(struct test_log *log, const struct json *freeze)
{
    (void)log;
    (void)freeze;
    return SPAN_LIT("x");
}

static const struct {
    const char *name;
    struct span (*make)(struct test_log *log, const struct json *freeze);
    const char *want;
} notes[] = {
    {"as it should be", sound, "holds"},
    {"the signature does not hold", falsely_signed, HAND_OVER},
    {"another key of that name", by_another_under_this_name, HAND_OVER},
    {"of another agreement", of_another_agreement, HAND_OVER},
    {"another statement", another_statement, HAND_OVER},
    {"to another term", another_text, HAND_OVER},
    {"two signatures", two_signatures, HAND_OVER},
    {"a record", a_record, HAND_OVER},
    {"no note at all", no_note, HAND_OVER},
};

/* In each of three places. */
static void test_a_note_beside_others(void **state)
{
    static const char *const others[] = {"north/node", "south/node"};

    (void)state;
    for (size_t i = 0; i < 3 * ARRAY_LEN(notes); i++) {
        struct test_log log;
        struct json list = json_array();

        begin(&log);
        struct json freeze = test_freeze(&log, 2);
        struct record_draft draft = test_term_open(&log, "mediators/node", QUORUM, &freeze);
        for (size_t n = 0, other = 0; n < 3; n++) {
            struct span note = n == i % 3 ? notes[i / 3].make(&log, &freeze)
                                          : test_freeze_note(&log, others[other++], &freeze);
            json_push(&list, json_string(note), &log.arena);
        }
        json_set(&draft.body, "freezes", list, &log.arena);
        append(&log, &draft);
        check(&log, notes[i / 3].name, notes[i / 3].want);
        test_log_close(&log);
    }
}

/* Where the quorum is one: no other note's text is there to be held against. */
static void test_a_note_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(notes); i++) {
        struct test_log log;
        struct json list = json_array();

        test_begin_witnessed(&log, 1);
        struct json freeze = test_freeze(&log, 2);
        struct record_draft draft = test_term_open(&log, "mediators/node", QUORUM, &freeze);
        json_push(&list, json_string(notes[i].make(&log, &freeze)), &log.arena);
        json_set(&draft.body, "freezes", list, &log.arena);
        append(&log, &draft);
        check(&log, notes[i].name, notes[i].want);
        test_log_close(&log);
    }
}

/* Who signs the record, and when. */
static void test_who_and_when(void **state)
{
    static const struct {
        const char *name, *by;
        int64_t quorum;
        const char *want;
    } cases[] = {
        {"before the first tick, by a witness's node", "south/node", 3, "holds"},
        {"by the operator that there is", "north/node", 3, "holds"},
        {"by a node without a witness", "press/node", 3, "holds"},
        {"more notes than the quorum", "south/node", 1, "holds"},
        {"more organisations are needed than there are", "south/node", 4, HAND_OVER},
        {"without a quorum", "south/node", 0, HAND_OVER},
        {"by a root", "south/root", 3, "void wrong_job format §1.4"},
        {"by a key of the term to come", TERM("2"), 3, "void unknown_key format §9.2"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct test_log log;

        test_begin_witnessed(&log, cases[i].quorum);
        hand_over(&log, cases[i].by, 2);
        check(&log, cases[i].name, cases[i].want);
        test_log_close(&log);
    }
}

static void test_before_force(void **state)
{
    struct test_log log;

    (void)state;
    test_log_open(&log, NULL);
    test_say(&log, "north/root", "agreement.adopt", test_adopt);
    hand_over(&log, "south/node", 2);
    assert_string_equal(test_verdict(&log), "void not_in_force format §7.3");
    test_log_close(&log);
}

static void test_what_is_written(void **state)
{
    static const char *const written[] = {
        "agreement 1",
        "chain mediators/node 0000000000000001",
        "hand_over 0000000000000008",
        "key north-south/promise",
        "key north-south/promise/2",
        "key north-south/term/1",
        "key north-south/term/2",
    };
    struct test_log log;

    (void)state;
    begin(&log);
    const struct json *row = test_row(&log, "agreement", "1");
    assert_null(json_get(row, "term_from"));
    hand_over(&log, "mediators/node", 2);
    for (size_t i = 0; i < ARRAY_LEN(written); i++) {
        const struct effect *effect = &log.effects.at[i];
        const char *is = arena_printf(&log.arena, "%s %.*s", effect->table, SPAN_ARG(effect->key));
        assert_string_equal(is, written[i]);
    }
    /* Two keys, the record and its verdict; of the row `quorum` nothing has changed. */
    assert_int_equal(log.effects.count, ARRAY_LEN(written) + 4);
    assert_true(
        row_is(&log, "hand_over", "0000000000000008",
               "{'from':8,'log_key':'@" TERM("2") "','operator':'mediators/node','origin':'" TERM(
                   "2") "','previous':'" TERM("1") "','promise_key':'@north-south/promise/2'}"));
    row = test_row(&log, "agreement", "1");
    struct json said_there = test_body(
        &log,
        "{'log_key':'@" TERM("2") "','operator':'mediators/node','origin':'" TERM(
            "2") "','promise_key':'@north-south/promise/2','rules':1,'quorum':3,'term_from':8}");
    for (size_t i = 0; i < said_there.object.count; i++)
        assert_true(json_equal(json_get(row, arena_text(&log.arena, said_there.object.at[i].key)),
                               &said_there.object.at[i].value));
    assert_true(row_is(&log, "key", TERM("2"),
                       "{'from':8,'job':'log','state':'active','vkey':'@" TERM("2") "'}"));
    assert_true(row_is(&log, "key", "north-south/promise/2",
                       "{'from':8,'job':'promise','state':'active',"
                       "'vkey':'@north-south/promise/2'}"));
    assert_true(row_is(&log, "key", TERM("1"),
                       "{'from':0,'job':'log','state':'ended','vkey':'@" TERM("1") "'}"));
    assert_true(row_is(&log, "key", "north-south/promise",
                       "{'from':0,'job':'promise','state':'ended','vkey':'@north-south/promise'}"));
    test_log_close(&log);
}

/* If that operator fails too: term after term, each larger than the one in force. */
static void test_terms_follow(void **state)
{
    static const struct {
        const char *by;
        uint64_t term;
        const char *want;
    } steps[] = {
        {"south/node", 3, "holds"},     {"north/node", 2, HAND_OVER},
        {"north/node", 3, HAND_OVER},   {"north/node", 1, HAND_OVER},
        {"mediators/node", 4, "holds"}, {"mediators/node", 5, "holds"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        hand_over(&log, steps[i].by, steps[i].term);
        check(&log, steps[i].by, steps[i].want);
    }
    assert_true(row_is(
        &log, "hand_over", "0000000000000012",
        "{'from':12,'log_key':'@" TERM("4") "','operator':'mediators/node',"
                                            "'origin':'" TERM("4") "','previous':'" TERM(
                                                "3") "','promise_key':'@north-south/promise/4'}"));
    assert_true(span_is(
        json_get_string(test_row(&log, "key", TERM("3")), "state", (struct span){0}), "ended"));
    test_log_close(&log);
}

/* Notes are of one size: what is logged between them and their term.open makes them void. */
static void test_overtaken(void **state)
{
    struct test_log log;

    (void)state;
    begin(&log);
    struct json freeze = test_freeze(&log, 2);
    test_say(&log, "press/node", "node.attest", "{'digest':'#','size':1}");
    struct record_draft draft = test_term_open(&log, "south/node", QUORUM, &freeze);
    append(&log, &draft);
    assert_string_equal(test_verdict(&log), HAND_OVER);
    test_log_close(&log);
}

/* A checkpoint of the old origin counts up to the size at which it was frozen, and in no tick
 * behind that; one of the new origin counts beyond it. The tick before covers 7 entries,
 * the hand-over is entry 9. */
static void test_ticks_after(void **state)
{
    static const struct {
        const char *name, *by, *origin;
        uint64_t size;
        const char *want;
    } cases[] = {
        {"the new origin, the hand-over covered", "south/node", TERM("2"), 10, "holds"},
        {"and all there is", "south/node", TERM("2"), 11, "holds"},
        {"by a witness's node", "mediators/node", TERM("2"), 11, "holds"},
        {"by the operator before, as a witness's node", "north/node", TERM("2"), 11, "holds"},
        {"the new origin, where the old one was frozen", "south/node", TERM("2"), 9,
         "void tick format §8"},
        {"the new origin, before that", "south/node", TERM("2"), 8, "void tick format §8"},
        {"the old origin, before that", "south/node", TERM("1"), 8, "void tick format §8"},
        {"the old origin, where it was frozen", "south/node", TERM("1"), 9, "void tick format §8"},
        {"the old origin, beyond", "south/node", TERM("1"), 10, "void tick format §8"},
        {"the old origin, and all there is", "south/node", TERM("1"), 11, "void tick format §8"},
        {"the old origin by the old operator", "north/node", TERM("1"), 11, "void tick format §8"},
        {"an origin that is to come", "south/node", TERM("3"), 11, "void tick format §8"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct test_log log;

        begin(&log);
        test_say(&log, "press/node", "node.attest", "{'digest':'#','size':1}");
        hand_over(&log, "south/node", 2);
        test_say(&log, "press/node", "node.attest", "{'digest':'#','size':2}");
        assert_int_equal(log.size, 11);
        tick(&log, cases[i].by, cases[i].origin, cases[i].size, NAMES("w1", "w2", "w4"), 3000);
        check(&log, cases[i].name, cases[i].want);
        test_log_close(&log);
    }
}

/* Until the entry that hands over, the old term's ticks are as they were. */
static void test_ticks_before(void **state)
{
    struct test_log log;

    (void)state;
    begin(&log);
    tick(&log, "north/node", TERM("2"), 8, NAMES("w1", "w2", "w3"), 3000);
    assert_string_equal(test_verdict(&log), "void tick format §8");
    tick(&log, "north/node", TERM("1"), 8, NAMES("w1", "w2", "w3"), 3000);
    assert_string_equal(test_verdict(&log), "holds");
    test_log_close(&log);
}

/* The operator that hands over may tick, though its organisation has no witness; the one
 * before may not any more. */
static void test_operator_ticks(void **state)
{
    struct test_log log;

    (void)state;
    begin(&log);
    hand_over(&log, "press/node", 2);
    tick(&log, "press/node", TERM("2"), 9, NAMES("w1", "w2", "w3"), 3000);
    assert_string_equal(test_verdict(&log), "holds");
    hand_over(&log, "south/node", 3);
    tick(&log, "press/node", TERM("3"), 11, NAMES("w1", "w2", "w3"), 4000);
    assert_string_equal(test_verdict(&log), "void tick format §8");
    test_log_close(&log);
}

/* Two of four witness keys are lost where three are needed: no tick can ever hold again, and so
 * none can bring new witnesses into force. The organisations still have their nodes. */
static void test_rescue(void **state)
{
    static const struct line lines[] = {
        {"the lost ones", NULL, "north/root", "member.revoke", "{'name':'w1','reason':'lost'}",
         "holds"},
        {"the lost ones", NULL, "south/root", "member.revoke", "{'name':'w2','reason':'lost'}",
         "holds"},
        {"a witness of the north", NULL, "north/root", "member.admit",
         "{'job':'witness','key':'%w5','org':'north'}", "holds"},
        {"a witness of the south", NULL, "south/root", "member.admit",
         "{'job':'witness','key':'%w6','org':'south'}", "holds"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    tick(&log, "north/node", TERM("1"), 12, NAMES("w3", "w4", "w5", "w6"), 3000);
    assert_string_equal(test_verdict(&log), "void tick format §8");
    hand_over(&log, "south/node", 2);
    assert_string_equal(test_verdict(&log), "holds");
    assert_true(row_is(&log, "quorum", "quorum",
                       "{'orgs':['north','south','mediators','observers'],'pending':[],'quorum':3,"
                       "'witnesses':['w3','w4','w5','w6']}"));
    tick(&log, "south/node", TERM("2"), 14, NAMES("w3", "w5", "w6"), 3000);
    assert_string_equal(test_verdict(&log), "holds");
    test_log_close(&log);
}

/* The witnesses that count for a hand-over are those in force before it: an organisation whose
 * only witness is revoked has a word until a tick covers that, and one whose first is admitted
 * has none until then. Each on a log of its own. */
static void test_pending_witnesses(void **state)
{
    const struct {
        const char *name;
        bool tick, admit; /* between the revocation of w2, the south's, and the hand-over */
        const char *const *nodes;
        const char *want;
    } cases[] = {
        {"revoked, not covered", false, false, NAMES("north/node", "south/node"), "holds"},
        {"revoked and covered", true, false, NAMES("north/node", "south/node"), HAND_OVER},
        {"another admitted, not covered", true, true, NAMES("north/node", "south/node"), HAND_OVER},
        {"without that organisation", true, true, NAMES("north/node", "mediators/node"), "holds"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct test_log log;

        test_begin_witnessed(&log, 2);
        test_say(&log, "south/root", "member.revoke", "{'name':'w2','reason':'lost'}");
        if (cases[i].tick)
            tick(&log, "north/node", TERM("1"), 5, NAMES("w1", "w3"), 1000);
        if (cases[i].admit)
            test_say(&log, "south/root", "member.admit",
                     "{'job':'witness','key':'%w6','org':'south'}");
        assert_int_equal(log.effects.verdict, VERDICT_HOLDS);
        struct json freeze = test_freeze(&log, 2);
        struct record_draft draft = test_term_open(&log, "south/node", cases[i].nodes, &freeze);
        append(&log, &draft);
        check(&log, cases[i].name, cases[i].want);
        test_log_close(&log);
    }
}

/* A key of the term before that was revoked stays so. */
static void test_revoked_key_stays_revoked(void **state)
{
    struct test_log log;

    (void)state;
    begin(&log);
    for (size_t i = 0; i < log.row_room; i++)
        if (log.row[i].table && strcmp(log.row[i].table, "key") == 0 &&
            span_is(log.row[i].key, TERM("1"))) {
            struct json *row = ARENA_NEW(&log.arena, struct json);
            *row = *log.row[i].row;
            change(&log, row, "{'revoked_at':5,'state':'revoked'}");
            log.row[i].row = row;
        }
    hand_over(&log, "south/node", 2);
    assert_string_equal(test_verdict(&log), "holds");
    assert_true(
        row_is(&log, "key", TERM("1"),
               "{'from':0,'job':'log','revoked_at':5,'state':'revoked','vkey':'@" TERM("1") "'}"));
    test_log_close(&log);
}

struct failing {
    struct register_lookup under;
    size_t left;
};

static bool fail_now(struct failing *f, struct err *err)
{
    return f->left-- == 0 && !err_set(err, ERR_IO, "the disk is gone");
}

static bool failing_get(void *context, const char *table, struct span key, const struct json **out,
                        struct arena *arena, struct err *err)
{
    struct failing *f = context;

    return !fail_now(f, err) && f->under.get(f->under.context, table, key, out, arena, err);
}

static bool failing_root(void *context, uint64_t size, struct hash *out, struct err *err)
{
    struct failing *f = context;

    return !fail_now(f, err) && f->under.root(f->under.context, size, out, err);
}

/* Whichever look-up fails, the fault comes out and no verdict. */
static void test_faults_come_out(void **state)
{
    struct test_log log;
    bool ok = false;

    (void)state;
    begin(&log);
    struct json freeze = test_freeze(&log, 2);
    struct record_draft draft = test_term_open(&log, "south/node", QUORUM, &freeze);
    const struct register_entry entry = {.index = log.size, .bytes = test_sign(&log, &draft)};
    for (size_t nth = 0; !ok; nth++) {
        struct failing f = {test_lookup(&log), nth};
        const struct register_lookup lookup = {&f, failing_get, failing_root};
        struct effects effects = {.count = 99};
        struct err err = {0};

        ok = register_apply(&effects, &lookup, &entry, &log.work, &err);
        assert_true(ok || (err.kind == ERR_IO && effects.count == 99));
        assert_true(!ok || nth > 20);
    }
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_what_is_said),      cmocka_unit_test(test_a_note_beside_others),
    cmocka_unit_test(test_a_note_alone),      cmocka_unit_test(test_who_and_when),
    cmocka_unit_test(test_before_force),      cmocka_unit_test(test_what_is_written),
    cmocka_unit_test(test_terms_follow),      cmocka_unit_test(test_overtaken),
    cmocka_unit_test(test_ticks_after),       cmocka_unit_test(test_ticks_before),
    cmocka_unit_test(test_operator_ticks),    cmocka_unit_test(test_rescue),
    cmocka_unit_test(test_pending_witnesses), cmocka_unit_test(test_revoked_key_stays_revoked),
    cmocka_unit_test(test_faults_come_out),
};

RUN_TESTS(tests)
