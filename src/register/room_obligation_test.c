#include "base/test.h"
#include "register/casework.h"
#include "register/scenario.h"

/* Obligations and what hangs on them, what is asked beyond, and persons who are handed over. */

#define AT "{'at_ms':1760000000000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define LATER "{'at_ms':1760003600000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define OPEN(obligation, organisation, more)                                                       \
    "{" more "'obligation':'" obligation "','organisation':'" organisation "'}"
#define REPORT(owed, status, more) "{'at':" AT more ",'owing':'$" owed "','status':'" status "'}"
#define JUDGE(report) "{'clear':'yes','irreversible':'no','report':'$" report "','verifiable':'no'}"
#define SETTLE(owed, result) "{'owing':'$" owed "','result':'" result "'}"

static const struct line obligations[] = {
    {"owed by one", "south", "mission/desk", "obligation.open", OPEN("hold-fire", "south", ""),
     "holds"},
    {"and by the other", "north", "mission/desk", "obligation.open", OPEN("hold-fire", "north", ""),
     "holds"},
    {"owed twice", NULL, "mission/desk", "obligation.open", OPEN("hold-fire", "south", ""),
     "void no_move 14.2"},
    {"by one who does not owe it", NULL, "mission/desk", "obligation.open",
     OPEN("hold-fire", "east", ""), "void not_yours 7"},
    {"what nobody owes", NULL, "mission/desk", "obligation.open", OPEN("love", "south", ""),
     "void term rules 1 obligation.open"},
    {"by another date than the agreement's", NULL, "mission/desk", "obligation.open",
     OPEN("hold-fire", "north", "'due':" LATER ","), "void shape format §9.2"},
    {"a date where no clock runs", NULL, "mission/desk", "obligation.open",
     OPEN("open-gate", "north", "'due':" LATER ","), "void shape format §9.2"},
    {"put there by whoever may not", NULL, "reader", "obligation.open", OPEN("detain", "south", ""),
     "void capability rules 1 obligation.open"},
    {"what waits for another", NULL, "mission/desk", "obligation.open",
     OPEN("open-gate", "north", ""), "void waits 7"},
    {"that other", "detain", "mission/desk", "obligation.open",
     OPEN("detain", "south", "'due':" LATER ","), "holds"},
    {"a step", "step", "south/desk", "obligation.report", REPORT("detain", "step", ""), "holds"},
    {"another's step", NULL, "north/desk", "obligation.report", REPORT("detain", "step", ""),
     "void not_yours 7"},
    {"a refusal without a ground", NULL, "south/desk", "obligation.report",
     REPORT("detain", "refused", ""), "void shape format §9.2"},
    {"cannot, and does not say why", NULL, "south/desk", "obligation.report",
     REPORT("detain", "cannot", ""), "void shape format §9.2"},
    {"on a ground that is none", NULL, "south/desk", "obligation.report",
     REPORT("detain", "refused", ",'ground':'spite'"), "void term rules 1 obligation.report"},
    {"shown by what is no record", NULL, "south/desk", "obligation.report",
     REPORT("detain", "step", ",'evidence':['$incident']"), "void reference format §9.2"},
    {"judged by the other", NULL, "north/desk", "obligation.judge", JUDGE("step"), "holds"},
    {"judged by the mission", NULL, "mission/desk", "obligation.judge", JUDGE("step"), "holds"},
    {"judged by who took it", NULL, "south/desk", "obligation.judge", JUDGE("step"),
     "void not_yours 7"},
    {"as far as one word for all three", NULL, "north/desk", "obligation.judge",
     "{'clear':'yes','report':'$step'}", "void shape format §9.2"},
    {"kept, says who owes it", NULL, "south/desk", "obligation.settle", SETTLE("detain", "kept"),
     "void not_yours 7"},
    {"still waiting", NULL, "mission/desk", "obligation.open", OPEN("open-gate", "north", ""),
     "void waits 7"},
    {"done", NULL, "south/desk", "obligation.report", REPORT("detain", "done", ""), "holds"},
    {"done is not yet met", NULL, "mission/desk", "obligation.open", OPEN("open-gate", "north", ""),
     "void waits 7"},
    {"met", NULL, "east/desk", "obligation.settle", SETTLE("detain", "kept"), "holds"},
    {"now it binds", "gate", "mission/desk", "obligation.open", OPEN("open-gate", "north", ""),
     "holds"},
    {"refused", NULL, "north/desk", "obligation.report",
     REPORT("gate", "refused", ",'ground':'not-agreed'"), "holds"},
    {"what it waited for is broken", NULL, "east/desk", "obligation.settle",
     SETTLE("detain", "not_kept"), "holds"},
    {"and so nobody breaks it", NULL, "east/desk", "obligation.settle", SETTLE("gate", "not_kept"),
     "void waits 7"},
    {"nor in part", NULL, "east/desk", "obligation.settle", SETTLE("gate", "partly"),
     "void waits 7"},
    {"it may be kept all the same", NULL, "east/desk", "obligation.settle", SETTLE("gate", "kept"),
     "holds"},
    {"begun again when it is met", NULL, "north/desk", "obligation.report",
     REPORT("gate", "begun", ""), "void no_move 14.2"},
    {"owed no more", NULL, "east/desk", "obligation.settle", SETTLE("south", "lapsed"), "holds"},
    {"a word on what is owed no more", NULL, "south/desk", "obligation.report",
     REPORT("south", "done", ""), "void no_move 14.2"},
    {"owed anew", "again", "mission/desk", "obligation.open", OPEN("hold-fire", "south", ""),
     "holds"},
};

static void test_obligations(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, obligations, ARRAY_LEN(obligations));
    const struct json *row = test_row(&log, "owed", "hold-fire south");
    assert_true(span_is(json_get_text(row, "state"), "owed"));
    assert_string_equal(arena_text(&log.arena, json_get_text(row, "record")),
                        spelled(&log, "$again"));
    row = test_row(&log, "judgement", spelled(&log, "$step north"));
    assert_true(span_is(json_get_text(row, "irreversible"), "no"));
    assert_non_null(test_row(&log, "judgement", spelled(&log, "$step mission")));
    test_log_close(&log);
}

static const char *deadline_state(struct test_log *log, const char *key)
{
    const struct json *row = test_row(log, "deadline", spelled(log, key));

    return row ? arena_text(&log->arena, json_get_text(row, "state")) : "";
}

/* The agreement's date, and one that a record names; what is done in time, late, or owed no more.
 */
static void test_dates(void **state)
{
    static const struct line opened[] = {
        {"by the agreement's date", "fire", "mission/desk", "obligation.open",
         OPEN("hold-fire", "south", ""), "holds"},
        {"by another", "detain", "mission/desk", "obligation.open",
         OPEN("detain", "south", "'due':" LATER ","), "holds"},
        {"of the other side", "north", "mission/desk", "obligation.open",
         OPEN("hold-fire", "north", ""), "holds"},
    };
    static const struct line late[] = {
        {"an hour and a half", NULL, "north/node", "clock.tick", "{'at_ms':1760005400000}",
         "holds"},
        {"a step ends no time", NULL, "south/desk", "obligation.report", REPORT("fire", "step", ""),
         "holds"},
        {"in time", NULL, "south/desk", "obligation.report", REPORT("fire", "done", ""), "holds"},
        {"too late", NULL, "south/desk", "obligation.report", REPORT("detain", "done", ""),
         "holds"},
        {"owed no more", NULL, "east/desk", "obligation.settle", SETTLE("north", "lapsed"),
         "holds"},
        {"owed again", "anew", "mission/desk", "obligation.open", OPEN("hold-fire", "north", ""),
         "holds"},
        {"kept, though nobody said that it is done", NULL, "east/desk", "obligation.settle",
         SETTLE("anew", "kept"), "holds"},
    };
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, opened, ARRAY_LEN(opened));
    const struct json *row = test_row(&log, "deadline", spelled(&log, "$fire answer"));
    assert_int_equal(json_get_integer(row, "due_ms", 0) - json_get_integer(row, "started_ms", 0),
                     7200000);
    row = test_row(&log, "deadline", spelled(&log, "$detain answer"));
    assert_int_equal(json_get_integer(row, "due_ms", 0) - json_get_integer(row, "started_ms", 0),
                     3600000);
    play(&log, late, 2);
    assert_string_equal(deadline_state(&log, "$fire answer"), "running");
    play(&log, late + 2, ARRAY_LEN(late) - 2);
    assert_string_equal(deadline_state(&log, "$fire answer"), "met");
    assert_string_equal(deadline_state(&log, "$detain answer"), "late");
    assert_string_equal(deadline_state(&log, "$north answer"), "met");
    assert_string_equal(deadline_state(&log, "$anew answer"), "met");
    test_log_close(&log);
}

#define ANSWER(demand, word, more) "{'answer':'" word "','demand':'$" demand "'" more "}"

static const struct line demands[] = {
    {"a wish", "wish", "north/desk", "demand.make", "{'obligation':'detain','to':'south'}",
     "holds"},
    {"of itself", NULL, "north/desk", "demand.make", "{'to':'north'}", "void not_yours 7"},
    {"of nobody known", NULL, "north/desk", "demand.make", "{'to':'moon'}",
     "void term rules 1 demand.make"},
    {"answered by whoever was not asked", NULL, "east/desk", "demand.answer",
     ANSWER("wish", "accepted", ""), "void not_yours 7"},
    {"refused without a ground", NULL, "south/desk", "demand.answer", ANSWER("wish", "refused", ""),
     "void shape format §9.2"},
    {"refused", NULL, "south/desk", "demand.answer",
     ANSWER("wish", "refused", ",'ground':'not-agreed'"), "holds"},
    {"thought of again", NULL, "south/desk", "demand.answer", ANSWER("wish", "considered", ""),
     "holds"},
    {"dropped by who was asked", NULL, "south/desk", "demand.close",
     "{'demand':'$wish','outcome':'dropped'}", "void not_yours 7"},
    {"dropped", NULL, "north/desk", "demand.close", "{'demand':'$wish','outcome':'dropped'}",
     "holds"},
    {"answered when it is dropped", NULL, "south/desk", "demand.answer",
     ANSWER("wish", "accepted", ""), "void no_move 14.2"},
    {"vouched for", "word", "south/desk", "guarantee.give",
     "{'external_id':'1','obligation':'detain','to':'north','type':'guarantee'}", "holds"},
    {"again under one number", NULL, "south/desk", "guarantee.give",
     "{'external_id':'1','type':'guarantee'}", "void external_id 7"},
    {"until before it begins", NULL, "south/desk", "guarantee.give",
     "{'from':" LATER ",'type':'assurance','until':" AT "}", "void interval 7"},
    {"in place of another's", NULL, "north/desk", "guarantee.give",
     "{'supersedes':'$word','type':'guarantee'}", "void not_yours 7"},
    {"in place of its own", NULL, "south/desk", "guarantee.give",
     "{'external_id':'1','supersedes':'$word','type':'capacity'}", "holds"},
};

static void test_demands(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, demands, ARRAY_LEN(demands));
    const struct json *row = test_row(&log, "guarantee", spelled(&log, "$word"));
    assert_true(span_is(json_get_text(row, "state"), "superseded"));
    row = test_row(&log, "demand", spelled(&log, "$wish"));
    assert_true(span_is(json_get_text(row, "state"), "dropped"));
    assert_true(span_is(json_get_text(row, "answer"), "considered"));
    test_log_close(&log);
}

#define HAND(to) "{'at':" AT ",'register':'$held','to':'" to "','what':'handed_over'}"
#define RECEIVE(answer, counted)                                                                   \
    "{'answer':'" answer "','at':" LATER ",'counted':" counted ",'register':'$held'}"

static const struct line persons[] = {
    {"three held", "held", "south/desk", "person.register",
     "{'at':" AT ",'persons':3,'what':'detained'}", "holds"},
    {"held, and to whom", NULL, "south/desk", "person.register",
     "{'at':" AT ",'persons':3,'to':'north','what':'detained'}", "void shape format §9.2"},
    {"handed over to nobody", NULL, "south/desk", "person.register",
     "{'at':" AT ",'persons':3,'what':'handed_over'}", "void shape format §9.2"},
    {"handed over to itself", NULL, "south/desk", "person.register",
     "{'at':" AT ",'persons':3,'to':'south','what':'handed_over'}", "void not_yours 7"},
    {"nobody", NULL, "south/desk", "person.register", "{'at':" AT ",'persons':0,'what':'expelled'}",
     "void shape format §9.2"},
    {"received before they are handed over", NULL, "north/desk", "person.receive",
     RECEIVE("received", "3"), "void no_move 14.2"},
    {"handed over by who has them not", NULL, "north/desk", "person.move", HAND("south"),
     "void not_yours 7"},
    {"handed over", NULL, "south/desk", "person.move", HAND("north"), "holds"},
    {"set free on the way", NULL, "south/desk", "person.move",
     "{'at':" AT ",'register':'$held','what':'freed'}", "void no_move 14.2"},
    {"received by a third", NULL, "east/desk", "person.receive", RECEIVE("received", "3"),
     "void not_yours 7"},
    {"some, and none counted", NULL, "north/desk", "person.receive", RECEIVE("received", "0"),
     "void range 7"},
    {"none, and one counted", NULL, "north/desk", "person.receive", RECEIVE("not_received", "1"),
     "void range 7"},
    {"not taken", NULL, "north/desk", "person.receive", RECEIVE("not_received", "0"), "holds"},
    {"handed over again", NULL, "south/desk", "person.move", HAND("north"), "holds"},
    {"two came", NULL, "north/desk", "person.receive", RECEIVE("received", "2"), "holds"},
    {"moved by who had them", NULL, "south/desk", "person.move",
     "{'at':" AT ",'register':'$held','what':'freed'}", "void not_yours 7"},
    {"set free", NULL, "north/desk", "person.move",
     "{'at':" AT ",'register':'$held','what':'freed'}", "holds"},
};

static void test_persons(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, persons, ARRAY_LEN(persons));
    const struct json *row = test_row(&log, "persons", spelled(&log, "$held"));
    assert_true(span_is(json_get_text(row, "state"), "freed"));
    assert_true(span_is(json_get_text(row, "holder"), "north"));
    assert_int_equal(json_get_integer(row, "persons", 0), 3);
    assert_int_equal(json_get_integer(row, "counted", 0), 2);
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_obligations),
    cmocka_unit_test(test_dates),
    cmocka_unit_test(test_demands),
    cmocka_unit_test(test_persons),
};

RUN_TESTS(tests)
