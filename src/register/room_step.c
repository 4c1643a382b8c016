#include "register/casework.h"

/*
 * The chain of decision. The agreement's steps ([[step]]) are tried in their order: each says
 * of which groups how many must concur (`needs`), by which `roles`, `for` what, and which
 * grades it is not for. A step is open when those before it were tried, and that one of them
 * led to nothing nobody says but who could bring that about, or who has called in vain.
 */

/* --- what is decided, and by which chain --- */

static const struct {
    const char *kind, *chain, *subject; /* the member that names it; NULL: the case */
} chains[] = {
    {"ruling.propose", "ruling", NULL},    {"ruling.fail", "ruling", NULL},
    {"ruling.none", "ruling", NULL},       {"ruling.interpret", "interpretation", "clause"},
    {"ruling.review", "review", "appeal"},
};

struct step_matter step_matter_of(const struct apply *a, struct span kind, const struct json *said)
{
    size_t i = 0;

    while (!span_is(kind, chains[i].kind))
        i++;
    return (struct step_matter){
        chains[i].chain, chains[i].subject ? json_get_text(said, chains[i].subject) : a->at.id};
}

/* As found, or while nothing is found, as alleged. */
static struct span grade_of(const struct apply *a)
{
    struct span found = json_get_text(a->at.row, "found");

    return found.len ? found : json_get_text(a->at.row, "grade");
}

/* A step that needs nobody is none: so an agreement may list "no decision" with the others. */
static bool is_step_for(const struct apply *a, const struct json *step, const struct step_matter *m)
{
    const struct json *needs = json_get(step, "needs");

    return json_lists(json_get(step, "for"), span_of(m->chain)) && needs &&
           needs->array.count > 0 && !json_lists(json_get(step, "not_for_grades"), grade_of(a));
}

static bool was_tried(struct apply *a, const struct step_matter *m, struct span step, bool *out,
                      struct err *err)
{
    const struct json *row;

    if (!apply_get(a, "attempt", apply_join(a, m->subject, ' ', step), &row, err))
        return false;
    *out = row != NULL;
    return true;
}

/* Void unless every step of the chain that is of a lower order was tried. */
static bool ask_tried_below(struct apply *a, const struct step_matter *m, int64_t order,
                            struct err *err)
{
    const struct json *steps;

    if (!pieces_section(a, "step", &steps, err))
        return false;
    for (size_t i = 0; steps && i < steps->array.count; i++) {
        const struct json *step = &steps->array.at[i];
        struct span id = json_get_text(step, "id");
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

bool step_ask_open(struct apply *a, struct err *err)
{
    const struct step_matter m = step_matter_of(a, span_of(a->kind->name), a->body);
    struct span id = json_get_text(a->body, "step");
    const struct json *step;

    if (!apply_term(a, "step", id, &step, err))
        return false;
    if (!is_step_for(a, step, &m))
        return apply_void(a, REASON_STEP, "%.*s is no step for this", SPAN_ARG(id));
    return ask_tried_below(a, &m, json_get_integer(step, "order", 0), err);
}

static bool ask_all_tried(struct apply *a, struct err *err)
{
    const struct step_matter m = step_matter_of(a, span_of(a->kind->name), a->body);

    return ask_tried_below(a, &m, INT64_MAX, err);
}

bool step_put_attempt(struct apply *a, const struct step_matter *m, struct span step,
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
    const struct step_matter m = step_matter_of(a, span_of(a->kind->name), a->body);

    return step_put_attempt(a, &m, json_get_text(a->body, "step"), (struct span){0}, err);
}

bool step_group(struct apply *a, const struct json *need, const struct json **out, struct err *err)
{
    const struct json *group;

    if (!apply_term(a, "group", json_get_text(need, "group"), &group, err))
        return false;
    *out = json_get(group, "organisations");
    return true;
}

/* --- steps that lead to nothing --- */

struct turnout {
    int64_t others; /* of a group, who have not stepped back, but for the signer's organisation */
    bool signer;    /* the signer's is among them */
    int64_t called; /* the most summonses that one of them got */
};

static bool turn_out(struct apply *a, const struct json *orgs, struct turnout *out, struct err *err)
{
    struct span own = apply_org(a);

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
    struct span id = json_get_text(a->body, "step");
    const struct json *step, *orgs;

    if (!apply_term(a, "step", id, &step, err))
        return false;
    const struct json *needs = json_get(step, "needs");
    int64_t summonses = json_get_integer(step, "summonses", INT64_MAX);
    for (size_t i = 0; i < needs->array.count; i++) {
        int64_t need = json_get_integer(&needs->array.at[i], "count", 1);
        struct turnout t;

        if (!step_group(a, &needs->array.at[i], &orgs, err) || !turn_out(a, orgs, &t, err))
            return false;
        if (t.called >= summonses || t.others < need)
            return true;
    }
    return apply_void(a, REASON_STEP, "%.*s does not fail by the word of %.*s", SPAN_ARG(id),
                      SPAN_ARG(apply_org(a)));
}

static const struct casework work[] = {
    {.kind = "ruling.fail",
     .of = "case",
     .moves = "case",
     .asks = {step_ask_open, ask_may_fail},
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
    {0},
};

static const struct move moves[] = {
    {"case", "ruling.fail", "before_commission", "before_commission"},
    {"case", "ruling.none", "before_commission", "no_decision"},
    {0},
};

const struct case_room case_room_step = {work, moves};
