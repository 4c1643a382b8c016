#include "register/casework.h"

/*
 * What follows from a ruling: a rung of the agreement's ladder, somebody who owes it, a time,
 * and a check by somebody else. Nothing follows by itself, and nothing heavier than the proof
 * carries.
 */

static bool is_found(const struct json *finding)
{
    struct span outcome = json_get_text(finding, "outcome");

    return span_is(outcome, "established") || span_is(outcome, "in_part");
}

static bool finding_of(struct apply *a, const struct json **out, struct err *err)
{
    return apply_get(a, "finding", json_get_text(a->body, "finding"), out, err);
}

static bool ask_ruled_on(struct apply *a, struct err *err)
{
    (void)err;
    return json_lists(json_get(a->at.named, "findings"), json_get_text(a->body, "finding")) ||
           apply_void(a, REASON_REFERENCE, "the ruling is not on that finding");
}

/* Where nothing agreed was broken, nothing follows. */
static bool ask_clause(struct apply *a, struct err *err)
{
    const struct json *finding, *act;

    if (!finding_of(a, &finding, err) ||
        !apply_term(a, "act", json_get_text(finding, "allegation"), &act, err))
        return false;
    return json_get_text(act, "clause").len > 0 ||
           apply_void(a, REASON_NO_CLAUSE, "%.*s", SPAN_ARG(json_get_text(finding, "allegation")));
}

static bool order_of_standard(struct apply *a, struct span standard, int64_t *out, struct err *err)
{
    const struct json *term = NULL;

    if (standard.len && !apply_term(a, "standard", standard, &term, err))
        return false;
    *out = json_get_integer(term, "order", 0);
    return true;
}

/* Those who ruled chose what may follow: whoever writes the order chooses no more than when. */
static bool ask_chosen(struct apply *a, struct err *err)
{
    struct span rung = json_get_text(a->body, "rung");

    (void)err;
    return json_lists(json_get(a->at.named, "rungs"), rung) ||
           apply_void(a, REASON_RUNG, "the ruling does not name %.*s", SPAN_ARG(rung));
}

/* The rung asks for a standard, and the finding must have been made by that or a higher one. */
static bool ask_rung(struct apply *a, struct err *err)
{
    const struct json *rung, *finding;
    int64_t has, needs;

    if (!apply_term(a, "rung", json_get_text(a->body, "rung"), &rung, err) ||
        !finding_of(a, &finding, err))
        return false;
    struct span standard = json_get_text(finding, "standard"),
                least = json_get_text(rung, "standard");
    if (!order_of_standard(a, standard, &has, err) || !order_of_standard(a, least, &needs, err))
        return false;
    if (is_found(finding) && has >= needs)
        return true;
    if (json_get_text(rung, "clause").len)
        a->clause = json_get_text(rung, "clause");
    if (!is_found(finding))
        return apply_void(a, REASON_RUNG, "nothing follows from what is %.*s",
                          SPAN_ARG(json_get_text(finding, "outcome")));
    return apply_void(a, REASON_RUNG, "it needs %.*s, and the finding is by %.*s", SPAN_ARG(least),
                      SPAN_ARG(standard));
}

/* --- the time for it --- */

#define BY_DATE "due" /* what the deadline is called where the order names a date */

static bool clock_of(struct apply *a, const struct json *ordered, struct span *out, struct err *err)
{
    const struct json *rung;

    if (!apply_term(a, "rung", json_get_text(ordered, "rung"), &rung, err))
        return false;
    *out = json_get(ordered, "due") ? SPAN_LIT(BY_DATE) : json_get_text(rung, "clock");
    return true;
}

static bool ask_due(struct apply *a, struct err *err)
{
    struct span clock;

    if (!clock_of(a, a->body, &clock, err))
        return false;
    return clock.len > 0 ||
           apply_void(a, REASON_SHAPE, "\"due\" must stand where the rung has no clock");
}

/* From the order, or anew when it was found not to be done. */
static bool start(struct apply *a, struct span id, const struct json *ordered, struct err *err)
{
    const struct json *due = json_get(ordered, "due");
    struct span clock;

    if (!clock_of(a, ordered, &clock, err))
        return false;
    return due ? deadline_start_until(a, id, clock, json_get_integer(due, "at_ms", 0), err)
               : deadline_start(a, id, clock, err);
}

static bool end(struct apply *a, struct err *err)
{
    struct span clock;

    return clock_of(a, a->at.named, &clock, err) && deadline_end(a, a->at.of, clock, err);
}

/* --- how many are owed --- */

static bool count_on(struct apply *a, const char *table, struct span key, int64_t more,
                     struct err *err)
{
    const struct json *before;

    if (!apply_get(a, table, key, &before, err))
        return false;
    struct json *row = apply_copy(a, before);
    json_set_integer(row, "consequences", json_get_integer(before, "consequences", 0) + more,
                     a->arena);
    return apply_put(a, table, key, row, err);
}

/* Of the case, which cannot be closed on them, and of the ruling, which may be set aside. */
static bool count_owed(struct apply *a, struct span ruling, int64_t more, struct err *err)
{
    return count_on(a, "case", a->at.id, more, err) && count_on(a, "ruling", ruling, more, err);
}

/* --- the steps --- */

static bool put_ordered(struct apply *a, struct err *err)
{
    return start(a, span_of(a->record.id_text), a->body, err) && count_owed(a, a->at.of, 1, err);
}

static bool ask_ruling_stands(struct apply *a, struct err *err)
{
    const struct json *ruling;

    if (!apply_get(a, "ruling", json_get_text(a->at.named, "ruling"), &ruling, err))
        return false;
    return span_is(json_get_text(ruling, "state"), "in_force") ||
           apply_no_move(a, err, "its ruling is %.*s", SPAN_ARG(json_get_text(ruling, "state")));
}

static bool ask_owner(struct apply *a, struct err *err)
{
    (void)err;
    return case_ask_org(a, json_get_text(a->at.named, "owner"));
}

/* Nobody finds for itself that it has done what it owed. */
static bool ask_other(struct apply *a, struct err *err)
{
    struct span owner = json_get_text(a->at.named, "owner");

    (void)err;
    return !span_equal(apply_org(a), owner) ||
           apply_void(a, REASON_NOT_YOURS, "%.*s owes it", SPAN_ARG(owner));
}

static bool put_checks(struct apply *a, struct err *err)
{
    const struct json *before;

    if (!apply_get(a, "consequence", a->at.of, &before, err))
        return false;
    struct json *row = apply_copy(a, before);
    json_set_integer(row, "checks", json_get_integer(before, "checks", 0) + 1, a->arena);
    return apply_put(a, "consequence", a->at.of, row, err);
}

static bool put_checked(struct apply *a, struct err *err)
{
    if (!put_checks(a, err))
        return false;
    if (!span_is(json_get_text(a->body, "result"), "done"))
        return start(a, a->at.of, a->at.named, err);
    return end(a, err) && count_owed(a, json_get_text(a->at.named, "ruling"), -1, err);
}

static const struct casework work[] = {
    {.kind = "consequence.order",
     .own = "consequence",
     .of = "ruling",
     .moves = "ruling",
     .moves_case = true,
     .asks = {ask_ruled_on, ask_clause, ask_chosen, ask_rung, ask_due},
     .then = {put_ordered},
     .does =
         "`reference` unless `finding` is one of the ruling's. `no_clause` unless its act has a "
         "`clause`. `rung` unless `rungs` of the ruling has it, and, with the rung's clause, "
         "unless its outcome is `established` or `in_part` and its standard is of the order of "
         "the rung's `standard` or a higher one. `shape` unless there is `due` or the rung has "
         "a `clock`. Its deadline is of that "
         "clock, or by the date, named `due`: `due_ms` is then `counted_ms` and what the date is "
         "behind `now_ms`, or 0. `consequences` of case and ruling are one more."},
    {.kind = "consequence.perform",
     .of = "consequence",
     .moves = "consequence",
     .asks = {ask_ruling_stands, ask_owner},
     .then = {end},
     .does = "`no_move` unless its ruling is in force; `not_yours` unless the signer's "
             "organisation is `owner`. Ends its deadline."},
    {.kind = "consequence.check",
     .of = "consequence",
     .moves = "consequence",
     .word = "result",
     .asks = {ask_ruling_stands, ask_other},
     .then = {put_checked},
     .does = "`no_move` unless its ruling is in force; `not_yours` where the signer's "
             "organisation is `owner`. `checks` is one more. If `done`, ends its deadline, and "
             "`consequences` of case and ruling are one less; else starts it anew."},
    {0},
};

static const struct move moves[] = {
    {"consequence", "consequence.order", "", "ordered"},
    {"consequence", "consequence.perform", "ordered", "performed"},
    {"consequence", "consequence.check done", "ordered", "done"}, /* nobody said so, but it is */
    {"consequence", "consequence.check done", "performed", "done"},
    {"consequence", "consequence.check in_part", "ordered", "ordered"},
    {"consequence", "consequence.check in_part", "performed", "ordered"},
    {"consequence", "consequence.check not_done", "ordered", "ordered"},
    {"consequence", "consequence.check not_done", "performed", "ordered"},

    {"ruling", "consequence.order", "in_force", "in_force"},
    {"case", "consequence.order", "decided", "corrective_action"},
    {"case", "consequence.order", "corrective_action", "corrective_action"},
    {0},
};

const struct case_room case_room_consequence = {work, moves};
