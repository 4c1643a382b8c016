#include "sync/lines.h"

#include "base/test.h"
#include "codec/hex.h"
#include "journal/submission.h"
#include "sync/outbox_world.h"

/* What goes to whom, in which order, and when again; how a line is said to stand. */

#define PEERS 2u

enum reply { HOLDS, LOGGED, REFUSES, LATER, OTHER_ID, GARBLES, STATUS_500, SILENT, NOBODY };

struct street {
    struct outbox_world *world;
    struct lines *lines;
    struct transport transport;
    enum reply reply;
    const char *only; /* what is said of this record alone; of others: HOLDS. NULL: of all */
    unsigned calls, probes;
    size_t offered;
    char order[1000]; /* the titles' numbers, as offered */
};

static const char *const urls[PEERS] = {"http://one", "http://other"};

static struct answer answer_of(const struct street *s, const struct submission *of)
{
    struct answer out = {.kind = ANSWER_LATER, .later_ms = 1000};
    const char *id = outbox_world_id(s->world, of);
    enum reply reply = s->only && strcmp(s->only, id) != 0 ? HOLDS : s->reply;

    memcpy(out.id, id, sizeof out.id);
    if (reply == LOGGED) {
        out.kind = ANSWER_REPEATED;
    } else if (reply == REFUSES) {
        out.kind = ANSWER_REFUSED;
        out.reason = "void";
        (void)err_set(&out.why, ERR_REFUSED, "it names nobody");
    } else if (reply == LATER) {
        (void)err_set(&out.why, ERR_LIMIT, "what it names is not here yet");
    } else if (reply == OTHER_ID) {
        memset(out.id, 'a', 64);
    }
    return out;
}

static void answer_offer(struct street *s, struct call *call, struct arena *arena)
{
    struct submission *submission;
    struct answer answers[LINES_RECORDS];
    struct err err = {0};
    size_t count;

    assert_true(submission_parse(&submission, &count, call->body, arena, &err));
    assert_true(count <= LINES_RECORDS);
    for (size_t i = 0; i < count; i++) {
        answers[i] = answer_of(s, &submission[i]);
        strncat(s->order, outbox_world_id(s->world, &submission[i]), 4);
        strcat(s->order, " ");
    }
    s->offered += count;
    call->status = s->reply == STATUS_500 ? 500 : 200;
    call->reply =
        s->reply == GARBLES ? SPAN_LIT("{}") : submission_answers_encode(answers, count, arena);
}

static void run(void *context, struct call *calls, size_t count, unsigned patience_ms,
                bool (*enough)(void *context), void *enough_context, struct arena *arena)
{
    struct street *s = context;

    (void)patience_ms, (void)enough, (void)enough_context;
    assert_int_equal(count, 1);
    s->calls++;
    s->probes += strcmp(calls->path, "/checkpoint") == 0;
    calls->answered = s->reply != SILENT && s->reply != NOBODY;
    calls->unsent = s->reply == NOBODY;
    if (!calls->answered)
        (void)err_set(&calls->err, ERR_IO, "no answer");
    else if (calls->type)
        answer_offer(s, calls, arena);
    else
        calls->status = 404;
}

static struct street *street_open(void)
{
    struct street *s = calloc(1, sizeof *s);
    struct err err = {0};

    assert_non_null(s);
    s->world = outbox_world_new(1);
    assert_true(outbox_world_open(s->world, &err));
    s->transport = (struct transport){run, s};
    s->lines = lines_open(
        &(struct lines_options){.outbox = s->world->outbox, .url = urls, .peers = PEERS});
    return s;
}

static void street_close(struct street *s)
{
    lines_close(s->lines);
    outbox_world_free(s->world);
    free(s);
}

/* One of the hotline, put; its id. */
static const char *say(struct street *s, unsigned key)
{
    struct json body = json_object();
    struct err err = {0};

    json_set(&body, "to", json_text("party/b"), &s->world->arena);
    struct submission one = outbox_world_say(s->world, key, "hotline.send", body);
    assert_true(outbox_put(s->world->outbox, &one, 1, s->world->now_ms, &err));
    lines_look(s->lines);
    return outbox_world_id(s->world, &one);
}

/* All that is due now. */
static unsigned hand(struct street *s, size_t peer)
{
    unsigned calls = 0;

    while (calls < 20 && lines_hand(s->lines, peer, &s->transport, s->world->now_ms))
        calls++;
    return calls;
}

static struct line_state state_of(struct street *s, size_t peer)
{
    struct line_state state;

    lines_state(s->lines, peer, &state);
    return state;
}

/* --- what an answer comes to ---------------------------------------------- */

static void test_answers(void **state)
{
    static const struct {
        const char *name;
        enum reply reply;
        enum line line;
        size_t owed, refused;
        int64_t again_ms; /* offered again after so long, and not before; 0: never */
        const char *problem;
    } cases[] = {
        {"it is held", HOLDS, LINE_UP, 0, 0, 0, ""},
        {"it is in the log", LOGGED, LINE_UP, 0, 0, 0, ""},
        {"it is refused", REFUSES, LINE_UP, 0, 1, 0, "it names nobody"},
        {"it is put off", LATER, LINE_UP, 1, 0, 1000, ""},
        {"another record is answered", OTHER_ID, LINE_UP, 1, 0, 500, "another record"},
        {"what comes is no answer", GARBLES, LINE_UP, 1, 0, 250, "answers"},
        {"a server that breaks", STATUS_500, LINE_UP, 1, 0, 250, "answered 500"},
        {"no answer in time", SILENT, LINE_UNANSWERED, 1, 0, 250, "no answer"},
        {"nobody there", NOBODY, LINE_DOWN, 1, 0, 250, "no answer"},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct street *s = street_open();

        CHECK_CASE(cases[i].name, state_of(s, 0).line == LINE_UNKNOWN);
        say(s, 0);
        s->reply = cases[i].reply;
        CHECK_CASE(cases[i].name, hand(s, 0) == 1);
        struct line_state is = state_of(s, 0);
        CHECK_CASE(cases[i].name, is.line == cases[i].line);
        CHECK_CASE(cases[i].name, is.owed == cases[i].owed && is.refused == cases[i].refused);
        CHECK_CASE(cases[i].name, strstr(is.problem, cases[i].problem) != NULL);
        CHECK_CASE(cases[i].name, !is.problem[0] == !cases[i].problem[0]);
        CHECK_CASE(cases[i].name, (is.last_ms == 0) == (is.round_trip_ms < 0));
        CHECK_CASE(cases[i].name, state_of(s, 1).owed == 1); /* the other has its own */
        s->world->now_ms += cases[i].again_ms ? cases[i].again_ms - 1 : 9000;
        CHECK_CASE(cases[i].name, hand(s, 0) == 0);
        s->world->now_ms++;
        CHECK_CASE(cases[i].name, hand(s, 0) == (cases[i].again_ms > 0));
        street_close(s);
    }
}

/* --- order, and who has what ----------------------------------------------- */

static void test_order(void **state)
{
    struct street *s = street_open();
    char want[100] = "";
    (void)state;

    for (unsigned i = 0; i < 5; i++) {
        strncat(want, say(s, i % 2), 4);
        strcat(want, " ");
    }
    assert_int_equal(hand(s, 0), 1);
    assert_string_equal(s->order, want);
    assert_int_equal(hand(s, 0), 0);
    assert_int_equal(state_of(s, 0).owed, 0);
    street_close(s);
}

static void test_one_that_is_put_off_keeps_none_waiting(void **state)
{
    struct street *s = street_open();
    (void)state;

    s->reply = LATER;
    s->only = say(s, 0);
    say(s, 1);
    assert_int_equal(hand(s, 0), 1);
    assert_int_equal(s->offered, 2);
    say(s, 1);
    assert_int_equal(hand(s, 0), 1); /* the new one alone */
    assert_int_equal(s->offered, 3);
    assert_int_equal(state_of(s, 0).owed, 1);
    street_close(s);
}

static void test_who_brought_it_has_it(void **state)
{
    struct street *s = street_open();
    struct json body = json_object();
    struct err err = {0};
    (void)state;

    json_set(&body, "to", json_text("party/b"), &s->world->arena);
    struct submission one = outbox_world_say(s->world, 0, "hotline.send", body);
    assert_true(outbox_put(s->world->outbox, &one, 1, s->world->now_ms, &err));
    lines_held(s->lines, outbox_world_id(s->world, &one), 1);
    lines_look(s->lines);
    assert_int_equal(state_of(s, 0).owed, 1);
    assert_int_equal(state_of(s, 1).owed, 0);
    lines_held(s->lines, outbox_world_id(s->world, &one), 0); /* and from the other, later */
    assert_int_equal(state_of(s, 0).owed, 0);
    lines_held(s->lines, "no id", 0);
    lines_held(s->lines, outbox_world_id(s->world, &one), PEERS); /* nobody's */
    street_close(s);
}

static void test_what_goes_over_the_lines(void **state)
{
    static const struct {
        const char *kind;
        bool goes;
    } cases[] = {
        {"hotline.send", true},   {"hotline.deliver", true}, {"hotline", false},
        {"incident.open", false}, {"xhotline.send", false},  {"", false},
    };
    struct street *s = street_open();
    struct submission other = outbox_world_any(s->world, 0);
    struct err err = {0};
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].kind, lines_carry(span_of(cases[i].kind)) == cases[i].goes);
    assert_true(outbox_put(s->world->outbox, &other, 1, s->world->now_ms, &err));
    lines_look(s->lines);
    assert_int_equal(state_of(s, 0).owed, 0);
    street_close(s);
}

/* What has left the outbox is offered to nobody, and what waited at a start is. */
static void test_what_leaves_and_what_was_there(void **state)
{
    struct street *s = street_open();
    struct err err = {0};
    (void)state;

    say(s, 0);
    say(s, 1);
    assert_true(outbox_drop(s->world->outbox, 1, &err));
    lines_look(s->lines);
    assert_int_equal(state_of(s, 0).owed, 1);
    lines_close(s->lines);
    s->lines = lines_open(
        &(struct lines_options){.outbox = s->world->outbox, .url = urls, .peers = PEERS});
    assert_int_equal(state_of(s, 1).owed, 1);
    assert_true(outbox_drop(s->world->outbox, 2, &err)); /* and nobody has looked */
    assert_int_equal(hand(s, 1), 1);
    assert_int_equal(s->offered, 0);
    street_close(s);
}

/* --- when ------------------------------------------------------------------ */

static void test_one_that_is_silent_is_tried_less_and_less(void **state)
{
    static const int64_t waits[] = {250, 500, 1000, 2000, 4000, 8000, 8000};
    struct street *s = street_open();
    (void)state;

    s->reply = SILENT;
    say(s, 0);
    assert_int_equal(hand(s, 0), 1);
    for (size_t i = 0; i < ARRAY_LEN(waits); i++) {
        s->world->now_ms += waits[i] - 1;
        if (hand(s, 0) != 0)
            fail_msg("the %zuth time: too early", i);
        s->world->now_ms++;
        if (hand(s, 0) != 1)
            fail_msg("the %zuth time: not again", i);
    }
    s->world->now_ms += 400;
    say(s, 1); /* something new does not wait for all that time */
    assert_int_equal(hand(s, 0), 0);
    s->world->now_ms += 100;
    s->reply = HOLDS;
    assert_int_equal(hand(s, 0), 1);
    assert_int_equal(state_of(s, 0).owed, 0);
    street_close(s);
}

/* Nor does a record that breaks the other end keep all the others waiting. */
static void test_an_offer_that_fails_is_halved(void **state)
{
    struct street *s = street_open();
    (void)state;

    for (unsigned i = 0; i < 4; i++)
        say(s, 0);
    s->reply = STATUS_500;
    assert_int_equal(hand(s, 0), 1);
    assert_int_equal(s->offered, 4);
    s->world->now_ms += 250;
    s->reply = HOLDS;
    assert_int_equal(hand(s, 0), 2);
    assert_int_equal(s->offered, 8);
    assert_int_equal(state_of(s, 0).owed, 0);
    street_close(s);
}

static void test_a_quiet_line_is_tried(void **state)
{
    struct street *s = street_open();
    (void)state;

    assert_int_equal(hand(s, 0), 1);
    assert_int_equal(s->probes, 1);
    assert_int_equal(state_of(s, 0).line, LINE_UP);
    s->world->now_ms += 9999;
    assert_int_equal(hand(s, 0), 0);
    s->world->now_ms++;
    s->reply = NOBODY;
    uint64_t before = lines_changes(s->lines);
    assert_int_equal(hand(s, 0), 1);
    assert_int_equal(state_of(s, 0).line, LINE_DOWN);
    assert_int_equal(state_of(s, 0).since_ms, s->world->now_ms);
    assert_true(lines_changes(s->lines) > before);
    s->world->now_ms -= 86400000; /* somebody sets the clock back */
    s->reply = HOLDS;
    say(s, 0);
    assert_int_equal(hand(s, 0), 1);
    assert_int_equal(state_of(s, 0).line, LINE_UP);
    street_close(s);
}

static void test_many(void **state)
{
    struct street *s = street_open();
    (void)state;

    for (unsigned i = 0; i < LINES_RECORDS + 3; i++)
        say(s, 0);
    for (unsigned i = 0; i < 2; i++) {
        s->order[0] = '\0';
        assert_true(lines_hand(s->lines, 0, &s->transport, s->world->now_ms));
    }
    assert_int_equal(s->offered, LINES_RECORDS + 3);
    assert_int_equal(state_of(s, 0).owed, 0);
    street_close(s);
}

static void test_the_end(void **state)
{
    struct street *s = street_open();
    (void)state;

    say(s, 0);
    assert_true(lines_await(s->lines, 0, s->world->now_ms)); /* something is due: at once */
    lines_end(s->lines);
    assert_false(lines_await(s->lines, 0, s->world->now_ms));
    street_close(s);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_answers),
    cmocka_unit_test(test_order),
    cmocka_unit_test(test_one_that_is_put_off_keeps_none_waiting),
    cmocka_unit_test(test_who_brought_it_has_it),
    cmocka_unit_test(test_what_goes_over_the_lines),
    cmocka_unit_test(test_what_leaves_and_what_was_there),
    cmocka_unit_test(test_one_that_is_silent_is_tried_less_and_less),
    cmocka_unit_test(test_an_offer_that_fails_is_halved),
    cmocka_unit_test(test_a_quiet_line_is_tried),
    cmocka_unit_test(test_many),
    cmocka_unit_test(test_the_end),
};
RUN_TESTS(tests)
