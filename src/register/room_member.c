#include "register/apply.h"

/* Keys: who is admitted, for what, by whom; and whose key is revoked, by whom. */

/* Whether one of the agreement's roots, revoked or not, acts for it. */
static bool has_root(struct apply *a, struct span org, bool *out, struct err *err)
{
    const struct json *roots = json_get(a->agreement, "roots"), *row;

    *out = false;
    for (size_t i = 0; i < roots->array.count && !*out; i++) {
        if (!apply_get(a, "key", roots->array.at[i].string, &row, err))
            return false;
        *out = span_equal(json_get_text(row, "org"), org);
    }
    return true;
}

/*
 * Who may admit or revoke a key of this job and organisation: a root, those of its own
 * organisation; a root, or an author whose role says so, authors and externals of its own
 * organisation and of one that has no root. So nobody puts a witness, a node or a voice in
 * the place of a party that speaks for itself, nor takes one from it.
 */
static bool may_manage(struct apply *a, const char *capability, struct span job, struct span org,
                       bool *out, struct err *err)
{
    bool by_root = span_is(json_get_text(a->signer, "job"), "root");
    bool own = span_equal(apply_org(a), org);
    bool may = by_root, rooted;

    *out = false;
    if (!by_root && !guard_may(a, capability, &may, err))
        return false;
    if (!may)
        return true;
    if (!span_is(job, "author") && !span_is(job, "external")) {
        *out = by_root && own;
        return true;
    }
    if (!has_root(a, org, &rooted, err))
        return false;
    *out = own || !rooted;
    return true;
}

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

/* Clears *free if this key is an active one of the organisation. */
static bool take_place(struct apply *a, struct span name, struct span org, bool *free,
                       struct err *err)
{
    const struct json *row;

    if (!apply_get(a, "key", name, &row, err))
        return false;
    if (span_equal(json_get_text(row, "org"), org) &&
        span_is(json_get_text(row, "state"), "active"))
        *free = false;
    return true;
}

/* §1.5: the organisation has a witness's place, and no active witness in force or waiting. */
static bool place_is_free(struct apply *a, struct span org, bool *out, struct err *err)
{
    const struct json *quorum;

    if (!apply_get(a, "quorum", SPAN_LIT("quorum"), &quorum, err))
        return false;
    const struct json *orgs = json_get(quorum, "orgs"), *witnesses = json_get(quorum, "witnesses");
    const struct json *pending = json_get(quorum, "pending");
    bool ok = true;

    *out = false;
    for (size_t i = 0; i < orgs->array.count; i++)
        *out |= span_equal(orgs->array.at[i].string, org);
    for (size_t i = 0; ok && i < witnesses->array.count; i++)
        ok = take_place(a, witnesses->array.at[i].string, org, out, err);
    for (size_t i = 0; ok && i < pending->array.count; i++)
        ok = take_place(a, json_get_text(&pending->array.at[i], "name"), org, out, err);
    return ok;
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
    json_set_string(row, "vkey", json_get_text(a->body, "key"), a->arena);
    return row;
}

static bool bind_revoker(struct apply *a, struct span name, struct err *err)
{
    struct span vkey = json_get_text(a->body, "revoker");
    struct json *row = apply_copy(a, NULL);
    struct span must = apply_key(a, "%.*s/revoker", SPAN_ARG(name));

    if (!span_equal(keys_name(vkey), must))
        return apply_void(a, REASON_KEY_UNFIT, "the revoker's name must be %.*s", SPAN_ARG(must));
    json_set_integer(row, "from", (int64_t)a->entry->index, a->arena);
    json_set(row, "job", json_text("revoker"), a->arena);
    json_set_string(row, "org", json_get_text(a->body, "org"), a->arena);
    json_set(row, "state", json_text(move_to("key", a->kind->name, (struct span){0})), a->arena);
    json_set_string(row, "vkey", vkey, a->arena);
    return keys_bind(a, row, err);
}

/* A role that the agreement gives to some groups alone. */
static bool ask_role(struct apply *a, struct span org, struct err *err)
{
    struct span id = json_get_text(a->body, "role");
    const struct json *role = NULL;
    bool holds;

    if (id.len && !apply_in_force(a, "role", id, &role, err))
        return false;
    if (!guard_holds(a, role, org, &holds, err))
        return false;
    return holds ||
           apply_void(a, REASON_ROLE, "%.*s is no role for %.*s", SPAN_ARG(id), SPAN_ARG(org));
}

/* What is asked before a key is bound. */
static bool judge_admission(struct apply *a, struct err *err)
{
    struct span job = json_get_text(a->body, "job"), org = json_get_text(a->body, "org");
    bool may, free = true;

    if (!may_manage(a, "admit", job, org, &may, err))
        return false;
    if (!may)
        return apply_void(a, REASON_NOT_YOURS, "%.*s may admit no %.*s of %.*s",
                          SPAN_ARG(a->record.by), SPAN_ARG(job), SPAN_ARG(org));
    if (span_is(job, "author") != (json_get(a->body, "role") != NULL))
        return apply_void(a, REASON_SHAPE, "authors have a role, other keys have none");
    if (!ask_role(a, org, err))
        return false;
    if (apply_is_void(a))
        return true;
    if (span_is(job, "witness") && !place_is_free(a, org, &free, err))
        return false;
    return free ||
           apply_void(a, REASON_WITNESS,
                      "%.*s has no witness's place that is free: revoke the key that has it",
                      SPAN_ARG(org));
}

/* Whether what a row of `key` or an admission says is of a key that may read parts. */
static bool is_reader(const struct json *key)
{
    return span_is(json_get_text(key, "job"), "author") && json_get(key, "age");
}

bool room_member_admit(struct apply *a, struct err *err)
{
    struct span name = keys_name(json_get_text(a->body, "key"));

    bool ok = judge_admission(a, err);
    ok = ok && (apply_is_void(a) || keys_bind(a, admitted_row(a), err));
    if (ok && !apply_is_void(a) && json_get(a->body, "revoker"))
        ok = bind_revoker(a, name, err);
    if (ok && !apply_is_void(a) && span_is(json_get_text(a->body, "job"), "witness"))
        ok = put_pending(a, "admit", name, err);
    if (ok && !apply_is_void(a) && is_reader(a->body))
        ok = readers_change(a, json_get_text(a->body, "org"), (struct span){0}, name, err);
    return ok;
}

/* The key itself, its revoker, or who may have admitted it. A revoker ends no revoker. */
static bool may_revoke(struct apply *a, struct span name, const struct json *key, bool *out,
                       struct err *err)
{
    struct span by = a->record.by;

    if (span_is(json_get_text(a->signer, "job"), "revoker")) {
        *out = span_equal(by, apply_key(a, "%.*s/revoker", SPAN_ARG(keys_first(name, key))));
        return true;
    }
    if (!key || span_equal(name, by)) {
        *out = key != NULL;
        return true;
    }
    return may_manage(a, "revoke", json_get_text(key, "job"), json_get_text(key, "org"), out, err);
}

bool room_member_revoke(struct apply *a, struct err *err)
{
    struct span name = json_get_text(a->body, "name");
    const struct json *key;
    bool may;

    if (!apply_get(a, "key", name, &key, err) || !may_revoke(a, name, key, &may, err))
        return false;
    if (!may)
        return apply_void(a, REASON_NOT_YOURS, "%.*s may not revoke %.*s%s", SPAN_ARG(a->record.by),
                          SPAN_ARG(name), key ? "" : ", which is no key");
    const char *to = move_to("key", a->kind->name, json_get_text(key, "state"));
    if (!to)
        return apply_no_move(a, err, "the key %.*s was revoked before", SPAN_ARG(name));

    struct json *row = apply_copy(a, key);
    const struct json *doubt = json_get(a->body, "doubt_from");
    json_set(row, "state", json_text(to), a->arena);
    json_set(row, "reason", *json_get(a->body, "reason"), a->arena);
    json_set_integer(row, "revoked_at", (int64_t)a->entry->index, a->arena);
    if (doubt)
        json_set(row, "doubt_from", *doubt, a->arena);
    bool ok = apply_put(a, "key", name, row, err);
    if (ok && span_is(json_get_text(key, "job"), "witness"))
        ok = put_pending(a, "revoke", name, err);
    if (ok && is_reader(key))
        ok = readers_change(a, json_get_text(key, "org"), name, (struct span){0}, err);
    return ok;
}
