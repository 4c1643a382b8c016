#include "register/apply.h"

/* Keys: who is admitted, for what, and whose key is revoked. */

/* A change of witnesses waits for the first tick that covers it (design §3, format §8.2). */
static bool put_pending(struct apply *a, const char *change, struct span name, struct err *err)
{
    struct json waiting = json_object(), list = json_array();
    const struct json *before;

    if (!apply_get(a, "quorum", SPAN_LIT("quorum"), &before, err))
        return false;
    const struct json *pending = json_get(before, "pending");
    for (size_t i = 0; i < pending->array.count; i++)
        json_push(&list, pending->array.at[i], a->arena);
    json_set(&waiting, "change", json_text(change), a->arena);
    json_set_integer(&waiting, "index", (int64_t)a->entry->index, a->arena);
    json_set_string(&waiting, "name", name, a->arena);
    json_push(&list, waiting, a->arena);

    struct json *row = apply_copy(a, before);
    json_set(row, "pending", list, a->arena);
    return apply_put(a, "quorum", SPAN_LIT("quorum"), row, err);
}

static struct json *admitted_row(struct apply *a)
{
    static const char *const copied[] = {"age", "job", "org", "role", "scope"};
    struct json *row = apply_copy(a, NULL);

    for (size_t i = 0; i < ARRAY_LEN(copied); i++)
        if (json_get(a->body, copied[i]))
            json_set(row, copied[i], *json_get(a->body, copied[i]), a->arena);
    json_set_integer(row, "from", (int64_t)a->entry->index, a->arena);
    json_set(row, "state", json_text(move_to("key", a->kind->name, (struct span){0})), a->arena);
    json_set_string(row, "vkey", apply_text(a->body, "key"), a->arena);
    return row;
}

static bool bind_revoker(struct apply *a, struct span name, struct err *err)
{
    struct span vkey = apply_text(a->body, "revoker");
    struct json *row = apply_copy(a, NULL);
    struct span must = apply_key(a, "%.*s/revoker+", SPAN_ARG(name));

    if (!span_starts_with(vkey, must))
        return apply_void(a, REASON_KEY_UNFIT, "the revoker's name must be %.*s", (int)must.len - 1,
                          (const char *)must.at);
    json_set_integer(row, "from", (int64_t)a->entry->index, a->arena);
    json_set(row, "job", json_text("revoker"), a->arena);
    json_set_string(row, "org", apply_text(a->body, "org"), a->arena);
    json_set(row, "state", json_text(move_to("key", a->kind->name, (struct span){0})), a->arena);
    json_set_string(row, "vkey", vkey, a->arena);
    return keys_bind(a, row, err);
}

bool room_member_admit(struct apply *a, struct err *err)
{
    struct span vkey = apply_text(a->body, "key"), name = vkey;
    struct span job = apply_text(a->body, "job");

    span_cut(&vkey, '+', &name);
    if (span_is(job, "author") != (json_get(a->body, "role") != NULL))
        return apply_void(a, REASON_SHAPE, "authors have a role, other keys have none");
    bool ok = keys_bind(a, admitted_row(a), err);
    if (ok && !apply_is_void(a) && json_get(a->body, "revoker"))
        ok = bind_revoker(a, name, err);
    if (ok && !apply_is_void(a) && span_is(job, "witness"))
        ok = put_pending(a, "admit", name, err);
    return ok;
}

/* A root, a revoker its one key, the key itself, or an author whose role says so. */
static bool may_revoke(struct apply *a, struct span name, bool *out, struct err *err)
{
    struct span job = apply_text(a->signer, "job");

    if (span_is(job, "revoker")) {
        *out = span_equal(a->record.by, apply_key(a, "%.*s/revoker", SPAN_ARG(name)));
        return true;
    }
    *out = span_is(job, "root") || span_equal(a->record.by, name);
    return *out || guard_may(a, "revoke", out, err);
}

bool room_member_revoke(struct apply *a, struct err *err)
{
    struct span name = apply_text(a->body, "name");
    const struct json *key;
    bool may;

    if (!apply_get(a, "key", name, &key, err) || !may_revoke(a, name, &may, err))
        return false;
    if (!may)
        return apply_void(a, REASON_NOT_YOURS, "%.*s may not revoke %.*s", SPAN_ARG(a->record.by),
                          SPAN_ARG(name));
    const char *to = move_to("key", a->kind->name, apply_text(key, "state"));
    if (!to)
        return apply_no_move(a, err, "there is no active key %.*s", SPAN_ARG(name));

    struct json *row = apply_copy(a, key);
    const struct json *doubt = json_get(a->body, "doubt_from");
    json_set(row, "state", json_text(to), a->arena);
    json_set_integer(row, "revoked_at", (int64_t)a->entry->index, a->arena);
    if (doubt)
        json_set(row, "doubt_from", *doubt, a->arena);
    bool ok = apply_put(a, "key", name, row, err);
    if (ok && span_is(apply_text(key, "job"), "witness"))
        ok = put_pending(a, "revoke", name, err);
    return ok;
}
