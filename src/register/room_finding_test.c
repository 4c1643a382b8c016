#include "base/test.h"
#include "register/scenario.h"

/*
 * From notice to issue: who may say what is found, when, and on what. Every state of these
 * tables is walked in casework_test.c, every standard in standard_test.c.
 */

#define AT "{'at_ms':1760000000000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define CASE(more) "{'case':'$incident'" more "}"
#define TICK(ms) "{'at_ms':" ms "}"
/* A finding that asks nothing of a standard, with more. */
#define NOTHING(more)                                                                              \
    CASE(",'allegation':'shelling','alternatives':'none','contradictions':'none','outcome':"       \
         "'disproved','standard':'told'" more)
/* The south's own act, more likely than not. */
#define OWN(items, more)                                                                           \
    CASE(",'against':'south','allegation':'shelling','alternatives':'none','contradictions':"      \
         "'none','items':[" items                                                                  \
         "],'mode':'own','outcome':'established','standard':'likely'" more)
#define ISSUE "{'finding':'$finding'}"

static const struct line begun[] = {
    {"a case", NULL, "mission/desk", "case.triage",
     CASE(",'accused':['south'],'act':'shelling','grade':'minor','modalities':1,'outcome':'open'"),
     "holds"},
    {"a claimant's report", "report", "north/desk", "incident.report", "{}", "holds"},
    {"what was heard", "heard", "mission/desk", "incident.observe",
     "{'at':" AT ",'means':'heard','verb':'heard'}", "holds"},
    {"what the report is", NULL, "mission/desk", "evidence.assess",
     "{'class':'testimony','neutral':'no','origin':'north','record':'$report'}", "holds"},
    {"what the other is", NULL, "mission/desk", "evidence.assess",
     "{'class':'observation','neutral':'yes','origin':'mission','record':'$heard'}", "holds"},
    {"another incident", "other", "mission/desk", "incident.open", "{}", "holds"},
    {"and its case", NULL, "mission/desk", "case.triage",
     "{'accused':['north'],'act':'false-report','case':'$other','modalities':1,'outcome':'open'}",
     "holds"},
    {"known to all", NULL, "mission/desk", "case.notify", "{'case':'$other'}", "holds"},
    {"a finding there", "elsewhere", "mission/desk", "finding.draft",
     "{'allegation':'false-report','alternatives':'none','case':'$other','contradictions':'none',"
     "'outcome':'disproved','standard':'told'}",
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

static void test_drafting(void **state)
{
    static const struct line lines[] = {
        {"before anybody was told", NULL, "mission/desk", "finding.draft", NOTHING(""),
         "void no_move 14.2"},
        {"everybody is told", NULL, "mission/desk", "case.notify", CASE(""), "holds"},
        {"by who may not", NULL, "reader", "finding.draft", NOTHING(""),
         "void capability rules 1 finding.draft"},
        {"of an act that there is not", NULL, "mission/desk", "finding.draft",
         CASE(",'allegation':'gossip','alternatives':'none','contradictions':'none','outcome':"
              "'disproved','standard':'told'"),
         "void term rules 1 finding.draft"},
        {"by a standard that there is not", NULL, "mission/desk", "finding.draft",
         CASE(",'allegation':'shelling','alternatives':'none','contradictions':'none','outcome':"
              "'disproved','standard':'sure'"),
         "void term rules 1 finding.draft"},
        {"against somebody, and no word how", NULL, "mission/desk", "finding.draft",
         NOTHING(",'against':'south'"), "void shape format §9.2"},
        {"how, and against nobody", NULL, "mission/desk", "finding.draft", NOTHING(",'mode':'own'"),
         "void shape format §9.2"},
        {"in a way that nobody answers for this act", NULL, "mission/desk", "finding.draft",
         CASE(",'against':'south','allegation':'harbouring','alternatives':'none',"
              "'contradictions':'none','mode':'own','outcome':'disproved','standard':'told'"),
         "void mode 7"},
        {"in the way that the agreement gives it", NULL, "mission/desk", "finding.draft",
         CASE(",'against':'south','allegation':'harbouring','alternatives':'none',"
              "'contradictions':'none','mode':'tolerated','outcome':'disproved','standard':'told'"),
         "holds"},
        {"not established, and no word why", NULL, "mission/desk", "finding.draft",
         CASE(",'allegation':'shelling','alternatives':'none','contradictions':'none','outcome':"
              "'not_established','standard':'told'"),
         "void shape format §9.2"},
        {"not examined, and no word why", NULL, "mission/desk", "finding.draft",
         CASE(",'allegation':'shelling','alternatives':'none','contradictions':'none','outcome':"
              "'not_examined','standard':'told'"),
         "void shape format §9.2"},
        {"on what was never logged", NULL, "mission/desk", "finding.draft",
         NOTHING(",'items':['#']"), "void reference format §9.2"},
        {"answered by what was never logged", NULL, "mission/desk", "finding.draft",
         NOTHING(",'answers':[{'answer':'yes','items':['#'],'question':'knew'}]"),
         "void reference format §9.2"},
        {"in the place of another case's", NULL, "mission/desk", "finding.draft",
         NOTHING(",'supersedes':'$elsewhere'"), "void reference format §9.2"},
        {"not examined, for no access", NULL, "mission/desk", "finding.draft",
         CASE(",'allegation':'shelling','alternatives':'none','contradictions':'none','outcome':"
              "'not_examined','standard':'told','unresolved':'no_access'"),
         "holds"},
        {"nothing to it", "finding", "mission/desk", "finding.draft", NOTHING(""), "holds"},
        {"in its place", "second", "mission/desk", "finding.draft",
         NOTHING(",'supersedes':'$finding'"), "holds"},
        {"in its place again", NULL, "mission/desk", "finding.draft",
         NOTHING(",'supersedes':'$finding'"), "void no_move 14.2"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    assert_true(state_is(&log, "finding", "$finding", "superseded"));
    assert_true(state_is(&log, "finding", "$second", "drafted"));
    assert_true(span_is(json_get_string(test_row(&log, "finding", spelled(&log, "$finding")),
                                        "superseded_by", SPAN_LIT("")),
                        spelled(&log, "$second")));
    test_log_close(&log);
}

/* Nobody answers for anything by the other side's word alone, or unheard; nor does the finding
 * outlast what it rests on. */
static void test_standard(void **state)
{
    static const struct line lines[] = {
        {"everybody is told", NULL, "mission/desk", "case.notify", CASE(""), "holds"},
        {"by the word of one side", NULL, "mission/desk", "finding.draft", OWN("'$report'", ""),
         "void standard 7"},
        {"while the south may still reply", NULL, "mission/desk", "finding.draft",
         OWN("'$report','$heard'", ""), "void standard 7"},
        {"that it happened needs no reply", "happened", "mission/desk", "finding.draft",
         CASE(",'allegation':'shelling','alternatives':'none','contradictions':'open','items':["
              "'$report'],'outcome':'in_part','standard':'told'"),
         "holds"},
        {"the south asks for time", NULL, "south/desk", "case.reply", CASE(",'answer':'asks_time'"),
         "holds"},
        {"which is no reply", NULL, "mission/desk", "finding.draft", OWN("'$report','$heard'", ""),
         "void standard 7"},
        {"it denies", NULL, "south/desk", "case.reply", CASE(",'answer':'denies'"), "holds"},
        {"against who is not accused", NULL, "mission/desk", "finding.draft",
         CASE(",'against':'west','allegation':'shelling','alternatives':'none','contradictions':"
              "'none','items':['$report','$heard'],'mode':'own','outcome':'established',"
              "'standard':'likely'"),
         "void standard 7"},
        {"below what the mode asks for", NULL, "mission/desk", "finding.draft",
         CASE(",'against':'south','allegation':'shelling','alternatives':'none','contradictions':"
              "'none','items':['$report','$heard'],'mode':'own','outcome':'established',"
              "'standard':'told'"),
         "void standard 7"},
        {"now it is likely", "finding", "mission/desk", "finding.draft",
         OWN("'$report','$heard'", ",'grade':'grave'"), "holds"},
        {"sent round", NULL, "mission/desk", "case.circulate", CASE(""), "holds"},
        {"the north remarks", NULL, "north/desk", "finding.comment", CASE(""), "holds"},
        {"the south could, too", NULL, "mission/desk", "finding.issue", ISSUE, "void clock_runs 7"},
        {"and does", NULL, "south/desk", "finding.comment", CASE(",'finding':'$finding'"), "holds"},
        {"on a finding of another case", NULL, "south/desk", "finding.comment",
         CASE(",'finding':'$elsewhere'"), "void reference format §9.2"},
        {"what it rested on is taken back", NULL, "mission/desk", "record.withdraw",
         "{'reason':'error','record':'$heard'}", "holds"},
        {"so it is not issued", NULL, "mission/desk", "finding.issue", ISSUE, "void standard 7"},
        {"but what needs it not is", NULL, "mission/desk", "finding.issue",
         "{'finding':'$happened'}", "holds"},
        {"once", NULL, "mission/desk", "finding.issue", "{'finding':'$happened'}",
         "void no_move 14.2"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    assert_true(state_is(&log, "finding", "$finding", "drafted"));
    assert_true(state_is(&log, "finding", "$happened", "issued"));
    assert_true(state_is(&log, "case", "$incident", "before_commission"));
    test_log_close(&log);
}

/* What is missing is said in the verdict, all of it. */
static void test_why(void **state)
{
    static const struct line notify = {"everybody is told", NULL,     "mission/desk",
                                       "case.notify",       CASE(""), "holds"};
    struct test_log log;

    (void)state;
    begin(&log);
    say_and_check(&log, &notify);
    test_say(&log, "mission/desk", "finding.draft",
             CASE(",'against':'south','allegation':'harbouring','alternatives':'none',"
                  "'contradictions':'open','items':['$report'],'mode':'tolerated','outcome':"
                  "'established','standard':'likely'"));
    assert_true(span_is(
        log.effects.why,
        "likely lacks: independent origins (1 of 2); neutral records (0 of 1); contradictions "
        "explained; a reply, or the end of the time for it, of south; for this mode the standard "
        "clear; an answer, with a record that counts, to knew; an answer, with a record that "
        "counts, to could"));
    test_log_close(&log);
}

/* The side that complained is held to the same rules when its complaint was false. */
static void test_false_complaint(void **state)
{
#define FALSE(items)                                                                               \
    "{'against':'north','allegation':'false-report','alternatives':'none','case':'$other',"        \
    "'contradictions':'none','items':[" items "],'mode':'own','outcome':'established',"            \
    "'standard':'likely'}"
    static const struct line lines[] = {
        {"what the south says", "answer", "south/desk", "incident.report", "{}", "holds"},
        {"and what it is", NULL, "mission/desk", "evidence.assess",
         "{'class':'testimony','neutral':'no','origin':'south','record':'$answer'}", "holds"},
        {"by the words of both parties", NULL, "mission/desk", "finding.draft",
         FALSE("'$report','$answer'"), "void standard 7"},
        {"with a neutral one, while the north may reply", NULL, "mission/desk", "finding.draft",
         FALSE("'$answer','$heard'"), "void standard 7"},
        {"two hours and a millisecond", NULL, "north/node", "clock.tick", TICK("1760007200001"),
         "holds"},
        {"its silence proves nothing", NULL, "mission/desk", "finding.draft",
         FALSE("'$report','$answer'"), "void standard 7"},
        {"but keeps nobody from finding", "finding", "mission/desk", "finding.draft",
         FALSE("'$answer','$heard'"), "holds"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    test_log_close(&log);
}

/* The gravest grade found stands in the case. */
static void test_found(void **state)
{
    static const struct line lines[] = {
        {"everybody is told", NULL, "mission/desk", "case.notify", CASE(""), "holds"},
        {"grave", "grave", "mission/desk", "finding.draft", NOTHING(",'grade':'grave'"), "holds"},
        {"minor", "minor", "mission/desk", "finding.draft", NOTHING(",'grade':'minor'"), "holds"},
        {"of none", "none", "mission/desk", "finding.draft", NOTHING(""), "holds"},
        {"sent round", NULL, "mission/desk", "case.circulate", CASE(""), "holds"},
        {"three hours", NULL, "north/node", "clock.tick", TICK("1760010800000"), "holds"},
        {"the first", NULL, "mission/desk", "finding.issue", "{'finding':'$minor'}", "holds"},
        {"the second", NULL, "mission/desk", "finding.issue", "{'finding':'$grave'}", "holds"},
        {"the third", NULL, "mission/desk", "finding.issue", "{'finding':'$none'}", "holds"},
        {"a late remark", "late", "south/desk", "finding.comment", CASE(""), "holds"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, 7);
    const struct json *row = test_row(&log, "case", spelled(&log, "$incident"));
    assert_true(span_is(json_get_string(row, "found", SPAN_LIT("")), "minor"));
    play(&log, lines + 7, ARRAY_LEN(lines) - 7);
    row = test_row(&log, "case", spelled(&log, "$incident"));
    assert_true(span_is(json_get_string(row, "found", SPAN_LIT("")), "grave"));
    assert_true(span_is(json_get_string(row, "grade", SPAN_LIT("")), "minor"));
    row = test_row(&log, "deadline", spelled(&log, "$incident remark south"));
    assert_true(span_is(json_get_string(row, "state", SPAN_LIT("")), "late"));
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_drafting), cmocka_unit_test(test_standard),
    cmocka_unit_test(test_why),      cmocka_unit_test(test_false_complaint),
    cmocka_unit_test(test_found),
};

RUN_TESTS(tests)
