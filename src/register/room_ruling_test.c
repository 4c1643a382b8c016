#include "base/test.h"
#include "register/scenario.h"

/*
 * The chain of decision: who may answer, what counts, what is open when. Every state of these
 * tables is walked in casework_test.c. The steps of the agreement: `settle`, by both parties, not
 * for what is grave; `agree`, by both and both mediators; `mediators`, by both, in the role of a
 * desk.
 */

#define CASE(more) "{'case':'$incident'" more "}"
#define PROPOSE(step) CASE(",'findings':['$finding'],'step':'" step "'")
#define FAIL(step) CASE(",'step':'" step "'")
#define ANSWER(word) "{'answer':'" word "','ruling':'$ruling'}"
#define FINDING(more)                                                                              \
    CASE(",'allegation':'shelling','alternatives':'none','contradictions':'none','outcome':"       \
         "'disproved','standard':'told'" more)
#define ADMIT(key, org, role) "{'job':'author','key':'@" key "','org':'" org "','role':'" role "'}"

static const struct line begun[] = {
    {"a second key of the east", NULL, "north/root", "member.admit",
     ADMIT("east/desk/2", "east", "desk"), "holds"},
    {"one in another role", NULL, "north/root", "member.admit",
     ADMIT("east/aide", "east", "monitor"), "holds"},
    {"a case", NULL, "mission/desk", "case.triage",
     CASE(",'accused':['south'],'act':'shelling','grade':'minor','modalities':1,'outcome':'open'"),
     "holds"},
    {"known to all", NULL, "mission/desk", "case.notify", CASE(""), "holds"},
    {"found", "finding", "mission/desk", "finding.draft", FINDING(""), "holds"},
    {"and more", "draft", "mission/desk", "finding.draft", FINDING(""), "holds"},
    {"sent round", NULL, "mission/desk", "case.circulate", CASE(""), "holds"},
    {"three hours", NULL, "north/node", "clock.tick", "{'at_ms':1760010800000}", "holds"},
    {"issued", NULL, "mission/desk", "finding.issue", "{'finding':'$finding'}", "holds"},
};

static void begin(struct test_log *log)
{
    test_begin_case(log);
    log->trusted = true;
    play(log, begun, ARRAY_LEN(begun));
}

static const struct json *row_of(struct test_log *log, const char *table, const char *name)
{
    return test_row(log, table, spelled(log, name));
}

static bool state_is(struct test_log *log, const char *table, const char *name, const char *state)
{
    return span_is(json_get_string(row_of(log, table, name), "state", SPAN_LIT("")), state);
}

/* A story each, on a log of its own, with the state that the ruling and the case come to. */
#define MOST_LINES 12
static const struct story {
    const char *name;
    struct line lines[MOST_LINES];
    const char *ruling, *of_case; /* NULL: not looked at */
} stories[] = {
    {"both parties settle",
     {{"proposed", "ruling", "mission/desk", "ruling.propose", PROPOSE("settle"), "holds"},
      {"one", NULL, "north/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"both", NULL, "south/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"it is over", NULL, "south/desk", "ruling.answer", ANSWER("refuse"), "void no_move 14.2"}},
     "in_force",
     "decided"},
    {"one party alone",
     {{"proposed", "ruling", "mission/desk", "ruling.propose", PROPOSE("settle"), "holds"},
      {"one", NULL, "north/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"again", NULL, "north/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"a mediator is not asked", NULL, "east/desk", "ruling.answer", ANSWER("concur"),
       "void not_yours 7"},
      {"nor is the mission", NULL, "mission/desk", "ruling.answer", ANSWER("concur"),
       "void not_yours 7"}},
     "proposed",
     "before_commission"},
    {"no step out of its turn",
     {{"agreed before it was settled", NULL, "mission/desk", "ruling.propose", PROPOSE("agree"),
       "void step 7"},
      {"ruled before that", NULL, "mission/desk", "ruling.propose", PROPOSE("mediators"),
       "void step 7"},
      {"failed before its turn", NULL, "north/desk", "ruling.fail", FAIL("agree"), "void step 7"},
      {"given up before all was tried", NULL, "mission/desk", "ruling.none", CASE(""),
       "void step 7"},
      {"not settled", NULL, "north/desk", "ruling.fail", FAIL("settle"), "holds"},
      {"still not ruled", NULL, "mission/desk", "ruling.propose", PROPOSE("mediators"),
       "void step 7"},
      {"to be agreed", "ruling", "mission/desk", "ruling.propose", PROPOSE("agree"), "holds"},
      {"or settled after all", NULL, "mission/desk", "ruling.propose", PROPOSE("settle"), "holds"}},
     "proposed",
     "before_commission"},
    {"who cannot make it fail by refusing cannot say that it failed",
     {{"the mission", NULL, "mission/desk", "ruling.fail", FAIL("settle"), "void step 7"},
      {"a mediator", NULL, "east/desk", "ruling.fail", FAIL("settle"), "void step 7"},
      {"a party", NULL, "south/desk", "ruling.fail", FAIL("settle"), "holds"},
      {"the mission", NULL, "mission/desk", "ruling.fail", FAIL("agree"), "void step 7"},
      {"a mediator", NULL, "west/desk", "ruling.fail", FAIL("agree"), "holds"},
      {"a party", NULL, "south/desk", "ruling.fail", FAIL("mediators"), "void step 7"},
      {"so it cannot end the case", NULL, "south/desk", "ruling.none", CASE(""), "void step 7"},
      {"where one has stepped back", NULL, "east/desk", "case.recuse",
       CASE(",'organisation':'east'"), "holds"},
      {"it has failed whoever says so", NULL, "south/desk", "ruling.fail", FAIL("mediators"),
       "holds"}},
     NULL,
     "before_commission"},
    {"unless one who stays away was called often enough",
     {{"called", NULL, "mission/desk", "case.summon", CASE(",'organisation':'south'"), "holds"},
      {"once", NULL, "mission/desk", "ruling.fail", FAIL("settle"), "void step 7"},
      {"who is not needed", NULL, "mission/desk", "case.summon", CASE(",'organisation':'east'"),
       "holds"},
      {"twice", NULL, "mission/desk", "case.summon", CASE(",'organisation':'east'"), "holds"},
      {"does not count", NULL, "mission/desk", "ruling.fail", FAIL("settle"), "void step 7"},
      {"called again", NULL, "mission/desk", "case.summon", CASE(",'organisation':'south'"),
       "holds"},
      {"twice", NULL, "mission/desk", "ruling.fail", FAIL("settle"), "holds"},
      {"where the step says nothing of it", NULL, "mission/desk", "ruling.fail", FAIL("agree"),
       "void step 7"}},
     NULL,
     "before_commission"},
    {"a refusal opens the next step",
     {{"proposed", "ruling", "mission/desk", "ruling.propose", PROPOSE("settle"), "holds"},
      {"refused", NULL, "south/desk", "ruling.answer", ANSWER("refuse"), "holds"},
      {"to be agreed", NULL, "mission/desk", "ruling.propose", PROPOSE("agree"), "holds"},
      {"it comes round", NULL, "south/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"with the other", NULL, "north/desk", "ruling.answer", ANSWER("concur"), "holds"}},
     "in_force",
     "decided"},
    {"an abstention does, too",
     {{"proposed", "ruling", "mission/desk", "ruling.propose", PROPOSE("settle"), "holds"},
      {"abstained", NULL, "south/desk", "ruling.answer", ANSWER("abstain"), "holds"},
      {"to be agreed", NULL, "mission/desk", "ruling.propose", PROPOSE("agree"), "holds"}},
     "proposed",
     "before_commission"},
    {"the parties alone do not make an agreement of four",
     {{"not settled", NULL, "north/desk", "ruling.fail", FAIL("settle"), "holds"},
      {"proposed", "ruling", "mission/desk", "ruling.propose", PROPOSE("agree"), "holds"},
      {"the north", NULL, "north/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"the south", NULL, "south/desk", "ruling.answer", ANSWER("concur"), "holds"}},
     "proposed",
     "before_commission"},
    {"nor do the mediators, nor three",
     {{"not settled", NULL, "north/desk", "ruling.fail", FAIL("settle"), "holds"},
      {"proposed", "ruling", "mission/desk", "ruling.propose", PROPOSE("agree"), "holds"},
      {"the east", NULL, "east/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"the west", NULL, "west/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"the north", NULL, "north/desk", "ruling.answer", ANSWER("concur"), "holds"}},
     "proposed",
     "before_commission"},
    {"all four do",
     {{"not settled", NULL, "north/desk", "ruling.fail", FAIL("settle"), "holds"},
      {"proposed", "ruling", "mission/desk", "ruling.propose", PROPOSE("agree"), "holds"},
      {"the east", NULL, "east/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"the west", NULL, "west/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"the north", NULL, "north/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"the south", NULL, "south/desk", "ruling.answer", ANSWER("concur"), "holds"}},
     "in_force",
     "decided"},
    {"one mediator alone cannot rule, with however many keys",
     {{"not settled", NULL, "north/desk", "ruling.fail", FAIL("settle"), "holds"},
      {"not agreed", NULL, "north/desk", "ruling.fail", FAIL("agree"), "holds"},
      {"proposed", "ruling", "east/desk", "ruling.propose", PROPOSE("mediators"), "holds"},
      {"the east", NULL, "east/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"by another key", NULL, "east/desk/2", "ruling.answer", ANSWER("concur"), "holds"},
      {"in a role that is not asked", NULL, "east/aide", "ruling.answer", ANSWER("concur"),
       "void capability 7"},
      {"a party is not asked", NULL, "north/desk", "ruling.answer", ANSWER("concur"),
       "void not_yours 7"},
      {"nor can it give up meanwhile", NULL, "east/desk", "ruling.none", CASE(""), "void step 7"}},
     "proposed",
     "before_commission"},
    {"both can, and the second key speaks for the first",
     {{"not settled", NULL, "north/desk", "ruling.fail", FAIL("settle"), "holds"},
      {"not agreed", NULL, "north/desk", "ruling.fail", FAIL("agree"), "holds"},
      {"proposed", "ruling", "mission/desk", "ruling.propose", PROPOSE("mediators"), "holds"},
      {"the east", NULL, "east/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"thinks again", NULL, "east/desk/2", "ruling.answer", ANSWER("refuse"), "holds"},
      {"the west", NULL, "west/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"and is won", NULL, "east/desk", "ruling.answer", ANSWER("concur"), "holds"}},
     "in_force",
     "decided"},
    {"who has stepped back does not count, before or after",
     {{"not settled", NULL, "north/desk", "ruling.fail", FAIL("settle"), "holds"},
      {"not agreed", NULL, "north/desk", "ruling.fail", FAIL("agree"), "holds"},
      {"proposed", "ruling", "mission/desk", "ruling.propose", PROPOSE("mediators"), "holds"},
      {"the east", NULL, "east/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"steps back", NULL, "east/desk", "case.recuse", CASE(",'organisation':'east'"), "holds"},
      {"has no say", NULL, "east/desk", "ruling.answer", ANSWER("concur"), "void recused 7"},
      {"nor by another key", NULL, "east/desk/2", "ruling.answer", ANSWER("refuse"),
       "void recused 7"},
      {"so the west is alone", NULL, "west/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"and there is no decision", NULL, "mission/desk", "ruling.none", CASE(""), "holds"}},
     "proposed",
     "no_decision"},
    {"no decision, when all was tried",
     {{"not settled", NULL, "north/desk", "ruling.fail", FAIL("settle"), "holds"},
      {"not agreed", NULL, "north/desk", "ruling.fail", FAIL("agree"), "holds"},
      {"not ruled", NULL, "east/desk", "ruling.fail", FAIL("mediators"), "holds"},
      {"proposed", "ruling", "mission/desk", "ruling.propose", PROPOSE("mediators"), "holds"},
      {"one", NULL, "east/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"none", NULL, "mission/desk", "ruling.none", CASE(""), "holds"},
      {"too late", NULL, "west/desk", "ruling.answer", ANSWER("concur"), "void no_move 14.2"}},
     "proposed",
     "no_decision"},
    {"what does not stand is not proposed",
     {{"a draft", NULL, "mission/desk", "ruling.propose",
       CASE(",'findings':['$draft'],'step':'settle'"), "void reference format §9.2"},
      {"a draft among them", NULL, "mission/desk", "ruling.propose",
       CASE(",'findings':['$finding','$draft'],'step':'settle'"), "void reference format §9.2"},
      {"none", NULL, "mission/desk", "ruling.propose", CASE(",'findings':[],'step':'settle'"),
       "void shape format §9.2"},
      {"what is no finding", NULL, "mission/desk", "ruling.propose",
       CASE(",'findings':['$incident'],'step':'settle'"), "void reference format §9.2"},
      {"by no step", NULL, "mission/desk", "ruling.propose", PROPOSE("lots"),
       "void term rules 1 ruling.propose"},
      {"by who may not", NULL, "reader", "ruling.propose", PROPOSE("settle"),
       "void capability rules 1 ruling.propose"}},
     NULL,
     "before_commission"},
    {"nor what breaks nothing that was agreed",
     {{"a closure", "closure", "mission/desk", "finding.draft",
       CASE(",'allegation':'closure','alternatives':'none','contradictions':'none','outcome':"
            "'disproved','standard':'told'"),
       "holds"},
      {"sent round", NULL, "mission/desk", "case.circulate", CASE(""), "holds"},
      {"three hours more", NULL, "north/node", "clock.tick", "{'at_ms':1760021600000}", "holds"},
      {"issued", NULL, "mission/desk", "finding.issue", "{'finding':'$closure'}", "holds"},
      {"ruled on", NULL, "mission/desk", "ruling.propose",
       CASE(",'findings':['$closure'],'step':'settle'"), "void no_clause 7"},
      {"with what does", "ruling", "mission/desk", "ruling.propose",
       CASE(",'findings':['$closure','$finding'],'step':'settle'"), "holds"}},
     "proposed",
     "before_commission"},
    {"what was superseded is not ruled on",
     {{"proposed", "ruling", "mission/desk", "ruling.propose", PROPOSE("settle"), "holds"},
      {"one", NULL, "north/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"found anew", "anew", "mission/desk", "finding.draft", FINDING(",'supersedes':'$finding'"),
       "holds"},
      {"the other", NULL, "south/desk", "ruling.answer", ANSWER("concur"), "void no_move 14.2"}},
     "proposed",
     "draft"},
    {"a dissent and a reservation stand beside it",
     {{"proposed", "ruling", "mission/desk", "ruling.propose", PROPOSE("settle"), "holds"},
      {"dissent", NULL, "south/desk", "ruling.dissent", "{'ruling':'$ruling'}", "holds"},
      {"one", NULL, "north/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"both", NULL, "south/desk", "ruling.answer", ANSWER("concur"), "holds"},
      {"reservation", NULL, "south/desk", "ruling.reserve", "{'ruling':'$ruling'}", "holds"},
      {"by who may not", NULL, "reader", "ruling.dissent", "{'ruling':'$ruling'}",
       "void capability rules 1 ruling.dissent"}},
     "in_force",
     "decided"},
};

static void test_stories(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(stories); i++) {
        const struct story *story = &stories[i];
        struct test_log log;

        begin(&log);
        for (size_t n = 0; n < MOST_LINES && story->lines[n].kind; n++)
            say_and_check(&log, &story->lines[n]);
        CHECK_CASE(story->name,
                   !story->ruling || state_is(&log, "ruling", "$ruling", story->ruling));
        CHECK_CASE(story->name, state_is(&log, "case", "$incident", story->of_case));
        test_log_close(&log);
    }
}

/* What is grave, as alleged or as found, is not settled, and need not be tried to be. */
static void test_grave(void **state)
{
    static const struct {
        const char *name, *alleged, *found;
        bool settled;
    } cases[] = {
        {"minor", "minor", NULL, true},
        {"alleged as grave", "grave", NULL, false},
        {"found to be grave", "minor", "grave", false},
        {"found to be minor", "grave", "minor", true},
        {"of no grade", NULL, NULL, true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct test_log log;

        begin(&log);
        const char *id = spelled(&log, "$incident");
        struct json row = json_object();
        const struct json *before = test_row(&log, "case", id);
        for (size_t m = 0; m < before->object.count; m++)
            if (!span_is(before->object.at[m].key, "grade"))
                json_set(&row, arena_text(&log.arena, before->object.at[m].key),
                         before->object.at[m].value, &log.arena);
        if (cases[i].alleged)
            json_set(&row, "grade", json_text(cases[i].alleged), &log.arena);
        if (cases[i].found)
            json_set(&row, "found", json_text(cases[i].found), &log.arena);
        test_put(&log, "case", span_of(id), &row);
        test_say(&log, "mission/desk", "ruling.propose", PROPOSE("settle"));
        CHECK_CASE(cases[i].name,
                   strcmp(test_verdict(&log), cases[i].settled ? "holds" : "void step 7") == 0);
        test_say(&log, "mission/desk", "ruling.propose", PROPOSE("agree"));
        CHECK_CASE(cases[i].name,
                   strcmp(test_verdict(&log), cases[i].settled ? "void step 7" : "holds") == 0);
        test_log_close(&log);
    }
}

/* A clause is read by its own chain, whatever becomes of cases. */
static void test_interpretation(void **state)
{
#define READ(clause, step) "{'clause':'" clause "','step':'" step "'}"
    static const struct line lines[] = {
        {"not by a step for cases", NULL, "mission/desk", "ruling.interpret", READ("7", "settle"),
         "void step 7"},
        {"no such clause", NULL, "mission/desk", "ruling.interpret", READ("9", "agree"),
         "void term rules 1 ruling.interpret"},
        {"out of turn", NULL, "mission/desk", "ruling.interpret", READ("7", "mediators"),
         "void step 7"},
        {"how it is read", "ruling", "mission/desk", "ruling.interpret", READ("7", "agree"),
         "holds"},
        {"refused", NULL, "north/desk", "ruling.answer", ANSWER("refuse"), "holds"},
        {"another clause is another matter", NULL, "mission/desk", "ruling.interpret",
         READ("8", "mediators"), "void step 7"},
        {"by the next step", "ruling", "mission/desk", "ruling.interpret", READ("7", "mediators"),
         "holds"},
        {"one", NULL, "west/desk", "ruling.answer", ANSWER("concur"), "holds"},
        {"a case is open all the same", NULL, "mission/desk", "ruling.propose", PROPOSE("agree"),
         "void step 7"},
        {"both", NULL, "east/desk", "ruling.answer", ANSWER("concur"), "holds"},
        {"nothing follows from it", NULL, "mission/desk", "consequence.order",
         "{'finding':'$finding','owner':'south','ruling':'$ruling','rung':'fine'}",
         "void reference format §9.2"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    assert_true(state_is(&log, "ruling", "$ruling", "in_force"));
    assert_true(state_is(&log, "case", "$incident", "before_commission"));
    test_log_close(&log);
}

/* An appeal is decided by the same chain; what it overturns stays, marked so. */
static void test_appeals(void **state)
{
#define APPEAL CASE(",'ground':'procedure','ruling':'$ruled'")
#define REVIEW(word, step) "{'appeal':'$appeal','result':'" word "','step':'" step "'}"
    static const struct line ruled[] = {
        {"proposed", "ruled", "mission/desk", "ruling.propose", PROPOSE("settle"), "holds"},
        {"not yet in force", NULL, "south/desk", "appeal.file", APPEAL, "void no_move 14.2"},
        {"one", NULL, "north/desk", "ruling.answer", "{'answer':'concur','ruling':'$ruled'}",
         "holds"},
        {"both", NULL, "south/desk", "ruling.answer", "{'answer':'concur','ruling':'$ruled'}",
         "holds"},
        {"in another case", NULL, "south/desk", "appeal.file",
         "{'case':'$other','ground':'procedure','ruling':'$ruled'}", "void no_move 14.2"},
        {"on no ground", NULL, "south/desk", "appeal.file",
         CASE(",'ground':'regret','ruling':'$ruled'"), "void term rules 1 appeal.file"},
        {"appealed against", "appeal", "south/desk", "appeal.file", APPEAL, "holds"},
        {"once", NULL, "south/desk", "appeal.file", APPEAL, "void no_move 14.2"},
        {"by the other, too", NULL, "north/desk", "appeal.file", APPEAL, "holds"},
        {"by a step that reviews nothing", NULL, "mission/desk", "ruling.review",
         REVIEW("upheld", "agree"), "void step 7"},
    };
    static const struct {
        const char *name, *body, *ruling;
    } cases[] = {
        {"upheld", REVIEW("upheld", "mediators"), "set_aside"},
        {"varied", REVIEW("varied", "mediators"), "in_force"},
        {"dismissed", REVIEW("dismissed", "mediators"), "in_force"},
    };
    static const struct line other[] = {
        {"another incident", "other", "mission/desk", "incident.open", "{}", "holds"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct line decided[] = {
            {"reviewed", "ruling", "mission/desk", "ruling.review", cases[i].body, "holds"},
            {"reviewed twice", "again", "mission/desk", "ruling.review", cases[i].body, "holds"},
            {"one", NULL, "east/desk", "ruling.answer", ANSWER("concur"), "holds"},
            {"a party is not asked", NULL, "north/desk", "ruling.answer", ANSWER("concur"),
             "void not_yours 7"},
            {"both", NULL, "west/desk", "ruling.answer", ANSWER("concur"), "holds"},
            {"the other review is late", NULL, "east/desk", "ruling.answer",
             "{'answer':'concur','ruling':'$again'}", "holds"},
            {"and comes to nothing", NULL, "west/desk", "ruling.answer",
             "{'answer':'concur','ruling':'$again'}", "void no_move 14.2"},
        };
        struct test_log log;

        begin(&log);
        play(&log, other, ARRAY_LEN(other));
        play(&log, ruled, ARRAY_LEN(ruled));
        play(&log, decided, ARRAY_LEN(decided));
        CHECK_CASE(cases[i].name, state_is(&log, "appeal", "$appeal", "decided"));
        CHECK_CASE(cases[i].name, state_is(&log, "ruling", "$ruled", cases[i].ruling));
        CHECK_CASE(cases[i].name, state_is(&log, "ruling", "$ruling", "in_force"));
        CHECK_CASE(cases[i].name, state_is(&log, "ruling", "$again", "proposed"));
        struct span review =
            json_get_string(row_of(&log, "ruling", "$ruled"), "review", SPAN_LIT(""));
        CHECK_CASE(cases[i].name, span_is(review, spelled(&log, "$ruling")));
        test_log_close(&log);
    }
}

/* The whole of what a decision writes. */
static void test_rows(void **state)
{
    static const struct line lines[] = {
        {"proposed", "ruling", "mission/desk", "ruling.propose", PROPOSE("settle"), "holds"},
        {"refused", NULL, "south/desk", "ruling.answer", ANSWER("refuse"), "holds"},
        {"concurred", NULL, "north/desk", "ruling.answer", ANSWER("concur"), "holds"},
        {"won", NULL, "south/desk", "ruling.answer", ANSWER("concur"), "holds"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    uint64_t first = log.size;
    play(&log, lines, ARRAY_LEN(lines));
    assert_true(row_is(
        &log, "ruling", spelled(&log, "$ruling"),
        arena_printf(&log.arena,
                     "{'abstained':[],'by':'mission/desk','case':'$incident','concurred':["
                     "'north','south'],'findings':['$finding'],'in_force_at':%" PRIu64
                     ",'index':%" PRIu64
                     ",'kind':'ruling.propose','org':'mission','refused':[],'state':'in_force',"
                     "'step':'settle'}",
                     first + 3, first)));
    assert_true(row_is(&log, "attempt", spelled(&log, "$incident settle"),
                       arena_printf(&log.arena,
                                    "{'by':'south/desk','index':%" PRIu64 ",'ruling':'$ruling'}",
                                    first + 1)));
    struct json want = test_body(&log, "['$ruling']");
    assert_true(json_equal(json_get(row_of(&log, "case", "$incident"), "rulings"), &want));
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_stories),        cmocka_unit_test(test_grave),
    cmocka_unit_test(test_interpretation), cmocka_unit_test(test_appeals),
    cmocka_unit_test(test_rows),
};

RUN_TESTS(tests)
