#include "register/casework.h"

/*
 * Appeals against rulings in force: one for each organisation, decided by a review, which is
 * a ruling of its own (room_ruling.c). What it overturns stays, marked so.
 */

static bool ask_ruling_of_case(struct apply *a, struct err *err)
{
    (void)err;
    return span_equal(json_get_text(a->at.named, "case"), a->at.id) ||
           apply_void(a, REASON_REFERENCE, "the ruling is of another case");
}

static bool ask_first_appeal(struct apply *a, struct err *err)
{
    struct span org = apply_org(a);

    return !json_lists(json_get(a->at.named, "appealed"), org) ||
           apply_no_move(a, err, "%.*s has appealed against it", SPAN_ARG(org));
}

static bool put_appealed(struct apply *a, struct err *err)
{
    const struct json *before = json_get(a->at.named, "appealed");
    struct json none = json_array();
    struct json *row = apply_copy(a, a->at.named);

    json_set(row, "appealed", case_names_with(a, before ? before : &none, apply_org(a), true),
             a->arena);
    return apply_put(a, "ruling", a->at.of, row, err);
}

/* What was ordered under a ruling that is set aside is owed no longer. */
static bool release(struct apply *a, struct span ruling, struct err *err)
{
    const struct json *row;

    if (!apply_get(a, "ruling", ruling, &row, err))
        return false;
    return case_set(a, "consequences",
                    json_integer(json_get_integer(a->at.row, "consequences", 0) -
                                 json_get_integer(row, "consequences", 0)),
                    err);
}

/* The engine ends the clocks on the ruling and its case; an appeal has its own. */
static bool end_clocks_of(struct apply *a, struct span appeal, struct err *err)
{
    const struct json *clocks = json_get(a->at.move, "ends");

    for (size_t i = 0; clocks && i < clocks->array.count; i++)
        if (!deadline_end(a, appeal, clocks->array.at[i].string, err))
            return false;
    return true;
}

bool appeal_decide(struct apply *a, struct err *err)
{
    struct span appeal = json_get_text(a->at.named, "appeal");
    const struct json *row;
    const char *result = (const char *)apply_key(a, "review %.*s%c",
                                                 SPAN_ARG(json_get_text(a->at.named, "result")), 0)
                             .at;

    if (!apply_get(a, "appeal", appeal, &row, err) ||
        !case_follow(a, "appeal", appeal, "in_force", "review", json_string(a->at.of), err))
        return false;
    struct span ruling = json_get_text(row, "ruling");
    if (apply_is_void(a))
        return true;
    if (!case_follow(a, "ruling", ruling, result, "review", json_string(a->at.of), err))
        return false;
    if (apply_is_void(a) || !end_clocks_of(a, appeal, err))
        return apply_is_void(a);
    return strcmp(result, "review upheld") != 0 || release(a, ruling, err);
}

static const struct casework work[] = {
    {.kind = "appeal.file",
     .own = "appeal",
     .of = "ruling",
     .moves = "ruling",
     .moves_case = true,
     .asks = {ask_ruling_of_case, ask_first_appeal},
     .then = {put_appealed},
     .does = "`reference` unless the ruling is of this case; `no_move` where the signer's "
             "organisation is in `appealed` of the ruling, which it joins."},
    {0},
};

static const struct move moves[] = {
    {"ruling", "appeal.file", "in_force", "in_force"},
    {"ruling", "review upheld", "in_force", "set_aside"}, /* by a review that is in force */
    {"ruling", "review varied", "in_force", "in_force"},
    {"ruling", "review dismissed", "in_force", "in_force"},
    {"appeal", "appeal.file", "", "filed"},
    {"appeal", "ruling.review", "filed", "filed"},
    {"appeal", "in_force", "filed", "decided"},
    {"case", "appeal.file", "decided", "decided"},
    {"case", "appeal.file", "corrective_action", "corrective_action"},
    {"case", "appeal.file", "closed", "closed"},
    {0},
};

const struct case_room case_room_appeal = {work, moves};
