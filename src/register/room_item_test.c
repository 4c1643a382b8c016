#include "base/test.h"
#include "register/scenario.h"

#include "register/apply.h"

/*
 * What stands beside reports: each is replaced and taken back by its signer alone, and linked as
 * reports are. Every move of these tables on a kind of a case is walked in casework_test.c.
 */

#define AT "{'at_ms':1760000000000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define LATER "{'at_ms':1760000600000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"

/* A whole body but for its last brace. */
static const struct {
    const char *kind, *table, *body;
    bool linked; /* an incident may be linked to it, and it may be filed under one */
} items[] = {
    {"incident.report", "report", "{'territory':'north'", true},
    {"claim", "claim",
     "{'channel':'filed','claimant':'Command','matter':'killed','side':'north','subject':'south'",
     true},
    {"incident.flash", "flash", "{'ongoing':'yes'", true},
    {"incident.observe", "observation", "{'at':" AT ",'means':'saw','verb':'saw'", true},
    {"incident.read", "reading", "{'means':'radar','sensor':'r1'", true},
    {"incident.warn", "warning", "{'to':'south'", true},
    {"access.restriction", "restriction", "{'at':" AT ",'sector':'east','type':'denial'", true},
    {"coverage.watch", "watch", "{'from':" AT ",'sector':'east','until':" LATER, false},
    {"coverage.outage", "outage", "{'cause':'jammed','from':" AT ",'sector':'east'", false},
};

static bool is_state(struct test_log *log, const char *table, const char *name, const char *state)
{
    return span_is(json_get_text(test_row(log, table, spelled(log, name)), "state"), state);
}

/* Says it with more members, which begin with a comma. */
static void say(struct test_log *log, size_t item, const char *as, const char *by, const char *more,
                const char *want)
{
    struct line line = {items[item].kind, as, by, items[item].kind, NULL, want};

    line.body = arena_printf(&log->arena, "%s%s}", items[item].body, more);
    say_and_check(log, &line);
}

static void withdraw(struct test_log *log, const char *by, const char *name, const char *want)
{
    const struct line line = {name,
                              NULL,
                              by,
                              "record.withdraw",
                              arena_printf(&log->arena, "{'reason':'error','record':'%s'}", name),
                              want};

    say_and_check(log, &line);
}

/* Replaced once, by its signer; taken back once, by its signer; never both. */
static void test_own_word(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(items); i++) {
        const char *table = items[i].table, *kind = items[i].kind;
        struct test_log log;

        test_begin_case(&log);
        const char *rules = strcmp(table, "report") && strcmp(table, "claim")
                                ? "void not_yours 7"
                                : arena_printf(&log.arena, "void not_yours rules 1 %s", kind);
        say(&log, i, "first", "north/desk", "", "holds");
        CHECK_CASE(kind, is_state(&log, table, "$first", "live"));
        say(&log, i, NULL, "south/desk", ",'supersedes':'$first'", rules);
        withdraw(&log, "south/desk", "$first", "void not_yours rules 1 record.withdraw");
        CHECK_CASE(kind, is_state(&log, table, "$first", "live"));

        say(&log, i, "second", "north/desk", ",'supersedes':'$first'", "holds");
        CHECK_CASE(kind, is_state(&log, table, "$first", "superseded"));
        CHECK_CASE(kind, span_is(json_get_text(test_row(&log, table, spelled(&log, "$first")),
                                               "superseded_by"),
                                 spelled(&log, "$second")));
        say(&log, i, NULL, "north/desk", ",'supersedes':'$first'", "void no_move 14.2");
        withdraw(&log, "north/desk", "$first", "void no_move 14.2");

        withdraw(&log, "north/desk", "$second", "holds");
        CHECK_CASE(kind, is_state(&log, table, "$second", "withdrawn"));
        withdraw(&log, "north/desk", "$second", "void no_move 14.2");
        say(&log, i, NULL, "north/desk", ",'supersedes':'$second'", "void no_move 14.2");
        say(&log, i, NULL, "north/desk", ",'supersedes':'$incident'", "void reference format §9.2");
        test_log_close(&log);
    }
}

/* One live record of a signer, kind and external id, whatever the kind. */
static void test_external_id(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(items); i++) {
        struct test_log log;

        test_begin_case(&log);
        const char *taken =
            strcmp(items[i].table, "report") && strcmp(items[i].table, "claim")
                ? "void external_id 7"
                : arena_printf(&log.arena, "void external_id rules 1 %s", items[i].kind);
        say(&log, i, "first", "north/desk", ",'external_id':'7'", "holds");
        say(&log, i, NULL, "north/desk", ",'external_id':'7'", taken);
        say(&log, i, NULL, "south/desk", ",'external_id':'7'", "holds");
        say(&log, i, "second", "north/desk", ",'external_id':'7','supersedes':'$first'", "holds");
        say(&log, i, NULL, "north/desk", ",'external_id':'7'", taken);
        withdraw(&log, "north/desk", "$second", "holds");
        say(&log, i, NULL, "north/desk", ",'external_id':'7'", "holds");
        test_log_close(&log);
    }
}

static void link(struct test_log *log, const char *kind, const char *want)
{
    const bool is_link = strcmp(kind, "incident.link") == 0;
    const struct line line = {kind,
                              NULL,
                              "mission/desk",
                              kind,
                              arena_printf(&log->arena,
                                           "{%s'incident':'$incident','record':'$one'}",
                                           is_link ? "'basis':'same_event'," : ""),
                              want};

    say_and_check(log, &line);
}

/* Linked by another, or filed by itself; what was watched belongs to no incident. */
static void test_links(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(items); i++) {
        struct test_log log;

        test_begin_case(&log);
        say(&log, i, "one", "north/desk", "", "holds");
        link(&log, "incident.link", items[i].linked ? "holds" : "void reference format §9.2");
        if (items[i].linked) {
            CHECK_CASE(items[i].kind, is_state(&log, "link", "$incident $one", "linked"));
            link(&log, "incident.link", "void no_move 14.2");
            link(&log, "incident.unlink", "holds");
            link(&log, "incident.unlink", "void no_move 14.2");
            say(&log, i, "filed", "north/desk", ",'incident':'$incident'", "holds");
            const struct json *row = test_row(&log, "link", spelled(&log, "$incident $filed"));
            CHECK_CASE(items[i].kind, span_is(json_get_text(row, "basis"), "filed"));
            CHECK_CASE(items[i].kind, span_is(json_get_text(row, "record_kind"), items[i].kind));
        } else {
            say(&log, i, NULL, "north/desk", ",'incident':'$incident'", "void shape format §9.2");
        }
        test_log_close(&log);
    }
}

/* The verb is bound to the means (the tables of the ceasefire-events form). */
static void test_verbs(void **state)
{
    static const char *const means[] = {"saw",  "heard",    "recorded", "camera",    "thermal",
                                        "uav",  "acoustic", "radar",    "satellite", "document",
                                        "told", "press",    "dataset"};
    static const struct {
        const char *verb;
        const char *fits; /* one sign a means, in the order above */
    } verbs[] = {
        {"saw", "x..xxx..x...."},          {"heard", ".x....x......"},
        {"recorded", "..xxxxxxx...."},     {"was_told", "..........x.."},
        {"assessed", "xxxxxxxxxxxxx"},     {"could_not_confirm", "xxxxxxxxxxxxx"},
        {"corroborated", "xxxxxxxxxxxxx"},
    };
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    for (size_t v = 0; v < ARRAY_LEN(verbs); v++)
        for (size_t m = 0; m < ARRAY_LEN(means); m++) {
            struct line line = {arena_printf(&log.arena, "%s, %s", verbs[v].verb, means[m]),
                                NULL,
                                "mission/desk",
                                "incident.observe",
                                arena_printf(&log.arena, "{'at':" AT ",'means':'%s','verb':'%s'}",
                                             means[m], verbs[v].verb),
                                verbs[v].fits[m] == 'x' ? "holds" : "void verb 7"};

            assert_int_equal(strlen(verbs[v].fits), ARRAY_LEN(means));
            say_and_check(&log, &line);
        }
    test_log_close(&log);
}

/* Questions and suggestions. */
static void test_said(void **state)
{
    static const struct line lines[] = {
        {"", "report", "north/desk", "incident.report", "{}", "holds"},
        {"", "question", "mission/desk", "incident.ask", "{'record':'$report','to':'north'}",
         "holds"},
        {"by whom it was not asked", NULL, "south/desk", "incident.explain",
         "{'answer':'given','clarification':'$question'}", "void not_yours 7"},
        {"by who asked", NULL, "mission/desk", "incident.explain",
         "{'answer':'given','clarification':'$question'}", "void not_yours 7"},
        {"to a report", NULL, "north/desk", "incident.explain",
         "{'answer':'given','clarification':'$report'}", "void reference format §9.2"},
        {"asked of nobody there is", NULL, "mission/desk", "incident.ask",
         "{'record':'$report','to':'nobody'}", "void term rules 1 incident.ask"},
        {"about no record", NULL, "mission/desk", "incident.ask",
         "{'record':'$adopt','to':'north'}", "void reference format §9.2"},
        {"by who may not ask", NULL, "reader", "incident.ask", "{'record':'$report','to':'north'}",
         "void capability rules 1 incident.ask"},
        {"an answer", "answer", "north/desk", "incident.explain",
         "{'answer':'refused','clarification':'$question'}", "holds"},
        {"is refused once", NULL, "north/desk", "incident.explain",
         "{'answer':'unknown','clarification':'$question'}", "void no_move 14.2"},
        {"who refused thinks again", "answer", "north/desk", "incident.explain",
         "{'answer':'given','clarification':'$question'}", "holds"},
        {"and what was said is not unsaid", NULL, "north/desk", "incident.explain",
         "{'answer':'refused','clarification':'$question'}", "void no_move 14.2"},
        {"a suggestion", "suggestion", "mission/desk", "incident.suggest",
         "{'basis':'same_event','incident':'$incident','reasons':['time','alias'],'record':"
         "'$report','score':700}",
         "holds"},
        {"for what is no incident", NULL, "mission/desk", "incident.suggest",
         "{'incident':'$report','record':'$report'}", "void reference format §9.2"},
        {"cannot be taken for a report", NULL, "mission/desk", "incident.link",
         "{'basis':'related','incident':'$incident','record':'$suggestion'}",
         "void reference format §9.2"},
        {"a warning of a group that is none", NULL, "north/desk", "incident.warn",
         "{'group':'ghosts','to':'south'}", "void term rules 1 incident.warn"},
        {"an observation in a sector that is none", NULL, "mission/desk", "incident.observe",
         "{'at':" AT ",'means':'saw','sector':'moon','verb':'saw'}",
         "void term rules 1 incident.observe"},
        {"for a task that is none", NULL, "mission/desk", "incident.observe",
         "{'at':" AT ",'means':'saw','task':'$report','verb':'saw'}", "void reference format §9.2"},
        {"by who may not observe", NULL, "reader", "incident.observe",
         "{'at':" AT ",'means':'saw','verb':'saw'}", "void capability rules 1 incident.observe"},
    };
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, lines, ARRAY_LEN(lines));
    assert_true(row_is(&log, "clarification", spelled(&log, "$question"),
                       "{'answer':'given','answered':'$answer','by':'mission/desk','index':13,"
                       "'org':'mission','record':'$report','state':'explained','to':'north'}"));
    assert_true(
        row_is(&log, "suggestion", spelled(&log, "$suggestion"),
               "{'basis':'same_event','by':'mission/desk','incident':'$incident','index':24,"
               "'org':'mission','reasons':['time','alias'],'record':'$report','score':700,"
               "'state':'suggested'}"));
    assert_true(row_is(&log, "link", spelled(&log, "$incident $report"), ""));
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_own_word), cmocka_unit_test(test_external_id),
    cmocka_unit_test(test_links),    cmocka_unit_test(test_verbs),
    cmocka_unit_test(test_said),
};

RUN_TESTS(tests)
