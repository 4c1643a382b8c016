#include "base/test.h"
#include "register/scenario.h"

/* Ticks (format §8), with the operator's clock and with a quorum of witnesses. */

#define TICK(ms) "{'at_ms':" ms "}"
#define VOID_TICK "void tick format §8"
#define GAP_MS 1800000 /* max_gap_ms of the small agreement */

/* Quorum 0, after a first tick at 1760000000000. */
static const struct {
    struct line line;
    int64_t now_ms, counted_ms;
} ticks[] = {
    {{"a second later", NULL, "north/node", "clock.tick", TICK("1760000001000"), "holds"},
     1760000001000,
     1000},
    {{"a millisecond later", NULL, "north/node", "clock.tick", TICK("1760000001001"), "holds"},
     1760000001001,
     1001},
    {{"not later", NULL, "north/node", "clock.tick", TICK("1760000001001"), VOID_TICK},
     1760000001001,
     1001},
    {{"earlier", NULL, "north/node", "clock.tick", TICK("1760000000000"), VOID_TICK},
     1760000001001,
     1001},
    {{"a day later: a silence counts for no more than the agreement says", NULL, "north/node",
      "clock.tick", TICK("1760086401001"), "holds"},
     1760086401001,
     1001 + GAP_MS},
    {{"as long as that", NULL, "north/node", "clock.tick", TICK("1760088201001"), "holds"},
     1760088201001,
     1001 + 2 * GAP_MS},
    {{"by a node that is not the operator's", NULL, "south/node", "clock.tick",
      TICK("1760088202000"), VOID_TICK},
     1760088201001,
     1001 + 2 * GAP_MS},
    {{"by an author", NULL, "north/desk", "clock.tick", TICK("1760088202000"),
      "void wrong_job format §1.4"},
     1760088201001,
     1001 + 2 * GAP_MS},
    {{"with a checkpoint", NULL, "north/node", "clock.tick",
      "{'at_ms':1760088202000,'checkpoint':'x'}", VOID_TICK},
     1760088201001,
     1001 + 2 * GAP_MS},
    {{"with a checkpoint alone", NULL, "north/node", "clock.tick", "{'checkpoint':'x'}", VOID_TICK},
     1760088201001,
     1001 + 2 * GAP_MS},
    {{"with nothing", NULL, "north/node", "clock.tick", "{}", VOID_TICK},
     1760088201001,
     1001 + 2 * GAP_MS},
    {{"at 0", NULL, "north/node", "clock.tick", TICK("0"), "void shape format §9.2"},
     1760088201001,
     1001 + 2 * GAP_MS},
    {{"past the last year", NULL, "north/node", "clock.tick", TICK("253370764800000"),
      "void shape format §9.2"},
     1760088201001,
     1001 + 2 * GAP_MS},
    {{"at its end", NULL, "north/node", "clock.tick", TICK("253370764799999"), "holds"},
     253370764799999,
     1001 + 3 * GAP_MS},
};

static void test_operators_clock(void **state)
{
    struct test_log log;

    (void)state;
    test_log_open(&log, NULL);
    test_begin(&log);
    assert_true(row_is(&log, "clock", "clock",
                       "{'counted_ms':0,'index':4,'now_ms':1760000000000,'size':4}"));
    for (size_t i = 0; i < ARRAY_LEN(ticks); i++) {
        say_and_check(&log, &ticks[i].line);
        const struct json *clock = test_row(&log, "clock", "clock");

        CHECK_CASE(ticks[i].line.name, json_get_integer(clock, "now_ms", 0) == ticks[i].now_ms);
        CHECK_CASE(ticks[i].line.name,
                   json_get_integer(clock, "counted_ms", 0) == ticks[i].counted_ms);
    }
    test_log_close(&log);
}

static void test_attest(void **state)
{
    static const struct line lines[] = {
        {"of all before it", NULL, "south/node", "node.attest", "{'digest':'#','size':8}", "holds"},
        {"with a part, which is no part of its row", NULL, "south/node", "node.attest",
         "{'digest':'#','offered':[{'id':'#','since_ms':5}],'parts':[{'commitment':'#',"
         "'recipients':[],'stored':'#','tier':'public'}],'size':9}",
         "holds"},
        {"of more than there is", NULL, "south/node", "node.attest", "{'digest':'#','size':11}",
         "void shape format §9.2"},
        {"of nothing", NULL, "south/node", "node.attest", "{'digest':'#','size':0}",
         "void shape format §9.2"},
        {"by an author", NULL, "north/desk", "node.attest", "{'digest':'#','size':1}",
         "void wrong_job format §1.4"},
    };
    struct test_log log;

    (void)state;
    test_log_open(&log, NULL);
    test_begin(&log);
    play(&log, lines, ARRAY_LEN(lines));
    assert_true(row_is(&log, "attest", "south/node",
                       "{'digest':'#','index':9,'offered':[{'id':'#','since_ms':5}],'size':9}"));
    test_log_close(&log);
}

static void say_tick(struct test_log *log, const char *by, struct span note)
{
    struct record_draft draft = test_draft(log, by, "clock.tick", "{}");
    struct err err = {0};

    json_set_string(&draft.body, "checkpoint", note, &log->arena);
    assert_true(test_append(log, test_sign(log, &draft), &err));
}

/* §8.3: with quorum 0 it is the operator's clock, witnesses or no witnesses. */
static void test_witnesses_without_a_quorum(void **state)
{
    static const struct line lines[] = {
        {"by a witness's node", NULL, "south/node", "clock.tick", TICK("5"), VOID_TICK},
        {"by the operator's", NULL, "north/node", "clock.tick", TICK("5"), "holds"},
    };
    struct test_log log;

    (void)state;
    test_begin_witnessed(&log, 0);
    play(&log, lines, ARRAY_LEN(lines));
    test_log_close(&log);
}

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define SECONDS(...) ((const uint64_t[]){__VA_ARGS__, 0})

/* Each on a log of its own: a first tick by the operator that covers 4 entries at second
 * 1000, then this one. */
static const struct {
    const char *name, *by;
    uint64_t size;
    const char *const *witnesses;
    const uint64_t *seconds;
    const char *want;
    int64_t now_ms;
} cosigned[] = {
    {"three of four: the middle one", "north/node", 5, NAMES("w1", "w2", "w3"),
     SECONDS(2003, 2001, 2002), "holds", 2002000},
    {"four: the lower of the middle two", "north/node", 5, NAMES("w1", "w2", "w3", "w4"),
     SECONDS(2009, 2001, 2003, 2007), "holds", 2003000},
    {"by a witness's node", "south/node", 5, NAMES("w1", "w2", "w3"), SECONDS(2001, 2002, 2003),
     "holds", 2002000},
    {"one lies as it may", "north/node", 5, NAMES("w1", "w2", "w3"), SECONDS(1, 2002, 9000000000),
     "holds", 2002000},
    {"and strangers, who do not count", "north/node", 5, NAMES("x", "w1", "w2", "w3", "y"),
     SECONDS(1, 2001, 2002, 2003, 1), "holds", 2002000},
    {"a witness twice: its first counts", "north/node", 5, NAMES("w1", "w1", "w2", "w3"),
     SECONDS(2001, 2999, 2002, 2003), "holds", 2002000},
    {"just past the last one", "north/node", 5, NAMES("w1", "w2", "w3"), SECONDS(1001, 1001, 1001),
     "holds", 1001000},

    {"by a node without a witness", "press/node", 5, NAMES("w1", "w2", "w3"),
     SECONDS(2001, 2002, 2003), VOID_TICK, 1000000},
    {"two of four", "north/node", 5, NAMES("w1", "w2"), SECONDS(2001, 2002), VOID_TICK, 1000000},
    {"nobody", "north/node", 5, NAMES(NULL), SECONDS(0), VOID_TICK, 1000000},
    {"two, and one twice", "north/node", 5, NAMES("w1", "w2", "w2"), SECONDS(2001, 2002, 2003),
     VOID_TICK, 1000000},
    {"two and a stranger", "north/node", 5, NAMES("w1", "w2", "x"), SECONDS(2001, 2002, 2003),
     VOID_TICK, 1000000},
    {"the lower middle is not later", "north/node", 5, NAMES("w1", "w2", "w3", "w4"),
     SECONDS(900, 1000, 9001, 9002), VOID_TICK, 1000000},
    {"no more than the last tick covered", "north/node", 4, NAMES("w1", "w2", "w3"),
     SECONDS(2001, 2002, 2003), VOID_TICK, 1000000},
    {"less", "north/node", 3, NAMES("w1", "w2", "w3"), SECONDS(2001, 2002, 2003), VOID_TICK,
     1000000},
    {"past the last year", "north/node", 5, NAMES("w1", "w2", "w3"),
     SECONDS(253370764800, 253370764800, 253370764800), VOID_TICK, 1000000},
};

static void test_cosigned_ticks(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cosigned); i++) {
        struct test_log log;

        test_begin_witnessed(&log, 3);
        say_tick(&log, "north/node",
                 test_checkpoint(&log, 4, NAMES("w1", "w2", "w3"), SECONDS(1000, 1000, 1000)));
        assert_string_equal(test_verdict(&log), "holds");
        assert_true(
            row_is(&log, "clock", "clock", "{'counted_ms':0,'index':4,'now_ms':1000000,'size':4}"));
        say_tick(
            &log, cosigned[i].by,
            test_checkpoint(&log, cosigned[i].size, cosigned[i].witnesses, cosigned[i].seconds));
        if (strcmp(test_verdict(&log), cosigned[i].want) != 0)
            fail_msg("case \"%s\": %s: %.*s", cosigned[i].name, test_verdict(&log),
                     SPAN_ARG(log.effects.why));
        CHECK_CASE(cosigned[i].name, json_get_integer(test_row(&log, "clock", "clock"), "now_ms",
                                                      0) == cosigned[i].now_ms);
        test_log_close(&log);
    }
}

/* Checkpoints that are none of this tree's. */
static struct span other_root(struct test_log *log)
{
    struct hash kept = log->root[4];

    log->root[4].bytes[0] ^= 1;
    struct span note = test_checkpoint(log, 4, NAMES("w1", "w2", "w3"), SECONDS(1000, 1000, 1000));
    log->root[4] = kept;
    return note;
}

static struct span of_the_future(struct test_log *log)
{
    log->size = 5;
    log->root[5] = log->root[4];
    struct span note = test_checkpoint(log, 5, NAMES("w1", "w2", "w3"), SECONDS(1000, 1000, 1000));
    log->size = 4;
    return note;
}

static struct span spoilt(struct test_log *log, const char *what, size_t from_its_end)
{
    struct span note = test_checkpoint(log, 4, NAMES("w1", "w2", "w3"), SECONDS(1000, 1000, 1000));
    char *text = arena_text(&log->arena, note), *at = strstr(text, what);

    assert(at);
    at += strlen(what) + from_its_end;
    *at = *at == 'A' ? 'B' : 'A';
    return span_of(text);
}

static struct span log_signature(struct test_log *log)
{
    return spoilt(log, "\xe2\x80\x94 north-south/term/1 ", 20);
}

static struct span cosignature(struct test_log *log)
{
    return spoilt(log, "\xe2\x80\x94 w2 ", 40);
}

static struct span cosignature_time(struct test_log *log)
{
    return spoilt(log, "\xe2\x80\x94 w2 ", 15);
}

static struct span no_note(struct test_log *log)
{
    (void)log;
    return SPAN_LIT("north-south/term/1\n4\n");
}

static void test_false_checkpoints(void **state)
{
    static const struct {
        const char *name;
        struct span (*make)(struct test_log *log);
    } cases[] = {
        {"of another tree", other_root},
        {"of a size that is not reached", of_the_future},
        {"not signed by the log", log_signature},
        {"a cosignature does not hold", cosignature},
        {"a cosignature of another time", cosignature_time},
        {"no note at all", no_note},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct test_log log;

        test_begin_witnessed(&log, 3);
        say_tick(&log, "north/node", cases[i].make(&log));
        CHECK_CASE(cases[i].name, strcmp(test_verdict(&log), VOID_TICK) == 0);
        CHECK_CASE(cases[i].name, test_row(&log, "clock", "clock") == NULL);

        /* The operator's own clock is no way out. */
        test_say(&log, "north/node", "clock.tick", TICK("5"));
        CHECK_CASE(cases[i].name, strcmp(test_verdict(&log), VOID_TICK) == 0);
        test_log_close(&log);
    }
}

/* Who is admitted or revoked counts, or not, from the tick on that covers it; the tick
 * itself is judged by those before. */
static void test_changes_of_witnesses(void **state)
{
    const struct step {
        const char *name;
        const char *kind, *body; /* a change by the root of south; NULL: a tick */
        const char *const *witnesses;
        uint64_t covers, second;
        const char *want;
        const char *in_force; /* afterwards */
    } steps[] = {
        {"the first tick", NULL, NULL, NAMES("w1", "w2", "w3"), 4, 1000, "holds",
         "['w1','w2','w3','w4']"},
        {"w2 is revoked", "member.revoke", "{'name':'w2','reason':'compromised'}", NULL, 0, 0,
         "holds", "['w1','w2','w3','w4']"},
        {"w5 is admitted", "member.admit", "{'job':'witness','key':'%w5','org':'south'}", NULL, 0,
         0, "holds", "['w1','w2','w3','w4']"},
        {"it does not count yet", NULL, NULL, NAMES("w1", "w3", "w5"), 5, 2000, VOID_TICK,
         "['w1','w2','w3','w4']"},
        {"the other counts still", NULL, NULL, NAMES("w1", "w2", "w3"), 5, 2000, "holds",
         "['w1','w2','w3','w4']"},
        {"and in the tick that covers its end", NULL, NULL, NAMES("w1", "w2", "w3"), 6, 3000,
         "holds", "['w1','w3','w4']"},
        {"no longer", NULL, NULL, NAMES("w1", "w2", "w3"), 7, 4000, VOID_TICK, "['w1','w3','w4']"},
        {"nor w5 in the tick that covers it", NULL, NULL, NAMES("w1", "w3", "w5"), 7, 4000,
         VOID_TICK, "['w1','w3','w4']"},
        {"the others do", NULL, NULL, NAMES("w4", "w3", "w1"), 7, 4000, "holds",
         "['w1','w3','w4','w5']"},
        {"now it counts", NULL, NULL, NAMES("w1", "w3", "w5"), 8, 5000, "holds",
         "['w1','w3','w4','w5']"},
    };
    struct test_log log;

    (void)state;
    test_begin_witnessed(&log, 3);
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        const struct step *step = &steps[i];
        const uint64_t seconds[] = {step->second, step->second, step->second};

        if (step->kind)
            test_say(&log, "south/root", step->kind, step->body);
        else
            say_tick(&log, "north/node",
                     test_checkpoint(&log, step->covers, step->witnesses, seconds));
        if (strcmp(test_verdict(&log), step->want) != 0)
            fail_msg("case \"%s\": %s: %.*s", step->name, test_verdict(&log),
                     SPAN_ARG(log.effects.why));
        struct json in_force = test_body(&log, step->in_force);
        CHECK_CASE(step->name, json_equal(json_get(test_row(&log, "quorum", "quorum"), "witnesses"),
                                          &in_force));
    }
    test_log_close(&log);
}

/* Changed and changed again before any tick covers it: the last change stands. */
static void test_change_and_back(void **state)
{
    static const struct line lines[] = {
        {"w2 goes", NULL, "south/root", "member.revoke", "{'name':'w2','reason':'lost'}", "holds"},
        {"w5 comes", NULL, "south/root", "member.admit",
         "{'job':'witness','key':'%w5','org':'south'}", "holds"},
        {"w5 goes", NULL, "south/root", "member.revoke", "{'name':'w5','reason':'lost'}", "holds"},
        {"w6 comes", NULL, "south/root", "member.admit",
         "{'job':'witness','key':'%w6','org':'south'}", "holds"},
    };
    struct test_log log;

    (void)state;
    test_begin_witnessed(&log, 3);
    play(&log, lines, ARRAY_LEN(lines));
    say_tick(&log, "north/node",
             test_checkpoint(&log, 7, NAMES("w1", "w2", "w3"), SECONDS(1000, 1000, 1000)));
    assert_string_equal(test_verdict(&log), "holds");
    assert_true(row_is(&log, "quorum", "quorum",
                       "{'orgs':['north','south','mediators','observers'],"
                       "'pending':[{'change':'admit','index':7,'name':'w6'}],'quorum':3,"
                       "'witnesses':['w1','w3','w4']}"));
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_operators_clock),
    cmocka_unit_test(test_attest),
    cmocka_unit_test(test_cosigned_ticks),
    cmocka_unit_test(test_false_checkpoints),
    cmocka_unit_test(test_changes_of_witnesses),
    cmocka_unit_test(test_change_and_back),
    cmocka_unit_test(test_witnesses_without_a_quorum),
};

RUN_TESTS(tests)
