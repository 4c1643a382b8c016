#include "register/apply.h"

/*
 * Amendments (format §10.5): one root proposes, each other root signs agreement.concur
 * naming the proposal, and with the last of them it is in force. A number may have come
 * into force since it was proposed, so it is judged anew at every concurrence.
 */

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

/* The entry itself is still judged by the rules before it. */
static bool put_in_force(struct apply *a, struct json *row, struct err *err)
{
    struct json *agreement = apply_copy(a, a->agreement);
    const char *to = move_to("amendment", "complete", apply_text(row, "state"));

    assert(to);
    json_set(row, "state", json_text(to), a->arena);
    json_set(agreement, "rules", *json_get(row, "number"), a->arena);
    return apply_put(a, "agreement", SPAN_LIT("1"), agreement, err);
}

static bool put_amendment(struct apply *a, struct span id, struct json *row, struct err *err)
{
    int64_t in_force = json_get_integer(a->agreement, "rules", 0);
    bool all;

    if (json_get_integer(row, "number", 0) <= in_force)
        return apply_void(a, REASON_RULES_NUMBER, "rules number %" PRId64 " is in force", in_force);
    if (!all_concurred(a, json_get(row, "concurred"), &all, err))
        return false;
    if (all && !put_in_force(a, row, err))
        return false;
    return apply_put(a, "amendment", id, row, err);
}

/* Who proposes concurs. */
bool room_rules_adopt(struct apply *a, struct err *err)
{
    struct json *row = apply_copy(a, NULL);
    struct json concurred = json_array();

    json_push(&concurred, json_string(a->record.by), a->arena);
    json_set(row, "concurred", concurred, a->arena);
    json_set_integer(row, "index", (int64_t)a->entry->index, a->arena);
    json_set_string(row, "kind", a->record.kind, a->arena);
    json_set(row, "number", *json_get(a->body, "number"), a->arena);
    json_set(row, "state", json_text(move_to("amendment", a->kind->name, (struct span){0})),
             a->arena);
    return put_amendment(a, span_of(a->record.id_text), row, err);
}

bool amendment_concur(struct apply *a, struct err *err)
{
    struct span id = apply_text(a->body, "agreement");
    struct json concurred = json_array();
    const struct json *amendment;
    bool has;

    if (!apply_get(a, "amendment", id, &amendment, err))
        return false;
    const struct json *before = json_get(amendment, "concurred");
    if (!keys_hold(a, before, a->record.by, &has, err))
        return false;
    if (has)
        return apply_no_move(a, err, "this root has concurred already");
    for (size_t i = 0; i < before->array.count; i++)
        json_push(&concurred, before->array.at[i], a->arena);
    json_push(&concurred, json_string(a->record.by), a->arena);

    struct json *row = apply_copy(a, amendment);
    json_set(row, "concurred", concurred, a->arena);
    return put_amendment(a, id, row, err);
}
