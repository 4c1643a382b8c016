#include "register/casework.h"

/*
 * Sessions of the agreement's bodies: who was there, what was put on the table, and what was
 * carried from one to another. Nothing here moves a ceasefire: talks may fail while it stands.
 */

static bool ask_part(struct apply *a, struct err *err)
{
    return body_ask_session(a, NULL, err);
}

static bool ask_seat(struct apply *a, struct err *err)
{
    return body_ask_session(a, "sits", err);
}

static bool ask_chair(struct apply *a, struct err *err)
{
    return body_ask_session(a, "chairs", err);
}

/* --- time ------------------------------------------------------------------------------------- */

/* Whoever has spoken is not silent: its time begins anew, and that of who never spoke goes on. */
static bool hear(struct apply *a, const struct json *session, struct err *err)
{
    struct span id = json_get_text(session, "body");
    const struct json *body;

    if (!body_of(a, session, &body, err))
        return false;
    struct span clock = json_get_text(body, "dormant");
    return clock.len == 0 || (deadline_end(a, id, clock, err) && deadline_start(a, id, clock, err));
}

static bool calendar(struct apply *a, bool met, struct err *err)
{
    const struct json *body, *next = json_get(a->body, "next");
    struct span id = json_get_text(a->at.named, "body");

    if (!body_of(a, a->at.named, &body, err))
        return false;
    struct span clock = json_get_text(body, "calendar");
    if (clock.len == 0)
        return true;
    if (met)
        return deadline_end(a, id, clock, err);
    return next ? deadline_start_until(a, id, clock, json_get_integer(next, "at_ms", 0), err)
                : deadline_start(a, id, clock, err);
}

/* --- sessions --------------------------------------------------------------------------------- */

static bool begin_session(struct apply *a, struct err *err)
{
    struct json *own = apply_copy(a, a->at.own);

    json_set(own, "present", json_array(), a->arena);
    return apply_put(a, "session", span_of(a->record.id_text), own, err) && hear(a, own, err);
}

static bool put_attendance(struct apply *a, struct err *err)
{
    const struct json *present = json_get(a->at.named, "present");
    struct span status = json_get_text(a->body, "status");

    if (!case_move(a, "attendance", apply_join(a, a->at.of, ' ', apply_org(a)), true, err))
        return false;
    if (apply_is_void(a))
        return true;
    return case_set_named(a, "present",
                          case_names_with(a, present, apply_org(a), span_is(status, "present")),
                          err) &&
           hear(a, a->at.named, err);
}

static bool meet(struct apply *a, struct err *err)
{
    return calendar(a, true, err);
}

static bool ask_next(struct apply *a, struct err *err)
{
    struct span how = json_get_text(a->body, "how");

    (void)err;
    return json_get(a->body, "next") || span_is(how, "collapsed") || span_is(how, "not_held") ||
           apply_void(a, REASON_SHAPE, "it says when the body is to meet next");
}

static bool end_session(struct apply *a, struct err *err)
{
    const struct json *next = json_get(a->body, "next");

    if (!case_set_named(a, "closed", json_string(span_of(a->record.id_text)), err) ||
        (next && !case_set_named(a, "next", *next, err)))
        return false;
    return calendar(a, false, err);
}

/* --- what is carried from one to another ------------------------------------------------------ */

static bool ask_three(struct apply *a, struct err *err)
{
    (void)err;
    return !(apply_is_own(a, a->body, "to") || apply_is_own(a, a->body, "via") ||
             span_equal(json_get_text(a->body, "to"), json_get_text(a->body, "via"))) ||
           apply_void(a, REASON_NOT_YOURS, "one gives it, another carries it, to a third");
}

static bool ask_of_session(struct apply *a, struct err *err)
{
    return !json_get(a->body, "session") || ask_part(a, err);
}

static bool ask_carrier(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "via");
}

static bool ask_to(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "to");
}

static bool put_passed(struct apply *a, struct err *err)
{
    struct span act = json_get_text(a->body, "act");

    return !(span_is(act, "passed") || span_is(act, "corrected")) ||
           case_set_named(a, "passed", json_string(span_of(a->record.id_text)), err);
}

#define SEAT "`not_yours` unless the signer's organisation has a place in the body of the session: "
#define PART SEAT "in its `sits` or `chairs`."

static const struct casework work[] = {
    {.kind = "session.call",
     .own = "session",
     .asks = {ask_part},
     .then = {begin_session},
     .does = PART " In its row `present` is empty. The body's clock `dormant` ends on the body's "
                  "id for the signer, and starts on it."},
    {.kind = "session.attend",
     .of = "session",
     .moves = "session",
     .word = "status",
     .asks = {ask_seat},
     .then = {put_attendance},
     .does = SEAT "in its `sits`. Moves `attendance` under the session and the signer's "
                  "organisation, which is this record's from now on; that organisation leaves "
                  "`present` of the session, and with `present` joins its end. The body's clock "
                  "`dormant` ends on the body's id for the signer, and starts on it."},
    {.kind = "session.open",
     .of = "session",
     .moves = "session",
     .asks = {ask_chair},
     .then = {meet},
     .does = SEAT "in its `chairs`. The body's clock `calendar` ends on the body's id."},
    {.kind = "session.close",
     .of = "session",
     .moves = "session",
     .word = "how",
     .asks = {ask_chair, ask_next},
     .then = {end_session},
     .does = SEAT "in its `chairs`. `shape` where there is no `next` and `how` is `ended` or "
                  "`adjourned`. `closed` of the session's row is this record, and `next` this "
                  "one's, where it has one; the "
                  "body's clock `calendar` starts on the body's id, until then if it says when."},
    {.kind = "agenda.add",
     .own = "agenda_item",
     .of = "session",
     .moves = "session",
     .asks = {ask_part},
     .does = PART},
    {.kind = "paper.table",
     .own = "paper",
     .of = "session",
     .moves = "session",
     .asks = {ask_part, item_replaces},
     .does = PART " `external_id`, and of the one that `supersedes` names `not_yours` and "
                  "`no_move`, as with `incident.report`. Writes `paper` and `external`."},
    {.kind = "exchange.give",
     .own = "exchange",
     .asks = {ask_three, ask_of_session},
     .does = "`not_yours` unless the signer's organisation, `via` and `to` are three. With "
             "`session`: " PART},
    {.kind = "exchange.pass",
     .of = "exchange",
     .moves = "exchange",
     .word = "act",
     .asks = {ask_carrier},
     .then = {put_passed},
     .does = "`not_yours` unless the signer acts for `via` of that row. Of what is `passed` or "
             "`corrected`, `passed` of the row becomes this record."},
    {.kind = "exchange.answer",
     .of = "exchange",
     .moves = "exchange",
     .asks = {ask_to},
     .then = {case_answered},
     .does = "`not_yours` unless the signer acts for `to` of that row. Its `answer` becomes this "
             "one's, `answered` this record."},
    {0},
};

/* What is put before a session while it can still come to anything. */
#define LAID(state)                                                                                \
    {"session", "agenda.add", state, state}, {"session", "paper.table", state, state},             \
    {                                                                                              \
        "session", "session.attend present", state, state                                          \
    }
#define INVITED(state)                                                                             \
    {"session", "session.attend accepted", state, state},                                          \
    {                                                                                              \
        "session", "session.attend declined", state, state                                         \
    }
/* What is written down of one that was held, even after it. */
#define WRITTEN(state)                                                                             \
    {"session", "outcome.file minutes", state, state},                                             \
    {                                                                                              \
        "session", "outcome.file statement", state, state                                          \
    }
#define ATTENDED(from)                                                                             \
    {"attendance", "session.attend accepted", from, "accepted"},                                   \
        {"attendance", "session.attend declined", from, "declined"},                               \
        {"attendance", "session.attend present", from, "present"},                                 \
    {                                                                                              \
        "attendance", "session.attend left", from, "left"                                          \
    }
#define PASSED(from)                                                                               \
    {"exchange", "exchange.pass held", from, "held"},                                              \
        {"exchange", "exchange.pass asked_back", from, "asked_back"},                              \
        {"exchange", "exchange.pass passed", from, "passed"},                                      \
    {                                                                                              \
        "exchange", "exchange.pass refused", from, "refused"                                       \
    }

static const struct move moves[] = {
    {"session", "session.call", "", "called"},
    {"session", "session.open", "called", "open"},
    {"session", "session.open", "adjourned", "open"},
    {"session", "session.close ended", "open", "ended"},
    {"session", "session.close ended", "adjourned", "ended"},
    {"session", "session.close adjourned", "open", "adjourned"},
    {"session", "session.close adjourned", "adjourned", "adjourned"},
    {"session", "session.close collapsed", "called", "collapsed"},
    {"session", "session.close collapsed", "open", "collapsed"},
    {"session", "session.close collapsed", "adjourned", "collapsed"},
    {"session", "session.close not_held", "called", "not_held"},
    LAID("called"),
    LAID("open"),
    LAID("adjourned"),
    INVITED("called"),
    INVITED("adjourned"),
    {"session", "session.attend left", "called", "called"},
    {"session", "session.attend left", "open", "open"},
    {"session", "session.attend left", "adjourned", "adjourned"},
    {"session", "outcome.file decision", "open", "open"},
    WRITTEN("open"),
    WRITTEN("adjourned"),
    WRITTEN("ended"),
    WRITTEN("collapsed"),
    {"session", "action.assign", "open", "open"},
    {"session", "action.assign", "adjourned", "adjourned"},
    {"session", "action.assign", "ended", "ended"},
    ATTENDED(""),
    ATTENDED("accepted"),
    ATTENDED("declined"),
    ATTENDED("present"),
    ATTENDED("left"),

    {"agenda_item", "agenda.add", "", "filed"},
    {"agenda_item", "taken", "filed", "taken"},
    {"agenda_item", "taken", "taken", "taken"},

    {"exchange", "exchange.give", "", "given"},
    PASSED("given"),
    PASSED("held"),
    PASSED("asked_back"),
    {"exchange", "exchange.pass corrected", "passed", "passed"},
    {"exchange", "exchange.pass corrected", "answered", "passed"},
    {"exchange", "exchange.answer", "passed", "answered"},
    {"exchange", "exchange.answer", "answered", "answered"},
    {0},
};

const struct case_room case_room_dialogue = {work, moves};
