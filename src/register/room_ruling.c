#include "register/casework.h"

/*
 * The chain of decision. The agreement's steps ([[step]]) are tried in their order: each says
 * of which groups how many must concur (`needs`), by which `roles`, `for` what, and which
 * grades it is not for. An organisation has one word, whoever signs for it.
 */

/* --- what is decided, and by which chain --- */

struct matter {
    const char *chain;   /* a word of the step's `for` */
    struct span subject; /* what the steps are tried on: a case, a clause, an appeal */
};

static const struct {
    const char *kind, *chain, *subject; /* the member that names it; NULL: the case */
} chains[] = {
    {"ruling.propose", "ruling", NULL},    {"ruling.fail", "ruling", NULL},
    {"ruling.none", "ruling", NULL},       {"ruling.interpret", "interpretation", "clause"},
    {"ruling.review", "review", "appeal"},
};

/* `said`: the body of a record of this kind, or the row that it made. */
static struct matter matter_of(const struct apply *a, struct span kind, const struct json *said)
{
    size_t i = 0;

    while (!span_is(kind, chains[i].kind))
        i++;
    return (struct matter){chains[i].chain,
                           chains[i].subject ? apply_text(said, chains[i].subject) : a->at.id};
}

/* As found, or while nothing is found, as alleged. */
static struct span grade_of(const struct apply *a)
{
    struct span found = apply_text(a->at.row, "found");

    return found.len ? found : apply_text(a->at.row, "grade");
}

/* A step that needs nobody is none: so an agreement may list "no decision" with the others. */
static bool is_step_for(const struct apply *a, const struct json *step, const struct matter *m)
{
    const struct json *needs = json_get(step, "needs");

    return apply_holds_name(json_get(step, "for"), span_of(m->chain)) && needs &&
           needs->array.count > 0 &&
           !apply_holds_name(json_get(step, "not_for_grades"), grade_of(a));
}

static bool was_tried(struct apply *a, const struct matter *m, struct span step, bool *out,
                      struct err *err)
{
    const struct json *row;

    if (!apply_get(a, "attempt", apply_join(a, m->subject, ' ', step), &row, err))
        return false;
    *out = row != NULL;
    return true;
}

/* Void unless every step of the chain that is of a lower order was tried. */
static bool ask_tried_below(struct apply *a, const struct matter *m, int64_t order, struct err *err)
{
    const struct json *steps;

    if (!pieces_section(a, "step", &steps, err))
        return false;
    for (size_t i = 0; steps && i < steps->array.count; i++) {
        const struct json *step = &steps->array.at[i];
        struct span id = apply_text(step, "id");
        bool tried;

        if (json_get_integer(step, "order", 0) >= order || !is_step_for(a, step, m))
            continue;
        if (!was_tried(a, m, id, &tried, err))
            return false;
        if (!tried)
            return apply_void(a, REASON_STEP, "%.*s has not been tried", SPAN_ARG(id));
    }
    return true;
}

static bool ask_step(struct apply *a, struct err *err)
{
    const struct matter m = matter_of(a, span_of(a->kind->name), a->body);
    struct span id = apply_text(a->body, "step");
    const struct json *step;

    if (!apply_term(a, "step", id, &step, err))
        return false;
    if (!is_step_for(a, step, &m))
        return apply_void(a, REASON_STEP, "%.*s is no step for this", SPAN_ARG(id));
    return ask_tried_below(a, &m, json_get_integer(step, "order", 0), err);
}

static bool ask_all_tried(struct apply *a, struct err *err)
{
    const struct matter m = matter_of(a, span_of(a->kind->name), a->body);

    return ask_tried_below(a, &m, INT64_MAX, err);
}

/* `ruling` is the proposal that came to nothing; empty: none was made. The first attempt stays. */
static bool put_attempt(struct apply *a, const struct matter *m, struct span step,
                        struct span ruling, struct err *err)
{
    struct json *row = apply_copy(a, NULL);
    bool tried;

    if (!was_tried(a, m, step, &tried, err))
        return false;
    if (tried)
        return true;
    json_set_string(row, "by", a->record.by, a->arena);
    json_set_integer(row, "index", (int64_t)a->entry->index, a->arena);
    if (ruling.len)
        json_set_string(row, "ruling", ruling, a->arena);
    return apply_put(a, "attempt", apply_join(a, m->subject, ' ', step), row, err);
}

static bool put_failed(struct apply *a, struct err *err)
{
    const struct matter m = matter_of(a, span_of(a->kind->name), a->body);

    return put_attempt(a, &m, apply_text(a->body, "step"), (struct span){0}, err);
}

/* --- proposals --- */

static bool ask_findings(struct apply *a, struct err *err)
{
    const struct json *ids = json_get(a->body, "findings"), *row;

    for (size_t i = 0; i < ids->array.count; i++) {
        struct span id = ids->array.at[i].string;

        if (!apply_get(a, "finding", id, &row, err))
            return false;
        if (!span_equal(apply_text(row, "case"), a->at.id) ||
            !span_is(apply_text(row, "state"), "issued"))
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
            !apply_term(a, "act", apply_text(row, "allegation"), &act, err))
            return false;
        if (apply_text(act, "clause").len)
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
    return apply_term(a, "step", apply_text(a->at.named, "step"), out, err);
}

static bool group_of(struct apply *a, const struct json *need, const struct json **out,
                     struct err *err)
{
    const struct json *group;

    if (!apply_term(a, "group", apply_text(need, "group"), &group, err))
        return false;
    *out = json_get(group, "organisations");
    return true;
}

static bool ask_role(struct apply *a, struct err *err)
{
    struct span role = apply_text(a->signer, "role");
    const struct json *step;

    if (!step_of(a, &step, err))
        return false;
    const struct json *roles = json_get(step, "roles");
    return !roles || apply_holds_name(roles, role) ||
           apply_void(a, REASON_CAPABILITY, "a %.*s does not answer under the step %.*s",
                      SPAN_ARG(role), SPAN_ARG(apply_text(step, "id")));
}

static bool ask_group(struct apply *a, struct err *err)
{
    struct span org = apply_text(a->signer, "org");
    const struct json *step, *orgs;

    if (!step_of(a, &step, err))
        return false;
    const struct json *needs = json_get(step, "needs");
    for (size_t i = 0; needs && i < needs->array.count; i++) {
        if (!group_of(a, &needs->array.at[i], &orgs, err))
            return false;
        if (apply_holds_name(orgs, org))
            return true;
    }
    return apply_void(a, REASON_NOT_YOURS, "the step does not ask %.*s", SPAN_ARG(org));
}

static bool ask_not_recused(struct apply *a, struct err *err)
{
    struct span org = apply_text(a->signer, "org");
    bool recused;

    if (!case_recused(a, org, &recused, err))
        return false;
    return !recused ||
           apply_void(a, REASON_RECUSED, "%.*s has stepped back from this case", SPAN_ARG(org));
}

/* --- steps that lead to nothing --- */

struct turnout {
    int64_t others; /* of a group, who have not stepped back, but for the signer's organisation */
    bool signer;    /* the signer's is among them */
    int64_t called; /* the most summonses that one of them got */
};

static bool turn_out(struct apply *a, const struct json *orgs, struct turnout *out, struct err *err)
{
    struct span own = apply_text(a->signer, "org");

    *out = (struct turnout){0};
    for (size_t i = 0; orgs && i < orgs->array.count; i++) {
        struct span org = orgs->array.at[i].string;
        const struct json *summons;
        bool recused;

        if (!case_recused(a, org, &recused, err) ||
            !apply_get(a, "summons", apply_join(a, a->at.id, ' ', org), &summons, err))
            return false;
        if (recused)
            continue;
        int64_t called = json_get_integer(summons, "count", 0);
        out->called = called > out->called ? called : out->called;
        if (span_equal(org, own))
            out->signer = true;
        else
            out->others++;
    }
    return true;
}

/* Who could make it fail by refusing may say that it has: nobody else may, before the agreement's
 * number of summonses to one who stays away. */
static bool ask_may_fail(struct apply *a, struct err *err)
{
    struct span id = apply_text(a->body, "step");
    const struct json *step, *orgs;

    if (!apply_term(a, "step", id, &step, err))
        return false;
    const struct json *needs = json_get(step, "needs");
    int64_t summonses = json_get_integer(step, "summonses", INT64_MAX);
    for (size_t i = 0; i < needs->array.count; i++) {
        int64_t need = json_get_integer(&needs->array.at[i], "count", 1);
        struct turnout t;

        if (!group_of(a, &needs->array.at[i], &orgs, err) || !turn_out(a, orgs, &t, err))
            return false;
        if (t.called >= summonses || t.others < need)
            return true;
    }
    return apply_void(a, REASON_STEP, "%.*s does not fail by the word of %.*s", SPAN_ARG(id),
                      SPAN_ARG(apply_text(a->signer, "org")));
}

/* What it rules on may have been replaced since it was proposed. */
static bool ask_findings_stand(struct apply *a, struct err *err)
{
    const struct json *ids = json_get(a->at.named, "findings"), *row;

    for (size_t i = 0; ids && i < ids->array.count; i++) {
        if (!apply_get(a, "finding", ids->array.at[i].string, &row, err))
            return false;
        if (!span_is(apply_text(row, "state"), "issued"))
            return apply_no_move(a, err, "a finding that it rules on has been superseded");
    }
    return true;
}

/* The names but for this one, and with it where it is to stand. */
static struct json with_name(struct apply *a, const struct json *names, struct span name,
                             bool stands)
{
    struct json out = json_array();

    for (size_t i = 0; i < names->array.count; i++)
        if (!span_equal(names->array.at[i].string, name))
            json_push(&out, names->array.at[i], a->arena);
    if (stands)
        json_push(&out, json_string(name), a->arena);
    return out;
}

static void set_answer(struct apply *a, struct json *row)
{
    static const struct {
        const char *member, *answer;
    } lists[] = {{"abstained", "abstain"}, {"concurred", "concur"}, {"refused", "refuse"}};
    struct span org = apply_text(a->signer, "org"), answer = apply_text(a->body, "answer");

    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        const char *member = lists[i].member;

        json_set(row, member,
                 with_name(a, json_get(row, member), org, span_is(answer, lists[i].answer)),
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
        out->concur += apply_holds_name(json_get(row, "concurred"), org);
        out->may += !apply_holds_name(json_get(row, "refused"), org) &&
                    !apply_holds_name(json_get(row, "abstained"), org);
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

        if (!group_of(a, &needs->array.at[i], &orgs, err) || !count(a, row, orgs, &t, err))
            return false;
        *met = *met && t.concur >= need;
        *lost = *lost || t.may < need;
    }
    return true;
}

/* --- a ruling comes into force --- */

/* Moves a row by what follows from the entry, with one member set. */
static bool follow(struct apply *a, const char *table, struct span key, const char *on,
                   const char *member, struct json value, struct err *err)
{
    const struct json *before;

    if (!apply_get(a, table, key, &before, err))
        return false;
    struct span from = apply_text(before, "state");
    const char *to = move_to(table, on, from);
    if (!to)
        return apply_no_move(a, err, "the %s is %.*s", table, SPAN_ARG(from));
    struct json *row = apply_copy(a, before);
    json_set(row, member, value, a->arena);
    json_set(row, "state", json_text(to), a->arena);
    return apply_put(a, table, key, row, err);
}

static bool decide_case(struct apply *a, struct err *err)
{
    const struct json *before = json_get(a->at.row, "rulings");
    struct json rulings = json_array();

    for (size_t i = 0; before && i < before->array.count; i++)
        json_push(&rulings, before->array.at[i], a->arena);
    json_push(&rulings, json_string(a->at.of), a->arena);
    return follow(a, "case", a->at.id, "in_force", "rulings", rulings, err);
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

static bool decide_appeal(struct apply *a, struct err *err)
{
    struct span appeal = apply_text(a->at.named, "appeal");
    const struct json *row;
    const char *result =
        (const char *)apply_key(a, "review %.*s%c", SPAN_ARG(apply_text(a->at.named, "result")), 0)
            .at;

    if (!apply_get(a, "appeal", appeal, &row, err) ||
        !follow(a, "appeal", appeal, "in_force", "review", json_string(a->at.of), err))
        return false;
    struct span ruling = apply_text(row, "ruling");
    if (apply_is_void(a))
        return true;
    if (!follow(a, "ruling", ruling, result, "review", json_string(a->at.of), err))
        return false;
    if (apply_is_void(a) || !end_clocks_of(a, appeal, err))
        return apply_is_void(a);
    return strcmp(result, "review upheld") != 0 || release(a, ruling, err);
}

static bool enter_force(struct apply *a, struct err *err)
{
    struct span kind = apply_text(a->at.named, "kind");
    const struct json *move;

    if (!follow(a, "ruling", a->at.of, "in_force", "in_force_at",
                json_integer((int64_t)a->entry->index), err) ||
        !apply_term(a, "move", SPAN_LIT("ruling.answer/in_force"), &move, err))
        return false;
    if (move)
        a->at.move = move; /* its clocks are those of a ruling, not of an answer */
    if (apply_is_void(a) || span_is(kind, "ruling.interpret"))
        return true;
    return span_is(kind, "ruling.review") ? decide_appeal(a, err) : decide_case(a, err);
}

static bool put_answer(struct apply *a, struct err *err)
{
    const struct matter m = matter_of(a, apply_text(a->at.named, "kind"), a->at.named);
    struct json *row = apply_copy(a, a->at.named);
    bool met, lost;

    set_answer(a, row);
    if (!apply_put(a, "ruling", a->at.of, row, err) || !tally(a, row, &met, &lost, err))
        return false;
    if (met)
        return enter_force(a, err);
    return !lost || put_attempt(a, &m, apply_text(row, "step"), a->at.of, err);
}

/* --- appeals --- */

static bool ask_ruling_of_case(struct apply *a, struct err *err)
{
    (void)err;
    return span_equal(apply_text(a->at.named, "case"), a->at.id) ||
           apply_void(a, REASON_REFERENCE, "the ruling is of another case");
}

static bool ask_first_appeal(struct apply *a, struct err *err)
{
    struct span org = apply_text(a->signer, "org");

    return !apply_holds_name(json_get(a->at.named, "appealed"), org) ||
           apply_no_move(a, err, "%.*s has appealed against it", SPAN_ARG(org));
}

static bool put_appealed(struct apply *a, struct err *err)
{
    const struct json *before = json_get(a->at.named, "appealed");
    struct json none = json_array();
    struct json *row = apply_copy(a, a->at.named);

    json_set(row, "appealed",
             with_name(a, before ? before : &none, apply_text(a->signer, "org"), true), a->arena);
    return apply_put(a, "ruling", a->at.of, row, err);
}

static const struct casework work[] = {
    {.kind = "ruling.propose",
     .own = "ruling",
     .of = "case",
     .moves = "case",
     .asks = {ask_findings, ask_a_clause, ask_step},
     .then = {put_proposal},
     .does = "`reference` unless each of `findings` is an issued finding of this case; `no_clause` "
             "unless the act of one at least has a `clause`. `step` "
             "unless the step has `needs` and `for` it `ruling`, is not `not_for_grades` of the "
             "case's grade (`found`, else `grade`), and `attempt` has a row of this case for every "
             "such step of a lower `order`."},
    {.kind = "ruling.interpret",
     .own = "ruling",
     .asks = {ask_step},
     .then = {put_proposal},
     .does = "`step` as in `ruling.propose`, for `interpretation`, of the clause."},
    {.kind = "ruling.review",
     .own = "ruling",
     .of = "appeal",
     .moves = "appeal",
     .asks = {ask_step},
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
         "with `in_force_at`; its case too, `rulings` one more; of a review the appeal, and the "
         "ruling appealed against, each with `review`; where that is set aside, `consequences` of "
         "its case lose those of it. The clocks are then those of the agreement's move "
         "`ruling.answer/in_force`, where it has one."},
    {.kind = "ruling.fail",
     .of = "case",
     .moves = "case",
     .asks = {ask_step, ask_may_fail},
     .then = {put_failed},
     .does = "`step` as in `ruling.propose`, and unless of a group in `needs`, those who have "
             "stepped back left out, too few are there without the signer's organisation; or one "
             "in it has a `count` in `summons` of the step's `summonses`, where it has them. "
             "Writes `attempt`, where there is none."},
    {.kind = "ruling.none",
     .of = "case",
     .moves = "case",
     .asks = {ask_all_tried},
     .does = "`step` unless every step was tried that `ruling.propose` could name."},
    {.kind = "ruling.dissent", .own = "dissent", .of = "ruling", .moves = "ruling", .does = ""},
    {.kind = "ruling.reserve", .own = "reservation", .of = "ruling", .moves = "ruling", .does = ""},
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
    {"ruling", "ruling.propose", "", "proposed"},
    {"ruling", "ruling.interpret", "", "proposed"},
    {"ruling", "ruling.review", "", "proposed"},
    {"ruling", "ruling.answer", "proposed", "proposed"},
    {"ruling", "in_force", "proposed", "in_force"}, /* as many have concurred as the step needs */
    {"ruling", "ruling.dissent", "proposed", "proposed"},
    {"ruling", "ruling.dissent", "in_force", "in_force"},
    {"ruling", "ruling.reserve", "proposed", "proposed"},
    {"ruling", "ruling.reserve", "in_force", "in_force"},
    {"ruling", "appeal.file", "in_force", "in_force"},
    {"ruling", "review upheld", "in_force", "set_aside"}, /* by a review that is in force */
    {"ruling", "review varied", "in_force", "in_force"},
    {"ruling", "review dismissed", "in_force", "in_force"},

    {"dissent", "ruling.dissent", "", "attached"},
    {"reservation", "ruling.reserve", "", "attached"},

    {"appeal", "appeal.file", "", "filed"},
    {"appeal", "ruling.review", "filed", "filed"},
    {"appeal", "in_force", "filed", "decided"},

    {"case", "ruling.propose", "before_commission", "before_commission"},
    {"case", "ruling.fail", "before_commission", "before_commission"},
    {"case", "ruling.none", "before_commission", "no_decision"},
    {"case", "in_force", "before_commission", "decided"},
    {"case", "appeal.file", "decided", "decided"},
    {"case", "appeal.file", "corrective_action", "corrective_action"},
    {"case", "appeal.file", "closed", "closed"},
    {0},
};

const struct case_room case_room_ruling = {work, moves};
