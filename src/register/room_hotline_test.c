#include "base/test.h"
#include "register/casework.h"
#include "register/scenario.h"

/* Messages and their steps, what who stands between does, tests, the watch and calls. */

#define AT "{'at_ms':1760000000000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define LATER "{'at_ms':1760003600000,'basis':'watch','offset_min':0,'uncertainty_ms':0}"
#define TICK(ms) "{'at_ms':" ms "}"
#define SEND(to, more) "{'priority':'flash'" more ",'to':'" to "'}"
#define REPLY(to, of) "{'priority':'flash','reply_to':'$" of "','to':'" to "'}"
#define ACK(of, step) "{'message':'$" of "','step':'" step "'}"
#define RELAY(of, act) "{'act':'" act "','message':'$" of "'}"

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

static const struct line straight[] = {
    {"a word", "m", "north/desk", "hotline.send", SEND("south", ""), "holds"},
    {"to oneself", NULL, "north/desk", "hotline.send", SEND("north", ""), "void not_yours 7"},
    {"by one's own hand", NULL, "north/desk", "hotline.send", SEND("south", ",'via':'north'"),
     "void not_yours 7"},
    {"to nobody there is", NULL, "north/desk", "hotline.send", SEND("moon", ""),
     "void term rules 1 hotline.send"},
    {"of a priority that there is not", NULL, "north/desk", "hotline.send",
     "{'priority':'whenever','to':'south'}", "void term rules 1 hotline.send"},
    {"by whoever may not", NULL, "reader", "hotline.send", SEND("south", ""),
     "void capability rules 1 hotline.send"},
    {"come to another's node", NULL, "north/node", "hotline.deliver", "{'message':'$m'}",
     "void not_yours 7"},
    {"signed by no node", NULL, "south/desk", "hotline.deliver", "{'message':'$m'}",
     "void wrong_job format §1.4"},
    {"come", "came", "south/node", "hotline.deliver", "{'message':'$m'}", "holds"},
    {"opened by who wrote it", NULL, "north/desk", "hotline.ack", ACK("m", "opened"),
     "void not_yours 7"},
    {"opened by a third", NULL, "west/desk", "hotline.ack", ACK("m", "opened"), "void not_yours 7"},
    {"answered already, as a step", NULL, "south/desk", "hotline.ack", ACK("m", "answered"),
     "void shape format §9.2"},
    {"five minutes and more", NULL, "north/node", "clock.tick", TICK("1760000300001"), "holds"},
    {"opened", "opened", "south/desk", "hotline.ack", ACK("m", "opened"), "holds"},
    {"relayed where nobody stands between", NULL, "east/desk", "hotline.relay",
     RELAY("m", "passed"), "void not_yours 7"},
    {"read back", "read", "south/desk", "hotline.ack", ACK("m", "understood"), "holds"},
    {"the node says it late", NULL, "south/node", "hotline.deliver", "{'message':'$m'}", "holds"},
    {"answered by a third", NULL, "west/desk", "hotline.send", REPLY("north", "m"),
     "void not_yours 7"},
    {"answered to a third", NULL, "south/desk", "hotline.send", REPLY("west", "m"),
     "void not_yours 7"},
    {"answered by an exercise", NULL, "south/desk", "hotline.send",
     "{'exercise':'yes','priority':'flash','reply_to':'$m','to':'north'}", "void exercise 7"},
    {"answered, in another thread", NULL, "south/desk", "hotline.send",
     "{'priority':'flash','reply_to':'$m','thread':'$m','to':'north'}", "void shape format §9.2"},
    {"answered", "reply", "south/desk", "hotline.send", REPLY("north", "m"), "holds"},
    {"and again", "again", "south/desk", "hotline.send", REPLY("north", "m"), "holds"},
    {"more of the same", "more", "north/desk", "hotline.send", SEND("south", ",'thread':'$reply'"),
     "holds"},
    {"a third joins", NULL, "west/desk", "hotline.send", SEND("south", ",'thread':'$m'"),
     "void not_yours 7"},
    {"up to the deputy", NULL, "south/desk", "hotline.escalate",
     "{'level':'deputy','message':'$m'}", "holds"},
    {"by a third", NULL, "west/desk", "hotline.escalate", "{'level':'principal','message':'$m'}",
     "void not_yours 7"},
    {"it is about the incident", NULL, "south/desk", "hotline.file",
     "{'incident':'$incident','message':'$more'}", "holds"},
    {"says a third", NULL, "west/desk", "hotline.file",
     "{'incident':'$incident','message':'$more'}", "void not_yours 7"},
};

static void test_straight(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, straight, ARRAY_LEN(straight));
    check_member(&log, "message", "$m", "state", "answered");
    check_member(&log, "message", "$m", "answered", "$again");
    check_member(&log, "message", "$m", "level", "deputy");
    check_member(&log, "message", "$m", "thread", "$m");
    check_member(&log, "message", "$reply", "thread", "$m");
    check_member(&log, "message", "$more", "thread", "$m");
    check_member(&log, "message_step", "$m south", "state", "understood");
    check_member(&log, "message_step", "$m south", "opened", "$opened");
    check_member(&log, "message_step", "$m south", "understood", "$read");
    check_member(&log, "deadline", "$m arrive", "state", "met");
    check_member(&log, "deadline", "$m look-up", "state", "late");
    check_member(&log, "deadline", "$m word", "state", "met");
    check_member(&log, "deadline", "$reply word", "state", "running");
    check_member(&log, "hotline_file", "$m $incident", "org", "south");
    test_log_close(&log);
}

static const struct line relayed[] = {
    {"a word", "m", "north/desk", "hotline.send", SEND("south", ",'via':'east'"), "holds"},
    {"opened before it was passed on", NULL, "south/desk", "hotline.ack", ACK("m", "opened"),
     "void no_move 14.2"},
    {"answered before it was passed on", NULL, "south/desk", "hotline.send", REPLY("north", "m"),
     "void no_move 14.2"},
    {"it is with who stands between", NULL, "east/desk", "hotline.ack", ACK("m", "opened"),
     "holds"},
    {"held by another", NULL, "west/desk", "hotline.relay", RELAY("m", "held"), "void not_yours 7"},
    {"corrected before it was passed on", NULL, "east/desk", "hotline.relay",
     RELAY("m", "corrected"), "void no_move 14.2"},
    {"what is meant?", NULL, "east/desk", "hotline.relay", RELAY("m", "asked_back"), "holds"},
    {"held", NULL, "east/desk", "hotline.relay", RELAY("m", "held"), "holds"},
    {"passed on", "pass", "east/desk", "hotline.relay",
     "{'act':'passed','language':'ps','message':'$m'}", "holds"},
    {"passed on twice", NULL, "east/desk", "hotline.relay", RELAY("m", "passed"),
     "void no_move 14.2"},
    {"held after all", NULL, "east/desk", "hotline.relay", RELAY("m", "held"), "void no_move 14.2"},
    {"opened", NULL, "south/desk", "hotline.ack", ACK("m", "opened"), "holds"},
    {"that is not what it says, says a third", NULL, "west/desk", "hotline.contest",
     "{'relay':'$pass'}", "void not_yours 7"},
    {"or who translated it", NULL, "east/desk", "hotline.contest", "{'relay':'$pass'}",
     "void not_yours 7"},
    {"or who wrote it", NULL, "north/desk", "hotline.contest", "{'language':'ps','relay':'$pass'}",
     "holds"},
    {"put right", "right", "east/desk", "hotline.relay", RELAY("m", "corrected"), "holds"},
    {"another, which is held", "held", "south/desk", "hotline.send", SEND("north", ",'via':'east'"),
     "holds"},
    {"held", "hold", "east/desk", "hotline.relay", RELAY("held", "held"), "holds"},
    {"contested though nothing was translated", NULL, "south/desk", "hotline.contest",
     "{'relay':'$hold'}", "void no_move 14.2"},
    {"refused", NULL, "east/desk", "hotline.relay", RELAY("held", "refused"), "holds"},
    {"escalated when it is refused", NULL, "south/desk", "hotline.escalate",
     "{'level':'deputy','message':'$held'}", "void no_move 14.2"},
};

static void test_relayed(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, relayed, ARRAY_LEN(relayed));
    check_member(&log, "message", "$m", "state", "passed");
    check_member(&log, "relay_act", "$pass", "state", "contested");
    check_member(&log, "relay_act", "$right", "state", "corrected");
    check_member(&log, "deadline", "$m hand", "state", "met");
    check_member(&log, "deadline", "$m look-up", "state", "met");
    check_member(&log, "deadline", "$m word", "state", "running");
    check_member(&log, "deadline", "$held hand", "state", "met");
    check_member(&log, "deadline", "$held word", "state", "");
    test_log_close(&log);
}

#define LINE(to, status, more) "{" more "'since':" AT ",'status':'" status "','to':'" to "'}"
#define DUTY(officer, more) "{" more "'from':" AT ",'officer':'" officer "','until':" LATER "}"

static const struct line watch[] = {
    {"a test", "check", "north/desk", "hotline.check", "{'number':1,'text':'river','to':'south'}",
     "holds"},
    {"of oneself", NULL, "north/desk", "hotline.check", "{'text':'river','to':'north'}",
     "void not_yours 7"},
    {"with words of one's own", NULL, "north/desk", "hotline.check",
     "{'text':'we march at dawn','to':'south'}", "void shape format §9.2"},
    {"with a text that there is not", NULL, "north/desk", "hotline.check",
     "{'text':'bear','to':'south'}", "void term rules 1 hotline.check"},
    {"echoed by a third", NULL, "west/desk", "hotline.echo", "{'check':'$check','text':'river'}",
     "void not_yours 7"},
    {"echoed, as it came", "echo", "south/desk", "hotline.echo",
     "{'check':'$check','text':'orchard'}", "holds"},
    {"echoed twice", NULL, "south/desk", "hotline.echo", "{'check':'$check','text':'river'}",
     "void no_move 14.2"},
    {"nobody answers, untried", NULL, "north/desk", "hotline.line", LINE("south", "unanswered", ""),
     "void shape format §9.2"},
    {"nobody answers, not even tried", NULL, "north/desk", "hotline.line",
     LINE("south", "unanswered", "'checked':'no',"), "void shape format §9.2"},
    {"one's own line", NULL, "north/desk", "hotline.line", LINE("north", "down", ""),
     "void not_yours 7"},
    {"it is down", NULL, "north/desk", "hotline.line", LINE("south", "down", "'hop':'east',"),
     "holds"},
    {"it is whole, and nobody answers", NULL, "north/desk", "hotline.line",
     LINE("south", "unanswered", "'checked':'yes',"), "holds"},
    {"on watch", NULL, "north/desk", "hotline.duty", DUTY("north/desk", ""), "holds"},
    {"another's officer", NULL, "north/desk", "hotline.duty", DUTY("south/desk", ""),
     "void not_admitted 7"},
    {"another's deputy", NULL, "north/desk", "hotline.duty",
     DUTY("north/desk", "'deputy':'south/desk',"), "void not_admitted 7"},
    {"a principal that is no author", NULL, "north/desk", "hotline.duty",
     "{'from':" AT ",'officer':'north/desk','principal':'north/node','until':" LATER "}",
     "void not_admitted 7"},
    {"somebody who is no key", NULL, "north/desk", "hotline.duty", DUTY("nobody", ""),
     "void not_admitted 7"},
    {"until before it begins", NULL, "north/desk", "hotline.duty",
     "{'from':" LATER ",'officer':'north/desk','until':" AT "}", "void interval 7"},
    {"a call", "call", "north/desk", "hotline.call", "{'level':'principal','to':'south'}", "holds"},
    {"with oneself", NULL, "north/desk", "hotline.call", "{'level':'principal','to':'north'}",
     "void not_yours 7"},
    {"declined by a third", NULL, "west/desk", "hotline.call_answer",
     "{'answer':'declined','call':'$call','ground':'nothing-new'}", "void not_yours 7"},
    {"declined without a word", NULL, "south/desk", "hotline.call_answer",
     "{'answer':'declined','call':'$call'}", "void shape format §9.2"},
    {"declined on a ground that is none", NULL, "south/desk", "hotline.call_answer",
     "{'answer':'declined','call':'$call','ground':'pride'}",
     "void term rules 1 hotline.call_answer"},
    {"another time, which nobody says", NULL, "south/desk", "hotline.call_answer",
     "{'answer':'other_time','call':'$call'}", "void shape format §9.2"},
    {"another time", NULL, "south/desk", "hotline.call_answer",
     "{'answer':'other_time','at':" LATER ",'call':'$call'}", "holds"},
    {"yes", "yes", "south/desk", "hotline.call_answer", "{'answer':'accepted','call':'$call'}",
     "holds"},
    {"and no", NULL, "south/desk", "hotline.call_answer",
     "{'answer':'declined','call':'$call','ground':'nothing-new'}", "void no_move 14.2"},
};

static void test_watch(void **state)
{
    struct test_log log;

    (void)state;
    test_begin_case(&log);
    play(&log, watch, ARRAY_LEN(watch));
    check_member(&log, "line_check", "$check", "echo", "$echo");
    check_member(&log, "line_check", "$check", "text", "river");
    check_member(&log, "line_check", "$check", "heard", "orchard");
    check_member(&log, "line", "north south", "state", "unanswered");
    check_member(&log, "line", "north south", "hop", "");
    check_member(&log, "duty", "north", "officer", "north/desk");
    check_member(&log, "call", "$call", "state", "accepted");
    check_member(&log, "call", "$call", "answered", "$yes");
    test_log_close(&log);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_straight),
    cmocka_unit_test(test_relayed),
    cmocka_unit_test(test_watch),
};

RUN_TESTS(tests)
