#include "register/casework.h"

/*
 * Rulings, interpretations of a clause, and reviews: proposed under a step of the chain of
 * decision (room_step.c), answered, and in force when all concur that the step needs. An
 * organisation has one word, whoever signs for it.
 */

/* --- proposals --- */

static bool ask_findings(struct apply *a, struct err *err)
{
    const struct json *ids = json_get(a->body, "findings"), *row;

    for (size_t i = 0; i < ids->array.count; i++) {
        struct span id = ids->array.at[i].string;

        if (!apply_get(a, "finding", id, &row, err))
            return false;
        if (!span_equal(json_get_text(row, "case"), a->at.id) ||
            !span_is(json_get_text(row, "state"), "issued"))
            return apply_void(a, REASON_REFERENCE, "%.*s is no issued finding of this case",
                              SPAN_ARG(id));
    }
    return true;
}

/* What rests on no clause is found and published, but breaks nothing that was agreed: there must
 * be something else to rule on. */
static bool ask_a_clause(struct apply *a, struct err *err)
{
    const struct json *ids = json_get(a->body, "findings"), *row, *act;

    for (size_t i = 0; i < ids->array.count; i++) {
        if (!apply_get(a, "finding", ids->array.at[i].string, &row, err) ||
            !apply_term(a, "act", json_get_text(row, "allegation"), &act, err))
            return false;
        if (json_get_text(act, "clause").len)
            return true;
    }
    return apply_void(a, REASON_NO_CLAUSE, "none of these acts rests on a clause");
}

static bool put_proposal(struct apply *a, struct err *err)
{
    static const char *const answers[] = {"abstained", "concurred", "refused"};

    for (size_t i = 0; i < ARRAY_LEN(answers); i++)
        json_set(a->at.own, answers[i], json_array(), a->arena);
    json_set_string(a->at.own, "kind", a->record.kind, a->arena);
    return apply_put(a, "ruling", span_of(a->record.id_text), a->at.own, err);
}

/* --- answers --- */

static bool step_of(struct apply *a, const struct json **out, struct err *err)
{
    return apply_term(a, "step", json_get_text(a->at.named, "step"), out, err);
}

static bool ask_role(struct apply *a, struct err *err)
{
    struct span role = json_get_text(a->signer, "role");
    const struct json *step;

    if (!step_of(a, &step, err))
        return false;
    const struct json *roles = json_get(step, "roles");
    return !roles || json_lists(roles, role) ||
           apply_void(a, REASON_CAPABILITY, "a %.*s does not answer under the step %.*s",
                      SPAN_ARG(role), SPAN_ARG(json_get_text(step, "id")));
}

static bool ask_group(struct apply *a, struct err *err)
{
    struct span org = apply_org(a);
    const struct json *step, *orgs;

    if (!step_of(a, &step, err))
        return false;
    const struct json *needs = json_get(step, "needs");
    for (size_t i = 0; needs && i < needs->array.count; i++) {
        if (!step_group(a, &needs->array.at[i], &orgs, err))
            return false;
        if (json_lists(orgs, org))
            return true;
    }
    return apply_void(a, REASON_NOT_YOURS, "the step does not ask %.*s", SPAN_ARG(org));
}

static bool ask_not_recused(struct apply *a, struct err *err)
{
    struct span org = apply_org(a);
    bool recused;

    if (!case_recused(a, org, &recused, err))
        return false;
    return !recused ||
           apply_void(a, REASON_RECUSED, "%.*s has stepped back from this case", SPAN_ARG(org));
}

/* What it rules on may have been replaced since it was proposed. */
static bool ask_findings_stand(struct apply *a, struct err *err)
{
    const struct json *ids = json_get(a->at.named, "findings"), *row;

    for (size_t i = 0; ids && i < ids->array.count; i++) {
        if (!apply_get(a, "finding", ids->array.at[i].string, &row, err))
            return false;
        if (!span_is(json_get_text(row, "state"), "issued"))
            return apply_no_move(a, err, "a finding that it rules on has been superseded");
    }
    return true;
}

static void set_answer(struct apply *a, struct json *row)
{
    static const struct {
        const char *member, *answer;
    } lists[] = {{"abstained", "abstain"}, {"concurred", "concur"}, {"refused", "refuse"}};
    struct span org = apply_org(a), answer = json_get_text(a->body, "answer");

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        const char *member = lists[i].member;

        json_set(row, member,
                 case_names_with(a, json_get(row, member), org, span_is(answer, lists[i].answer)),
                 a->arena);
    }
}

struct tally {
    int64_t concur; /* have concurred */
    int64_t may;    /* have, or still could without going back on their word */
};

static bool count(struct apply *a, const struct json *row, const struct json *orgs,
                  struct tally *out, struct err *err)
{
    *out = (struct tally){0};
    for (size_t i = 0; orgs && i < orgs->array.count; i++) {
        struct span org = orgs->array.at[i].string;
        bool recused;

        if (!case_recused(a, org, &recused, err))
            return false;
        if (recused)
            continue;
        out->concur += json_lists(json_get(row, "concurred"), org);
        out->may += !json_lists(json_get(row, "refused"), org) &&
                    !json_lists(json_get(row, "abstained"), org);
    }
    return true;
}

static bool tally(struct apply *a, const struct json *row, bool *met, bool *lost, struct err *err)
{
    const struct json *step, *orgs;

    if (!step_of(a, &step, err))
        return false;
    const struct json *needs = json_get(step, "needs");
    *met = true;
    *lost = false;
    for (size_t i = 0; i < needs->array.count; i++) {
        int64_t need = json_get_integer(&needs->array.at[i], "count", 1);
        struct tally t;

        if (!step_group(a, &needs->array.at[i], &orgs, err) || !count(a, row, orgs, &t, err))
            return false;
        *met = *met && t.concur >= need;
        *lost = *lost || t.may < need;
    }
    return true;
}

/* --- a ruling comes into force --- */

static bool decide_case(struct apply *a, struct err *err)
{
    const struct json *before = json_get(a->at.row, "rulings");
    struct json rulings = json_array();

    for (size_t i = 0; before && i < before->array.count; i++)
        json_push(&rulings, before->array.at[i], a->arena);
    json_push(&rulings, json_string(a->at.of), a->arena);
    return case_follow(a, "case", a->at.id, "in_force", "rulings", rulings, err);
}

static bool enter_force(struct apply *a, struct err *err)
{
    struct span kind = json_get_text(a->at.named, "kind");
    const struct json *move;

    if (!case_follow(a, "ruling", a->at.of, "in_force", "in_force_at",
                     json_integer((int64_t)a->entry->index), err) ||
        !apply_term(a, "move", SPAN_LIT("ruling.answer/in_force"), &move, err))
        return false;
    if (move)
        a->at.move = move; /* its clocks are those of a ruling, not of an answer */
    if (apply_is_void(a) || span_is(kind, "ruling.interpret"))
        return true;
    return span_is(kind, "ruling.review") ? appeal_decide(a, err) : decide_case(a, err);
}

static bool put_answer(struct apply *a, struct err *err)
{
    const struct step_matter m = step_matter_of(a, json_get_text(a->at.named, "kind"), a->at.named);
    struct json *row = apply_copy(a, a->at.named);
    bool met, lost;

    set_answer(a, row);
    if (!apply_put(a, "ruling", a->at.of, row, err) || !tally(a, row, &met, &lost, err))
        return false;
    if (met)
        return enter_force(a, err);
    return !lost || step_put_attempt(a, &m, json_get_text(row, "step"), a->at.of, err);
}

static const struct casework work[] = {
    {.kind = "ruling.propose",
     .own = "ruling",
     .of = "case",
     .moves = "case",
     .asks = {ask_findings, ask_a_clause, step_ask_open},
     .then = {put_proposal},
     .does = "`reference` unless each of `findings` is an issued finding of this case; `no_clause` "
             "unless the act of one at least has a `clause`. `step` "
             "unless the step has `needs` and `for` it `ruling`, is not `not_for_grades` of the "
             "case's grade (`found`, else `grade`), and `attempt` has a row of this case for every "
             "such step of a lower `order`. The row of this kind and of the next two has `kind`, "
             "and `abstained`, `concurred` and `refused`, which may be empty."},
    {.kind = "ruling.interpret",
     .own = "ruling",
     .asks = {step_ask_open},
     .then = {put_proposal},
     .does = "`step` as in `ruling.propose`, for `interpretation`, of the clause."},
    {.kind = "ruling.review",
     .own = "ruling",
     .of = "appeal",
     .moves = "appeal",
     .asks = {step_ask_open},
     .then = {put_proposal},
     .does = "`step` as in `ruling.propose`, for `review`, of the appeal."},
    {.kind = "ruling.answer",
     .of = "ruling",
     .moves = "ruling",
     .asks = {ask_role, ask_group, ask_not_recused, ask_findings_stand},
     .then = {put_answer},
     .does =
         "`capability` unless the signer's role is one of the step's `roles`, where it has them; "
         "`not_yours` unless the signer's organisation is in a group that the step `needs`; "
         "`recused` where it has stepped back from the case; `no_move` where one of the ruling's "
         "findings is no longer issued. Takes the organisation from its list (`concurred`, "
         "`refused`, `abstained`) to that of this answer. Those who have stepped back left out: "
         "where of each group in `needs` its `count` have concurred, the ruling comes into force; "
         "where of one of them too few are left who have neither refused nor abstained, `attempt` "
         "is written, where there is none, and the ruling may still come into force. In force it "
         "is moved (`in_force`), "
         "with `in_force_at`; of a proposal its case too, whose `rulings` it joins; of a review "
         "the appeal, and the "
         "ruling appealed against, each with `review`; where that is set aside, `consequences` of "
         "its case lose those of it. The clocks are then those of the agreement's move "
         "`ruling.answer/in_force`, where it has one; of a review it ends the appeal's deadlines "
         "as well."},
    {.kind = "ruling.dissent", .own = "dissent", .of = "ruling", .moves = "ruling", .does = ""},
    {.kind = "ruling.reserve", .own = "reservation", .of = "ruling", .moves = "ruling", .does = ""},
    {0},
};

static const struct move moves[] = {
    {"ruling", "ruling.propose", "", "proposed"},
    {"ruling", "ruling.interpret", "", "proposed"},
    {"ruling", "ruling.review", "", "proposed"},
    {"ruling", "ruling.answer", "proposed", "proposed"},
    {"ruling", "in_force", "proposed", "in_force"}, /* as many have concurred as the step needs */
    {"ruling", "ruling.dissent", "proposed", "proposed"},
    {"ruling", "ruling.dissent", "in_force", "in_force"},
    {"ruling", "ruling.reserve", "proposed", "proposed"},
    {"ruling", "ruling.reserve", "in_force", "in_force"},
    {"dissent", "ruling.dissent", "", "attached"},
    {"reservation", "ruling.reserve", "", "attached"},
    {"case", "ruling.propose", "before_commission", "before_commission"},
    {"case", "in_force", "before_commission", "decided"},
    {0},
};

const struct case_room case_room_ruling = {work, moves};
