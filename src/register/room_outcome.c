#include "register/casework.h"

/*
 * What came of a session, and who is to do what. What is the body's is so when each organisation
 * that must agree has signed so; until then it is its signer's word.
 */

static bool ask_part(struct apply *a, struct err *err)
{
    return body_ask_session(a, NULL, err);
}

static bool ask_same_session(struct apply *a, const char *field, const char *table, struct err *err)
{
    struct span id = json_get_text(a->body, field);
    const struct json *row;

    if (id.len == 0)
        return true;
    if (!apply_get(a, table, id, &row, err))
        return false;
    return span_equal(json_get_text(row, "session"), json_get_text(a->body, "session")) ||
           apply_void(a, REASON_REFERENCE, "\"%s\" is of another session", field);
}

/* --- what came of it -------------------------------------------------------------------------- */

static bool ask_quorum(struct apply *a, struct err *err)
{
    const struct json *body;

    if (!span_is(json_get_text(a->body, "type"), "decision"))
        return true;
    if (!body_of(a, a->at.named, &body, err))
        return false;
    size_t present = json_get(a->at.named, "present")->array.count;
    int64_t needed = json_get_integer(body, "quorum", 0);
    return (int64_t)present >= needed ||
           apply_void(a, REASON_QUORUM, "%zu are there, and the body decides with %" PRId64,
                      present, needed);
}

static bool ask_item(struct apply *a, struct err *err)
{
    return ask_same_session(a, "item", "agenda_item", err);
}

static bool ask_earlier(struct apply *a, struct err *err)
{
    struct span id = json_get_text(a->body, "supersedes");
    const struct json *row;

    if (id.len == 0)
        return true;
    if (!ask_same_session(a, "supersedes", "outcome", err) || apply_is_void(a))
        return apply_is_void(a);
    if (!apply_get(a, "outcome", id, &row, err))
        return false;
    return case_ask_org(a, json_get_text(row, "org"));
}

/* It is the body's once each of those who must agree is among those who do. */
static bool settle(struct apply *a, struct span id, const struct json *session, struct err *err)
{
    const struct json *row, *needed;

    if (!apply_get(a, "outcome", id, &row, err) || !body_concur(a, session, &needed, err))
        return false;
    for (size_t i = 0; i < needed->array.count; i++)
        if (!json_lists(json_get(row, "agreed"), needed->array.at[i].string))
            return true;
    return case_follow(a, "outcome", id, "complete", "settled",
                       json_integer((int64_t)a->entry->index), err) &&
           body_turn_answer(a, id, session, deadline_end, err);
}

static bool put_agreed(struct apply *a, struct span id, bool agrees, struct err *err)
{
    const struct json *before;

    if (!apply_get(a, "outcome", id, &before, err))
        return false;
    struct json *row = apply_copy(a, before), none = json_array();
    const struct json *names = json_get(before, "agreed");
    json_set(row, "agreed", case_names_with(a, names ? names : &none, apply_org(a), agrees),
             a->arena);
    return apply_put(a, "outcome", id, row, err);
}

/* Who must agree, and has filed it, has agreed. */
static bool put_outcome(struct apply *a, struct err *err)
{
    struct span id = span_of(a->record.id_text), before = json_get_text(a->body, "supersedes");
    const struct json *body;
    bool agrees;

    if (!body_of(a, a->at.named, &body, err) ||
        !body_has(a, body, "concur", apply_org(a), &agrees, err) ||
        !put_agreed(a, id, agrees, err) ||
        !body_turn_answer(a, id, a->at.named, deadline_start, err))
        return false;
    return before.len == 0 || (case_follow(a, "outcome", before, "superseded", "superseded_by",
                                           json_string(id), err) &&
                               body_turn_answer(a, before, a->at.named, deadline_end, err));
}

static bool take_item(struct apply *a, struct err *err)
{
    struct span item = json_get_text(a->body, "item");

    return item.len == 0 || case_follow(a, "agenda_item", item, "taken", "outcome",
                                        json_string(span_of(a->record.id_text)), err);
}

static bool settle_own(struct apply *a, struct err *err)
{
    return settle(a, span_of(a->record.id_text), a->at.named, err);
}

static bool session_of_named(struct apply *a, const struct json **out, struct err *err)
{
    return apply_get(a, "session", json_get_text(a->at.named, "session"), out, err);
}

static bool ask_must_agree(struct apply *a, struct err *err)
{
    const struct json *session, *body;

    return session_of_named(a, &session, err) && body_of(a, session, &body, err) &&
           body_ask(a, body, "concur", err);
}

static bool put_outcome_answer(struct apply *a, struct err *err)
{
    struct span answer = json_get_text(a->body, "answer");
    bool agrees = span_is(answer, "agreed");
    const struct json *session;

    if (!session_of_named(a, &session, err) ||
        !case_move(a, "outcome_answer", apply_join(a, a->at.of, ' ', apply_org(a)), true, err))
        return false;
    if (apply_is_void(a))
        return true;
    if (!put_agreed(a, a->at.of, agrees, err))
        return false;
    if (span_is(answer, "refused"))
        return body_turn_answer(a, a->at.of, session, deadline_end, err);
    return !agrees || settle(a, a->at.of, session, err);
}

/* --- who is to do what ------------------------------------------------------------------------ */

/* Nobody but who chairs gives another something to do. */
static bool ask_assign(struct apply *a, struct err *err)
{
    struct span owner = json_get_text(a->body, "owner");
    const struct json *body;
    bool in;

    if (!body_of(a, a->at.named, &body, err) || !body_has(a, body, NULL, owner, &in, err))
        return false;
    if (!in)
        return apply_void(a, REASON_NOT_YOURS, "%.*s has no place in the body", SPAN_ARG(owner));
    return apply_is_own(a, a->body, "owner") || body_ask(a, body, "chairs", err);
}

static bool ask_outcome(struct apply *a, struct err *err)
{
    return ask_same_session(a, "outcome", "outcome", err);
}

static bool action_clock(struct apply *a, const struct json *action, struct span *out,
                         struct err *err)
{
    const struct json *session, *body;

    if (!apply_get(a, "session", json_get_text(action, "session"), &session, err) ||
        !body_of(a, session, &body, err))
        return false;
    *out = json_get_text(body, "action");
    return true;
}

static bool start_action(struct apply *a, struct span id, const struct json *action,
                         struct err *err)
{
    struct span clock;

    if (!action_clock(a, action, &clock, err))
        return false;
    return clock.len == 0 ||
           deadline_start_until(a, id, clock, json_get_integer(json_get(action, "due"), "at_ms", 0),
                                err);
}

static bool assign(struct apply *a, struct err *err)
{
    return start_action(a, span_of(a->record.id_text), a->at.own, err);
}

static bool ask_owner(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "owner");
}

static bool report(struct apply *a, struct err *err)
{
    struct span clock;

    if (!case_set_named(a, "report", json_string(span_of(a->record.id_text)), err) ||
        !action_clock(a, a->at.named, &clock, err))
        return false;
    return clock.len == 0 || !span_is(json_get_text(a->body, "result"), "done") ||
           deadline_end(a, a->at.of, clock, err);
}

static bool ask_checker(struct apply *a, struct err *err)
{
    const struct json *session, *body;

    if (apply_is_own(a, a->at.named, "owner"))
        return apply_void(a, REASON_NOT_YOURS, "who owns it does not check it");
    return session_of_named(a, &session, err) && body_of(a, session, &body, err) &&
           body_ask(a, body, NULL, err);
}

/* What was not done is due as it was, and so mostly overdue. */
static bool check(struct apply *a, struct err *err)
{
    return case_set_named(a, "checked", json_string(span_of(a->record.id_text)), err) &&
           (span_is(json_get_text(a->body, "result"), "done") ||
            start_action(a, a->at.of, a->at.named, err));
}

#define SEAT "`not_yours` unless the signer's organisation has a place in the body of the session: "
#define PART SEAT "in its `sits` or `chairs`."

static const struct casework work[] = {
    {.kind = "outcome.file",
     .own = "outcome",
     .of = "session",
     .moves = "session",
     .word = "type",
     .asks = {ask_part, ask_quorum, ask_item, ask_earlier},
     .then = {put_outcome, take_item, settle_own},
     .does =
         PART " Of a `decision` `quorum` if fewer are `present` than the body's `quorum`. "
              "`reference` unless `item` and `supersedes`, where they are there, are of this "
              "session; `not_yours` unless the latter's row is of the signer's organisation. "
              "`agreed` of its row is the signer's organisation if it is of the body's `concur`, "
              "else empty. The body's clock `answer` starts on it. What it supersedes makes the "
              "move `superseded`, with this as `superseded_by`, and the clock `answer` ends on "
              "that; the item the move `taken`, with this as its `outcome`. Where every "
              "organisation of `concur` is in `agreed`, the move `complete`, with `settled`, the "
              "entry's index, and the clock `answer` ends on it."},
    {.kind = "outcome.answer",
     .of = "outcome",
     .moves = "outcome",
     .word = "answer",
     .asks = {ask_must_agree},
     .then = {put_outcome_answer},
     .does = SEAT
     "in its `concur`. Moves `outcome_answer` under the outcome and the signer's "
     "organisation, which is this record's from now on. That organisation leaves "
     "`agreed` of the outcome, and with `agreed` joins its end; then the move `complete` as with "
     "`outcome.file`. With `refused` the body's clock `answer` ends on the outcome."},
    {.kind = "action.assign",
     .own = "action",
     .of = "session",
     .moves = "session",
     .asks = {ask_assign, ask_outcome},
     .then = {assign},
     .does = "`not_yours` unless `owner` has a place in the body of the session, in its `sits` or "
             "`chairs`, and is the signer's organisation, or that is in its `chairs`. `reference` "
             "unless `outcome`, where it is there, is of this session. The body's clock `action` "
             "starts on it until `due`."},
    {.kind = "action.report",
     .of = "action",
     .moves = "action",
     .word = "result",
     .asks = {ask_owner},
     .then = {report},
     .does = "`not_yours` unless the signer acts for `owner` of that row. Its `report` becomes "
             "this record; with `done` the body's clock `action` ends on the action."},
    {.kind = "action.check",
     .of = "action",
     .moves = "action",
     .word = "result",
     .asks = {ask_checker},
     .then = {check},
     .does = "`not_yours` if the signer acts for `owner` of that row. " PART " `checked` of the "
             "row becomes this record; with `not_done` the body's clock `action` starts on the "
             "action until its `due`."},
    {0},
};

#define SAID(from)                                                                                 \
    {"outcome_answer", "outcome.answer agreed", from, "agreed"},                                   \
        {"outcome_answer", "outcome.answer corrected", from, "corrected"},                         \
    {                                                                                              \
        "outcome_answer", "outcome.answer refused", from, "refused"                                \
    }

static const struct move moves[] = {
    {"outcome", "outcome.file minutes", "", "filed"},
    {"outcome", "outcome.file decision", "", "filed"},
    {"outcome", "outcome.file statement", "", "filed"},
    {"outcome", "outcome.answer agreed", "filed", "filed"},
    {"outcome", "outcome.answer agreed", "contested", "contested"},
    {"outcome", "outcome.answer corrected", "filed", "contested"},
    {"outcome", "outcome.answer corrected", "contested", "contested"},
    {"outcome", "outcome.answer refused", "filed", "refused"},
    {"outcome", "outcome.answer refused", "contested", "refused"},
    {"outcome", "complete", "filed", "agreed"},
    {"outcome", "complete", "contested", "agreed"},
    {"outcome", "superseded", "filed", "superseded"},
    {"outcome", "superseded", "contested", "superseded"},
    {"outcome", "superseded", "refused", "superseded"},
    SAID(""),
    SAID("agreed"),
    SAID("corrected"),
    SAID("refused"),

    {"action", "action.assign", "", "assigned"},
    {"action", "action.report done", "assigned", "reported"},
    {"action", "action.report partly", "assigned", "assigned"},
    {"action", "action.report not_done", "assigned", "assigned"},
    {"action", "action.check done", "reported", "done"},
    {"action", "action.check not_done", "reported", "assigned"},
    {"action", "action.check not_done", "assigned", "assigned"},
    {0},
};

const struct case_room case_room_outcome = {work, moves};
