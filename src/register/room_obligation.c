#include "register/casework.h"

/*
 * What the agreement's obligations come to: who owes each and by when, what was done of it by
 * the word of who owes it, what others hold of each step, and whether it was kept. One that waits
 * for others binds nobody before they are kept. And what sides ask of each other beyond that, or
 * vouch for.
 */

/* OBLIGATION ORGANISATION: of one who owes it. */
static struct span key_of(struct apply *a, struct span obligation, struct span org)
{
    return apply_join(a, obligation, ' ', org);
}

static bool ask_owes(struct apply *a, struct err *err)
{
    struct span org = json_get_text(a->body, "organisation");
    const struct json *item;

    return apply_term(a, "obligation", json_get_text(a->body, "obligation"), &item, err) &&
           (json_lists(json_get(item, "owes"), org) ||
            apply_void(a, REASON_NOT_YOURS, "%.*s does not owe it", SPAN_ARG(org)));
}

/* A day that the agreement names is nobody's to choose, and no time runs without a clock. */
static bool ask_due(struct apply *a, struct err *err)
{
    const struct json *item;

    if (!json_get(a->body, "due"))
        return true;
    return apply_term(a, "obligation", json_get_text(a->body, "obligation"), &item, err) &&
           (!json_get(item, "due_ms") ||
            apply_void(a, REASON_SHAPE, "the agreement has its date")) &&
           (apply_is_void(a) || json_get(item, "clock") ||
            apply_void(a, REASON_SHAPE, "the agreement gives it no clock"));
}

/* Whether all who owe it have kept it; *out. */
static bool is_kept(struct apply *a, struct span obligation, bool *out, struct err *err)
{
    const struct json *item, *owed, *row;

    *out = true;
    if (!apply_term(a, "obligation", obligation, &item, err))
        return false;
    const struct json *owes = json_get(item, "owes");
    for (size_t i = 0; owes && *out && i < owes->array.count; i++) {
        if (!apply_get(a, "owed", key_of(a, obligation, owes->array.at[i].string), &owed, err))
            return false;
        row = NULL;
        if (owed && !apply_get(a, "obligation", json_get_text(owed, "record"), &row, err))
            return false;
        *out = span_is(json_get_text(row, "state"), "kept");
    }
    return true;
}

/* One promise hangs on another: void while one that it waits for is not kept. */
static bool ask_bound(struct apply *a, struct span obligation, struct err *err)
{
    const struct json *item;

    if (!apply_term(a, "obligation", obligation, &item, err))
        return false;
    const struct json *waits = json_get(item, "waits_for");
    for (size_t i = 0; waits && i < waits->array.count; i++) {
        struct span other = waits->array.at[i].string;
        bool kept;

        if (!is_kept(a, other, &kept, err))
            return false;
        if (!kept)
            return apply_void(a, REASON_WAITS, "it waits for \"%.*s\"", SPAN_ARG(other));
    }
    return true;
}

static bool ask_binds(struct apply *a, struct err *err)
{
    return ask_bound(a, json_get_text(a->body, "obligation"), err);
}

static bool put_owed(struct apply *a, struct err *err)
{
    struct span key =
        key_of(a, json_get_text(a->body, "obligation"), json_get_text(a->body, "organisation"));

    return case_move(a, "owed", key, true, err) &&
           (apply_is_void(a) ||
            case_set_row(a, "owed", key, "record", json_string(span_of(a->record.id_text)), err));
}

/* By the agreement's own date, or the one that this names. */
static bool start_due(struct apply *a, struct err *err)
{
    const struct json *item;

    if (!apply_term(a, "obligation", json_get_text(a->body, "obligation"), &item, err))
        return false;
    int64_t at_ms = json_get_integer(json_get(a->body, "due"), "at_ms", -1);
    at_ms = json_get_integer(item, "due_ms", at_ms);
    struct span clock = json_get_text(item, "clock");
    return at_ms < 0 || clock.len == 0 ||
           deadline_start_until(a, span_of(a->record.id_text), clock, at_ms, err);
}

static bool ask_owing(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "organisation");
}

/* Who refuses says why, in a word of the agreement: what stands in a part no rule reads. */
static bool ask_ground(struct apply *a, const char *member)
{
    struct span word = json_get_text(a->body, member);

    return (!span_is(word, "refused") && !span_is(word, "cannot")) || json_get(a->body, "ground") ||
           apply_void(a, REASON_SHAPE, "who says no says on what ground");
}

static bool ask_reported(struct apply *a, struct err *err)
{
    (void)err;
    return ask_ground(a, "status");
}

static bool end_clock(struct apply *a, struct span obligation, struct err *err)
{
    const struct json *item;

    if (!apply_term(a, "obligation", obligation, &item, err))
        return false;
    struct span clock = json_get_text(item, "clock");
    return clock.len == 0 || deadline_end(a, a->at.of, clock, err);
}

/* What was done ends the time for it, if it is all; who owes it has then done its part. */
static bool end_due(struct apply *a, struct err *err)
{
    return !span_is(json_get_text(a->body, "status"), "done") ||
           end_clock(a, json_get_text(a->at.named, "obligation"), err);
}

/* Nobody is the judge of its own steps. */
static bool ask_other_step(struct apply *a, struct err *err)
{
    (void)err;
    return !apply_is_own(a, a->at.named, "org") ||
           apply_void(a, REASON_NOT_YOURS, "the step is the signer's own");
}

static bool put_judgement(struct apply *a, struct err *err)
{
    return case_move(a, "judgement", key_of(a, a->at.of, apply_org(a)), true, err);
}

static bool ask_other_debt(struct apply *a, struct err *err)
{
    (void)err;
    return !apply_is_own(a, a->at.named, "organisation") ||
           apply_void(a, REASON_NOT_YOURS, "it is the signer's own organisation that owes it");
}

/* Nobody breaks what does not bind. */
static bool ask_broken(struct apply *a, struct err *err)
{
    struct span result = json_get_text(a->body, "result");

    return (!span_is(result, "not_kept") && !span_is(result, "partly")) ||
           ask_bound(a, json_get_text(a->at.named, "obligation"), err);
}

/* What is owed no more may be put on the calendar again, by another date. What is kept, or owed no
 * more, is not overdue. */
static bool put_settled(struct apply *a, struct err *err)
{
    struct span result = json_get_text(a->body, "result");
    struct span obligation = json_get_text(a->at.named, "obligation");
    struct span key = key_of(a, obligation, json_get_text(a->at.named, "organisation"));
    bool lapsed = span_is(result, "lapsed");

    if (lapsed && !case_follow(a, "owed", key, "lapsed", "record", json_string(a->at.of), err))
        return false;
    return (!lapsed && !span_is(result, "kept")) || end_clock(a, obligation, err);
}

static bool ask_to_another(struct apply *a, struct err *err)
{
    (void)err;
    return !apply_is_own(a, a->body, "to") || apply_void(a, REASON_NOT_YOURS, "nobody asks itself");
}

static bool ask_asked(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "to");
}

static bool ask_answered(struct apply *a, struct err *err)
{
    (void)err;
    return ask_ground(a, "answer");
}

static const struct casework work[] = {
    {.kind = "obligation.open",
     .own = "obligation",
     .asks = {ask_owes, ask_due, ask_binds},
     .then = {put_owed, start_due},
     .does = "`not_yours` unless `organisation` is among those who owe it (`owes` of the item); "
             "`shape` where there is a `due` and the item has `due_ms`, or no `clock`; `waits` "
             "unless of each obligation in `waits_for` of the item all who owe it have, by `owed`, "
             "a row of `obligation` in the state `kept`. Moves the row of `owed` under the two "
             "ids, with this record as `record`. Starts on itself the item's `clock` until its "
             "`due_ms`, or else until `due`."},
    {.kind = "obligation.report",
     .own = "obligation_report",
     .of = "owing",
     .moves = "obligation",
     .word = "status",
     .asks = {ask_owing, ask_reported},
     .then = {end_due},
     .does = "`not_yours` unless the signer acts for `organisation` of that row; `shape` where "
             "`status` is `refused` or `cannot` and there is no `ground`. `done` ends the `clock` "
             "of the obligation."},
    {.kind = "obligation.judge",
     .of = "report",
     .moves = "obligation_report",
     .asks = {ask_other_step},
     .then = {put_judgement},
     .does = "`not_yours` if the report is of the signer's own organisation. Writes `judgement` "
             "under the report and the signer's organisation, which is this record's from now on."},
    {.kind = "obligation.settle",
     .own = "settlement",
     .of = "owing",
     .moves = "obligation",
     .word = "result",
     .asks = {ask_other_debt, ask_broken},
     .then = {put_settled},
     .does = "`not_yours` if the signer acts for `organisation` of that row; `waits` where "
             "`result` is `not_kept` or `partly` and the obligation waits for another, as with "
             "`obligation.open`. What has `lapsed` makes that move of its row in `owed`; of that "
             "and of "
             "what is `kept` the `clock` of the obligation ends."},
    {.kind = "demand.make",
     .own = "demand",
     .asks = {ask_to_another},
     .does = "`not_yours` if `to` is the signer's own organisation."},
    {.kind = "demand.answer",
     .of = "demand",
     .moves = "demand",
     .word = "answer",
     .asks = {ask_asked, ask_answered},
     .then = {case_answered},
     .does = "`not_yours` unless the signer acts for `to` of that row; `shape` where `answer` is "
             "`refused` and there is no `ground`. Its `answer` becomes this one's, `answered` this "
             "record."},
    {.kind = "demand.close",
     .of = "demand",
     .moves = "demand",
     .word = "outcome",
     .asks = {case_ask_opener},
     .does = "`not_yours` unless the signer acts for `org` of that row, which asked."},
    {.kind = "guarantee.give",
     .own = "guarantee",
     .asks = {case_ask_interval, item_replaces},
     .does = "`interval` if `until` is before `from`. `external_id`, and of the one that "
             "`supersedes` names `not_yours` and `no_move`, as with `incident.report`. Writes "
             "`guarantee` and `external`."},
    {0},
};

/* What was kept may be broken later, and who keeps it may say so itself. */
#define NO(from)                                                                                   \
    {"obligation", "obligation.report cannot", from, "cannot"},                                    \
    {                                                                                              \
        "obligation", "obligation.report refused", from, "refused"                                 \
    }
#define REPORT(from)                                                                               \
    {"obligation", "obligation.report begun", from, "begun"},                                      \
        {"obligation", "obligation.report step", from, "begun"},                                   \
        {"obligation", "obligation.report done", from, "done"}, NO(from)
#define SETTLE(from)                                                                               \
    {"obligation", "obligation.settle kept", from, "kept"},                                        \
        {"obligation", "obligation.settle partly", from, "partly"},                                \
        {"obligation", "obligation.settle not_kept", from, "not_kept"},                            \
    {                                                                                              \
        "obligation", "obligation.settle lapsed", from, "lapsed"                                   \
    }
#define MADE(table, on)                                                                            \
    {                                                                                              \
        table, on, "", "made"                                                                      \
    }
#define ANSWER(from)                                                                               \
    {"demand", "demand.answer accepted", from, "accepted"},                                        \
        {"demand", "demand.answer in_part", from, "in_part"},                                      \
        {"demand", "demand.answer considered", from, "considered"},                                \
        {"demand", "demand.answer refused", from, "refused"},                                      \
        {"demand", "demand.close fulfilled", from, "fulfilled"},                                   \
    {                                                                                              \
        "demand", "demand.close dropped", from, "dropped"                                          \
    }

static const struct move moves[] = {
    {"obligation", "obligation.open", "", "open"},
    REPORT("open"),
    REPORT("begun"),
    REPORT("done"),
    REPORT("cannot"),
    REPORT("refused"),
    REPORT("partly"),
    REPORT("not_kept"),
    NO("kept"),
    SETTLE("open"),
    SETTLE("begun"),
    SETTLE("done"),
    SETTLE("cannot"),
    SETTLE("refused"),
    SETTLE("partly"),
    SETTLE("not_kept"),
    SETTLE("kept"),

    {"owed", "obligation.open", "", "owed"},
    {"owed", "obligation.open", "ended", "owed"},
    {"owed", "lapsed", "owed", "ended"},

    MADE("obligation_report", "obligation.report begun"),
    MADE("obligation_report", "obligation.report step"),
    MADE("obligation_report", "obligation.report done"),
    MADE("obligation_report", "obligation.report cannot"),
    MADE("obligation_report", "obligation.report refused"),
    {"obligation_report", "obligation.judge", "made", "made"},
    MADE("settlement", "obligation.settle kept"),
    MADE("settlement", "obligation.settle partly"),
    MADE("settlement", "obligation.settle not_kept"),
    MADE("settlement", "obligation.settle lapsed"),
    {"judgement", "obligation.judge", "", "made"},
    {"judgement", "obligation.judge", "made", "made"},

    {"demand", "demand.make", "", "asked"},
    ANSWER("asked"),
    ANSWER("considered"),
    ANSWER("in_part"),
    ANSWER("refused"),
    ANSWER("accepted"),
    {0},
};

const struct case_room case_room_obligation = {work, moves};
