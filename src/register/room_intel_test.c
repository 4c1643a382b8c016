#include "base/test.h"
#include "register/casework.h"
#include "register/scenario.h"

/* What one side asks the other through one who stands between, and what is said in public. */

#define AT "{'at_ms':1760000000000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define LATER "{'at_ms':1760003600000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define ASK(to, through)                                                                           \
    "{'priority':'urgent','subject':'movement','through':'" through "','to':'" to                  \
    "','until':" LATER "}"
#define ANSWER(answer, more) "{'answer':'" answer "'" more ",'ask':'$asked'}"
#define OUTCOME(outcome) "{'ask':'$asked','outcome':'" outcome "'}"

#define SEALS                                                                                      \
    {                                                                                              \
        "who can open what is sealed", NULL, "north/root", "member.admit",                         \
            "{'age':'" TEST_AGE "','job':'author','key':'@east/seal','org':'east','role':'desk'}", \
            "holds"                                                                                \
    }

static const struct line asked[] = {
    {"through who cannot open it yet", NULL, "north/desk", "intel.ask", ASK("south", "east"),
     "void no_reader 7"},
    SEALS,
    {"through who never can", NULL, "north/desk", "intel.ask", ASK("south", "mission"),
     "void no_reader 7"},
    {"through whom no key of can", NULL, "north/desk", "intel.ask", ASK("south", "west"),
     "void no_reader 7"},
    {"through one who stands between", "asked", "north/desk", "intel.ask", ASK("south", "east"),
     "holds"},
    {"of itself", NULL, "north/desk", "intel.ask", ASK("north", "east"), "void not_yours 7"},
    {"through itself", NULL, "north/desk", "intel.ask", ASK("south", "north"), "void not_yours 7"},
    {"through who is asked", NULL, "north/desk", "intel.ask", ASK("south", "south"),
     "void not_yours 7"},
    {"straight", NULL, "north/desk", "intel.ask",
     "{'priority':'urgent','subject':'movement','to':'south','until':" LATER "}",
     "void shape format §9.2"},
    {"about what nobody knows", NULL, "north/desk", "intel.ask",
     "{'priority':'urgent','subject':'stars','through':'east','to':'south','until':" LATER "}",
     "void term rules 1 intel.ask"},
    {"by whoever may not", NULL, "reader", "intel.ask", ASK("south", "east"),
     "void capability rules 1 intel.ask"},
    {"passed on before it is answered", NULL, "east/desk", "intel.summary", "{'ask':'$asked'}",
     "void no_move 14.2"},
    {"answered by who was not asked", NULL, "east/desk", "intel.answer", ANSWER("nothing", ""),
     "void not_yours 7"},
    {"given, and of no age", NULL, "south/desk", "intel.answer", ANSWER("given", ""),
     "void shape format §9.2"},
    {"nothing, and its age", NULL, "south/desk", "intel.answer", ANSWER("nothing", ",'as_of':" AT),
     "void shape format §9.2"},
    {"declined without a ground", NULL, "south/desk", "intel.answer", ANSWER("declined", ""),
     "void shape format §9.2"},
    {"called old while it is of use", NULL, "north/desk", "intel.outcome", OUTCOME("aged_out"),
     "void clock_runs 7"},
    {"declined", NULL, "south/desk", "intel.answer", ANSWER("declined", ",'ground':'not-agreed'"),
     "holds"},
    {"and then given", "answered", "south/desk", "intel.answer", ANSWER("given", ",'as_of':" AT),
     "holds"},
    {"given twice", NULL, "south/desk", "intel.answer", ANSWER("given", ",'as_of':" AT),
     "void no_move 14.2"},
    {"acted on before it is passed on", NULL, "north/desk", "intel.outcome", OUTCOME("acted"),
     "void no_move 14.2"},
    {"passed on by another", NULL, "west/desk", "intel.summary", "{'ask':'$asked'}",
     "void not_yours 7"},
    {"passed on", "summary", "east/desk", "intel.summary", "{'ask':'$asked'}", "holds"},
    {"an outcome by who was asked", NULL, "south/desk", "intel.outcome", OUTCOME("confirmed"),
     "void not_yours 7"},
    {"an outcome", NULL, "north/desk", "intel.outcome", OUTCOME("not_borne_out"), "holds"},
    {"another after it", NULL, "north/desk", "intel.outcome", OUTCOME("acted"),
     "void no_move 14.2"},
    {"the key is no more", NULL, "north/root", "member.revoke",
     "{'name':'east/seal','reason':'lost'}", "holds"},
    {"nor does its place carry anything", NULL, "north/desk", "intel.ask", ASK("south", "east"),
     "void no_reader 7"},
};

static void test_asked(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, asked, ARRAY_LEN(asked));
    const struct json *row = test_row(&log, "intel", spelled(&log, "$asked"));
    assert_true(span_is(json_get_text(row, "state"), "not_borne_out"));
    assert_true(span_is(json_get_text(row, "answer"), "given"));
    assert_int_equal(json_get_integer(json_get(row, "as_of"), "at_ms", 0), 1760000000000);
    assert_string_equal(arena_text(&log.arena, json_get_text(row, "summary")),
                        spelled(&log, "$summary"));
    assert_string_equal(arena_text(&log.arena, json_get_text(row, "answered")),
                        spelled(&log, "$answered"));
    test_log_close(&log);
}

static const struct line aged[] = {
    SEALS,
    {"asked", "asked", "north/desk", "intel.ask", ASK("south", "east"), "holds"},
    {"to the very moment", NULL, "north/node", "clock.tick", "{'at_ms':1760003600000}", "holds"},
    {"it is of use until then", NULL, "north/desk", "intel.outcome", OUTCOME("aged_out"),
     "void clock_runs 7"},
    {"a second later", NULL, "north/node", "clock.tick", "{'at_ms':1760003601000}", "holds"},
    {"by who was asked", NULL, "south/desk", "intel.outcome", OUTCOME("aged_out"),
     "void not_yours 7"},
    {"nobody answered", NULL, "north/desk", "intel.outcome", OUTCOME("aged_out"), "holds"},
    {"answered when it is old", NULL, "south/desk", "intel.answer", ANSWER("given", ",'as_of':" AT),
     "void no_move 14.2"},
};

static void test_aged(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, aged, ARRAY_LEN(aged));
    test_log_close(&log);
}

#define SAID(more) "{'at':" AT ",'channel':'press'" more "}"

static const struct line said[] = {
    {"said", "said", "mission/desk", "statement.log", SAID(",'external_id':'1'"), "holds"},
    {"said again under one number", NULL, "mission/desk", "statement.log",
     SAID(",'external_id':'1'"), "void external_id 7"},
    {"by whoever may not", NULL, "reader", "statement.log", SAID(""),
     "void capability rules 1 statement.log"},
    {"nobody knows when", NULL, "mission/desk", "statement.log", "{'channel':'press'}",
     "void shape format §9.2"},
    {"in place of another's", NULL, "north/desk", "statement.log", SAID(",'supersedes':'$said'"),
     "void not_yours 7"},
    {"set right", "right", "mission/desk", "statement.log",
     SAID(",'external_id':'1','supersedes':'$said'"), "holds"},
    {"taken back", NULL, "mission/desk", "record.withdraw", "{'reason':'error','record':'$right'}",
     "holds"},
};

static void test_said(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, said, ARRAY_LEN(said));
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_asked),
    cmocka_unit_test(test_aged),
    cmocka_unit_test(test_said),
};

RUN_TESTS(tests)
