#include "base/test.h"
#include "register/scenario.h"

/* Roles that the agreement gives to some organisations alone ([[role]] `groups`): nobody admits
 * another's key for one, and who has one when the terms change has it no longer. */

#define NOW "1760000000000" /* of test_begin */
#define PIECES "'pieces':[{'file':'agreement.toml','n':1,'sha256':'#'}]"
#define AS(org, key, role) "{'job':'author','key':'@" key "','org':'" org "','role':'" role "'}"

/* A judge is of the mediators, a speaker of a party, a desk of either, a monitor of anybody. */
static const char grouped[] =
    "{'agreement':{'entries':'public','max_gap_ms':1800000,'name':'north-south','no_move':'14.2',"
    "'quorum':0,'rules':1},"
    "'clause':[{'id':'14.2'}],"
    "'group':[{'id':'neutral','organisations':['mediators']},"
    "{'id':'party','organisations':['north']}],"
    "'organisation':[{'id':'north'},{'id':'south'},{'id':'mediators'}],"
    "'role':[{'groups':['neutral','party'],'id':'desk','may':['admit','claim','report']},"
    "{'groups':['neutral'],'id':'judge','may':['claim']},"
    "{'id':'monitor','may':['claim','report','withdraw']},"
    "{'groups':['party'],'id':'speaker','may':['claim']}]}";

static const struct line before[] = {
    {"a desk of the south", NULL, "south/root", "member.admit", AS("south", "south/old", "desk"),
     "holds"},
    {"it may report", NULL, "south/old", "incident.report", "{}", "holds"},
    {"other terms", "two", "north/root", "agreement.amend",
     "{'from_ms':" NOW "," PIECES ",'version':2}", "holds"},
    {"their text", NULL, "south/root", "agreement.part",
     "{'amendment':'$two','content':~,'file':'agreement.toml','n':1}", "holds"},
    {"agreed", NULL, "south/root", "agreement.concur", "{'agreement':'$two'}", "holds"},
};

static const struct line after[] = {
    {"a role of the mediators, for them", NULL, "north/root", "member.admit",
     AS("mediators", "judge", "judge"), "holds"},
    {"for a party", NULL, "north/root", "member.admit", AS("north", "north/judge", "judge"),
     "void role rules 1 member.admit"},
    {"for a party, by an author", NULL, "north/desk", "member.admit",
     AS("north", "north/judge", "judge"), "void role rules 1 member.admit"},
    {"a role of a party, for the mediators", NULL, "north/root", "member.admit",
     AS("mediators", "speaker", "speaker"), "void role rules 1 member.admit"},
    {"for the party", NULL, "north/root", "member.admit", AS("north", "speaker", "speaker"),
     "holds"},
    {"for another that is in no group", NULL, "south/root", "member.admit",
     AS("south", "south/speaker", "speaker"), "void role rules 1 member.admit"},
    {"a role of two groups, for the first", NULL, "north/root", "member.admit",
     AS("mediators", "desk", "desk"), "holds"},
    {"for the second", NULL, "north/root", "member.admit", AS("north", "north/new", "desk"),
     "holds"},
    {"a role of no group, for whoever", NULL, "south/root", "member.admit",
     AS("south", "south/monitor", "monitor"), "holds"},
    {"a role that there is not", NULL, "south/root", "member.admit",
     AS("south", "south/king", "king"), "void term rules 1 member.admit"},
    {"somebody else's is told first", NULL, "south/root", "member.admit",
     AS("north", "north/x", "judge"), "void not_yours rules 1 member.admit"},

    {"a role that does not say so", NULL, "judge", "incident.report", "{}",
     "void capability rules 1 incident.report"},
    {"who had the role before", NULL, "south/old", "incident.report", "{}",
     "void capability rules 1 incident.report"},
    {"who had it and has it", NULL, "north/desk", "incident.report", "{}", "holds"},
    {"who has another", NULL, "south/monitor", "incident.report", "{}", "holds"},
};

static void test_groups(void **state)
{
    struct test_log log;

    (void)state;
    test_log_open(&log, NULL);
    test_begin(&log);
    struct json terms = test_body(&log, grouped);
    log.terms = json_bytes(&terms, &log.arena);
    play(&log, before, ARRAY_LEN(before));
    play(&log, after, ARRAY_LEN(after));
    test_log_close(&log);
}

#define AT "{'at_ms':1760000000000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define FOR(more) "{" more "'on_behalf':'p-1'}"
#define OBSERVED "'at':" AT ",'means':'saw','verb':'saw'"
#define WATCHED "'from':" AT ",'sector':'east','until':" AT
#define CLAIMED                                                                                    \
    "'channel':'filed','claimant':'x','matter':'killed','side':'north','subject':'south'"
#define NOT_SO "void on_behalf rules 1 incident.report"

/* One key signs for many people ([[role]] `gateway`), and says so each time. */
static void test_gateway(void **state)
{
    static const struct line lines[] = {
        {"a gateway", NULL, "north/root", "member.admit", AS("mission", "door", "gateway"),
         "holds"},
        {"a report", "report", "door", "incident.report", FOR(""), "holds"},
        {"an observation", NULL, "door", "incident.observe", FOR(OBSERVED ","), "holds"},
        {"a watch with nothing seen", "watch", "door", "coverage.watch",
         FOR(WATCHED ",'seen':'nothing',"), "holds"},
        {"a claim", NULL, "door", "claim", FOR(CLAIMED ","), "holds"},
        {"a reading", NULL, "door", "incident.read", FOR("'means':'radar','sensor':'r',"), "holds"},
        {"what hindered somebody", NULL, "door", "access.restriction",
         FOR("'at':" AT ",'sector':'east','type':'denial',"), "holds"},
        {"a kind that has no such field", NULL, "door", "record.withdraw",
         "{'reason':'error','record':'$report'}", "holds"},

        {"a report for nobody", NULL, "door", "incident.report", "{}", NOT_SO},
        {"a flash for nobody", NULL, "door", "incident.flash", "{}",
         "void on_behalf rules 1 incident.flash"},
        {"a watch for nobody", NULL, "door", "coverage.watch", "{" WATCHED "}",
         "void on_behalf rules 1 coverage.watch"},
        {"somebody else for others", NULL, "mission/desk", "incident.report", FOR(""), NOT_SO},
        {"a party for others", NULL, "north/desk", "claim", FOR(CLAIMED ","),
         "void on_behalf rules 1 claim"},
        {"who may not is told that first", NULL, "reader", "incident.report", FOR(""),
         "void capability rules 1 incident.report"},
    };
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, lines, ARRAY_LEN(lines));
    struct json watch = test_body(&log, "['$watch']");
    assert_true(row_is(&log, "watch", arena_text(&log.arena, watch.array.at[0].string),
                       "{'by':'door','from':" AT ",'index':15,'on_behalf':'p-1','org':'mission',"
                       "'sector':'east','seen':'nothing','state':'live','until':" AT "}"));
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_groups),
    cmocka_unit_test(test_gateway),
};

RUN_TESTS(tests)
