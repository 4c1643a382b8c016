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

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_groups),
};

RUN_TESTS(tests)
