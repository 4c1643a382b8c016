#include "base/test.h"
#include "register/casework.h"
#include "register/scenario.h"

/* Sessions, what is carried between two, what came of it, and who is to do what. The body
 * `commission` seats the parties, who must agree; the mediators chair it. */

#define AT "{'at_ms':1760000000000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define SOON "{'at_ms':1760001800000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define LATER "{'at_ms':1760086400000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define TICK(ms) "{'at_ms':" ms "}"
#define CALL(sitting) "{'body':'commission','from':" AT ",'sitting':'" sitting "'}"
#define OF(more) "{" more ",'session':'$s'}"
#define ATTEND(status) OF("'status':'" status "'")
#define CLOSE(how, more) OF("'how':'" how "'" more)
#define FILE_IT(type, more) "{" more "'session':'$s','type':'" type "'}"
#define ANSWER(of, word) "{'answer':'" word "','outcome':'$" of "'}"
#define ASSIGN(owner, more) "{'due':" SOON "," more "'owner':'" owner "','session':'$s'}"
#define RESULT(word) "{'action':'$a','result':'" word "'}"

static const char *member(struct test_log *log, const char *table, const char *key,
                          const char *name)
{
    return arena_text(&log->arena, json_get_text(test_row(log, table, spelled(log, key)), name));
}

static void check_member(struct test_log *log, const char *table, const char *key, const char *name,
                         const char *want)
{
    const char *is = member(log, table, key, name);

    if (strcmp(is, spelled(log, want)) != 0)
        fail_msg("%s %s: %s is \"%s\", not %s", table, key, name, is, want);
}

static void check_due(struct test_log *log, const char *key, int64_t want_ms)
{
    assert_int_equal(json_get_integer(test_row(log, "deadline", spelled(log, key)), "due_ms", 0),
                     want_ms);
}

static const struct line held[] = {
    {"called by who has no place", NULL, "mission/desk", "session.call", CALL("joint"),
     "void not_yours 7"},
    {"of a body that there is not", NULL, "east/desk", "session.call",
     "{'body':'senate','from':" AT ",'sitting':'joint'}", "void term rules 1 session.call"},
    {"in a way of its own", NULL, "east/desk", "session.call", CALL("by_post"),
     "void shape format §9.2"},
    {"by whoever may not", NULL, "reader", "session.call", CALL("joint"),
     "void capability rules 1 session.call"},
    {"called", "s", "north/desk", "session.call", CALL("joint"), "holds"},
    {"a mediator has no seat", NULL, "east/desk", "session.attend", ATTEND("accepted"),
     "void not_yours 7"},
    {"one comes", NULL, "north/desk", "session.attend", ATTEND("accepted"), "holds"},
    {"the other does not", NULL, "south/desk", "session.attend", ATTEND("declined"), "holds"},
    {"opened by a party", NULL, "north/desk", "session.open", "{'session':'$s'}",
     "void not_yours 7"},
    {"decided before it opens", NULL, "north/desk", "outcome.file", FILE_IT("decision", ""),
     "void no_move 14.2"},
    {"minutes before it opens", NULL, "east/desk", "outcome.file", FILE_IT("minutes", ""),
     "void no_move 14.2"},
    {"an action before it opens", NULL, "east/desk", "action.assign", ASSIGN("south", ""),
     "void no_move 14.2"},
    {"ended before it opens", NULL, "east/desk", "session.close", CLOSE("ended", ",'next':" LATER),
     "void no_move 14.2"},
    {"a matter", "item", "south/desk", "agenda.add", OF("'incident':'$incident'"), "holds"},
    {"a matter of who has no place", NULL, "mission/desk", "agenda.add",
     OF("'incident':'$incident'"), "void not_yours 7"},
    {"there", NULL, "north/desk", "session.attend", ATTEND("present"), "holds"},
    {"open", NULL, "east/desk", "session.open", "{'session':'$s'}", "holds"},
    {"open twice", NULL, "west/desk", "session.open", "{'session':'$s'}", "void no_move 14.2"},
    {"it will come, late", NULL, "south/desk", "session.attend", ATTEND("accepted"),
     "void no_move 14.2"},
    {"decided by one alone", NULL, "east/desk", "outcome.file", FILE_IT("decision", ""),
     "void quorum 7"},
    {"the other is there after all", NULL, "south/desk", "session.attend", ATTEND("present"),
     "holds"},
    {"a position", "paper", "north/desk", "paper.table", OF("'type':'position'"), "holds"},
    {"of a type that there is not", NULL, "north/desk", "paper.table", OF("'type':'poem'"),
     "void term rules 1 paper.table"},
    {"a better one, by the other", NULL, "south/desk", "paper.table",
     OF("'supersedes':'$paper','type':'position'"), "void not_yours 7"},
    {"a better one", "better", "north/desk", "paper.table",
     OF("'supersedes':'$paper','type':'position'"), "holds"},
    {"taken back", NULL, "north/desk", "record.withdraw", "{'reason':'error','record':'$better'}",
     "holds"},
    {"decided", "d", "east/desk", "outcome.file", FILE_IT("decision", "'item':'$item',"), "holds"},
    {"a mediator agrees", NULL, "west/desk", "outcome.answer", ANSWER("d", "agreed"),
     "void not_yours 7"},
    {"one agrees", NULL, "north/desk", "outcome.answer", ANSWER("d", "agreed"), "holds"},
    {"one has something to correct", NULL, "south/desk", "outcome.answer", ANSWER("d", "corrected"),
     "holds"},
    {"the other's word is replaced by a third", NULL, "west/desk", "outcome.file",
     FILE_IT("decision", "'supersedes':'$d',"), "void not_yours 7"},
    {"put right", "d2", "east/desk", "outcome.file", FILE_IT("decision", "'supersedes':'$d',"),
     "holds"},
    {"the old one is answered", NULL, "south/desk", "outcome.answer", ANSWER("d", "agreed"),
     "void no_move 14.2"},
    {"agreed", NULL, "south/desk", "outcome.answer", ANSWER("d2", "agreed"), "holds"},
    {"by both", NULL, "north/desk", "outcome.answer", ANSWER("d2", "agreed"), "holds"},
    {"and then not", NULL, "north/desk", "outcome.answer", ANSWER("d2", "refused"),
     "void no_move 14.2"},
    {"replaced when it is agreed", NULL, "east/desk", "outcome.file",
     FILE_IT("decision", "'supersedes':'$d2',"), "void no_move 14.2"},
    {"a party leaves", NULL, "south/desk", "session.attend", ATTEND("left"), "holds"},
    {"decided without it", NULL, "east/desk", "outcome.file", FILE_IT("decision", ""),
     "void quorum 7"},
    {"ended without a next date", NULL, "east/desk", "session.close", CLOSE("ended", ""),
     "void shape format §9.2"},
    {"ended by a party", NULL, "north/desk", "session.close", CLOSE("ended", ",'next':" LATER),
     "void not_yours 7"},
    {"adjourned", NULL, "west/desk", "session.close", CLOSE("adjourned", ",'next':" LATER),
     "holds"},
    {"decided meanwhile", NULL, "east/desk", "outcome.file", FILE_IT("decision", ""),
     "void no_move 14.2"},
    {"it was not held", NULL, "west/desk", "session.close", CLOSE("not_held", ""),
     "void no_move 14.2"},
    {"minutes", "m", "north/desk", "outcome.file", FILE_IT("minutes", ""), "holds"},
    {"refused", NULL, "south/desk", "outcome.answer", ANSWER("m", "refused"), "holds"},
    {"a statement, of its signer", "st", "north/desk", "outcome.file", FILE_IT("statement", ""),
     "holds"},
};

static void test_held(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, held, ARRAY_LEN(held));
    check_member(&log, "session", "$s", "state", "adjourned");
    check_member(&log, "attendance", "$s north", "state", "present");
    check_member(&log, "attendance", "$s south", "state", "left");
    check_member(&log, "agenda_item", "$item", "outcome", "$d");
    check_member(&log, "paper", "$paper", "state", "superseded");
    check_member(&log, "paper", "$better", "state", "withdrawn");
    check_member(&log, "outcome", "$d", "state", "superseded");
    check_member(&log, "outcome", "$d2", "state", "agreed");
    check_member(&log, "outcome", "$m", "state", "refused");
    check_member(&log, "outcome", "$st", "state", "filed");
    check_member(&log, "outcome_answer", "$d south", "state", "corrected");
    check_member(&log, "deadline", "commission hand", "state", "running");
    check_member(&log, "deadline", "$d word", "state", "met");
    check_member(&log, "deadline", "$d2 word", "state", "met");
    check_member(&log, "deadline", "$m word", "state", "met");
    check_member(&log, "deadline", "$st word", "state", "running");
    check_due(&log, "commission hand", 1760086400000 - 1760000000000);
    test_log_close(&log);
}

static const struct line collapsed[] = {
    {"the ceasefire is in force", NULL, "north/desk", "state.declare",
     "{'organisation':'north','state':'in_force'}", "holds"},
    {"called", "s", "east/desk", "session.call", CALL("proximity"), "holds"},
    {"another", "other", "east/desk", "session.call", CALL("proxy"), "holds"},
    {"a matter of the other", "item", "north/desk", "agenda.add", "{'session':'$other'}", "holds"},
    {"open", NULL, "east/desk", "session.open", "{'session':'$s'}", "holds"},
    {"an hour", NULL, "north/node", "clock.tick", TICK("1760003600000"), "holds"},
    {"there", NULL, "north/desk", "session.attend", ATTEND("present"), "holds"},
    {"minutes of a matter of another session", NULL, "east/desk", "outcome.file",
     FILE_IT("minutes", "'item':'$item',"), "void reference format §9.2"},
    {"collapsed", NULL, "east/desk", "session.close", CLOSE("collapsed", ""), "holds"},
    {"taken up again", NULL, "east/desk", "session.open", "{'session':'$s'}", "void no_move 14.2"},
    {"there, too late", NULL, "south/desk", "session.attend", ATTEND("present"),
     "void no_move 14.2"},
    {"an action of it", NULL, "east/desk", "action.assign", ASSIGN("south", ""),
     "void no_move 14.2"},
    {"each says why", "st", "north/desk", "outcome.file", FILE_IT("statement", ""), "holds"},
    {"the other is not held", NULL, "west/desk", "session.close",
     "{'how':'not_held','session':'$other'}", "holds"},
};

static void test_collapsed(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, collapsed, ARRAY_LEN(collapsed));
    check_member(&log, "session", "$s", "state", "collapsed");
    check_member(&log, "session", "$other", "state", "not_held");
    check_member(&log, "ceasefire", "north", "state", "in_force");
    /* Without a date the body's own span; who spoke has its time anew, who did not has not. */
    check_due(&log, "commission hand", 3600000 + 600000);
    check_due(&log, "commission remark north", 3600000 + 7200000);
    check_due(&log, "commission remark south", 7200000);
    test_log_close(&log);
}

#define GIVE(to, via, more) "{" more "'to':'" to "','via':'" via "'}"
#define PASS(act) "{'act':'" act "','exchange':'$x'}"

static const struct line carried[] = {
    {"by proxy", "s", "east/desk", "session.call", CALL("proxy"), "holds"},
    {"to oneself", NULL, "north/desk", "exchange.give", GIVE("north", "east", ""),
     "void not_yours 7"},
    {"by one's own hand", NULL, "north/desk", "exchange.give", GIVE("south", "north", ""),
     "void not_yours 7"},
    {"by whom it is for", NULL, "north/desk", "exchange.give", GIVE("south", "south", ""),
     "void not_yours 7"},
    {"in a session that is not one's own", NULL, "mission/desk", "exchange.give",
     GIVE("south", "east", "'session':'$s',"), "void not_yours 7"},
    {"given", "x", "north/desk", "exchange.give", GIVE("south", "east", "'session':'$s',"),
     "holds"},
    {"carried by another", NULL, "west/desk", "exchange.pass", PASS("passed"), "void not_yours 7"},
    {"answered before it was carried", NULL, "south/desk", "exchange.answer",
     "{'answer':'accepted','exchange':'$x'}", "void no_move 14.2"},
    {"put right before it was carried", NULL, "east/desk", "exchange.pass", PASS("corrected"),
     "void no_move 14.2"},
    {"what is meant?", NULL, "east/desk", "exchange.pass", PASS("asked_back"), "holds"},
    {"carried", "p", "east/desk", "exchange.pass", PASS("passed"), "holds"},
    {"held after all", NULL, "east/desk", "exchange.pass", PASS("held"), "void no_move 14.2"},
    {"answered by who gave it", NULL, "north/desk", "exchange.answer",
     "{'answer':'accepted','exchange':'$x'}", "void not_yours 7"},
    {"answered", "ans", "south/desk", "exchange.answer", "{'answer':'rejected','exchange':'$x'}",
     "holds"},
    {"it was put badly", "p2", "east/desk", "exchange.pass", PASS("corrected"), "holds"},
    {"answered anew", "ans2", "south/desk", "exchange.answer",
     "{'answer':'considered','exchange':'$x'}", "holds"},
};

static void test_carried(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, carried, ARRAY_LEN(carried));
    check_member(&log, "exchange", "$x", "state", "answered");
    check_member(&log, "exchange", "$x", "passed", "$p2");
    check_member(&log, "exchange", "$x", "answered", "$ans2");
    test_log_close(&log);
}

static const struct line actions[] = {
    {"called", "s", "east/desk", "session.call", CALL("joint"), "holds"},
    {"another", "other", "east/desk", "session.call", CALL("joint"), "holds"},
    {"open", NULL, "east/desk", "session.open", "{'session':'$s'}", "holds"},
    {"and the other", NULL, "east/desk", "session.open", "{'session':'$other'}", "holds"},
    {"minutes of the other", "m", "east/desk", "outcome.file",
     "{'session':'$other','type':'minutes'}", "holds"},
    {"by a party for the other", NULL, "north/desk", "action.assign", ASSIGN("south", ""),
     "void not_yours 7"},
    {"for who has no place", NULL, "east/desk", "action.assign", ASSIGN("mission", ""),
     "void not_yours 7"},
    {"from another session's minutes", NULL, "east/desk", "action.assign",
     ASSIGN("south", "'outcome':'$m',"), "void reference format §9.2"},
    {"for oneself", NULL, "north/desk", "action.assign", ASSIGN("north", ""), "holds"},
    {"to be done", "a", "east/desk", "action.assign", ASSIGN("south", ""), "holds"},
    {"said by another to be done", NULL, "north/desk", "action.report", RESULT("done"),
     "void not_yours 7"},
    {"found done before it was reported", NULL, "north/desk", "action.check", RESULT("done"),
     "void no_move 14.2"},
    {"in part", NULL, "south/desk", "action.report", RESULT("partly"), "holds"},
    {"past its time", NULL, "north/node", "clock.tick", TICK("1760003600000"), "holds"},
    {"found not done", NULL, "north/desk", "action.check", RESULT("not_done"), "holds"},
    {"done", "r", "south/desk", "action.report", RESULT("done"), "holds"},
    {"reported twice", NULL, "south/desk", "action.report", RESULT("done"), "void no_move 14.2"},
    {"checked by who owns it", NULL, "south/desk", "action.check", RESULT("done"),
     "void not_yours 7"},
    {"checked by who has no place", NULL, "mission/desk", "action.check", RESULT("done"),
     "void not_yours 7"},
    {"found done", "c", "north/desk", "action.check", RESULT("done"), "holds"},
    {"found not done after all", NULL, "north/desk", "action.check", RESULT("not_done"),
     "void no_move 14.2"},
};

static void test_actions(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, actions, ARRAY_LEN(actions));
    check_member(&log, "action", "$a", "state", "done");
    check_member(&log, "action", "$a", "report", "$r");
    check_member(&log, "action", "$a", "checked", "$c");
    check_member(&log, "deadline", "$a answer", "state", "late");
    test_log_close(&log);
}

static const struct line plain[] = {
    {"of a body without clocks", "s", "east/desk", "session.call",
     "{'body':'liaison','from':" AT ",'sitting':'joint'}", "holds"},
    {"open", NULL, "east/desk", "session.open", "{'session':'$s'}", "holds"},
    {"one is enough", NULL, "north/desk", "session.attend", ATTEND("present"), "holds"},
    {"to be done", "a", "east/desk", "action.assign", ASSIGN("south", ""), "holds"},
    {"done", NULL, "south/desk", "action.report", RESULT("done"), "holds"},
    {"found not done", NULL, "north/desk", "action.check", RESULT("not_done"), "holds"},
    {"decided by one of those who must agree", "d", "north/desk", "outcome.file",
     FILE_IT("decision", ""), "holds"},
    {"and the other", NULL, "south/desk", "outcome.answer", ANSWER("d", "agreed"), "holds"},
    {"ended", NULL, "east/desk", "session.close", CLOSE("ended", ",'next':" LATER), "holds"},
};

static void test_plain(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, plain, ARRAY_LEN(plain));
    check_member(&log, "outcome", "$d", "state", "agreed");
    check_member(&log, "action", "$a", "state", "assigned");
    check_member(&log, "session", "$s", "state", "ended");
    test_log_close(&log);
}

static const struct line begun[] = {
    {"called", "s", "east/desk", "session.call", CALL("joint"), "holds"},
    {"open", NULL, "east/desk", "session.open", "{'session':'$s'}", "holds"},
    {"there", NULL, "north/desk", "session.attend", ATTEND("present"), "holds"},
    {"minutes", "m", "north/desk", "outcome.file", FILE_IT("minutes", ""), "holds"},
    {"to be done", "a", "north/desk", "action.assign", ASSIGN("north", ""), "holds"},
    {"a text", "t", "north/desk", "text.open", "{'body':'commission','languages':['ur']}", "holds"},
    {"a part of it", "w", "north/desk", "text.propose",
     "{'article':'1','as':'wording','text':'$t'}", "holds"},
};

static const struct line amended[] = {
    {"proposed", "two", "north/root", "agreement.amend",
     "{'from_ms':1760000000000,'pieces':[{'file':'agreement.toml','n':1,'sha256':'#'}],"
     "'version':2}",
     "holds"},
    {"its piece", NULL, "south/root", "agreement.part",
     "{'amendment':'$two','content':~,'file':'agreement.toml','n':1}", "holds"},
    {"the other root", NULL, "south/root", "agreement.concur", "{'agreement':'$two'}", "holds"},
};

static const struct line without_body[] = {
    {"called anew", NULL, "east/desk", "session.call", CALL("joint"),
     "void term rules 1 session.call"},
    {"there", NULL, "south/desk", "session.attend", ATTEND("present"), "void not_yours 7"},
    {"ended", NULL, "east/desk", "session.close", CLOSE("ended", ",'next':" LATER),
     "void not_yours 7"},
    {"minutes", NULL, "north/desk", "outcome.file", FILE_IT("minutes", ""), "void not_yours 7"},
    {"agreed", NULL, "south/desk", "outcome.answer", ANSWER("m", "agreed"), "void not_yours 7"},
    {"an action", NULL, "north/desk", "action.assign", ASSIGN("north", ""), "void not_yours 7"},
    {"who was to do it says that it did", NULL, "north/desk", "action.report", RESULT("done"),
     "holds"},
    {"checked", NULL, "south/desk", "action.check", RESULT("done"), "void not_yours 7"},
    {"a wording", NULL, "south/desk", "text.propose", "{'article':'1','as':'wording','text':'$t'}",
     "void not_yours 7"},
    {"accepted", NULL, "south/desk", "text.answer", "{'answer':'accepted','wording':'$w'}",
     "void not_yours 7"},
};

/* What an amendment does away with has no places; what was begun in it stays as it is. */
static void test_amended(void **state)
{
    struct test_log log;
    struct json terms, bodies = json_array();
    struct err err = {0};

    (void)state;
    test_begin_case(&log);
    play(&log, begun, ARRAY_LEN(begun));
    assert_true(json_parse(&terms, log.terms, &log.arena, &err));
    json_push(&bodies, json_get(&terms, "body")->array.at[1], &log.arena);
    json_set(&terms, "body", bodies, &log.arena);
    log.terms = json_bytes(&terms, &log.arena);
    play(&log, amended, ARRAY_LEN(amended));
    play(&log, without_body, ARRAY_LEN(without_body));
    check_member(&log, "session", "$s", "state", "open");
    check_member(&log, "action", "$a", "state", "reported");
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_held),    cmocka_unit_test(test_collapsed),
    cmocka_unit_test(test_carried), cmocka_unit_test(test_actions),
    cmocka_unit_test(test_plain),   cmocka_unit_test(test_amended),
};

RUN_TESTS(tests)
