#include "scenario/scenario.h"

#include "base/test.h"
#include "record/kind.h"

#define HEAD "scenario: A title\nunder: some-agreement\nkhan = party/b as liaison\n"
#define NOON "at 2025-11-06 12:00 +05:00\n"
#define ONE "khan: incident.open as i1\n    title: a crossing\n"

/* What reads, and how many steps it has. */
static const struct {
    const char *name, *text;
    size_t steps;
} good[] = {
    {"the least", "scenario: A\nat 2025-11-06 12:00 UTC\n", 1},
    {"with the head", HEAD NOON, 2},
    {"a record", HEAD NOON ONE, 3},
    {"other ends of lines", "scenario: A\r\nat 2025-11-06 12:00 UTC\r\n", 1},
    {"with a mark of its encoding", "\xef\xbb\xbfscenario: A\nat 2025-11-06 12:00 UTC\n", 1},
    {"without an end of its last line", "scenario: A\nat 2025-11-06 12:00 UTC", 1},
    {"comments and empty lines", HEAD "\n# a word\n   # another\n" NOON ONE, 3},
    {"names in another script",
     "scenario: د چمن پېښه\nخان = party/b as liaison\n" NOON
     "خان: incident.open as پېښه\n    title: چمن\n",
     3},
    {"what becomes of it", HEAD NOON ONE "refused no_move clause P-x because \"it is open\"\n", 3},
    {"with commas", HEAD NOON ONE "refused no_move, clause P-x, because \"it is open\"\n", 3},
    {"turned away", HEAD NOON ONE "turned away: unknown key\n", 3},
    {"time", HEAD NOON "after 6 hours\nat 21:00\nsilence of 3 days\n", 5},
    {"two who sign",
     HEAD "omar = party/a as liaison\n" NOON "khan and omar: incident.report\n    summary: a\n", 4},
    {"three who sign",
     HEAD "omar = party/a as liaison\nlena = c as chief\n" NOON
          "khan, omar and lena: incident.report\n    summary: a\n",
     5},
    {"not admitted, and a copy of a key",
     HEAD "x = party/a as chief, not admitted\n"
          "y = copy of khan's key\n" NOON,
     4},
    {"out of reach and back", HEAD NOON "khan is offline\nkhan is online\n", 4},
    {"amendments",
     HEAD "doha = m as root\n" NOON
          "the roots amend the agreement\n    clock reply: duration_ms = 2 days\n"
          "doha proposes to amend the agreement as a2 from 21:00\n    clock x: y = z\n"
          "doha: agreement.concur\n    agreement: a2\n",
     6},
    {"copies",
     HEAD NOON ONE "z = copy of the log\ni1 is altered in z\n"
                   "expect audit of z: i1 is wrong\nthe log is restored from z\n",
     7},
    {"a tier, and what goes with it",
     HEAD NOON "khan: incident.report as r, tier mission\n    summary: a\n"
               "    attached: b\n    attached for sealed: c\n        d\n",
     3},
    {"a tier and no name", HEAD NOON "khan: incident.report, tier sealed, forged\n", 3},
    {"parts and documents",
     HEAD NOON "khan: incident.report as r\n    summary: a\n"
               "p = the public part of r\nq = the attachment of r\n"
               "d = document of khan\n    one echo\n    heading west\n"
               "khan: evidence.answer\n    commitments: d\n    answer: committed\n"
               "khan: custody.release\n    record: r\n    hands on: p\n"
               "khan: custody.release\n    record: r\n    hands on: p, with the text of d\n",
     9},
    {"who reads",
     HEAD "omar = party/a as liaison\n" NOON ONE "p = the public part of i1\n"
          "expect khan and omar can read i1: \"a\" and \"b\"\n"
          "expect khan and omar together can read p\n"
          "expect omar cannot read p because \"it is missing\"\nexpect omar cannot read i1\n",
     9},
    {"rows",
     HEAD NOON ONE "expect incident of i1: state = open, by is khan, no external_id\n"
                   "expect no incident of \"i2\"\n"
                   "expect report of i1: start.at_ms > 12:00\n",
     6},
    {"terms, which have any member", HEAD NOON "expect term of agreement: no_move, blur_m = 5\n",
     3},
    {"counts",
     HEAD NOON ONE "expect count of link: 0\n"
                   "expect count of link of i1 where state != linked, basis has x: 3\n",
     5},
    {"deadlines",
     HEAD NOON ONE "expect overdue: reply by party/a in case i1\n"
                   "expect due in 6 hours: reply by party/a in case i1\n"
                   "expect running: reply, due in 6 hours\n"
                   "expect nothing overdue\nexpect nothing overdue in case i1\n"
                   "expect nothing late: reply of i1\n",
     9},
    {"what the program says",
     HEAD NOON ONE "expect page of i1 says \"a: b, c\" and \"d\"\n"
                   "expect page of i1 does not say \"e\"\n"
                   "expect sulh status says \"f\"\n",
     6},
};

static void test_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        struct arena arena = {0};
        struct scenario scenario;
        struct err err = {0};

        if (!scenario_parse(&scenario, span_of(good[i].text), &arena, &err))
            fail_msg("case \"%s\": %s", good[i].name, err.text);
        CHECK_CASE(good[i].name, scenario.steps == good[i].steps);
        arena_free(&arena);
    }
}

/* What does not, and the words by which a person knows what to do: the line first. */
static const struct {
    const char *name, *text, *says;
} bad[] = {
    {"nothing", "", "1: the title is missing"},
    {"no title", NOON, "1: the title is missing"},
    {"two titles", "scenario: A\nscenario: B\n", "2: it has a title already"},
    {"no time", "scenario: A\n", "1: nothing happens in it"},
    {"no UTF-8", "scenario: \xff\n", "1: not UTF-8"},
    {"a tab", "scenario: A\n\tx\n", "2: a tab"},
    {"a control character", "scenario: A\n\x01\n", "2: a control character"},
    {"the first line indented", "  scenario: A\n", "1: the first line must not be indented"},
    {"indented by halves", HEAD NOON "khan: incident.open\n    title: a\n  start: now\n",
     "7: indented like none"},
    {"lines below a line that takes none", "scenario: A\n    b: c\n", "2: nothing can be indented"},
    {"a path as agreement", "scenario: A\nunder: ../x\n", "2: under which agreement"},
    {"no step", HEAD "then it rained\n", "4: \"then it rained\" is no step of a scenario"},
    {"a tier that there is not", HEAD NOON "khan: claim as c, tier secret\n",
     "5: \"secret\" is no tier; there are: public, mechanism, mission, sealed"},
    {"no tier", HEAD NOON "khan: claim as c, tier\n", "5: \"\" is no tier"},
    {"a tier with too much", HEAD NOON "khan: claim as c, tier sealed now\n", "5: \"now\": "},
    {"attached for whom", HEAD NOON "khan: claim\n    attached for all: x\n",
     "6: \"all\" is no tier"},
    {"attached nothing", HEAD NOON "khan: claim\n    attached:\n", "6: what is attached?"},
    {"attached too often",
     HEAD NOON "khan: claim\n    attached: a\n    attached: b\n    attached: c\n    attached: d\n"
               "    attached: e\n",
     "10: more than 4 attached"},
    {"hands on what", HEAD NOON "khan: claim\n    hands on: x\n",
     "6: \"x\" is no part and no document; there are: none yet"},
    {"hands on a record", HEAD NOON ONE "khan: claim\n    hands on: i1\n", "8: \"i1\" is no part"},
    {"hands on twice",
     HEAD NOON ONE "p = the public part of i1\nkhan: claim\n    hands on: p\n    hands on: p\n",
     "10: one record hands on one part"},
    {"hands on with what",
     HEAD NOON ONE "p = the public part of i1\nkhan: claim\n    hands on: p, torn\n",
     "9: \"torn\": only \"with the text of"},
    {"hands on with the text of what",
     HEAD NOON ONE "p = the public part of i1\nkhan: claim\n    hands on: p, with the text of q\n",
     "9: \"q\" is no part"},
    {"the part of what", HEAD NOON "p = the sealed part of r\n", "5: \"r\" is no record"},
    {"a part of no tier", HEAD NOON ONE "p = the best part of i1\n", "7: \"best\" is no tier"},
    {"a part before it begins", HEAD "p = the sealed part of r\n", "4: when is that?"},
    {"a part under a name that there is", HEAD NOON ONE "i1 = the public part of i1\n",
     "7: the name \"i1\" is given already"},
    {"the attachment of nobody", HEAD NOON "p = the attachment of khan\n",
     "5: \"khan\" is no record"},
    {"lines below a part", HEAD NOON ONE "p = the public part of i1\n    x: y\n",
     "8: nothing can be indented"},
    {"a document of nobody", HEAD NOON "p = document of omar\n    x\n",
     "5: nobody called \"omar\""},
    {"a document of nothing", HEAD NOON "p = document of khan\n", "5: what does it say?"},
    {"read by nobody", HEAD NOON ONE "expect omar can read i1\n", "7: nobody called \"omar\""},
    {"reads what", HEAD NOON "expect khan can read i1\n", "5: \"i1\" is no record and no part"},
    {"reads without marks", HEAD NOON ONE "expect khan can read i1: hello\n", "7: what it says"},
    {"together with nobody", HEAD NOON ONE "expect khan and omar together can read i1\n",
     "7: nobody called \"omar\""},
    {"who is that", HEAD "omar = party/a\n", "4: who is that?"},
    {"a name twice", HEAD "khan = party/a as chief\n",
     "4: the name \"khan\" is given already, in "
     "line 3"},
    {"a name of two words", HEAD "o mar = party/a as chief\n", "4: \"o mar\" cannot be a name"},
    {"a name that means something", HEAD "root = party/a as chief\n",
     "4: \"root\" means something"},
    {"a copy of what", HEAD "x = copy of khan\n", "4: a copy of what?"},
    {"a copy of nobody's key", HEAD "x = copy of omar's key\n", "4: nobody called \"omar\""},
    {"a zone is missing", HEAD "at 2025-11-06 12:00\n", "4: \"2025-11-06 12:00\" is no moment"},
    {"back in time", HEAD NOON "at 11:00\n", "5: time does not go back: it is 2025-11-06 12:00"},
    {"no duration", HEAD NOON "after a while\n", "5: \"a while\" is no duration"},
    {"before it begins", HEAD "after 6 hours\n", "4: when does it begin?"},
    {"a record before it begins", HEAD "khan: claim\n", "4: when is that?"},
    {"nobody signs", HEAD NOON "omar: incident.open\n",
     "5: nobody called \"omar\" takes part; "
     "there are: khan"},
    {"no kind", HEAD NOON "khan: incident.shout\n",
     "5: there is no kind of record "
     "\"incident.shout\"; there are: incident."},
    {"words behind the kind", HEAD NOON "khan: incident.open now\n", "5: \"now\": \"as NAME\""},
    {"one name for what two say", HEAD "omar = a as b\n" NOON "khan, omar: claim as c\n",
     "6: records that several sign"},
    {"no field", HEAD NOON "khan: incident.open\n    name: x\n",
     "6: incident.open has no field "
     "\"name\"; it has: "},
    {"a line that is no field", HEAD NOON "khan: incident.open\n    hello\n",
     "6: \"hello\": a field"},
    {"a field twice", HEAD NOON "khan: incident.open\n    title: x\n    title: y\n",
     "7: title stands twice"},
    {"no word of it", HEAD NOON "khan: incident.report\n    means: guessed\n",
     "6: means must be one of: saw, heard"},
    {"no record", HEAD NOON "khan: incident.report\n    incident: i1\n",
     "6: incident must be a record by the name given to it with \"as\" (none yet), not \"i1\""},
    {"a record to come", HEAD NOON "khan: incident.report\n    incident: i1\n" ONE,
     "6: incident must be a record"},
    {"no time", HEAD NOON "khan: incident.open\n    start: yesterday\n", "6: start must be a time"},
    {"a time by what", HEAD NOON "khan: incident.open\n    start: now by guess\n",
     "6: basis must be one of: watch, camera"},
    {"no number", HEAD NOON "khan: claim\n    min: some\n", "6: min must be a whole number"},
    {"no degrees", HEAD NOON "khan: incident.report\n    lat_e7: north\n",
     "6: lat_e7 must be "
     "degrees"},
    {"no distance", HEAD NOON "khan: incident.report\n    uncertainty_m: 5 miles\n",
     "6: uncertainty_m must be a distance"},
    {"no value", HEAD NOON "khan: incident.report\n    act:\n", "6: act has no value"},
    {"below a word", HEAD NOON "khan: incident.report\n    act: K-01\n        x: y\n",
     "7: nothing can be indented below act"},
    {"an item without its dash", HEAD NOON "khan: claim\n    sources:\n        id: x\n",
     "7: an item of a list begins with \"- \""},
    {"an outcome of nothing", HEAD NOON "refused no_move\n", "5: \"refused\" of what?"},
    {"two outcomes", HEAD NOON ONE "holds\nholds\n", "8: what becomes of this record is said"},
    {"an outcome with too much", HEAD NOON ONE "refused a b\n", "7: \"b\": a reason"},
    {"no table", HEAD NOON ONE "expect incidents of i1: state = open\n",
     "7: there is no table \"incidents\"; there are: "},
    {"no member", HEAD NOON ONE "expect incident of i1: mood = good\n",
     "7: rows of incident have no \"mood\"; they have: "},
    {"no condition",
     HEAD NOON ONE "expect incident of i1: state\nexpect incident of i1: state ~ x\n",
     "8: \"state ~ x\": a condition is written"},
    {"a row of what", HEAD NOON ONE "expect incident: state = open\n", "7: which row of incident?"},
    {"a row that says nothing", HEAD NOON ONE "expect incident of i1:\n", "7: what must it say?"},
    {"no row that says", HEAD NOON ONE "expect no incident of i1: state = x\n",
     "7: a row that is not there"},
    {"how many", HEAD NOON "expect count of link: some\n", "5: how many?"},
    {"count of which", HEAD NOON "expect count of link with state = x: 1\n", "5: \"where\" must"},
    {"overdue what", HEAD NOON "expect overdue\n", "5: which clock?"},
    {"overdue for whom", HEAD NOON "expect overdue: reply for x\n", "5: \"for x\": \"by ORGAN"},
    {"due when", HEAD NOON "expect running: reply, due soon\n", "5: \"soon\" is no moment"},
    {"due what", HEAD NOON "expect due in 6 hours\n", "5: due what?"},
    {"the page of what", HEAD NOON "expect page says \"x\"\n", "5: the page of which case?"},
    {"a field that is not indented", HEAD NOON "khan: incident.report\nact: K-15\n",
     "6: \"act: …\": a field of a record is indented"},
    {"says without marks", HEAD NOON ONE "expect page of i1 says hello\n",
     "7: what it says stands "
     "in quotation marks"},
    {"does what", HEAD NOON ONE "expect page of i1\n", "7: \"says …\" or"},
    {"an audit of what", HEAD NOON "expect audit: all is well\n", "5: write \"expect audit"},
    {"amended how", HEAD NOON "the roots amend the agreement\n", "5: how? Below it"},
    {"amended when", HEAD NOON "the roots amend the agreement from soon\n    a b: c = d\n",
     "5: \"soon\" is no moment"},
    {"amended by whom", HEAD NOON "omar proposes to amend the agreement\n    a b: c = d\n",
     "5: nobody called \"omar\""},
    {"what is altered", HEAD NOON "r1 is altered in z\n", "5: \"r1\" is no record"},
    {"restored from what", HEAD NOON "the log is restored from z\n", "5: nobody called \"z\""},
};

static void test_bad(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct arena arena = {0};
        struct scenario scenario = {.steps = 77};
        struct err err = {0};

        CHECK_CASE(bad[i].name, !scenario_parse(&scenario, span_of(bad[i].text), &arena, &err));
        if (strncmp(err.text, bad[i].says, strlen(bad[i].says)) != 0)
            fail_msg("case \"%s\": it says: %s", bad[i].name, err.text);
        CHECK_CASE(bad[i].name, scenario.steps == 77);
        arena_free(&arena);
    }
}

/* What a record's step says of itself. */
static void test_record(void **state)
{
    static const char text[] = HEAD NOON "khan: incident.report as r1, forged\n    summary: a\n"
                                         "marked late, clause P-x\n";
    struct arena arena = {0};
    struct scenario scenario;
    struct err err = {0};

    (void)state;
    assert_true(scenario_parse(&scenario, span_of(text), &arena, &err));
    const struct step *step = &scenario.step[2];
    assert_int_equal(step->type, STEP_RECORD);
    assert_string_equal(step->kind->name, "incident.report");
    assert_true(span_is(step->as, "r1") && step->forged && step->signers == 1);
    assert_int_equal(step->wanted.outcome, OUTCOME_MARKED);
    assert_true(span_is(step->wanted.reason, "late") && span_is(step->wanted.clause, "P-x"));
    assert_int_equal(step->wanted.line, 7);
    assert_int_equal(scenario.start.ms, 1762412400000);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_good),
    cmocka_unit_test(test_bad),
    cmocka_unit_test(test_record),
};
RUN_TESTS(tests)
