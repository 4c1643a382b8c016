#include "register/apply.h"

#include "terms/terms.h"

/*
 * Amendments: one root proposes other rules (format §10.5) or other terms (§7.6), each other
 * root signs agreement.concur naming the proposal, and with the last of them, and the last
 * piece of the terms, it is agreed. Another may have been agreed since it was proposed, so it is
 * judged anew at every step.
 */

/* --- of the rules --- */

static bool judge_rules(struct apply *a, const struct json *row)
{
    int64_t in_force = json_get_integer(a->agreement, "rules", 0);

    return json_get_integer(row, "number", 0) > in_force ||
           apply_void(a, REASON_RULES_NUMBER, "rules number %" PRId64 " is in force", in_force);
}

/* The entry itself is still judged by the rules before it. */
static bool put_rules(struct apply *a, struct span id, struct json *row, struct err *err)
{
    struct json *agreement = apply_copy(a, a->agreement);
    const char *to = move_to("amendment", "complete", json_get_text(row, "state"));

    (void)id;
    assert(to);
    json_set(row, "state", json_text(to), a->arena);
    json_set(agreement, "rules", *json_get(row, "number"), a->arena);
    return apply_put(a, "agreement", SPAN_LIT("1"), agreement, err);
}

/* --- of the terms --- */

/* Of two proposals for one place the one agreed first has it: who signed the other did so
 * without having seen what it would have put aside. */
static bool judge_terms(struct apply *a, const struct json *row)
{
    int64_t next = register_versions(a->agreement) + 1;

    return json_get_integer(row, "version", 0) == next ||
           apply_void(a, REASON_AMENDMENT, "the next version of the terms is %" PRId64, next);
}

/* What entry 0 says stays as the first version has it. */
static const char *fixed_fault(const struct json *first, const struct json *head)
{
    static const char *const fixed[] = {"quorum", "rules"};

    for (size_t i = 0; i < ARRAY_LEN(fixed); i++)
        if (!json_equal(json_get(first, fixed[i]), json_get(head, fixed[i])))
            return fixed[i];
    return NULL;
}

static bool now_of(struct apply *a, int64_t *out, struct err *err)
{
    const struct json *clock;

    if (!apply_get(a, "clock", SPAN_LIT("clock"), &clock, err))
        return false;
    *out = json_get_integer(clock, "now_ms", 0);
    return true;
}

/* §7.6: no version begins before it is agreed, whatever was hoped for. */
static bool put_version(struct apply *a, struct span id, const struct json *row, struct err *err)
{
    struct json *agreement = apply_copy(a, a->agreement);
    const struct json *before = json_get(agreement, "versions");
    struct json versions = json_array(), version = json_object();
    int64_t from_ms = json_get_integer(row, "from_ms", 0), now_ms;

    if (!now_of(a, &now_ms, err))
        return false;
    for (size_t i = 0; before && i < before->array.count; i++)
        json_push(&versions, before->array.at[i], a->arena);
    json_set_integer(&version, "from_ms", from_ms > now_ms ? from_ms : now_ms, a->arena);
    json_set_string(&version, "id", id, a->arena);
    json_set_integer(&version, "index", (int64_t)a->entry->index, a->arena);
    json_push(&versions, version, a->arena);
    json_set(agreement, "versions", versions, a->arena);
    return apply_put(a, "agreement", SPAN_LIT("1"), agreement, err);
}

static bool put_terms(struct apply *a, struct span id, struct json *row, struct err *err)
{
    const char *to = move_to("amendment", "agreed", json_get_text(row, "state"));
    const struct json *terms, *first;

    assert(to);
    if (!pieces_terms(a, json_get(row, "pieces"), id, &terms, err) ||
        !apply_get(a, "term", SPAN_LIT("agreement"), &first, err))
        return false;
    if (apply_is_void(a))
        return true;
    const char *fault = fixed_fault(first, json_get(terms, "agreement"));
    if (fault)
        return apply_void(a, REASON_AMENDMENT, "agreement.toml: \"%s\" is not as in version 1",
                          fault);
    json_set(row, "state", json_text(to), a->arena);
    return pieces_put_terms(a, terms, json_get_integer(row, "version", 0), err) &&
           put_version(a, id, row, err);
}

/* --- both --- */

static const struct amending {
    const char *kind;
    bool (*judge)(struct apply *a, const struct json *row);
    bool (*agreed)(struct apply *a, struct span id, struct json *row, struct err *err);
} amendings[] = {
    {"rules.adopt", judge_rules, put_rules},
    {"agreement.amend", judge_terms, put_terms},
};

static const struct amending *amending_of(const struct json *row)
{
    for (size_t i = 0; i < ARRAY_LEN(amendings); i++)
        if (span_is(json_get_text(row, "kind"), amendings[i].kind))
            return &amendings[i];
    assert(!"an amendment of nothing");
    return NULL;
}

/* A root that was revoked and not replaced still counts among them: else whoever may revoke
 * a root could amend without it. */
static bool all_concurred(struct apply *a, const struct json *concurred, bool *out, struct err *err)
{
    const struct json *roots = json_get(a->agreement, "roots");

    *out = true;
    for (size_t i = 0; i < roots->array.count && *out; i++)
        if (!keys_hold(a, concurred, roots->array.at[i].string, out, err))
            return false;
    return true;
}

static bool put_amendment(struct apply *a, struct span id, struct json *row, struct err *err)
{
    const struct amending *amending = amending_of(row);
    bool whole = json_get_integer(row, "missing", 0) == 0, all;

    if (!amending->judge(a, row))
        return false;
    if (apply_is_void(a))
        return true;
    if (!all_concurred(a, json_get(row, "concurred"), &all, err))
        return false;
    if (all && whole && !amending->agreed(a, id, row, err))
        return false;
    return apply_is_void(a) || apply_put(a, "amendment", id, row, err);
}

static struct json with_signer(struct apply *a, const struct json *before)
{
    struct json concurred = json_array();

    for (size_t i = 0; before && i < before->array.count; i++)
        json_push(&concurred, before->array.at[i], a->arena);
    json_push(&concurred, json_string(a->record.by), a->arena);
    return concurred;
}

/* Who proposes concurs. */
static struct json *proposed_row(struct apply *a)
{
    struct json *row = apply_row_of_body(a);

    json_set(row, "concurred", with_signer(a, NULL), a->arena);
    json_set_integer(row, "index", (int64_t)a->entry->index, a->arena);
    json_set_string(row, "kind", a->record.kind, a->arena);
    json_set(row, "state", json_text(move_to("amendment", a->kind->name, (struct span){0})),
             a->arena);
    return row;
}

bool room_rules_adopt(struct apply *a, struct err *err)
{
    return put_amendment(a, span_of(a->record.id_text), proposed_row(a), err);
}

bool room_agreement_amend(struct apply *a, struct err *err)
{
    const struct json *pieces = json_get(a->body, "pieces");
    struct json *row = proposed_row(a);
    const char *fault = pieces_fault(pieces);
    int64_t now_ms;

    if (fault)
        return apply_void(a, REASON_PIECE, "%s", fault);
    if (!now_of(a, &now_ms, err))
        return false;
    if (json_get_integer(a->body, "from_ms", 0) < now_ms)
        return apply_void(a, REASON_AMENDMENT, "it would begin before now");
    json_set_integer(row, "missing", (int64_t)pieces->array.count, a->arena);
    return put_amendment(a, span_of(a->record.id_text), row, err);
}

bool amendment_concur(struct apply *a, struct err *err)
{
    struct span id = json_get_text(a->body, "agreement");
    const struct json *amendment;
    bool has;

    if (!apply_get(a, "amendment", id, &amendment, err))
        return false;
    const struct json *before = json_get(amendment, "concurred");
    if (!keys_hold(a, before, a->record.by, &has, err))
        return false;
    if (has)
        return apply_no_move(a, err, "this root has concurred already");

    struct json *row = apply_copy(a, amendment);
    json_set(row, "concurred", with_signer(a, before), a->arena);
    return put_amendment(a, id, row, err);
}

bool amendment_part(struct apply *a, struct err *err)
{
    struct span id = json_get_text(a->body, "amendment");
    const struct json *amendment;

    if (!apply_get(a, "amendment", id, &amendment, err) ||
        !pieces_keep(a, json_get(amendment, "pieces"), id, err))
        return false;
    if (apply_is_void(a))
        return true;
    struct json *row = apply_copy(a, amendment);
    json_set_integer(row, "missing", json_get_integer(row, "missing", 0) - 1, a->arena);
    return put_amendment(a, id, row, err);
}
