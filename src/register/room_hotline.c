#include "register/casework.h"

/*
 * The hotline: messages, and how far each has come with whom, by signature; what who stands
 * between does with one, which is never to alter it; tests of the line; the watch; calls that
 * stay open until they are answered. Time runs by the message's priority, and only for who is
 * to read it.
 */

static bool is_within(const struct apply *a, const struct json *message)
{
    return apply_is_own(a, message, "org") || apply_is_own(a, message, "to") ||
           apply_is_own(a, message, "via");
}

static bool ask_within(struct apply *a, const struct json *message)
{
    return is_within(a, message) ||
           apply_void(a, REASON_NOT_YOURS, "the message is neither of nor for the signer");
}

/* --- time ------------------------------------------------------------------------------------- */

/* How far a message comes, in this order: what a later step proves, it proves of those before. */
static const char *const steps[] = {"delivered", "opened", "understood", "answered"};

typedef bool turn(struct apply *a, struct span subject, struct span clock, struct err *err);

/* Starts or ends the message's clocks of the first `count` steps. */
static bool turn_steps(struct apply *a, struct span id, struct span priority, size_t count,
                       turn *each, struct err *err)
{
    const struct json *item;

    if (!apply_term(a, "hotline_priority", priority, &item, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct span clock = json_get_text(item, steps[i]);

        if (clock.len && !each(a, id, clock, err))
            return false;
    }
    return true;
}

static bool turn_passed(struct apply *a, struct span id, struct span priority, turn *how,
                        struct err *err)
{
    const struct json *item;

    if (!apply_term(a, "hotline_priority", priority, &item, err))
        return false;
    struct span clock = json_get_text(item, "passed");
    return clock.len == 0 || how(a, id, clock, err);
}

/* --- messages --------------------------------------------------------------------------------- */

static bool ask_other(struct apply *a, struct err *err)
{
    (void)err;
    return !apply_is_own(a, a->body, "to") ||
           apply_void(a, REASON_NOT_YOURS, "nobody calls itself");
}

/* Who passes it on is a third. */
static bool ask_via(struct apply *a, struct err *err)
{
    struct span via = json_get_text(a->body, "via");

    (void)err;
    return via.len == 0 ||
           !(apply_is_own(a, a->body, "via") || span_equal(via, json_get_text(a->body, "to"))) ||
           apply_void(a, REASON_NOT_YOURS, "who passes it on is neither end");
}

static bool ask_thread(struct apply *a, struct err *err)
{
    struct span id = json_get_text(a->body, "thread");
    const struct json *row;

    if (id.len == 0)
        return true;
    if (json_get(a->body, "reply_to"))
        return apply_void(a, REASON_SHAPE, "an answer belongs to the thread of what it answers");
    return apply_get(a, "message", id, &row, err) && ask_within(a, row);
}

/* Whom it is for has it once it was passed on. */
static bool has_come(const struct json *row)
{
    struct span state = json_get_text(row, "state");

    return !json_get(row, "via") || span_is(state, "passed") || span_is(state, "answered");
}

static bool ask_reply(struct apply *a, struct err *err)
{
    struct span id = json_get_text(a->body, "reply_to");
    const struct json *row;

    if (id.len == 0)
        return true;
    if (!apply_get(a, "message", id, &row, err))
        return false;
    if (!apply_is_own(a, row, "to") ||
        !span_equal(json_get_text(a->body, "to"), json_get_text(row, "org")))
        return apply_void(a, REASON_NOT_YOURS, "who a message is for answers it to who sent it");
    if (!has_come(row))
        return apply_no_move(a, err, "the message has not been passed on");
    return !json_get(a->body, "exercise") == !json_get(row, "exercise") ||
           apply_void(a, REASON_EXERCISE, "one of the two is an exercise");
}

static bool put_thread(struct apply *a, struct err *err)
{
    struct span of = json_get_text(a->body, "reply_to"), thread = span_of(a->record.id_text);
    const struct json *row;

    if (of.len == 0)
        of = json_get_text(a->body, "thread");
    if (of.len) {
        if (!apply_get(a, "message", of, &row, err))
            return false;
        thread = json_get_text(row, "thread");
    }
    struct json *own = apply_copy(a, a->at.own);
    json_set_string(own, "thread", thread, a->arena);
    return apply_put(a, "message", span_of(a->record.id_text), own, err);
}

static bool start_steps(struct apply *a, struct err *err)
{
    struct span id = span_of(a->record.id_text), priority = json_get_text(a->body, "priority");

    if (json_get(a->body, "via"))
        return turn_passed(a, id, priority, deadline_start, err);
    return turn_steps(a, id, priority, ARRAY_LEN(steps), deadline_start, err);
}

static bool answer_message(struct apply *a, struct err *err)
{
    struct span id = json_get_text(a->body, "reply_to");
    const struct json *row;

    if (id.len == 0)
        return true;
    if (!case_follow(a, "message", id, "replied", "answered",
                     json_string(span_of(a->record.id_text)), err))
        return false;
    if (apply_is_void(a))
        return true;
    return apply_get(a, "message", id, &row, err) &&
           turn_steps(a, id, json_get_text(row, "priority"), ARRAY_LEN(steps), deadline_end, err);
}

/* --- steps of acknowledgement ----------------------------------------------------------------- */

/* Who passes it on has it from the start. */
static bool ask_receiver(struct apply *a, struct err *err)
{
    const struct json *row = a->at.named;

    if (apply_is_own(a, row, "via"))
        return true;
    if (!apply_is_own(a, row, "to"))
        return apply_void(a, REASON_NOT_YOURS, "the message is not for the signer");
    return has_come(row) || apply_no_move(a, err, "the message has not been passed on");
}

static bool put_step_of(struct apply *a, size_t step, struct err *err)
{
    struct span key = apply_join(a, a->at.of, ' ', apply_org(a));
    const struct json *before;

    if (!case_move(a, "message_step", key, false, err))
        return false;
    if (apply_is_void(a))
        return true;
    if (!apply_get(a, "message_step", key, &before, err))
        return false;
    struct json *row = apply_copy(a, before);
    json_set_string(row, steps[step], span_of(a->record.id_text), a->arena);
    if (!apply_put(a, "message_step", key, row, err))
        return false;
    return !apply_is_own(a, a->at.named, "to") ||
           turn_steps(a, a->at.of, json_get_text(a->at.named, "priority"), step + 1, deadline_end,
                      err);
}

static bool put_delivered(struct apply *a, struct err *err)
{
    return put_step_of(a, 0, err);
}

static bool put_step(struct apply *a, struct err *err)
{
    struct span word = json_get_text(a->body, "step");
    size_t step = 0;

    while (!span_is(word, steps[step]))
        step++;
    return put_step_of(a, step, err);
}

/* --- who stands between ----------------------------------------------------------------------- */

static bool ask_holder(struct apply *a, struct err *err)
{
    (void)err;
    return apply_is_own(a, a->at.named, "via") ||
           apply_void(a, REASON_NOT_YOURS, "the message is not the signer's to pass on");
}

static bool pass(struct apply *a, struct err *err)
{
    struct span act = json_get_text(a->body, "act");
    struct span priority = json_get_text(a->at.named, "priority");
    bool passed = span_is(act, "passed");

    if ((passed || span_is(act, "refused")) &&
        !turn_passed(a, a->at.of, priority, deadline_end, err))
        return false;
    return !passed || turn_steps(a, a->at.of, priority, ARRAY_LEN(steps), deadline_start, err);
}

static bool ask_an_end(struct apply *a, struct err *err)
{
    const struct json *row;

    if (!apply_get(a, "message", json_get_text(a->at.named, "message"), &row, err))
        return false;
    return apply_is_own(a, row, "org") || apply_is_own(a, row, "to") ||
           apply_void(a, REASON_NOT_YOURS, "the message is neither of nor for the signer");
}

static bool ask_part_of_it(struct apply *a, struct err *err)
{
    (void)err;
    return ask_within(a, a->at.named);
}

static bool raise_level(struct apply *a, struct err *err)
{
    return case_set_named(a, "level", *json_get(a->body, "level"), err);
}

static bool ask_of_thread(struct apply *a, struct err *err)
{
    const struct json *row;

    return apply_get(a, "message", json_get_text(a->body, "message"), &row, err) &&
           ask_within(a, row);
}

static bool put_file(struct apply *a, struct err *err)
{
    const struct json *row;

    if (!apply_get(a, "message", json_get_text(a->body, "message"), &row, err))
        return false;
    return case_move(
        a, "hotline_file",
        apply_join(a, json_get_text(row, "thread"), ' ', json_get_text(a->body, "incident")), true,
        err);
}

/* --- the line --------------------------------------------------------------------------------- */

static bool ask_to(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "to");
}

static bool put_echo(struct apply *a, struct err *err)
{
    return case_set_named(a, "echo", json_string(span_of(a->record.id_text)), err) &&
           case_set_named(a, "heard", *json_get(a->body, "text"), err);
}

/* A line that is down has often been called silence. */
static bool ask_checked(struct apply *a, struct err *err)
{
    (void)err;
    return !span_is(json_get_text(a->body, "status"), "unanswered") ||
           span_is(json_get_text(a->body, "checked"), "yes") ||
           apply_void(a, REASON_SHAPE, "nobody is said not to answer before the line was tried");
}

static bool put_line(struct apply *a, struct err *err)
{
    return case_move(a, "line", apply_join(a, apply_org(a), ' ', json_get_text(a->body, "to")),
                     true, err);
}

/* --- the watch, and calls --------------------------------------------------------------------- */

static bool ask_officers(struct apply *a, struct err *err)
{
    static const char *const members[] = {"officer", "deputy", "principal"};

    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        struct span name = json_get_text(a->body, members[i]);
        const struct json *key = NULL;

        if (name.len == 0)
            continue;
        if (!apply_get(a, "key", name, &key, err))
            return false;
        if (!apply_is_own(a, key, "org") || !span_is(json_get_text(key, "job"), "author") ||
            !span_is(json_get_text(key, "state"), "active"))
            return apply_void(a, REASON_NOT_ADMITTED, "%.*s is no author's key of the signer's",
                              SPAN_ARG(name));
    }
    return true;
}

static bool put_duty(struct apply *a, struct err *err)
{
    return case_move(a, "duty", apply_org(a), true, err);
}

static bool ask_reasoned(struct apply *a, struct err *err)
{
    struct span answer = json_get_text(a->body, "answer");

    (void)err;
    if (span_is(answer, "declined") && !json_get(a->body, "ground"))
        return apply_void(a, REASON_SHAPE, "who declines says on what ground");
    return !span_is(answer, "other_time") || json_get(a->body, "at") ||
           apply_void(a, REASON_SHAPE, "who wants another time says which");
}

static const struct casework work[] = {
    {.kind = "hotline.send",
     .own = "message",
     .asks = {ask_other, ask_via, ask_thread, ask_reply},
     .then = {put_thread, start_steps, answer_message},
     .does =
         "`not_yours` if `to` is the signer's own organisation, or `via` is that or `to`. With "
         "`thread`: `shape` if there is a `reply_to` too, `not_yours` unless the signer acts for "
         "`org`, `to` or `via` of that row. With `reply_to`: `not_yours` unless the signer acts "
         "for `to` of that row and `to` is its `org`; `no_move` where it has a `via` and `state` "
         "is "
         "neither `passed` nor `answered`; `exercise` unless both have `exercise` or "
         "neither. `thread` of its row is that of the message it replies to or names, else its "
         "own id. Without `via`, starts on itself the clocks that its `hotline_priority` has as "
         "`delivered`, `opened`, `understood`, `answered`; with it, that of `passed`. What it "
         "replies to makes the move `replied`, `answered` of it this record, and its four clocks "
         "end."},
    {.kind = "hotline.deliver",
     .own = "acknowledgement",
     .of = "message",
     .moves = "message",
     .asks = {ask_receiver},
     .then = {put_delivered},
     .does = "As `hotline.ack` with the step `delivered`."},
    {.kind = "hotline.ack",
     .own = "acknowledgement",
     .of = "message",
     .moves = "message",
     .word = "step",
     .asks = {ask_receiver},
     .then = {put_step},
     .does = "For `via` of that row always; for its `to`, `no_move` where there is a `via` and "
             "`state` is neither `passed` nor `answered`; for others `not_yours`. Moves "
             "`message_step` under the message and the signer's organisation, with this record "
             "under the name of the step. Of `to`, ends the clocks of the message's "
             "`hotline_priority` for this step and those before it."},
    {.kind = "hotline.relay",
     .own = "relay_act",
     .of = "message",
     .moves = "message",
     .word = "act",
     .asks = {ask_holder},
     .then = {pass},
     .does = "`not_yours` unless the signer acts for `via` of that row. `passed` and `refused` end "
             "the message's clock of `passed`; `passed` starts the other four."},
    {.kind = "hotline.contest",
     .own = "contest",
     .of = "relay",
     .moves = "relay_act",
     .asks = {ask_an_end},
     .does = "`not_yours` unless the signer acts for `org` or `to` of the message."},
    {.kind = "hotline.escalate",
     .own = "escalation",
     .of = "message",
     .moves = "message",
     .asks = {ask_part_of_it},
     .then = {raise_level},
     .does = "`not_yours` unless the signer acts for `org`, `to` or `via` of that row. Its `level` "
             "becomes this one's."},
    {.kind = "hotline.file",
     .asks = {ask_of_thread},
     .then = {put_file},
     .does = "`not_yours` unless the signer acts for `org`, `to` or `via` of the message. Writes "
             "`hotline_file` under its thread and the incident."},
    {.kind = "hotline.check",
     .own = "line_check",
     .asks = {ask_other},
     .does = "`not_yours` if `to` is the signer's own organisation."},
    {.kind = "hotline.echo",
     .of = "check",
     .moves = "line_check",
     .asks = {ask_to},
     .then = {put_echo},
     .does = "`not_yours` unless the signer acts for `to` of that row. Its `echo` becomes this "
             "record, `heard` this one's `text`."},
    {.kind = "hotline.line",
     .own = "line_report",
     .word = "status",
     .asks = {ask_other, ask_checked},
     .then = {put_line},
     .does = "`not_yours` if `to` is the signer's own organisation; `shape` where `status` is "
             "`unanswered` and `checked` is not `yes`. Moves the row of `line` under the signer's "
             "organisation and `to`, which is this record's from now on."},
    {.kind = "hotline.duty",
     .own = "duty_turn",
     .asks = {case_ask_interval, ask_officers},
     .then = {put_duty},
     .does = "`interval` if `until` is before `from`; `not_admitted` unless `officer`, and "
             "`deputy` and `principal` if they are there, are active authors' keys of the signer's "
             "organisation. Writes `duty` under that."},
    {.kind = "hotline.call",
     .own = "call",
     .asks = {ask_other},
     .does = "`not_yours` if `to` is the signer's own organisation."},
    {.kind = "hotline.call_answer",
     .of = "call",
     .moves = "call",
     .word = "answer",
     .asks = {ask_to, ask_reasoned},
     .then = {case_answered},
     .does = "`not_yours` unless the signer acts for `to` of that row; `shape` where it is "
             "`declined` without `ground`, or `other_time` without `at`. Its `answer` becomes "
             "this one's, `answered` this record."},
    {0},
};

/* What is said of a message leaves it where it is. */
#define SAID(state)                                                                                \
    {"message", "hotline.deliver", state, state},                                                  \
        {"message", "hotline.ack delivered", state, state},                                        \
        {"message", "hotline.ack opened", state, state},                                           \
        {"message", "hotline.ack understood", state, state},                                       \
    {                                                                                              \
        "message", "hotline.escalate", state, state                                                \
    }
#define RELAY(from)                                                                                \
    {"message", "hotline.relay held", from, "held"},                                               \
        {"message", "hotline.relay asked_back", from, "asked_back"},                               \
        {"message", "hotline.relay passed", from, "passed"},                                       \
    {                                                                                              \
        "message", "hotline.relay refused", from, "refused"                                        \
    }
#define RELAYED(act)                                                                               \
    {                                                                                              \
        "relay_act", "hotline.relay " act, "", act                                                 \
    }
/* A step that comes late does not take back a later one. */
#define STEP(from, delivered, opened)                                                              \
    {"message_step", "hotline.deliver", from, delivered},                                          \
        {"message_step", "hotline.ack delivered", from, delivered},                                \
        {"message_step", "hotline.ack opened", from, opened},                                      \
    {                                                                                              \
        "message_step", "hotline.ack understood", from, "understood"                               \
    }
#define LINE(from)                                                                                 \
    {"line", "hotline.line up", from, "up"}, {"line", "hotline.line down", from, "down"},          \
    {                                                                                              \
        "line", "hotline.line unanswered", from, "unanswered"                                      \
    }
#define CALL(from)                                                                                 \
    {"call", "hotline.call_answer accepted", from, "accepted"},                                    \
        {"call", "hotline.call_answer other_time", from, "other_time"},                            \
    {                                                                                              \
        "call", "hotline.call_answer declined", from, "declined"                                   \
    }

static const struct move moves[] = {
    {"message", "hotline.send", "", "sent"},
    {"message", "replied", "sent", "answered"},
    {"message", "replied", "passed", "answered"},
    {"message", "replied", "answered", "answered"},
    SAID("sent"),
    SAID("held"),
    SAID("asked_back"),
    SAID("passed"),
    SAID("answered"),
    RELAY("sent"),
    RELAY("held"),
    RELAY("asked_back"),
    {"message", "hotline.relay corrected", "passed", "passed"},
    {"message", "hotline.relay corrected", "answered", "answered"},

    RELAYED("held"),
    RELAYED("asked_back"),
    RELAYED("passed"),
    RELAYED("refused"),
    RELAYED("corrected"),
    {"relay_act", "hotline.contest", "passed", "contested"},
    {"relay_act", "hotline.contest", "corrected", "contested"},
    {"relay_act", "hotline.contest", "contested", "contested"},
    {"contest", "hotline.contest", "", "made"},

    {"acknowledgement", "hotline.deliver", "", "made"},
    {"acknowledgement", "hotline.ack delivered", "", "made"},
    {"acknowledgement", "hotline.ack opened", "", "made"},
    {"acknowledgement", "hotline.ack understood", "", "made"},
    STEP("", "delivered", "opened"),
    STEP("delivered", "delivered", "opened"),
    STEP("opened", "opened", "opened"),
    STEP("understood", "understood", "understood"),

    {"escalation", "hotline.escalate", "", "made"},
    {"hotline_file", "hotline.file", "", "filed"},
    {"hotline_file", "hotline.file", "filed", "filed"},

    {"line_check", "hotline.check", "", "sent"},
    {"line_check", "hotline.echo", "sent", "echoed"},
    {"line_report", "hotline.line up", "", "made"},
    {"line_report", "hotline.line down", "", "made"},
    {"line_report", "hotline.line unanswered", "", "made"},
    LINE(""),
    LINE("up"),
    LINE("down"),
    LINE("unanswered"),

    {"duty_turn", "hotline.duty", "", "made"},
    {"duty", "hotline.duty", "", "set"},
    {"duty", "hotline.duty", "set", "set"},

    {"call", "hotline.call", "", "asked"},
    CALL("asked"),
    CALL("other_time"),
    CALL("declined"),
    {"call", "hotline.call_answer other_time", "accepted", "other_time"},
    {0},
};

const struct case_room case_room_hotline = {work, moves};
