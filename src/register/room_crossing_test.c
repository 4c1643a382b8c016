#include "base/test.h"
#include "register/casework.h"
#include "register/scenario.h"

/* Lanes of a crossing, what is to be let through, and what is announced before it is done. */

#define AT "{'at_ms':1760000000000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define LATER "{'at_ms':1760003600000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define LANE "'class':'cargo','crossing':'bridge','direction':'southward'"
#define DECLARE(status) "{" LANE ",'since':" AT ",'status':'" status "'}"
#define COUNT(more)                                                                                \
    "{" LANE ",'from':" AT ",'measure':'vehicles','source':'own','until':" LATER more "}"
#define RETURN(more)                                                                               \
    "{'class':'patient','crossing':'bridge','from':" AT ",'source':'own','until':" LATER more "}"
#define TRANSIT(host, more) "{" LANE ",'from':" AT ",'host':'" host "','type':'convoy'" more "}"

static const struct line lanes[] = {
    {"closed, says one side", NULL, "north/desk", "crossing.declare", DECLARE("closed"), "holds"},
    {"open, says the other", NULL, "south/desk", "crossing.declare", DECLARE("open"), "holds"},
    {"closed, says who stands there", NULL, "mission/desk", "crossing.observe",
     "{" LANE ",'at':" AT ",'status':'closed'}", "holds"},
    {"for the other way", NULL, "north/desk", "crossing.declare",
     "{'class':'cargo','crossing':'bridge','direction':'northward','since':" AT
     ",'status':'limited'}",
     "holds"},
    {"closed by whoever may not", NULL, "reader", "crossing.declare", DECLARE("closed"),
     "void capability rules 1 crossing.declare"},
    {"a crossing that there is not", NULL, "north/desk", "crossing.declare",
     "{'class':'cargo','crossing':'ford','direction':'southward','since':" AT ",'status':'open'}",
     "void term rules 1 crossing.declare"},
    {"a class that there is not", NULL, "north/desk", "crossing.declare",
     "{'class':'camels','crossing':'bridge','direction':'southward','since':" AT
     ",'status':'open'}",
     "void term rules 1 crossing.declare"},
    {"no such way", NULL, "north/desk", "crossing.declare",
     "{'class':'cargo','crossing':'bridge','direction':'up','since':" AT ",'status':'open'}",
     "void term rules 1 crossing.declare"},
    {"for a reason that is none", NULL, "north/desk", "crossing.declare",
     "{" LANE ",'reason':'spite','since':" AT ",'status':'closed'}",
     "void term rules 1 crossing.declare"},
    {"neither open nor closed", NULL, "north/desk", "crossing.declare", DECLARE("ajar"),
     "void shape format §9.2"},
    {"open until before it opened", NULL, "north/desk", "crossing.declare",
     "{" LANE ",'since':" LATER ",'status':'open','until':" AT "}", "void interval 7"},
    {"closed for one hour", NULL, "north/desk", "crossing.declare",
     "{" LANE ",'announced':'yes','reason':'weather','since':" AT
     ",'status':'closed','until':" LATER "}",
     "holds"},
};

static void test_lanes(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, lanes, ARRAY_LEN(lanes));
    assert_true(row_is(&log, "lane", "bridge southward cargo north",
                       "{'announced':'yes','by':'north/desk','class':'cargo','crossing':'bridge',"
                       "'direction':'southward','index':23,'org':'north','reason':'weather',"
                       "'since':" AT ",'state':'closed','status':'closed','until':" LATER "}"));
    assert_true(row_is(&log, "lane", "bridge southward cargo south",
                       "{'by':'south/desk','class':'cargo','crossing':'bridge','direction':"
                       "'southward','index':13,'org':'south','since':" AT
                       ",'state':'open','status':'open'}"));
    assert_true(row_is(&log, "lane", "bridge southward cargo mission", ""));
    assert_true(row_is(&log, "lane_seen", "bridge southward cargo mission",
                       "{'at':" AT ",'by':'mission/desk','class':'cargo','crossing':'bridge',"
                       "'direction':'southward','index':14,'org':'mission','state':'seen',"
                       "'status':'closed'}"));
    test_log_close(&log);
}

static const struct line counts[] = {
    {"lorries", NULL, "north/desk", "crossing.count", COUNT(",'max':12,'min':10"), "holds"},
    {"one figure", NULL, "north/desk", "crossing.count", COUNT(",'min':10"), "holds"},
    {"more at least than at most", NULL, "north/desk", "crossing.count", COUNT(",'max':9,'min':10"),
     "void range 7"},
    {"less than none", NULL, "north/desk", "crossing.count", COUNT(",'min':-1"),
     "void shape format §9.2"},
    {"an end before the beginning", NULL, "north/desk", "crossing.count",
     "{" LANE ",'from':" LATER ",'measure':'persons','min':3,'source':'own','until':" AT "}",
     "void interval 7"},
    {"families", NULL, "south/desk", "crossing.return",
     RETURN(",'children':40,'persons':70,'unaccompanied':2"), "holds"},
    {"more children than persons", NULL, "south/desk", "crossing.return",
     RETURN(",'children':71,'persons':70"), "void range 7"},
    {"more alone than children", NULL, "south/desk", "crossing.return",
     RETURN(",'children':1,'persons':70,'unaccompanied':2"), "void range 7"},
    {"more alone than persons", NULL, "south/desk", "crossing.return",
     RETURN(",'persons':1,'unaccompanied':2"), "void range 7"},
    {"counted by whoever may not", NULL, "reader", "crossing.return", RETURN(",'persons':1"),
     "void capability rules 1 crossing.return"},
};

static void test_counts(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, counts, ARRAY_LEN(counts));
    test_log_close(&log);
}

static const struct line transit[] = {
    {"a convoy", "convoy", "north/desk", "transit.request",
     TRANSIT("south", ",'priority':'urgent','until':" LATER), "holds"},
    {"of oneself", NULL, "north/desk", "transit.request",
     TRANSIT("north", ",'priority':'urgent','until':" LATER), "void not_yours 7"},
    {"of nobody there is", NULL, "north/desk", "transit.request",
     TRANSIT("moon", ",'priority':'urgent','until':" LATER), "void term rules 1 transit.request"},
    {"until before it begins", NULL, "north/desk", "transit.request",
     "{" LANE ",'from':" LATER ",'host':'south','priority':'medical','type':'convoy','until':" AT
     "}",
     "void interval 7"},
    {"answered by who asked", NULL, "north/desk", "transit.answer",
     "{'answer':'granted','request':'$convoy'}", "void not_yours 7"},
    {"passed before anybody said yes", NULL, "north/desk", "transit.outcome",
     "{'at':" LATER ",'outcome':'passed','request':'$convoy'}", "void no_move 14.2"},
    {"later, says the host", NULL, "south/desk", "transit.answer",
     "{'answer':'delayed','request':'$convoy'}", "holds"},
    {"yes, says the host", "yes", "south/desk", "transit.answer",
     "{'answer':'granted','request':'$convoy','until':" LATER "}", "holds"},
    {"the outcome by the host", NULL, "south/desk", "transit.outcome",
     "{'at':" LATER ",'outcome':'expired','request':'$convoy'}", "void not_yours 7"},
    {"it ran out on the road", NULL, "north/desk", "transit.outcome",
     "{'at':" LATER ",'outcome':'expired','request':'$convoy'}", "holds"},
    {"and passed after all", NULL, "north/desk", "transit.outcome",
     "{'at':" LATER ",'outcome':'passed','request':'$convoy'}", "void no_move 14.2"},
    {"answered when it is over", NULL, "south/desk", "transit.answer",
     "{'answer':'granted','request':'$convoy'}", "void no_move 14.2"},
};

static void test_transit(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, transit, ARRAY_LEN(transit));
    const struct json *row = test_row(&log, "transit", spelled(&log, "$convoy"));
    assert_true(span_is(json_get_text(row, "state"), "expired"));
    assert_true(span_is(json_get_text(row, "answered"), spelled(&log, "$yes")));
    test_log_close(&log);
}

#define NOTICE(from, until, more) "{'from':" from ",'type':'flight','until':" until more "}"

static const struct line notices[] = {
    {"a flight", "flight", "north/desk", "notice.give", NOTICE(AT, LATER, ",'external_id':'7'"),
     "holds"},
    {"the same again", NULL, "north/desk", "notice.give", NOTICE(AT, LATER, ",'external_id':'7'"),
     "void external_id 7"},
    {"another's changed", NULL, "south/desk", "notice.give",
     NOTICE(AT, LATER, ",'supersedes':'$flight'"), "void not_yours 7"},
    {"an end before the beginning", NULL, "north/desk", "notice.give", NOTICE(LATER, AT, ""),
     "void interval 7"},
    {"of a type that there is not", NULL, "north/desk", "notice.give",
     "{'from':" AT ",'type':'parade','until':" LATER "}", "void term rules 1 notice.give"},
    {"with nobody there is", NULL, "north/desk", "notice.give",
     NOTICE(AT, LATER, ",'jointly':['moon']"), "void term rules 1 notice.give"},
    {"given by whoever may not", NULL, "reader", "notice.give", NOTICE(AT, LATER, ""),
     "void capability rules 1 notice.give"},
    {"acknowledged by who gave it", NULL, "north/desk", "notice.answer",
     "{'answer':'acknowledged','notice':'$flight'}", "void not_yours 7"},
    {"objected to", NULL, "south/desk", "notice.answer", "{'answer':'objected','notice':'$flight'}",
     "holds"},
    {"read by another", NULL, "west/desk", "notice.answer",
     "{'answer':'acknowledged','notice':'$flight'}", "holds"},
    {"begun, says another", NULL, "south/desk", "notice.report",
     "{'at':" AT ",'notice':'$flight','state':'begun'}", "void not_yours 7"},
    {"changed", "second", "north/desk", "notice.give",
     NOTICE(AT, LATER, ",'external_id':'7','supersedes':'$flight'"), "holds"},
    {"the old one begun", NULL, "north/desk", "notice.report",
     "{'at':" AT ",'notice':'$flight','state':'begun'}", "void no_move 14.2"},
    {"begun", NULL, "north/desk", "notice.report",
     "{'at':" AT ",'notice':'$second','state':'begun'}", "holds"},
    {"an objection while it is under way", NULL, "south/desk", "notice.answer",
     "{'answer':'objected','notice':'$second'}", "holds"},
    {"ended", NULL, "north/desk", "notice.report",
     "{'at':" LATER ",'notice':'$second','state':'ended'}", "holds"},
    {"cancelled when it is over", NULL, "north/desk", "notice.report",
     "{'at':" LATER ",'notice':'$second','state':'cancelled'}", "void no_move 14.2"},
    {"answered when it is over", NULL, "south/desk", "notice.answer",
     "{'answer':'acknowledged','notice':'$second'}", "void no_move 14.2"},
    {"a report", "seen", "south/desk", "incident.report", "{}", "holds"},
    {"it is what was announced", NULL, "mission/desk", "notice.match",
     "{'notice':'$second','record':'$seen','result':'as_notified'}", "holds"},
    {"or went beyond that", NULL, "mission/desk", "notice.match",
     "{'notice':'$second','record':'$seen','result':'exceeded'}", "holds"},
    {"matched with no report", NULL, "mission/desk", "notice.match",
     "{'notice':'$second','record':'$second','result':'other'}", "void reference format §9.2"},
};

static void test_notices(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, notices, ARRAY_LEN(notices));
    assert_true(row_is(&log, "notice_match", spelled(&log, "$second $seen"),
                       "{'by':'mission/desk','index':32,'notice':'$second','org':'mission',"
                       "'record':'$seen','result':'exceeded','state':'matched'}"));
    const struct json *answer = test_row(&log, "notice_answer", spelled(&log, "$second south"));
    assert_true(span_is(json_get_text(answer, "answer"), "objected"));
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_lanes),
    cmocka_unit_test(test_counts),
    cmocka_unit_test(test_transit),
    cmocka_unit_test(test_notices),
};

RUN_TESTS(tests)
