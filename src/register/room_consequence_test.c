#include "base/test.h"
#include "register/scenario.h"

/*
 * What follows from a ruling: nothing heavier than the finding carries, owed by somebody, by a
 * time, and checked by somebody else. Every state of these tables is walked in casework_test.c.
 * The rungs of the agreement: `regret`, for what is `told`, without a clock; `fine`, for what is
 * `clear`, with the clock `look`, an hour.
 */

#define CASE(more) "{'case':'$incident'" more "}"
#define BY(ms) "{'at_ms':" ms ",'basis':'system','offset_min':0,'uncertainty_ms':0}"
#define TOMORROW BY("1760086400000")
#define ORDER(finding, rung, more)                                                                 \
    "{'finding':'$" finding "','owner':'south','ruling':'$ruling','rung':'" rung "'" more "}"
#define DUE(when) ",'due':" when
#define OF(order) "{'consequence':'$" order "'}"
#define CHECK(order, word) "{'consequence':'$" order "','result':'" word "'}"
#define TICK(ms) "{'at_ms':" ms "}"
#define FINDING(outcome, standard, more)                                                           \
    CASE(",'allegation':'shelling','alternatives':'considered','contradictions':'none','items':["  \
         "'$report','$heard','$track'],'outcome':'" outcome "','standard':'" standard "'" more)

static const struct line begun[] = {
    {"a case", NULL, "mission/desk", "case.triage",
     CASE(",'accused':['south'],'act':'shelling','grade':'minor','modalities':1,'outcome':'open'"),
     "holds"},
    {"known to all", NULL, "mission/desk", "case.notify", CASE(""), "holds"},
    {"a reply", NULL, "south/desk", "case.reply", CASE(",'answer':'denies'"), "holds"},
    {"reported", "report", "north/desk", "incident.report", "{}", "holds"},
    {"heard", "heard", "mission/desk", "incident.report", "{}", "holds"},
    {"tracked", "track", "mission/desk", "incident.report", "{}", "holds"},
    {"what one is", NULL, "mission/desk", "evidence.assess",
     "{'class':'testimony','neutral':'no','origin':'north','record':'$report'}", "holds"},
    {"what another is", NULL, "mission/desk", "evidence.assess",
     "{'class':'observation','neutral':'yes','origin':'mission','record':'$heard'}", "holds"},
    {"what the third is", NULL, "mission/desk", "evidence.assess",
     "{'class':'technical','neutral':'yes','origin':'radar','record':'$track'}", "holds"},
    {"clear", "clear", "mission/desk", "finding.draft", FINDING("established", "clear", ""),
     "holds"},
    {"likely", "likely", "mission/desk", "finding.draft", FINDING("in_part", "likely", ""),
     "holds"},
    {"nothing to it", "nothing", "mission/desk", "finding.draft", FINDING("disproved", "clear", ""),
     "holds"},
    {"what rests on no clause", "closure", "mission/desk", "finding.draft",
     CASE(",'allegation':'closure','alternatives':'considered','contradictions':'none','items':["
          "'$report'],'outcome':'established','standard':'told'"),
     "holds"},
    {"not ruled on", "apart", "mission/desk", "finding.draft", FINDING("established", "clear", ""),
     "holds"},
    {"sent round", NULL, "mission/desk", "case.circulate", CASE(""), "holds"},
    {"three hours", NULL, "north/node", "clock.tick", TICK("1760010800000"), "holds"},
    {"issued", NULL, "mission/desk", "finding.issue", "{'finding':'$clear'}", "holds"},
    {"and this", NULL, "mission/desk", "finding.issue", "{'finding':'$likely'}", "holds"},
    {"and this", NULL, "mission/desk", "finding.issue", "{'finding':'$nothing'}", "holds"},
    {"and this", NULL, "mission/desk", "finding.issue", "{'finding':'$apart'}", "holds"},
    {"and this", NULL, "mission/desk", "finding.issue", "{'finding':'$closure'}", "holds"},
    {"proposed", "ruling", "mission/desk", "ruling.propose",
     CASE(",'findings':['$clear','$likely','$nothing','$closure'],'rungs':['fine','regret'],'step':"
          "'settle'"),
     "holds"},
    {"nothing follows yet", NULL, "mission/desk", "consequence.order",
     ORDER("clear", "regret", DUE(TOMORROW)), "void no_move 14.2"},
    {"one", NULL, "north/desk", "ruling.answer", "{'answer':'concur','ruling':'$ruling'}", "holds"},
    {"both", NULL, "south/desk", "ruling.answer", "{'answer':'concur','ruling':'$ruling'}",
     "holds"},
};

static void begin(struct test_log *log)
{
    test_begin_case(log);
    log->trusted = true;
    play(log, begun, ARRAY_LEN(begun));
}

static bool state_is(struct test_log *log, const char *table, const char *name, const char *state)
{
    const struct json *row = test_row(log, table, spelled(log, name));

    return span_is(json_get_string(row, "state", SPAN_LIT("")), state);
}

static int64_t number_in(struct test_log *log, const char *table, const char *name,
                         const char *member)
{
    return json_get_integer(test_row(log, table, spelled(log, name)), member, -1);
}

static void test_orders(void **state)
{
    static const struct line lines[] = {
        {"heavier than the finding carries", NULL, "mission/desk", "consequence.order",
         ORDER("likely", "fine", ""), "void rung 7"},
        {"by a rung that those who ruled did not choose", NULL, "mission/desk", "consequence.order",
         ORDER("clear", "notice", DUE(TOMORROW)), "void rung 7"},
        {"for nothing", NULL, "mission/desk", "consequence.order",
         ORDER("nothing", "regret", DUE(TOMORROW)), "void rung 7"},
        {"for what breaks nothing that was agreed", NULL, "mission/desk", "consequence.order",
         ORDER("closure", "regret", DUE(TOMORROW)), "void no_clause 7"},
        {"for what was not ruled on", NULL, "mission/desk", "consequence.order",
         ORDER("apart", "regret", DUE(TOMORROW)), "void reference format §9.2"},
        {"without a time", NULL, "mission/desk", "consequence.order", ORDER("clear", "regret", ""),
         "void shape format §9.2"},
        {"by no rung", NULL, "mission/desk", "consequence.order",
         ORDER("clear", "exile", DUE(TOMORROW)), "void term rules 1 consequence.order"},
        {"for no reason there is", NULL, "mission/desk", "consequence.order",
         ORDER("clear", "fine", ",'factors':['repeat','spite']"),
         "void term rules 1 consequence.order"},
        {"by nobody there is", NULL, "mission/desk", "consequence.order",
         "{'finding':'$clear','owner':'nobody','ruling':'$ruling','rung':'fine'}",
         "void term rules 1 consequence.order"},
        {"by who may not", NULL, "reader", "consequence.order", ORDER("clear", "fine", ""),
         "void capability rules 1 consequence.order"},
        {"as the finding carries", "fine", "mission/desk", "consequence.order",
         ORDER("clear", "fine", ",'factors':['repeat']"), "holds"},
        {"and lighter", "regret", "mission/desk", "consequence.order",
         ORDER("likely", "regret", DUE(TOMORROW)), "holds"},
        {"of the claimant, too", "claimant", "mission/desk", "consequence.order",
         "{'due':" TOMORROW ",'finding':'$clear','owner':'north','ruling':'$ruling',"
         "'rung':'regret'}",
         "holds"},
        {"done by another", NULL, "north/desk", "consequence.perform", OF("fine"),
         "void not_yours 7"},
        {"checked by who owes it", NULL, "south/desk", "consequence.check", CHECK("fine", "done"),
         "void not_yours 7"},
        {"nor is the case closed on it", NULL, "mission/desk", "case.close",
         CASE(",'reason':'decided'"), "void consequence_open 7"},
        {"done", NULL, "south/desk", "consequence.perform", OF("fine"), "holds"},
        {"again", NULL, "south/desk", "consequence.perform", OF("fine"), "void no_move 14.2"},
        {"in part, it is found", NULL, "mission/desk", "consequence.check",
         CHECK("fine", "in_part"), "holds"},
        {"not at all", NULL, "mission/desk", "consequence.check", CHECK("fine", "not_done"),
         "holds"},
        {"done now", NULL, "south/desk", "consequence.perform", OF("fine"), "holds"},
        {"which is so", NULL, "mission/desk", "consequence.check", CHECK("fine", "done"), "holds"},
        {"once", NULL, "mission/desk", "consequence.check", CHECK("fine", "done"),
         "void no_move 14.2"},
        {"two are owed", NULL, "mission/desk", "case.close", CASE(",'reason':'decided'"),
         "void consequence_open 7"},
        {"unsaid, but done", NULL, "mission/desk", "consequence.check", CHECK("regret", "done"),
         "holds"},
        {"so is the other", NULL, "mission/desk", "consequence.check", CHECK("claimant", "done"),
         "holds"},
        {"nothing is owed", NULL, "mission/desk", "case.close", CASE(",'reason':'decided'"),
         "holds"},
        {"nothing more is ordered", NULL, "mission/desk", "consequence.order",
         ORDER("clear", "fine", ""), "void no_move 14.2"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    assert_true(state_is(&log, "consequence", "$fine", "done"));
    assert_int_equal(number_in(&log, "consequence", "$fine", "checks"), 3);
    assert_int_equal(number_in(&log, "case", "$incident", "consequences"), 0);
    assert_int_equal(number_in(&log, "ruling", "$ruling", "consequences"), 0);
    test_log_close(&log);
}

/* The deadline of each: whose, until when (in counted time), and what it comes to. */
static const struct timed {
    struct line line;
    const char *key, *state;
    int64_t due_ms;
} timed[] = {
    {{"by the clock of its rung", "fine", "mission/desk", "consequence.order",
      ORDER("clear", "fine", ""), "holds"},
     "$fine look",
     "running",
     10800000 + 3600000},
    {{"by a date", "regret", "mission/desk", "consequence.order",
      ORDER("clear", "regret", DUE(TOMORROW)), "holds"},
     "$regret due",
     "running",
     86400000},
    {{"by a date, the rung has a clock all the same", "dated", "mission/desk", "consequence.order",
      ORDER("clear", "fine", DUE(TOMORROW)), "holds"},
     "$dated due",
     "running",
     86400000},
    {{"by a date that is past", "past", "mission/desk", "consequence.order",
      ORDER("clear", "regret", DUE(BY("1"))), "holds"},
     "$past due",
     "running",
     10800000},
    {{"two hours", NULL, "north/node", "clock.tick", TICK("1760018000000"), "holds"},
     "$fine look",
     "running",
     10800000 + 3600000},
    {{"late", NULL, "south/desk", "consequence.perform", OF("fine"), "holds"},
     "$fine look",
     "late",
     10800000 + 3600000},
    {{"and not as ordered: an hour from now", NULL, "mission/desk", "consequence.check",
      CHECK("fine", "not_done"), "holds"},
     "$fine look",
     "running",
     18000000 + 3600000},
    {{"still not: no more time", NULL, "mission/desk", "consequence.check",
      CHECK("fine", "not_done"), "holds"},
     "$fine look",
     "running",
     18000000 + 3600000},
    {{"now it is", NULL, "mission/desk", "consequence.check", CHECK("fine", "done"), "holds"},
     "$fine look",
     "met",
     18000000 + 3600000},
    {{"in time", NULL, "south/desk", "consequence.perform", OF("regret"), "holds"},
     "$regret due",
     "met",
     86400000},
    {{"in part: by the same date", NULL, "mission/desk", "consequence.check",
      CHECK("regret", "in_part"), "holds"},
     "$regret due",
     "running",
     86400000},
};

static void test_time(void **state)
{
    struct test_log log;

    (void)state;
    begin(&log);
    for (size_t i = 0; i < ARRAY_LEN(timed); i++) {
        say_and_check(&log, &timed[i].line);
        CHECK_CASE(timed[i].line.name, state_is(&log, "deadline", timed[i].key, timed[i].state));
        CHECK_CASE(timed[i].line.name,
                   number_in(&log, "deadline", timed[i].key, "due_ms") == timed[i].due_ms);
    }
    test_log_close(&log);
}

/* A ruling that is set aside takes with it what was ordered under it. */
static void test_set_aside(void **state)
{
    static const struct line lines[] = {
        {"ordered", "fine", "mission/desk", "consequence.order", ORDER("clear", "fine", ""),
         "holds"},
        {"ordered", "regret", "mission/desk", "consequence.order",
         ORDER("clear", "regret", DUE(TOMORROW)), "holds"},
        {"done", NULL, "mission/desk", "consequence.check", CHECK("regret", "done"), "holds"},
        {"appealed against", "appeal", "south/desk", "appeal.file",
         CASE(",'ground':'procedure','ruling':'$ruling'"), "holds"},
        {"reviewed", "review", "mission/desk", "ruling.review",
         "{'appeal':'$appeal','result':'upheld','step':'mediators'}", "holds"},
        {"one", NULL, "east/desk", "ruling.answer", "{'answer':'concur','ruling':'$review'}",
         "holds"},
        {"it is still owed", NULL, "mission/desk", "case.close", CASE(",'reason':'decided'"),
         "void consequence_open 7"},
        {"both", NULL, "west/desk", "ruling.answer", "{'answer':'concur','ruling':'$review'}",
         "holds"},
        {"it is owed no more", NULL, "south/desk", "consequence.perform", OF("fine"),
         "void no_move 14.2"},
        {"nor checked", NULL, "mission/desk", "consequence.check", CHECK("fine", "done"),
         "void no_move 14.2"},
        {"nor ordered", NULL, "mission/desk", "consequence.order", ORDER("clear", "fine", ""),
         "void no_move 14.2"},
        {"and the case can be closed", NULL, "mission/desk", "case.close",
         CASE(",'reason':'decided'"), "holds"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    assert_true(state_is(&log, "ruling", "$ruling", "set_aside"));
    assert_int_equal(number_in(&log, "case", "$incident", "consequences"), 0);
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_orders),
    cmocka_unit_test(test_time),
    cmocka_unit_test(test_set_aside),
};

RUN_TESTS(tests)
