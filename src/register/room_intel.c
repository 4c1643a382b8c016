#include "register/casework.h"

/*
 * What one side asks the other to tell it, through one who stands between: what is known is sealed
 * to those who do, and what they pass on is in their own words. It has an age, and an end. And
 * what is said in public, as it was said.
 */

static bool ask_three(struct apply *a, struct err *err)
{
    (void)err;
    if (apply_is_own(a, a->body, "to"))
        return apply_void(a, REASON_NOT_YOURS, "nobody asks itself");
    return !(apply_is_own(a, a->body, "through") ||
             span_equal(json_get_text(a->body, "through"), json_get_text(a->body, "to"))) ||
           apply_void(a, REASON_NOT_YOURS, "who stands between is neither end");
}

/* The answer is sealed: who cannot open it passes nothing on, and nobody else may. */
static bool ask_opens(struct apply *a, struct err *err)
{
    struct span through = json_get_text(a->body, "through");
    bool reads;

    return parts_read_by(a, TIER_SEALED, through, &reads, err) &&
           (reads || apply_void(a, REASON_NO_READER, "%.*s reads nothing that is sealed",
                                SPAN_ARG(through)));
}

static bool ask_asked(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "to");
}

static bool ask_between(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_named_org(a, "through");
}

/* What is known has an age; who says no says on what ground. */
static bool ask_whole(struct apply *a, struct err *err)
{
    struct span answer = json_get_text(a->body, "answer");

    (void)err;
    if (span_is(answer, "given") != (json_get(a->body, "as_of") != NULL))
        return apply_void(a, REASON_SHAPE, "what is given has its `as_of`, and nothing else has");
    return !span_is(answer, "declined") || json_get(a->body, "ground") ||
           apply_void(a, REASON_SHAPE, "who says no says on what ground");
}

static bool put_answer(struct apply *a, struct err *err)
{
    const struct json *as_of = json_get(a->body, "as_of");

    return case_answered(a, err) && (!as_of || case_set_named(a, "as_of", *as_of, err));
}

static bool put_summary(struct apply *a, struct err *err)
{
    return case_set_named(a, "summary", json_string(span_of(a->record.id_text)), err);
}

/* Nobody calls old what may still be of use. */
static bool ask_aged(struct apply *a, struct err *err)
{
    int64_t until = json_get_integer(json_get(a->at.named, "until"), "at_ms", 0);
    const struct json *clock;

    if (!span_is(json_get_text(a->body, "outcome"), "aged_out"))
        return true;
    return apply_get(a, "clock", SPAN_LIT("clock"), &clock, err) &&
           (json_get_integer(clock, "now_ms", 0) > until ||
            apply_void(a, REASON_CLOCK_RUNS, "it is still of use"));
}

static const struct casework work[] = {
    {.kind = "intel.ask",
     .own = "intel",
     .word = "priority",
     .asks = {ask_three, ask_opens},
     .does = "`not_yours` if `to` is the signer's own organisation, or `through` is that or `to`; "
             "`no_reader` unless a key of `through` reads the tier `sealed`, as with `left_out` "
             "(format §4.4)."},
    {.kind = "intel.answer",
     .of = "ask",
     .moves = "intel",
     .word = "answer",
     .asks = {ask_asked, ask_whole},
     .then = {put_answer},
     .does = "`not_yours` unless the signer acts for `to` of that row; `shape` unless `as_of` is "
             "there where `answer` is `given`, and only there, or where it is `declined` and there "
             "is no `ground`. Its `answer` becomes this one's, `answered` this record, and "
             "`as_of` this one's, if there is one."},
    {.kind = "intel.summary",
     .of = "ask",
     .moves = "intel",
     .asks = {ask_between},
     .then = {put_summary},
     .does = "`not_yours` unless the signer acts for `through` of that row. Its `summary` becomes "
             "this record."},
    {.kind = "intel.outcome",
     .of = "ask",
     .moves = "intel",
     .word = "outcome",
     .asks = {case_ask_opener, ask_aged},
     .does = "`not_yours` unless the signer acts for `org` of that row, which asked; `clock_runs` "
             "where `outcome` is `aged_out` and `now_ms` is not after `until` of that row."},
    {.kind = "statement.log",
     .own = "statement",
     .asks = {item_replaces},
     .does = "`external_id`, and of the one that `supersedes` names `not_yours` and `no_move`, as "
             "with `incident.report`. Writes `statement` and `external`."},
    {0},
};

#define AGED(from)                                                                                 \
    {                                                                                              \
        "intel", "intel.outcome aged_out", from, "aged_out"                                        \
    }
#define UNUSED(from) {"intel", "intel.outcome not_used", from, "not_used"}, AGED(from)

static const struct move moves[] = {
    {"intel", "intel.ask routine", "", "asked"},
    {"intel", "intel.ask urgent", "", "asked"},
    {"intel", "intel.answer given", "asked", "answered"},
    {"intel", "intel.answer nothing", "asked", "nothing"},
    {"intel", "intel.answer declined", "asked", "declined"},
    /* Who knew nothing may learn of it, and who declined may think again. */
    {"intel", "intel.answer given", "nothing", "answered"},
    {"intel", "intel.answer given", "declined", "answered"},
    {"intel", "intel.summary", "answered", "summarised"},
    {"intel", "intel.summary", "summarised", "summarised"},
    {"intel", "intel.outcome acted", "summarised", "acted"},
    {"intel", "intel.outcome confirmed", "summarised", "confirmed"},
    {"intel", "intel.outcome not_borne_out", "summarised", "not_borne_out"},
    AGED("asked"),
    AGED("answered"),
    UNUSED("nothing"),
    UNUSED("declined"),
    UNUSED("summarised"),
    {0},
};

const struct case_room case_room_intel = {work, moves};
