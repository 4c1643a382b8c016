#include "base/test.h"
#include "register/scenario.h"

/* Other terms by amendment (format §7.6): who agrees to them, and from when they are what
 * records are judged by. */

#define NOW "1760000000000" /* of test_begin */
#define PIECES "'pieces':[{'file':'agreement.toml','n':1,'sha256':'#'}]"
#define AMEND(from, version) "{'from_ms':" from "," PIECES ",'version':" version "}"
#define PART(of) "{'amendment':'$" of "','content':~,'file':'agreement.toml','n':1}"
#define CONCUR(with) "{'agreement':'$" with "'}"
#define HEAD "'entries':'public','max_gap_ms':1800000,'name':'north-south',"
#define ROLES                                                                                      \
    "'role':[{'id':'desk','may':['claim','open_incident','report']},"                              \
    "{'id':'monitor','may':['claim','report','withdraw','open_incident']}]"

/* Another act, another clause where nothing is allowed, another sector; the monitor may more. */
static const char later[] =
    "{'act':[{'id':'ambush'}],"
    "'agreement':{" HEAD "'no_move':'15.1','quorum':0,'rules':1},"
    "'clause':[{'id':'15.1'}],"
    "'organisation':[{'id':'north'},{'id':'south'},{'id':'mediators'}]," ROLES "}";

static void use_terms(struct test_log *log, const char *terms)
{
    struct json value = test_body(log, terms);

    log->terms = json_bytes(&value, &log->arena);
}

static void begin(struct test_log *log)
{
    test_log_open(log, NULL);
    test_begin(log);
    use_terms(log, later);
}

static int64_t versions(struct test_log *log)
{
    return register_versions(test_row(log, "agreement", "1"));
}

/* Version 2 from this moment, agreed by both roots. */
static void amend(struct test_log *log, const char *from)
{
    static const struct line lines[] = {
        {"its piece", NULL, "south/root", "agreement.part", PART("two"), "holds"},
        {"the other root", NULL, "south/root", "agreement.concur", CONCUR("two"), "holds"},
    };

    const struct line proposal = {"proposed",
                                  "two",
                                  "north/root",
                                  "agreement.amend",
                                  arena_printf(&log->arena, AMEND("%s", "2"), from),
                                  "holds"};
    say_and_check(log, &proposal);
    play(log, lines, ARRAY_LEN(lines));
}

static void test_proposals(void **state)
{
    static const struct line lines[] = {
        {"by a node", NULL, "north/node", "agreement.amend", AMEND(NOW, "2"),
         "void wrong_job format §1.4"},
        {"by an author who may everything", NULL, "north/desk", "agreement.amend", AMEND(NOW, "2"),
         "void wrong_job format §1.4"},
        {"no pieces", NULL, "north/root", "agreement.amend",
         "{'from_ms':" NOW ",'pieces':[],'version':2}", "void shape format §9.2"},
        {"no time", NULL, "north/root", "agreement.amend", "{" PIECES ",'version':2}",
         "void shape format §9.2"},
        {"no version", NULL, "north/root", "agreement.amend", "{'from_ms':" NOW "," PIECES "}",
         "void shape format §9.2"},
        {"the first version again", NULL, "north/root", "agreement.amend", AMEND(NOW, "1"),
         "void shape format §9.2"},
        {"a millisecond before now", NULL, "north/root", "agreement.amend",
         AMEND("1759999999999", "2"), "void amendment format §7.6"},
        {"a version left out", NULL, "north/root", "agreement.amend", AMEND(NOW, "3"),
         "void amendment format §7.6"},
        {"no terms among the files", NULL, "north/root", "agreement.amend",
         "{'from_ms':" NOW ",'pieces':[{'file':'line.geojson','n':1,'sha256':'#'}],'version':2}",
         "void piece format §7.2"},
        {"a piece left out", NULL, "north/root", "agreement.amend",
         "{'from_ms':" NOW ",'pieces':[{'file':'agreement.toml','n':1,'sha256':'#'},"
         "{'file':'agreement.toml','n':3,'sha256':'#'}],'version':2}",
         "void piece format §7.2"},
        {"files out of order", NULL, "north/root", "agreement.amend",
         "{'from_ms':" NOW ",'pieces':[{'file':'line.geojson','n':1,'sha256':'#'},"
         "{'file':'agreement.toml','n':1,'sha256':'#'}],'version':2}",
         "void piece format §7.2"},
        {"now", "two", "north/root", "agreement.amend", AMEND(NOW, "2"), "holds"},
        {"another for the same place", "other", "south/root", "agreement.amend",
         AMEND("1760000100000", "2"), "holds"},

        {"a piece that it does not list", NULL, "north/root", "agreement.part",
         "{'amendment':'$two','content':~,'file':'agreement.toml','n':2}",
         "void piece format §7.2"},
        {"another content", NULL, "north/root", "agreement.part",
         "{'amendment':'$two','content':'x','file':'agreement.toml','n':1}",
         "void piece format §7.2"},
        {"a piece of what is no amendment", NULL, "north/root", "agreement.part", PART("adopt"),
         "void reference format §9.2"},
        {"the same for entry 0", NULL, "north/root", "agreement.part",
         "{'content':~,'file':'agreement.toml','n':1}", "void piece format §7.2"},
        {"a piece by no root", NULL, "north/node", "agreement.part", PART("two"),
         "void wrong_job format §1.4"},
        {"who proposed has concurred", NULL, "north/root", "agreement.concur", CONCUR("two"),
         "void no_move 14.2"},
        {"a concurrence by no root", NULL, "south/node", "agreement.concur", CONCUR("two"),
         "void wrong_job format §1.4"},
        {"all concurred, a piece is missing", NULL, "south/root", "agreement.concur", CONCUR("two"),
         "holds"},
        {"a root twice", NULL, "south/root", "agreement.concur", CONCUR("two"),
         "void no_move 14.2"},
        {"the other one's piece", NULL, "south/root", "agreement.part", PART("other"), "holds"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        say_and_check(&log, &lines[i]);
        CHECK_CASE(lines[i].name, versions(&log) == 1);
    }
    say_and_check(&log, &(struct line){"its piece, by any root", NULL, "south/root",
                                       "agreement.part", PART("two"), "holds"});
    assert_int_equal(versions(&log), 2);

    static const struct line after[] = {
        {"the piece once more", NULL, "north/root", "agreement.part", PART("two"),
         "void piece format §7.2"},
        {"a root once more", NULL, "south/root", "agreement.concur", CONCUR("two"),
         "void no_move 15.1"},
        {"the other is overtaken", NULL, "north/root", "agreement.concur", CONCUR("other"),
         "void amendment format §7.6"},
        {"for a place that is taken", NULL, "north/root", "agreement.amend", AMEND(NOW, "2"),
         "void amendment format §7.6"},
        {"the next", NULL, "north/root", "agreement.amend", AMEND(NOW, "3"), "holds"},
    };
    play(&log, after, ARRAY_LEN(after));
    assert_int_equal(versions(&log), 2);
    test_log_close(&log);
}

/* What completes the amendment is void where the terms are none, and leaves all as it was. */
static void test_terms_that_are_none(void **state)
{
    static const struct {
        const char *name, *terms, *want;
    } cases[] = {
        {"no object", "[]", "void terms format §7.2"},
        {"no head", "{}", "void terms format §7.2"},
        {"another name",
         "{'agreement':{'entries':'public','max_gap_ms':1800000,'name':'east-west',"
         "'no_move':'1','quorum':0,'rules':1},'clause':[{'id':'1'}]}",
         "void terms format §7.2"},
        {"no clause to refuse by", "{'agreement':{" HEAD "'no_move':'1','quorum':0,'rules':1}}",
         "void terms format §7.2"},
        {"a role that may what nobody may",
         "{'agreement':{" HEAD "'no_move':'1','quorum':0,'rules':1},'clause':[{'id':'1'}],"
         "'role':[{'id':'desk','may':['rule_the_world']}]}",
         "void terms format §7.2"},
        {"another quorum",
         "{'agreement':{" HEAD "'no_move':'1','quorum':1,'rules':1},'clause':[{'id':'1'}]}",
         "void amendment format §7.6"},
        {"another rules number",
         "{'agreement':{" HEAD "'no_move':'1','quorum':0,'rules':2},'clause':[{'id':'1'}]}",
         "void amendment format §7.6"},
        {"as small as can be",
         "{'agreement':{" HEAD "'no_move':'1','quorum':0,'rules':1},'clause':[{'id':'1'}]}",
         "holds"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct test_log log;

        begin(&log);
        use_terms(&log, cases[i].terms);
        test_say(&log, "north/root", "agreement.amend", AMEND(NOW, "2"));
        test_name_it(&log, "two");
        const char *id = arena_text(&log.arena, log.id);
        test_say(&log, "north/root", "agreement.part", PART("two"));
        CHECK_CASE(cases[i].name, strcmp(test_verdict(&log), "holds") == 0);
        const struct json *before = test_row(&log, "amendment", id);
        test_say(&log, "south/root", "agreement.concur", CONCUR("two"));
        CHECK_CASE(cases[i].name, strcmp(test_verdict(&log), cases[i].want) == 0);
        bool held = log.effects.verdict == VERDICT_HOLDS;
        CHECK_CASE(cases[i].name, versions(&log) == (held ? 2 : 1));
        CHECK_CASE(cases[i].name, (test_row(&log, "term", "agreement 2") != NULL) == held);
        CHECK_CASE(cases[i].name, json_equal(test_row(&log, "amendment", id), before) != held);
        test_log_close(&log);
    }
}

static void test_rows(void **state)
{
    struct test_log log;

    (void)state;
    begin(&log);
    amend(&log, "1760000900000");
    struct span two =
        test_row(&log, "agreement", "1")
            ? json_get_string(&json_get(test_row(&log, "agreement", "1"), "versions")->array.at[0],
                              "id", (struct span){0})
            : (struct span){0};
    const char *id = arena_text(&log.arena, two);
    assert_true(row_is(&log, "amendment", id,
                       "{'concurred':['north/root','south/root'],'from_ms':1760000900000,"
                       "'index':8,'kind':'agreement.amend','missing':0," PIECES
                       ",'state':'agreed','version':2}"));
    assert_true(row_is(&log, "agreement_part",
                       arena_printf(&log.arena, "%s agreement.toml 0001", id),
                       "{'content':~,'index':9}"));
    assert_true(row_is(&log, "term", "act/shelling", "{'id':'shelling'}"));
    assert_true(row_is(&log, "term", "act/ambush", ""));
    assert_true(row_is(&log, "term", "act/ambush 2", "{'id':'ambush'}"));
    assert_true(row_is(&log, "term", "act/shelling 2", ""));
    struct json want = test_body(
        &log, arena_printf(&log.arena, "[{'from_ms':1760000900000,'id':'%s','index':10}]", id));
    assert_true(json_equal(json_get(test_row(&log, "agreement", "1"), "versions"), &want));
    test_log_close(&log);
}

/* The same records on both sides of the moment at which the second version begins. */
static void test_in_force_by_time(void **state)
{
    static const struct line before[] = {
        {"an act of the first terms", NULL, "south/desk", "incident.report", "{'act':'shelling'}",
         "holds"},
        {"an act of the second", NULL, "south/desk", "incident.report", "{'act':'ambush'}",
         "void term rules 1 incident.report"},
        {"the monitor opens nothing", NULL, "south/desk", "incident.open", "{}",
         "void capability rules 1 incident.open"},
        {"the desk admits", NULL, "north/desk", "member.admit",
         "{'job':'author','key':'@d2','org':'north','role':'registrar'}", "holds"},
        {"a millisecond is missing", NULL, "north/node", "clock.tick", "{'at_ms':1760000899999}",
         "holds"},
        {"still the first", NULL, "south/desk", "incident.report", "{'act':'shelling'}", "holds"},
        {"cited by the first", NULL, "north/root", "agreement.concur", CONCUR("two"),
         "void no_move 14.2"},
        {"it begins", NULL, "north/node", "clock.tick", "{'at_ms':1760000900000}", "holds"},
    };
    static const struct line after[] = {
        {"an act of the first terms", NULL, "south/desk", "incident.report", "{'act':'shelling'}",
         "void term rules 1 incident.report"},
        {"an act of the second", NULL, "south/desk", "incident.report", "{'act':'ambush'}",
         "holds"},
        {"a sector of the first", NULL, "south/desk", "incident.report", "{'sector':'east'}",
         "void term rules 1 incident.report"},
        {"the monitor opens", NULL, "south/desk", "incident.open", "{}", "holds"},
        {"the desk admits nobody", NULL, "north/desk", "member.admit",
         "{'job':'author','key':'@d3','org':'north','role':'desk'}",
         "void capability rules 1 member.admit"},
        {"a role that is gone may nothing", NULL, "d2", "member.admit",
         "{'job':'author','key':'@d4','org':'north','role':'desk'}",
         "void capability rules 1 member.admit"},
        {"cited by the second", NULL, "north/root", "agreement.concur", CONCUR("two"),
         "void no_move 15.1"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    amend(&log, "1760000900000");
    play(&log, before, ARRAY_LEN(before));
    play(&log, after, ARRAY_LEN(after));
    test_log_close(&log);
}

/* Agreed later than hoped for: it begins with the entry that completes it, and not before. */
static void test_agreed_late(void **state)
{
    static const struct line lines[] = {
        {"for now", "two", "north/root", "agreement.amend", AMEND(NOW, "2"), "holds"},
        {"its piece", NULL, "north/root", "agreement.part", PART("two"), "holds"},
        {"time passes", NULL, "north/node", "clock.tick", "{'at_ms':1760000600000}", "holds"},
        {"not agreed yet", NULL, "south/desk", "incident.report", "{'act':'ambush'}",
         "void term rules 1 incident.report"},
        {"agreed", NULL, "south/root", "agreement.concur", CONCUR("two"), "holds"},
        {"in force at once", NULL, "south/desk", "incident.report", "{'act':'ambush'}", "holds"},
    };
    struct test_log log;

    (void)state;
    begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    const struct json *list = json_get(test_row(&log, "agreement", "1"), "versions");
    assert_int_equal(json_get_integer(&list->array.at[0], "from_ms", 0), INT64_C(1760000600000));
    test_log_close(&log);
}

/* Not before the agreement is in force and there is time. */
static void test_too_early(void **state)
{
    static const struct line lines[] = {
        {"adopted", "adopt", "north/root", "agreement.adopt", NULL, "holds"},
        {"not in force", NULL, "north/root", "agreement.amend", AMEND(NOW, "2"),
         "void not_in_force format §7.3"},
        {"the terms", NULL, "north/root", "agreement.part",
         "{'content':~,'file':'agreement.toml','n':1}", "holds"},
        {"one root", NULL, "north/root", "agreement.concur", CONCUR("adopt"), "holds"},
        {"the other", NULL, "south/root", "agreement.concur", CONCUR("adopt"), "holds"},
        {"no time", NULL, "north/root", "agreement.amend", AMEND(NOW, "2"),
         "void no_tick format §7.4"},
        {"a tick", NULL, "north/node", "clock.tick", "{'at_ms':" NOW "}", "holds"},
        {"now", NULL, "north/root", "agreement.amend", AMEND(NOW, "2"), "holds"},
    };
    struct test_log log;

    (void)state;
    test_log_open(&log, NULL);
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct line line = lines[i];

        line.body = line.body ? line.body : test_adopt;
        say_and_check(&log, &line);
    }
    test_log_close(&log);
}

/* The terms of the log with these bytes in the place of others, as often as they stand there. */
static void replace(struct test_log *log, const char *from, const char *to)
{
    struct buf out = buf_in(&log->arena, SIZE_MAX / 2);
    struct span rest = log->terms;
    size_t len = strlen(from);

    assert_int_equal(len, strlen(to));
    while (rest.len)
        if (span_starts_with(rest, span_of(from))) {
            buf_text(&out, to);
            rest = span_from(rest, len);
        } else {
            buf_byte(&out, rest.at[0]);
            rest = span_from(rest, 1);
        }
    log->terms = buf_span(&out);
}

/* A case keeps the terms that its triage names, whatever is in force; who contests them says
 * so in a triage of its own. */
#define TRIAGE(incident, version, act)                                                             \
    "{'act':'" act "','case':'$" incident "','modalities':" version ",'outcome':'open'}"
#define UNMARK(incident) "{'case':'$" incident "','side':'unsafe'}"
static void test_cases(void **state)
{
    static const struct line before[] = {
        {"a case under the first", NULL, "mission/desk", "case.triage",
         TRIAGE("incident", "1", "shelling"), "holds"},
        {"an incident of later", "other", "mission/desk", "incident.open", "{}", "holds"},
    };
    static const struct line after[] = {
        {"under terms that have not begun", NULL, "mission/desk", "case.triage",
         TRIAGE("other", "2", "ambushed"), "void modalities rules 1 case.triage"},
        {"under terms that there are not", NULL, "mission/desk", "case.triage",
         "{'case':'$other','modalities':3,'outcome':'open'}",
         "void modalities rules 1 case.triage"},
        {"they begin", NULL, "north/node", "clock.tick", "{'at_ms':1760000900000}", "holds"},

        {"the case is refused by the first", NULL, "mission/desk", "case.unmark",
         UNMARK("incident"), "void no_move 14.2"},
        {"all else by the second", NULL, "north/root", "agreement.concur", CONCUR("two"),
         "void no_move 77.7"},
        {"an act of the first", NULL, "mission/desk", "case.triage",
         TRIAGE("other", "2", "shelling"), "void term rules 1 case.triage"},
        {"an act of the second", NULL, "mission/desk", "case.triage",
         TRIAGE("other", "2", "ambushed"), "holds"},
        {"the case is refused by the second", NULL, "mission/desk", "case.unmark", UNMARK("other"),
         "void no_move 77.7"},
        {"contested: the first were in force when it happened", NULL, "east/desk", "case.triage",
         TRIAGE("other", "1", "shelling"), "holds"},
        {"and are those of the case now", NULL, "mission/desk", "case.unmark", UNMARK("other"),
         "void no_move 14.2"},
        {"contested once more", NULL, "mission/desk", "case.triage",
         TRIAGE("incident", "2", "ambushed"), "holds"},
        {"by the second", NULL, "mission/desk", "case.unmark", UNMARK("incident"),
         "void no_move 77.7"},
        {"a case of the other holds for itself", NULL, "mission/desk", "case.unmark",
         UNMARK("other"), "void no_move 14.2"},
        {"contested by who may not", NULL, "reader", "case.triage",
         TRIAGE("incident", "1", "shelling"), "void capability rules 1 case.triage"},
    };
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, before, ARRAY_LEN(before));
    replace(&log, "shelling", "ambushed");
    replace(&log, "14.2", "77.7");
    amend(&log, "1760000900000");
    play(&log, after, ARRAY_LEN(after));
    test_log_close(&log);
}

static void test_version_at(void **state)
{
    static const struct {
        const char *name, *agreement;
        int64_t now_ms, want;
    } cases[] = {
        {"no amendment", "{}", 5, 1},
        {"none agreed", "{'versions':[]}", 5, 1},
        {"not begun", "{'versions':[{'from_ms':6}]}", 5, 1},
        {"begun", "{'versions':[{'from_ms':5}]}", 5, 2},
        {"both begun", "{'versions':[{'from_ms':4},{'from_ms':5}]}", 5, 3},
        {"the second not", "{'versions':[{'from_ms':4},{'from_ms':6}]}", 5, 2},
        {"the later begins first, and stays", "{'versions':[{'from_ms':5},{'from_ms':4}]}", 4, 3},
        {"however long", "{'versions':[{'from_ms':5},{'from_ms':4}]}", 9, 3},
        {"before either", "{'versions':[{'from_ms':5},{'from_ms':4}]}", 3, 1},
    };
    struct test_log log;

    (void)state;
    test_log_open(&log, NULL);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct json agreement = test_body(&log, cases[i].agreement);
        int64_t got = register_version_at(&agreement, cases[i].now_ms);
        int64_t count = register_versions(&agreement);

        CHECK_CASE(cases[i].name, got == cases[i].want);
        CHECK_CASE(cases[i].name, register_version_begun(&agreement, got, cases[i].now_ms));
        CHECK_CASE(cases[i].name, register_version_begun(&agreement, 1, cases[i].now_ms));
        CHECK_CASE(cases[i].name, !register_version_begun(&agreement, 0, cases[i].now_ms));
        CHECK_CASE(cases[i].name, !register_version_begun(&agreement, count + 1, INT64_MAX));
    }
    test_log_close(&log);
}

static void test_term_keys(void **state)
{
    static const struct {
        const char *name, *key;
        int64_t version;
        const char *item; /* NULL: of another version */
    } cases[] = {
        {"an item of the first", "act/shelling", 1, "act/shelling"},
        {"the head", "agreement", 1, "agreement"},
        {"an item of the second", "act/shelling 2", 2, "act/shelling"},
        {"the head of the tenth", "agreement 10", 10, "agreement"},
        {"an id that ends in a number", "act/2", 1, "act/2"},
        {"an id with a slash", "organisation/party/north 3", 3, "organisation/party/north"},
        {"the first for the second", "act/shelling", 2, NULL},
        {"the second for the first", "act/shelling 2", 1, NULL},
        {"the twelfth for the second", "act/shelling 12", 2, NULL},
        {"no number", "act/shelling x", 2, NULL},
    };
    struct arena arena = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span item = {0};
        bool of = register_term_item(&item, span_of(cases[i].key), cases[i].version);

        CHECK_CASE(cases[i].name, of == (cases[i].item != NULL));
        if (!of)
            continue;
        CHECK_CASE(cases[i].name, span_is(item, cases[i].item));
        CHECK_CASE(cases[i].name,
                   span_is(register_term_key(item, cases[i].version, &arena), cases[i].key));
    }
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_cases),
    cmocka_unit_test(test_proposals),
    cmocka_unit_test(test_terms_that_are_none),
    cmocka_unit_test(test_rows),
    cmocka_unit_test(test_in_force_by_time),
    cmocka_unit_test(test_agreed_late),
    cmocka_unit_test(test_too_early),
    cmocka_unit_test(test_version_at),
    cmocka_unit_test(test_term_keys),
};

RUN_TESTS(tests)
