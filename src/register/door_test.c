#include "base/test.h"
#include "register/scenario.h"

#include "base/limits.h"

/* What the door turns away (format §6.3): only what is no record of this agreement, and
 * whom nobody admitted. Everything else comes in, whatever the rules think of it. */

#define NOBODY "0000000000000000000000000000000000000000000000000000000000000000"

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
static struct span too_long(struct test_log *log, struct span note)
{
    struct buf buf = buf_in(&log->arena, 2 * LIMIT_ENTRY_BYTES);

    while (buf.len <= LIMIT_ENTRY_BYTES)
        buf_put(&buf, note);
    return span_slice(buf_span(&buf), 0, LIMIT_ENTRY_BYTES + 1);
}
static struct span spoilt(struct test_log *log, struct span note)
{
    char *copy = arena_text(&log->arena, note);

    copy[note.len - 40] = copy[note.len - 40] == 'A' ? 'B' : 'A';
    return span_make(copy, note.len);
}
/* The name of one key over the signature of another. */
static struct span by_another(struct test_log *log, struct span note)
{
    struct span text = note;

    while (!span_ends_with(text, SPAN_LIT("\n\n")))
        text.len--;
    text.len--;
    struct note_signer signer = test_key(log, "north/desk")->signer;
    memset(signer.name, 0, sizeof signer.name);
    memcpy(signer.name, "south/desk", 10);
    return note_sign(text, &signer, &log->arena);
}

static const struct {
    const char *name, *agreement, *by, *kind, *body;
    struct span (*spoil)(struct test_log *log, struct span note);
    const char *reason; /* NULL: let in */
} cases[] = {
    {"a claim", TEST_AGREEMENT, "south/desk", "claim",
     "{'channel':'filed','claimant':'C','matter':'killed','side':'n','subject':'s'}", whole, NULL},
    {"of no kind", TEST_AGREEMENT, "south/desk", "no.kind", "{}", whole, NULL},
    {"of no shape", TEST_AGREEMENT, "south/desk", "claim", "{}", whole, NULL},
    {"by a revoked key", TEST_AGREEMENT, "gone", "claim", "{}", whole, NULL},
    {"by a key of another job", TEST_AGREEMENT, "north/node", "claim", "{}", whole, NULL},
    {"a second adoption", TEST_AGREEMENT, "north/root", "agreement.adopt", "{}", whole, NULL},

    {"cut short", TEST_AGREEMENT, "south/desk", "claim", "{}", cut_short, "not a record"},
    {"too long", TEST_AGREEMENT, "south/desk", "claim", "{}", too_long, "too large"},
    {"of another agreement", "east-west", "south/desk", "claim", "{}", whole, "another agreement"},
    {"of another agreement by a stranger", "east-west", "stranger", "claim", "{}", whole,
     "another agreement"},
    {"by a stranger", TEST_AGREEMENT, "stranger", "claim", "{}", whole, "unknown key"},
    {"the signature does not hold", TEST_AGREEMENT, "south/desk", "claim", "{}", spoilt,
     "signature does not hold"},
    {"nor that of a revoked key", TEST_AGREEMENT, "gone", "claim", "{}", spoilt,
     "signature does not hold"},
    {"signed by another key", TEST_AGREEMENT, "south/desk", "claim", "{}", by_another,
     "signature does not hold"},
};

static void begin(struct test_log *log)
{
    test_log_open(log, NULL);
    test_begin(log);
    test_say(log, "north/root", "member.admit",
             "{'job':'author','key':'@gone','org':'north','role':'desk'}");
    test_say(log, "north/root", "member.revoke", "{'name':'gone','reason':'lost'}");
}

static struct door_answer ask(struct test_log *log, struct span bytes)
{
    struct register_lookup lookup = test_lookup(log);
    struct door_answer answer;
    struct record record;
    struct err err = {0};

    assert_true(register_door(&answer, &record, &lookup, log->size, bytes, &log->arena, &err));
    return answer;
}

static bool is_answer(const struct door_answer *answer, const char *reason)
{
    if (!reason)
        return answer->door == DOOR_OPEN;
    return answer->door == DOOR_REFUSED && strcmp(answer->reason, reason) == 0 &&
           answer->why.text[0] != '\0';
}

static void test_door(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct test_log log;

        begin(&log);
        struct record_draft draft = test_draft(&log, cases[i].by, cases[i].kind, cases[i].body);
        draft.agreement = span_of(cases[i].agreement);
        struct span note = cases[i].spoil(&log, test_sign(&log, &draft));
        struct door_answer answer = ask(&log, note);

        if (!is_answer(&answer, cases[i].reason))
            fail_msg("case \"%s\": %d %s", cases[i].name, answer.door,
                     answer.reason ? answer.reason : "");
        test_log_close(&log);
    }
}

/* Whatever was let in once is known when it comes again, be its verdict what it may. */
static void test_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct test_log log;
        struct err err = {0};

        if (cases[i].reason)
            continue;
        begin(&log);
        struct span note = test_record(&log, cases[i].by, cases[i].kind, cases[i].body);
        assert_true(test_append(&log, note, &err));
        struct door_answer answer = ask(&log, note);
        CHECK_CASE(cases[i].name, answer.door == DOOR_REPEATED && answer.index == log.size - 1);
        answer = ask(&log, spoilt(&log, note));
        CHECK_CASE(cases[i].name, is_answer(&answer, "signature does not hold"));
        test_log_close(&log);
    }
}

static void test_empty_log(void **state)
{
    static const struct {
        const char *name, *by, *kind, *body;
        const char *reason;
    } first[] = {
        {"the adoption", "north/root", "agreement.adopt", NULL, NULL},
        {"by another root", "south/root", "agreement.adopt", NULL, "signature does not hold"},
        {"without roots", "north/root", "agreement.adopt", "{}", "unknown key"},
        {"with roots that are no list", "north/root", "agreement.adopt", "{'roots':'x'}",
         "unknown key"},
        {"with a root that is no key", "north/root", "agreement.adopt", "{'roots':[{'key':'x'}]}",
         "unknown key"},
        {"another kind", "north/root", "agreement.concur", NULL, "another agreement"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(first); i++) {
        struct test_log log;

        test_log_open(&log, NULL);
        struct door_answer answer =
            ask(&log, test_record(&log, first[i].by, first[i].kind,
                                  first[i].body ? first[i].body : test_adopt));
        CHECK_CASE(first[i].name, is_answer(&answer, first[i].reason));
        test_log_close(&log);
    }
}

/* After an entry 0 that was no adoption there is no agreement that anything could be of. */
static void test_void_log(void **state)
{
    struct test_log log;

    (void)state;
    test_log_open(&log, NULL);
    test_say(&log, "north/root", "agreement.concur", "{'agreement':'" NOBODY "'}");
    struct door_answer answer =
        ask(&log, test_record(&log, "north/root", "agreement.adopt", test_adopt));
    assert_true(is_answer(&answer, "another agreement"));
    test_log_close(&log);
}

static bool no_row(void *context, const char *table, struct span key, const struct json **out,
                   struct arena *arena, struct err *err)
{
    (void)context, (void)table, (void)key, (void)out, (void)arena;
    return err_set(err, ERR_IO, "the disk is gone");
}

static void test_fault(void **state)
{
    struct test_log log;
    struct door_answer answer;
    struct record record;
    struct err err = {0};
    const struct register_lookup lookup = {.get = no_row};

    (void)state;
    begin(&log);
    assert_false(register_door(&answer, &record, &lookup, log.size,
                               test_record(&log, "south/desk", "claim", "{}"), &log.arena, &err));
    assert_int_equal(err.kind, ERR_IO);
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_door),     cmocka_unit_test(test_again), cmocka_unit_test(test_empty_log),
    cmocka_unit_test(test_void_log), cmocka_unit_test(test_fault),
};

RUN_TESTS(tests)
