#include "base/test.h"
#include "register/scenario.h"

/*
 * Evidence asked for and assessed, access, watches and custody: what is refused, and what the rows
 * say. Every state of these tables is walked in casework_test.c.
 */

#define AT "{'at_ms':1760000000000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define BEFORE "{'at_ms':1759999999999,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define CASE(more) "{'case':'$incident'" more "}"
#define ANSWER(word) "{'answer':'" word "','request':'$request'}"
#define ACCESS(word) "{'answer':'" word "','request':'$access'}"
#define ASSESS(more) "{'class':'physical','neutral':'yes','origin':'mission'" more "}"

static const struct line begun[] = {
    {"a case", NULL, "mission/desk", "case.triage",
     CASE(",'accused':['south'],'act':'shelling','modalities':1,'outcome':'open'"), "holds"},
    {"a report", "report", "north/desk", "incident.report", "{}", "holds"},
};

static void begin(struct test_log *log)
{
    test_begin_case(log);
    play(log, begun, ARRAY_LEN(begun));
}

static void test_requests(void **state)
{
    static const struct line lines[] = {
        {"asked", "request", "mission/desk", "evidence.preserve",
         CASE(",'to':'south','what':['radar','flight_log']"), "holds"},
        {"on no case", NULL, "mission/desk", "evidence.preserve", "{'to':'south','what':['radar']}",
         "void shape format §9.2"},
        {"of nobody there is", NULL, "mission/desk", "evidence.preserve",
         CASE(",'to':'nobody','what':['radar']"), "void term rules 1 evidence.preserve"},
        {"by who may not", NULL, "reader", "evidence.preserve",
         CASE(",'to':'south','what':['radar']"), "void capability rules 1 evidence.preserve"},
        {"answered by the other side", NULL, "north/desk", "evidence.answer", ANSWER("none_held"),
         "void not_yours 7"},
        {"answered by who asks", NULL, "mission/desk", "evidence.answer", ANSWER("none_held"),
         "void not_yours 7"},
        {"answered to a report", NULL, "south/desk", "evidence.answer",
         "{'answer':'given','request':'$report'}", "void reference format §9.2"},
        {"put off", NULL, "south/desk", "evidence.answer", ANSWER("later"), "holds"},
        {"and again", NULL, "south/desk", "evidence.answer", ANSWER("later"), "holds"},
        {"refused", "refusal", "south/desk", "evidence.answer", ANSWER("refused"), "holds"},
        {"refused twice", NULL, "south/desk", "evidence.answer", ANSWER("refused"),
         "void no_move 14.2"},
        {"put off after that", NULL, "south/desk", "evidence.answer", ANSWER("later"),
         "void no_move 14.2"},
        {"given after all", "gift", "south/desk", "evidence.answer", ANSWER("given"), "holds"},
        {"taken back", NULL, "south/desk", "evidence.answer", ANSWER("none_held"),
         "void no_move 14.2"},
        {"or withdrawn", NULL, "south/desk", "record.withdraw",
         "{'reason':'error','record':'$gift'}", "void reference format §9.2"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    assert_true(row_is(&log, "request", spelled(&log, "$request"),
                       "{'answer':'given','answered':'$gift','by':'mission/desk','case':"
                       "'$incident','index':14,'org':'mission','state':'answered','to':'south',"
                       "'what':['radar','flight_log']}"));
    test_log_close(&log);
}

/* What is put off does not stop the clock unless the agreement says that of this word alone. */
static void test_request_clock(void **state)
{
    static const struct {
        const char *answer, *state;
    } cases[] = {
        {"given", "met"},
        {"refused", "met"},
        {"none_held", "met"},
        {"committed", "met"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct test_log log;

        begin(&log);
        play(&log,
             (const struct line[]){{"asked", "request", "mission/desk", "evidence.preserve",
                                    CASE(",'to':'south','what':['radar']"), "holds"}},
             1);
        const char *key = arena_printf(&log.arena, "%s answer", spelled(&log, "$request"));
        CHECK_CASE(cases[i].answer,
                   span_is(json_get_string(test_row(&log, "deadline", key), "state", SPAN_LIT("")),
                           "running"));
        test_say(
            &log, "south/desk", "evidence.answer",
            arena_printf(&log.arena, "{'answer':'%s',%s'request':'$request'}", cases[i].answer,
                         strcmp(cases[i].answer, "committed") == 0 ? "'commitments':['#']," : ""));
        CHECK_CASE(cases[i].answer,
                   span_is(json_get_string(test_row(&log, "deadline", key), "state", SPAN_LIT("")),
                           cases[i].state));
        test_log_close(&log);
    }
}

static void test_assessments(void **state)
{
    static const struct line lines[] = {
        {"a fragment", "item", "mission/desk", "custody.take",
         CASE(",'class':'object','form':'original','item':'bag','taken':" AT), "holds"},
        {"the first word", NULL, "mission/desk", "evidence.assess", ASSESS(",'record':'$item'"),
         "holds"},
        {"of no origin there is", NULL, "mission/desk", "evidence.assess",
         "{'class':'physical','neutral':'yes','origin':'hearsay','record':'$item'}",
         "void term rules 1 evidence.assess"},
        {"of an incident", NULL, "mission/desk", "evidence.assess", ASSESS(",'record':'$incident'"),
         "void reference format §9.2"},
        {"by who may not", NULL, "reader", "evidence.assess", ASSESS(",'record':'$item'"),
         "void capability rules 1 evidence.assess"},
        {"the last word", "last", "mission/desk", "evidence.assess",
         "{'case':'$incident','class':'physical','neutral':'no','origin':'south','record':'$item'}",
         "holds"},
        {"of a report", NULL, "mission/desk", "evidence.assess",
         "{'class':'testimony','neutral':'no','origin':'north','record':'$report'}", "holds"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    assert_true(row_is(&log, "assessment", spelled(&log, "$item"),
                       "{'by':'mission/desk','case':'$incident','class':'physical','id':'$last',"
                       "'index':19,'neutral':'no','org':'mission','origin':'south'}"));
    assert_non_null(test_row(&log, "assessment", spelled(&log, "$report")));
    test_log_close(&log);
}

static void test_access(void **state)
{
    static const struct line lines[] = {
        {"asked", "access", "mission/desk", "access.request",
         "{'at':" AT ",'host':'south','purpose':'patrol','sector':'east'}", "holds"},
        {"to a sector that is none", NULL, "mission/desk", "access.request",
         "{'host':'south','purpose':'patrol','sector':'moon'}", "void term rules 1 access.request"},
        {"by who may not", NULL, "reader", "access.request",
         "{'host':'south','purpose':'patrol','sector':'east'}",
         "void capability rules 1 access.request"},
        {"granted by the other side", NULL, "north/desk", "access.answer", ACCESS("granted"),
         "void not_yours 7"},
        {"granted to oneself", NULL, "mission/desk", "access.answer", ACCESS("granted"),
         "void not_yours 7"},
        {"denied", NULL, "south/desk", "access.answer", ACCESS("denied"), "holds"},
        {"then on conditions", "conditions", "south/desk", "access.answer", ACCESS("conditional"),
         "holds"},
        {"visited by another", NULL, "east/desk", "access.visit",
         "{'arrived':" AT ",'request':'$access','seen':'yes'}", "void not_yours 7"},
        {"visited", "visit", "mission/desk", "access.visit",
         "{'arrived':" AT ",'request':'$access','seen':'in_part'}", "holds"},
        {"answered after that", NULL, "south/desk", "access.answer", ACCESS("granted"),
         "void no_move 14.2"},
        {"visited once more", NULL, "mission/desk", "access.visit",
         "{'arrived':" AT ",'request':'$access','seen':'yes'}", "void no_move 14.2"},
        {"kept out by no host there is", NULL, "mission/desk", "access.restriction",
         "{'at':" AT ",'host':'nobody','sector':'east','type':'denial'}",
         "void term rules 1 access.restriction"},
        {"kept out, with a report for the request", NULL, "mission/desk", "access.restriction",
         "{'at':" AT ",'request':'$report','sector':'east','type':'denial'}",
         "void reference format §9.2"},
        {"granted", "yes", "mission/desk", "access.request",
         "{'host':'south','purpose':'patrol','sector':'east'}", "holds"},
        {"by its host", NULL, "south/desk", "access.answer",
         "{'answer':'granted','request':'$yes'}", "holds"},
        {"which cannot be taken back", NULL, "south/desk", "access.answer",
         "{'answer':'denied','request':'$yes'}", "void no_move 14.2"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    assert_true(row_is(&log, "access", spelled(&log, "$access"),
                       "{'answer':'conditional','answered':'$conditions','at':" AT
                       ",'by':'mission/desk','host':'south','index':14,'org':'mission','purpose':"
                       "'patrol','sector':'east','seen':'in_part','state':'visited','visited':"
                       "'$visit'}"));
    test_log_close(&log);
}

static void test_watches(void **state)
{
    static const struct line lines[] = {
        {"a moment", NULL, "mission/desk", "coverage.watch",
         "{'from':" AT ",'sector':'east','until':" AT "}", "holds"},
        {"that ends before it begins", NULL, "mission/desk", "coverage.watch",
         "{'from':" AT ",'sector':'east','until':" BEFORE "}", "void interval 7"},
        {"that does not end", NULL, "mission/desk", "coverage.watch",
         "{'from':" AT ",'sector':'east'}", "void shape format §9.2"},
        {"of no sector", NULL, "mission/desk", "coverage.watch", "{'from':" AT ",'until':" AT "}",
         "void shape format §9.2"},
        {"of a sector that is none", NULL, "mission/desk", "coverage.watch",
         "{'from':" AT ",'sector':'moon','until':" AT "}", "void term rules 1 coverage.watch"},
        {"by who may not", NULL, "reader", "coverage.watch",
         "{'from':" AT ",'sector':'east','until':" AT "}",
         "void capability rules 1 coverage.watch"},
        {"blind from now on", NULL, "mission/desk", "coverage.outage",
         "{'cause':'damaged','from':" AT ",'sector':'east','sensor':'camera-1'}", "holds"},
        {"blind before it was", NULL, "mission/desk", "coverage.outage",
         "{'cause':'damaged','from':" AT ",'sector':'east','until':" BEFORE "}", "void interval 7"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    test_log_close(&log);
}

static const struct {
    struct line line;
    const char *holder, *state; /* of $item after it */
} custody[] = {
    {{"taken", "item", "mission/desk", "custody.take",
      "{'class':'object','form':'original','item':'bag','record':'$report','taken':" AT "}",
      "holds"},
     "mission",
     "held"},
    {{"handed on by another", NULL, "north/desk", "custody.hand", "{'item':'$item','to':'north'}",
      "void not_yours 7"},
     "mission",
     "held"},
    {{"received and never sent", NULL, "north/desk", "custody.receive",
      "{'condition':'intact','item':'$item'}", "void no_move 14.2"},
     "mission",
     "held"},
    {{"to nobody there is", NULL, "mission/desk", "custody.hand", "{'item':'$item','to':'nobody'}",
      "void term rules 1 custody.hand"},
     "mission",
     "held"},
    {{"handed over", NULL, "mission/desk", "custody.hand", "{'item':'$item','to':'east'}", "holds"},
     "mission",
     "in_transit"},
    {{"received by another", NULL, "west/desk", "custody.receive",
      "{'condition':'intact','item':'$item'}", "void not_yours 7"},
     "mission",
     "in_transit"},
    {{"received by who sent it", NULL, "mission/desk", "custody.receive",
      "{'condition':'intact','item':'$item'}", "void not_yours 7"},
     "mission",
     "in_transit"},
    {{"sent to another on the way", NULL, "mission/desk", "custody.hand",
      "{'item':'$item','to':'west'}", "holds"},
     "mission",
     "in_transit"},
    {{"no more for the first", NULL, "east/desk", "custody.receive",
      "{'condition':'intact','item':'$item'}", "void not_yours 7"},
     "mission",
     "in_transit"},
    {{"it did not come", NULL, "west/desk", "custody.receive",
      "{'condition':'missing','item':'$item'}", "holds"},
     "mission",
     "missing"},
    {{"nor does it now", NULL, "west/desk", "custody.receive",
      "{'condition':'missing','item':'$item'}", "void no_move 14.2"},
     "mission",
     "missing"},
    {{"it was found", NULL, "west/desk", "custody.receive",
      "{'condition':'seal_broken','item':'$item'}", "holds"},
     "west",
     "held"},
    {{"handed on by who had it", NULL, "mission/desk", "custody.hand",
      "{'item':'$item','to':'north'}", "void not_yours 7"},
     "west",
     "held"},
    {{"let out to a tier that is none", NULL, "mission/desk", "custody.release",
      "{'record':'$item','tier':'friends'}", "void term rules 1 custody.release"},
     "west",
     "held"},
    {{"let out by who may not", NULL, "reader", "custody.release",
      "{'record':'$item','tier':'parties'}", "void capability 7"},
     "west",
     "held"},
    {{"let out", "release", "mission/desk", "custody.release",
      "{'record':'$item','removed':['place','identity'],'tier':'parties'}", "holds"},
     "west",
     "held"},
};

static void test_custody(void **state)
{
    struct test_log log;

    (void)state;
    begin(&log);
    for (size_t i = 0; i < ARRAY_LEN(custody); i++) {
        say_and_check(&log, &custody[i].line);
        const struct json *row = test_row(&log, "item", spelled(&log, "$item"));
        CHECK_CASE(custody[i].line.name,
                   span_is(json_get_string(row, "holder", SPAN_LIT("")), custody[i].holder));
        CHECK_CASE(custody[i].line.name,
                   span_is(json_get_string(row, "state", SPAN_LIT("")), custody[i].state));
    }
    assert_true(row_is(&log, "item", spelled(&log, "$item"),
                       "{'by':'mission/desk','class':'object','condition':'seal_broken','form':"
                       "'original','holder':'west','index':14,'item':'bag','org':'mission',"
                       "'record':'$report','state':'held','taken':" AT "}"));
    assert_true(row_is(&log, "release", spelled(&log, "$release"),
                       "{'by':'mission/desk','index':29,'org':'mission','record':'$item','removed':"
                       "['place','identity'],'state':'released','tier':'parties'}"));
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_requests),    cmocka_unit_test(test_request_clock),
    cmocka_unit_test(test_assessments), cmocka_unit_test(test_access),
    cmocka_unit_test(test_watches),     cmocka_unit_test(test_custody),
};

RUN_TESTS(tests)
