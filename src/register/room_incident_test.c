#include "base/test.h"
#include "register/scenario.h"

#include "register/apply.h"

/* Incidents, reports, claims and their links: every move, and every other one refused. */

#define CLAIM(more)                                                                                \
    "{'channel':'filed','claimant':'Command'," more "'matter':'killed','side':'north',"            \
    "'subject':'south'}"
#define WITHDRAW(of) "{'reason':'error','record':'$" of "'}"
#define LINK(record) "{'basis':'same_event','incident':'$incident','record':'$" record "'}"
#define UNLINK(record) "{'incident':'$incident','record':'$" record "'}"
#define EXTERNAL "void external_id rules 1 "
#define NOT_YOURS "void not_yours rules 1 "

/* Each on a log of its own, from the state that begin makes: $incident, $gone (withdrawn),
 * and of reports and claims one of each state: live, superseded, withdrawn. */
static const struct {
    struct line line;
    const char *table, *key; /* "$AS" or other signs of test_log.h; NULL: none to look at */
    const char *state;
} moves[] = {
    {{"open", "new", "north/desk", "incident.open", "{}", "holds"}, "incident", "$new", "open"},
    {{"withdraw an open one", NULL, "north/desk", "record.withdraw", WITHDRAW("incident"), "holds"},
     "incident",
     "$incident",
     "withdrawn"},
    {{"withdraw a withdrawn one", NULL, "north/desk", "record.withdraw", WITHDRAW("gone"),
      "void no_move 14.2"},
     "incident",
     "$gone",
     "withdrawn"},
    {{"withdraw another's", NULL, "south/desk", "record.withdraw", WITHDRAW("incident"),
      NOT_YOURS "record.withdraw"},
     "incident",
     "$incident",
     "open"},
    {{"withdraw what is no such thing", NULL, "north/desk", "record.withdraw", WITHDRAW("adopt"),
      "void reference format §9.2"},
     NULL,
     NULL,
     NULL},

    {{"report", "new", "north/desk", "incident.report", "{}", "holds"}, "report", "$new", "live"},
    {{"withdraw a live report", NULL, "north/desk", "record.withdraw", WITHDRAW("report"), "holds"},
     "report",
     "$report",
     "withdrawn"},
    {{"supersede a live report", "new", "north/desk", "incident.report", "{'supersedes':'$report'}",
      "holds"},
     "report",
     "$report",
     "superseded"},
    {{"and the new one lives", "new", "north/desk", "incident.report", "{'supersedes':'$report'}",
      "holds"},
     "report",
     "$new",
     "live"},
    {{"supersede a superseded report", "new", "north/desk", "incident.report",
      "{'supersedes':'$report_old'}", "void no_move 14.2"},
     "report",
     "$new",
     ""},
    {{"supersede a withdrawn report", NULL, "north/desk", "incident.report",
      "{'supersedes':'$report_gone'}", "void no_move 14.2"},
     "report",
     "$report_gone",
     "withdrawn"},
    {{"withdraw a superseded report", NULL, "north/desk", "record.withdraw", WITHDRAW("report_old"),
      "void no_move 14.2"},
     "report",
     "$report_old",
     "superseded"},
    {{"withdraw a withdrawn report", NULL, "north/desk", "record.withdraw", WITHDRAW("report_gone"),
      "void no_move 14.2"},
     "report",
     "$report_gone",
     "withdrawn"},
    {{"supersede another's report", NULL, "south/desk", "incident.report",
      "{'supersedes':'$report'}", NOT_YOURS "incident.report"},
     "report",
     "$report",
     "live"},
    {{"supersede a claim by a report", NULL, "north/desk", "incident.report",
      "{'supersedes':'$claim'}", "void reference format §9.2"},
     "claim",
     "$claim",
     "live"},

    {{"claim", "new", "north/desk", "claim", CLAIM(""), "holds"}, "claim", "$new", "live"},
    {{"withdraw a live claim", NULL, "north/desk", "record.withdraw", WITHDRAW("claim"), "holds"},
     "claim",
     "$claim",
     "withdrawn"},
    {{"supersede a live claim", NULL, "north/desk", "claim", CLAIM("'supersedes':'$claim',"),
      "holds"},
     "claim",
     "$claim",
     "superseded"},
    {{"supersede a superseded claim", NULL, "north/desk", "claim",
      CLAIM("'supersedes':'$claim_old',"), "void no_move 14.2"},
     "claim",
     "$claim_old",
     "superseded"},
    {{"supersede a withdrawn claim", NULL, "north/desk", "claim",
      CLAIM("'supersedes':'$claim_gone',"), "void no_move 14.2"},
     "claim",
     "$claim_gone",
     "withdrawn"},
    {{"withdraw a superseded claim", NULL, "north/desk", "record.withdraw", WITHDRAW("claim_old"),
      "void no_move 14.2"},
     "claim",
     "$claim_old",
     "superseded"},
    {{"withdraw a withdrawn claim", NULL, "north/desk", "record.withdraw", WITHDRAW("claim_gone"),
      "void no_move 14.2"},
     "claim",
     "$claim_gone",
     "withdrawn"},

    {{"file a report under an incident", "new", "south/desk", "incident.report",
      "{'incident':'$incident'}", "holds"},
     "link",
     "$incident $new",
     "linked"},
    {{"file a claim under an incident", "new", "south/desk", "claim",
      CLAIM("'incident':'$incident',"), "holds"},
     "link",
     "$incident $new",
     "linked"},
    {{"link a report", NULL, "north/desk", "incident.link", LINK("report"), "holds"},
     "link",
     "$incident $report",
     "linked"},
    {{"link the other side's", NULL, "north/desk", "incident.link", LINK("theirs"), "holds"},
     "link",
     "$incident $theirs",
     "linked"},
    {{"link again what was unlinked", NULL, "north/desk", "incident.link", LINK("unlinked"),
      "holds"},
     "link",
     "$incident $unlinked",
     "linked"},
    {{"unlink what is linked", NULL, "north/desk", "incident.unlink", UNLINK("linked"), "holds"},
     "link",
     "$incident $linked",
     "unlinked"},
    {{"unlink what was filed", NULL, "north/desk", "incident.unlink", UNLINK("filed"), "holds"},
     "link",
     "$incident $filed",
     "unlinked"},
    {{"link what is linked", NULL, "north/desk", "incident.link", LINK("linked"),
      "void no_move 14.2"},
     "link",
     "$incident $linked",
     "linked"},
    {{"link what was filed", NULL, "north/desk", "incident.link", LINK("filed"),
      "void no_move 14.2"},
     "link",
     "$incident $filed",
     "linked"},
    {{"unlink what was never linked", NULL, "north/desk", "incident.unlink", UNLINK("report"),
      "void no_move 14.2"},
     "link",
     "$incident $report",
     ""},
    {{"unlink what is unlinked", NULL, "north/desk", "incident.unlink", UNLINK("unlinked"),
      "void no_move 14.2"},
     "link",
     "$incident $unlinked",
     "unlinked"},
    {{"link by one who may not", NULL, "south/desk", "incident.link", LINK("report"),
      "void capability rules 1 incident.link"},
     "link",
     "$incident $report",
     ""},
    {{"unlink by one who may not", NULL, "south/desk", "incident.unlink", UNLINK("linked"),
      "void capability rules 1 incident.unlink"},
     "link",
     "$incident $linked",
     "linked"},
    {{"link an incident to an incident", NULL, "north/desk", "incident.link", LINK("gone"),
      "void reference format §9.2"},
     "link",
     "$incident $gone",
     ""},
    {{"file under a report", NULL, "south/desk", "incident.report", "{'incident':'$report'}",
      "void reference format §9.2"},
     NULL,
     NULL,
     NULL},
};

static void begin(struct test_log *log)
{
    static const struct line lines[] = {
        {"", "incident", "north/desk", "incident.open", "{}", "holds"},
        {"", "gone", "north/desk", "incident.open", "{}", "holds"},
        {"", NULL, "north/desk", "record.withdraw", WITHDRAW("gone"), "holds"},
        {"", "report", "north/desk", "incident.report", "{}", "holds"},
        {"", "report_old", "north/desk", "incident.report", "{}", "holds"},
        {"", NULL, "north/desk", "incident.report", "{'supersedes':'$report_old'}", "holds"},
        {"", "report_gone", "north/desk", "incident.report", "{}", "holds"},
        {"", NULL, "north/desk", "record.withdraw", WITHDRAW("report_gone"), "holds"},
        {"", "claim", "north/desk", "claim", CLAIM(""), "holds"},
        {"", "claim_old", "north/desk", "claim", CLAIM(""), "holds"},
        {"", NULL, "north/desk", "claim", CLAIM("'supersedes':'$claim_old',"), "holds"},
        {"", "claim_gone", "north/desk", "claim", CLAIM(""), "holds"},
        {"", NULL, "north/desk", "record.withdraw", WITHDRAW("claim_gone"), "holds"},
        {"", "theirs", "south/desk", "incident.report", "{}", "holds"},
        {"", "filed", "south/desk", "incident.report", "{'incident':'$incident'}", "holds"},
        {"", "linked", "south/desk", "claim", CLAIM(""), "holds"},
        {"", NULL, "north/desk", "incident.link", LINK("linked"), "holds"},
        {"", "unlinked", "south/desk", "claim", CLAIM(""), "holds"},
        {"", NULL, "north/desk", "incident.link", LINK("unlinked"), "holds"},
        {"", NULL, "north/desk", "incident.unlink", UNLINK("unlinked"), "holds"},
    };

    test_log_open(log, NULL);
    test_begin(log);
    play(log, lines, ARRAY_LEN(lines));
}

static const char *spell(struct test_log *log, const char *text)
{
    return arena_text(&log->arena, test_body(log, arena_printf(&log->arena, "'%s'", text)).string);
}

static struct span state_of(struct test_log *log, const char *table, const char *key)
{
    return json_get_string(test_row(log, table, key), "state", (struct span){0});
}

/* What became of the row named in each case: from which state, to which. */
static struct {
    char from[16], to[16];
} walked[ARRAY_LEN(moves)];

static void copy_state(char out[16], struct span state)
{
    assert(state.len < 16);
    if (state.len)
        memcpy(out, state.at, state.len);
}

static void test_moves(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
        const struct line *line = &moves[i].line;
        bool is_new = line->as && moves[i].key && strstr(moves[i].key, "$new");
        struct test_log log;

        begin(&log);
        if (moves[i].table && !is_new)
            copy_state(walked[i].from, state_of(&log, moves[i].table, spell(&log, moves[i].key)));
        say_and_check(&log, line);
        if (moves[i].table) {
            struct span now = state_of(&log, moves[i].table, spell(&log, moves[i].key));

            CHECK_CASE(line->name, span_is(now, moves[i].state));
            copy_state(walked[i].to, now);
        }
        test_log_close(&log);
    }
}

static bool is_walked(const struct move *move)
{
    for (size_t i = 0; i < ARRAY_LEN(moves); i++)
        if (moves[i].table && strcmp(moves[i].table, move->table) == 0 &&
            strcmp(walked[i].from, move->from) == 0 && strcmp(walked[i].to, move->to) == 0)
            return true;
    return false;
}

static bool is_here(const char *table)
{
    static const char *const here[] = {"incident", "report", "claim", "link"};

    for (size_t i = 0; i < ARRAY_LEN(here); i++)
        if (strcmp(table, here[i]) == 0)
            return true;
    return false;
}

/* A move that is added needs a row above (this runs after test_moves). */
static void test_every_move_is_walked(void **state)
{
    const struct move *move;
    size_t count = 0;

    (void)state;
    for (size_t i = 0; (move = move_at(i)) != NULL; i++) {
        if (!is_here(move->table))
            continue;
        CHECK_CASE(move->on, is_walked(move));
        count++;
    }
    assert_int_equal(count, 12);
}

/* One live record of a signer, kind and external id. */
static const struct line external_ids[] = {
    {"a claim", "a", "north/desk", "claim", CLAIM("'external_id':'7',"), "holds"},
    {"again", NULL, "north/desk", "claim", CLAIM("'external_id':'7',"), EXTERNAL "claim"},
    {"of another kind", NULL, "north/desk", "incident.report", "{'external_id':'7'}", "holds"},
    {"by another signer", NULL, "south/desk", "claim", CLAIM("'external_id':'7',"), "holds"},
    {"superseding something else", "b", "north/desk", "claim", CLAIM("'external_id':'8',"),
     "holds"},
    {"which has it not", NULL, "north/desk", "claim", CLAIM("'external_id':'7','supersedes':'$b',"),
     EXTERNAL "claim"},
    {"superseding the first", "c", "north/desk", "claim",
     CLAIM("'external_id':'7','supersedes':'$a',"), "holds"},
    {"superseding the first again", NULL, "north/desk", "claim",
     CLAIM("'external_id':'7','supersedes':'$a',"), EXTERNAL "claim"},
    {"superseding it without the id", "d", "north/desk", "claim", CLAIM("'supersedes':'$c',"),
     "holds"},
    {"which is free now", "e", "north/desk", "claim", CLAIM("'external_id':'7',"), "holds"},
    {"withdrawn", NULL, "north/desk", "record.withdraw", WITHDRAW("e"), "holds"},
    {"it is free again", "f", "north/desk", "claim", CLAIM("'external_id':'7',"), "holds"},
    {"changed for another", NULL, "north/desk", "claim",
     CLAIM("'external_id':'9','supersedes':'$f',"), "holds"},
    {"it is free once more", NULL, "north/desk", "claim", CLAIM("'external_id':'7',"), "holds"},
    {"an incident", "i", "north/desk", "incident.open", "{'external_id':'7'}", "holds"},
    {"another", NULL, "north/desk", "incident.open", "{'external_id':'7'}",
     EXTERNAL "incident.open"},
    {"the first withdrawn", NULL, "north/desk", "record.withdraw", WITHDRAW("i"), "holds"},
    {"now the other", NULL, "north/desk", "incident.open", "{'external_id':'7'}", "holds"},
    {"an id with the sign that parts a key", NULL, "north/desk", "claim",
     CLAIM("'external_id':'7 8',"), "void shape format §9.2"},
};

static void test_external_ids(void **state)
{
    struct test_log log;

    (void)state;
    test_log_open(&log, NULL);
    test_begin(&log);
    play(&log, external_ids, ARRAY_LEN(external_ids));
    test_log_close(&log);
}

/* The whole of what is written, for a few. */
static void test_rows(void **state)
{
    struct test_log log;

    (void)state;
    begin(&log);
    test_say(&log, "south/desk", "incident.report",
             "{'act':'shelling','incident':'$incident','parts':[{'commitment':'#',"
             "'recipients':[],'stored':'#','tier':'public'}],'sector':'east','territory':'north'}");
    test_name_it(&log, "new");
    assert_true(row_is(&log, "report", spell(&log, "$new"),
                       "{'act':'shelling','by':'south/desk','incident':'$incident','index':28,"
                       "'sector':'east','state':'live','territory':'north'}"));
    assert_true(row_is(&log, "link", spell(&log, "$incident $new"),
                       "{'basis':'filed','by':'south/desk','index':28,'record_kind':"
                       "'incident.report','state':'linked'}"));
    test_say(&log, "north/desk", "incident.unlink", UNLINK("new"));
    assert_true(row_is(&log, "link", spell(&log, "$incident $new"),
                       "{'basis':'filed','by':'north/desk','index':29,'record_kind':"
                       "'incident.report','state':'unlinked'}"));
    test_say(&log, "south/desk", "incident.report", "{'supersedes':'$new'}");
    test_name_it(&log, "newer");
    assert_true(row_is(&log, "report", spell(&log, "$new"),
                       "{'act':'shelling','by':'south/desk','incident':'$incident','index':28,"
                       "'sector':'east','state':'superseded','superseded_by':'$newer',"
                       "'territory':'north'}"));
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_moves),
    cmocka_unit_test(test_every_move_is_walked),
    cmocka_unit_test(test_external_ids),
    cmocka_unit_test(test_rows),
};

RUN_TESTS(tests)
