#include "base/test.h"
#include "register/scenario.h"

/* Amendments, and rules that this program lacks (format §10.6). */

#define CONCUR(with) "{'agreement':'$" with "'}"

static const char *rules_of(struct test_log *log)
{
    const struct json *row = test_row(log, "agreement", "1");

    return arena_printf(&log->arena, "%" PRId64, json_get_integer(row, "rules", 0));
}

/* The agreement with these roots, up to a first tick. */
static void begin_with_roots(struct test_log *log, const char *const *roots)
{
    struct json list = json_array();
    struct err err = {0};

    test_log_open(log, NULL);
    struct record_draft draft = test_draft(log, roots[0], "agreement.adopt", test_adopt);
    for (size_t i = 0; roots[i]; i++)
        json_push(
            &list,
            test_body(log, arena_printf(&log->arena, "{'key':'@%s','org':'north'}", roots[i])),
            &log->arena);
    json_set(&draft.body, "roots", list, &log->arena);
    assert_true(test_append(log, test_sign(log, &draft), &err));
    test_name_it(log, "adopt");
    test_say(log, roots[0], "agreement.part", "{'content':~,'file':'agreement.toml','n':1}");
    for (size_t i = 0; roots[i]; i++)
        test_say(log, roots[i], "agreement.concur", CONCUR("adopt"));
    test_say(log, "north/node", "clock.tick", "{'at_ms':1760000000000}");
    assert_string_equal(test_verdict(log), "holds");
}

#define ROOTS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void test_proposals(void **state)
{
    static const struct line lines[] = {
        {"by a node", NULL, "a/node", "rules.adopt", "{'number':2}",
         "void unknown_key format §9.2"},
        {"by the operator", NULL, "north/node", "rules.adopt", "{'number':2}",
         "void wrong_job format §1.4"},
        {"no number", NULL, "a", "rules.adopt", "{}", "void shape format §9.2"},
        {"number 0", NULL, "a", "rules.adopt", "{'number':0}", "void shape format §9.2"},
        {"a number past all", NULL, "a", "rules.adopt", "{'number':1000001}",
         "void shape format §9.2"},
        {"the number in force", NULL, "a", "rules.adopt", "{'number':1}",
         "void rules_number format §10.5"},
        {"a number", "two", "a", "rules.adopt", "{'number':2}", "holds"},
        {"the same once more", "again", "b", "rules.adopt", "{'number':2}", "holds"},
        {"the largest", "largest", "a", "rules.adopt", "{'number':1000000}", "holds"},

        {"who proposed has concurred", NULL, "a", "agreement.concur", CONCUR("two"),
         "void no_move 14.2"},
        {"not a root", NULL, "north/node", "agreement.concur", CONCUR("two"),
         "void wrong_job format §1.4"},
        {"with entry 0 it is as before", NULL, "b", "agreement.concur", CONCUR("adopt"),
         "void no_move rules 1 agreement.concur"},
        {"a second root", "second", "b", "agreement.concur", CONCUR("two"), "holds"},
        {"who has concurred", NULL, "b", "agreement.concur", CONCUR("two"), "void no_move 14.2"},
        {"with a concurrence", NULL, "c", "agreement.concur", CONCUR("second"),
         "void reference format §9.2"},
        {"with another's proposal, not this one", NULL, "c", "agreement.concur", CONCUR("again"),
         "holds"},
    };
    struct test_log log;

    (void)state;
    begin_with_roots(&log, ROOTS("a", "b", "c"));
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        say_and_check(&log, &lines[i]);
        CHECK_CASE(lines[i].name, strcmp(rules_of(&log), "1") == 0);
    }
    say_and_check(&log, &(struct line){"the last root", NULL, "c", "agreement.concur",
                                       CONCUR("two"), "holds"});
    assert_string_equal(rules_of(&log), "2");
    test_log_close(&log);
}

static void test_rows(void **state)
{
    struct test_log log;

    (void)state;
    begin_with_roots(&log, ROOTS("a", "b"));
    test_say(&log, "b", "rules.adopt", "{'number':7}");
    test_name_it(&log, "seven");
    const char *id = arena_text(&log.arena, log.id);
    assert_true(row_is(&log, "amendment", id,
                       "{'concurred':['b'],'index':5,'kind':'rules.adopt','number':7,"
                       "'state':'proposed'}"));
    test_say(&log, "a", "agreement.concur", CONCUR("seven"));
    assert_true(row_is(&log, "amendment", id,
                       "{'concurred':['b','a'],'index':5,'kind':'rules.adopt','number':7,"
                       "'state':'in_force'}"));
    assert_string_equal(rules_of(&log), "7");
    test_log_close(&log);
}

static void test_before_the_first_tick(void **state)
{
    static const struct line lines[] = {
        {"adopted", "adopt", "north/root", "agreement.adopt", NULL, "holds"},
        {"not in force", NULL, "north/root", "rules.adopt", "{'number':2}",
         "void not_in_force format §7.3"},
        {"the terms", NULL, "north/root", "agreement.part",
         "{'content':~,'file':'agreement.toml','n':1}", "holds"},
        {"one root", NULL, "north/root", "agreement.concur", CONCUR("adopt"), "holds"},
        {"the other", NULL, "south/root", "agreement.concur", CONCUR("adopt"), "holds"},
        {"no amendment before there is time", NULL, "north/root", "rules.adopt", "{'number':2}",
         "void no_tick format §7.4"},
        {"the first tick", NULL, "north/node", "clock.tick", "{'at_ms':1}", "holds"},
        {"now", NULL, "north/root", "rules.adopt", "{'number':2}", "holds"},
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

static void test_one_root_alone(void **state)
{
    struct test_log log;

    (void)state;
    begin_with_roots(&log, ROOTS("a"));
    test_say(&log, "a", "rules.adopt", "{'number':2}");
    assert_string_equal(test_verdict(&log), "holds");
    assert_string_equal(rules_of(&log), "2");
    test_log_close(&log);
}

/* Whoever may revoke a root cannot amend without it. */
static void test_a_revoked_root_is_missing(void **state)
{
    static const struct line lines[] = {
        {"proposed", "two", "a", "rules.adopt", "{'number':2}", "holds"},
        {"a root leaves", NULL, "b", "member.revoke", "{'name':'b','reason':'left'}", "holds"},
        {"the last that is active", NULL, "c", "agreement.concur", CONCUR("two"), "holds"},
        {"who left", NULL, "b", "agreement.concur", CONCUR("two"), "void revoked_key format §9.2"},
    };
    struct test_log log;

    (void)state;
    begin_with_roots(&log, ROOTS("a", "b", "c"));
    play(&log, lines, ARRAY_LEN(lines));
    assert_string_equal(rules_of(&log), "1");
    test_log_close(&log);
}

/* A larger number has come into force since: set by hand, for this program has one alone. */
static void test_overtaken(void **state)
{
    struct test_log log;

    (void)state;
    begin_with_roots(&log, ROOTS("a", "b"));
    test_say(&log, "a", "rules.adopt", "{'number':2}");
    test_name_it(&log, "two");
    for (size_t i = 0; i < log.row_room; i++)
        if (log.row[i].table && strcmp(log.row[i].table, "amendment") == 0) {
            struct json *row = ARENA_NEW(&log.arena, struct json);
            *row = test_body(&log, "{'concurred':['a'],'index':5,'kind':'rules.adopt','number':1,"
                                   "'state':'proposed'}");
            log.row[i].row = row;
        }
    test_say(&log, "b", "agreement.concur", CONCUR("two"));
    assert_string_equal(test_verdict(&log), "void rules_number format §10.5");
    test_log_close(&log);
}

/* Once rules are in force that this program lacks, no bytes at all get a verdict. */
static void test_rules_that_are_lacking(void **state)
{
    struct test_log log;

    (void)state;
    begin_with_roots(&log, ROOTS("a"));
    test_say(&log, "a", "rules.adopt", "{'number':2}");
    const struct span bytes[] = {
        test_record(&log, "north/node", "clock.tick", "{'at_ms':1760000001000}"),
        test_record(&log, "a", "rules.adopt", "{'number':3}"),
        test_record(&log, "stranger", "claim", "{}"),
        SPAN_LIT("no record"),
        (struct span){0},
    };
    for (size_t i = 0; i < ARRAY_LEN(bytes); i++) {
        const struct register_lookup lookup = test_lookup(&log);
        const struct register_entry entry = {.index = log.size, .bytes = bytes[i]};
        struct effects effects;
        struct err err = {0};

        assert_true(register_apply(&effects, &lookup, &entry, &log.work, &err));
        assert_int_equal(effects.lacks_rules, 2);
        assert_int_equal(effects.count, 0);
    }
    test_log_close(&log);
}

static void test_what_is_known(void **state)
{
    (void)state;
    assert_true(register_knows(1));
    assert_false(register_knows(0));
    assert_false(register_knows(2));
    assert_false(register_knows(-1));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_proposals),
    cmocka_unit_test(test_rows),
    cmocka_unit_test(test_before_the_first_tick),
    cmocka_unit_test(test_one_root_alone),
    cmocka_unit_test(test_a_revoked_root_is_missing),
    cmocka_unit_test(test_overtaken),
    cmocka_unit_test(test_rules_that_are_lacking),
    cmocka_unit_test(test_what_is_known),
};

RUN_TESTS(tests)
