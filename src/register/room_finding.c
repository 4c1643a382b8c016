#include "register/casework.h"
#include "register/standard.h"

/*
 * What is found, one allegation at a time: drafted, sent round, commented on, issued. What
 * happened, who did it and who answers for it are members of their own, and the last is held
 * to what the agreement asks before anybody answers for anything.
 */

static bool is_found(const struct json *finding)
{
    struct span outcome = json_get_text(finding, "outcome");

    return span_is(outcome, "established") || span_is(outcome, "in_part");
}

/* Two members that mean nothing alone. */
static bool ask_pairs(struct apply *a, struct err *err)
{
    struct span outcome = json_get_text(a->body, "outcome");
    bool open = span_is(outcome, "not_established") || span_is(outcome, "not_examined");

    (void)err;
    if ((json_get(a->body, "against") != NULL) != (json_get(a->body, "mode") != NULL))
        return apply_void(a, REASON_SHAPE, "\"against\" and \"mode\" stand together, or neither");
    if (open && !json_get(a->body, "unresolved"))
        return apply_void(a, REASON_SHAPE, "\"unresolved\" must say why it is %.*s",
                          SPAN_ARG(outcome));
    return true;
}

/* The agreement says of each act how an organisation may answer for it. */
static bool ask_mode(struct apply *a, struct err *err)
{
    struct span act = json_get_text(a->body, "allegation"), mode = json_get_text(a->body, "mode");
    const struct json *term;

    if (mode.len == 0)
        return true;
    if (!apply_term(a, "act", act, &term, err))
        return false;
    const struct json *modes = json_get(term, "modes");
    return !modes || json_lists(modes, mode) ||
           apply_void(a, REASON_MODE, "for %.*s nobody answers by %.*s", SPAN_ARG(act),
                      SPAN_ARG(mode));
}

static bool ask_record(struct apply *a, struct span id, struct err *err)
{
    const struct json *row;

    if (!apply_get(a, "record", id, &row, err))
        return false;
    return (row && !span_is(json_get_text(row, "verdict"), "void")) ||
           apply_void(a, REASON_REFERENCE, "\"items\": record %.*s is not logged, or void",
                      SPAN_ARG(id));
}

static bool ask_list(struct apply *a, const struct json *holder, struct err *err)
{
    const struct json *ids = json_get(holder, "items");

    for (size_t i = 0; ids && i < ids->array.count && !apply_is_void(a); i++)
        if (!ask_record(a, ids->array.at[i].string, err))
            return false;
    return true;
}

static bool ask_items(struct apply *a, struct err *err)
{
    const struct json *answers = json_get(a->body, "answers");

    if (!ask_list(a, a->body, err))
        return false;
    for (size_t i = 0; answers && i < answers->array.count && !apply_is_void(a); i++)
        if (!ask_list(a, &answers->array.at[i], err))
            return false;
    return true;
}

static bool ask_of_case(struct apply *a, const char *member, struct err *err)
{
    struct span id = json_get_text(a->body, member);
    const struct json *row;

    if (id.len == 0)
        return true;
    if (!apply_get(a, "finding", id, &row, err))
        return false;
    return span_equal(json_get_text(row, "case"), a->at.id) ||
           apply_void(a, REASON_REFERENCE, "\"%s\": that finding is of another case", member);
}

static bool ask_superseded(struct apply *a, struct err *err)
{
    return ask_of_case(a, "supersedes", err);
}

static bool ask_commented(struct apply *a, struct err *err)
{
    return ask_of_case(a, "finding", err);
}

static bool ask_standard_of(struct apply *a, const struct json *finding, struct err *err)
{
    struct span level = json_get_text(finding, "standard");
    const struct json *term;
    struct standard standard;

    if (!is_found(finding))
        return true;
    if (!apply_term(a, "standard", level, &term, err) ||
        !standard_judge(&standard, a, finding, err))
        return false;
    if (standard.gap_count == 0)
        return true;
    if (json_get_text(term, "clause").len)
        a->clause = json_get_text(term, "clause");
    return apply_void(a, REASON_STANDARD, "%.*s lacks: %.*s", SPAN_ARG(level),
                      SPAN_ARG(standard_sentence(&standard, a->arena)));
}

static bool ask_standard(struct apply *a, struct err *err)
{
    return ask_standard_of(a, a->body, err);
}

/* What it rested on may have been withdrawn, or assessed anew, since it was drafted. */
static bool ask_standard_still(struct apply *a, struct err *err)
{
    return ask_standard_of(a, a->at.named, err);
}

static bool put_superseded(struct apply *a, struct err *err)
{
    struct span id = json_get_text(a->body, "supersedes");

    return id.len == 0 || case_follow(a, "finding", id, "superseded", "superseded_by",
                                      json_string(span_of(a->record.id_text)), err);
}

/* The gravest of what was found so far: it says which steps may decide. */
static bool put_found(struct apply *a, struct err *err)
{
    struct span grade = json_get_text(a->at.named, "grade"),
                before = json_get_text(a->at.row, "found");
    const struct json *is, *was = NULL;

    if (grade.len == 0)
        return true;
    if (!apply_term(a, "grade", grade, &is, err) ||
        (before.len && !apply_term(a, "grade", before, &was, err)))
        return false;
    if (was && json_get_integer(was, "order", 0) >= json_get_integer(is, "order", 0))
        return true;
    return case_set(a, "found", json_string(grade), err);
}

static const struct casework work[] = {
    {.kind = "finding.draft",
     .own = "finding",
     .of = "case",
     .moves = "case",
     .asks = {ask_pairs, ask_mode, ask_items, ask_superseded, ask_standard},
     .then = {put_superseded},
     .does =
         "`shape` unless `against` and `mode` stand together or not at all, and there is "
         "`unresolved` "
         "where the outcome is `not_established` or `not_examined`. `mode` unless `mode` is one of "
         "`modes` of the act, where it has them. `reference` unless each of "
         "`items`, and of those of `answers`, is a record that is not void, and `supersedes` a "
         "finding of this case. Where the outcome is `established` or `in_part`, `standard`, with "
         "the standard's clause, unless nothing is missing. Of `items` those count, each once, "
         "that have a row in `assessment`, are neither `superseded` nor `withdrawn`, and whose "
         "index is below `doubt_from` of their key, or that of their assessment above its "
         "`revoked_at`. `items`, `origins`, `neutral` and `physical` of the standard are the least "
         "numbers of those that count; of their origins; of those that are assessed as neutral, "
         "the origin's `neutral` not 0; and of these, of the classes `physical` and `technical`. "
         "`reply` 1: of each of `accused` the case has a deadline, met, late or past its time, by "
         "every clock that the agreement's move `case.reply` ends. `alternatives` 1: they are "
         "`considered`. `contradictions` 1: they are not `open`. With `against`, or with an "
         "`author` that the agreement gives an `organisation`, at least one is neutral. `against` "
         "is one of `accused`. The standard is of the `order` of the mode's `standard`, or of a "
         "higher one, and each of the mode's `questions` has an answer with an item that counts. "
         "That which it supersedes is moved (`superseded`), with `superseded_by`."},
    {.kind = "case.circulate", .of = "case", .moves = "case", .does = ""},
    {.kind = "finding.comment",
     .own = "comment",
     .of = "case",
     .moves = "case",
     .asks = {ask_commented},
     .does = "`reference` unless `finding` is one of this case."},
    {.kind = "finding.issue",
     .of = "finding",
     .moves = "finding",
     .moves_case = true,
     .asks = {ask_standard_still},
     .then = {put_found},
     .does = "`standard` as in `finding.draft`, of the finding as things are by now. `found` of "
             "the case becomes the finding's `grade` where that is of a higher `order`."},
    {0},
};

static const struct move moves[] = {
    {"finding", "finding.draft", "", "drafted"},
    {"finding", "finding.issue", "drafted", "issued"},
    {"finding", "superseded", "drafted", "superseded"},
    {"finding", "superseded", "issued", "superseded"},

    {"case", "finding.draft", "notified", "draft"},
    {"case", "finding.draft", "under_verification", "draft"},
    {"case", "finding.draft", "draft", "draft"},
    {"case", "finding.draft", "comments", "draft"}, /* sent round again */
    {"case", "finding.draft", "before_commission", "draft"},
    {"case", "case.circulate", "draft", "comments"},
    {"case", "finding.comment", "comments", "comments"},
    {"case", "finding.comment", "before_commission", "before_commission"}, /* late */
    {"comment", "finding.comment", "", "made"},
    {"case", "finding.issue", "comments", "before_commission"},
    {"case", "finding.issue", "before_commission", "before_commission"},
    {0},
};

const struct case_room case_room_finding = {work, moves};
