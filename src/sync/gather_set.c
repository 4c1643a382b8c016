#include "sync/gather.h"

#include "codec/json.h"

struct reading {
    struct witness_set set;
    struct store_reader *reader;
    struct arena arena;
};

static bool row(struct reading *r, const char *table, struct span key, struct json *out,
                bool *out_found, struct err *err)
{
    struct span bytes;

    if (!store_get(r->reader, table, key, STORE_LATEST, &bytes, NULL, &r->arena, err))
        return false;
    *out_found = bytes.at != NULL;
    return !*out_found || json_parse_canonical(out, bytes, &r->arena, err);
}

static bool has(const struct witness_set *set, struct span name)
{
    for (size_t i = 0; i < set->count; i++)
        if (span_is(name, set->at[i].name))
            return true;
    return false;
}

/* One whose revocation no tick has covered yet is in force all the same. */
static bool add(struct reading *r, struct span name, bool in_force, struct err *err)
{
    struct witness_set *set = &r->set;
    struct json key;
    bool found;

    if (set->count == WITNESSES_MOST || has(set, name))
        return true;
    if (!row(r, "key", name, &key, &found, err))
        return false;
    if (!found)
        return err_set(err, ERR_CONFLICT, "the store has no key of its witness %.*s",
                       SPAN_ARG(name));
    struct span state = json_get_string(&key, "state", (struct span){0});
    if (!in_force && !span_is(state, "active"))
        return true;
    set->in_force[set->count] = in_force;
    return note_key_parse(&set->at[set->count++], json_get_string(&key, "vkey", (struct span){0}),
                          err);
}

static struct span string_of(const struct json *value)
{
    return value->type == JSON_STRING ? value->string : (struct span){0};
}

static bool add_all(struct reading *r, const struct json *quorum, struct err *err)
{
    const struct json *witnesses = json_get(quorum, "witnesses");
    const struct json *pending = json_get(quorum, "pending");
    bool ok = witnesses && witnesses->type == JSON_ARRAY && pending && pending->type == JSON_ARRAY;

    if (!ok)
        return err_set(err, ERR_CONFLICT, "the store's row of the quorum is none");
    for (size_t i = 0; ok && i < witnesses->array.count; i++)
        ok = add(r, string_of(&witnesses->array.at[i]), true, err);
    for (size_t i = 0; ok && i < pending->array.count; i++)
        ok = add(r, json_get_string(&pending->array.at[i], "name", (struct span){0}), false, err);
    r->set.quorum = (size_t)json_get_integer(quorum, "quorum", 0);
    return ok;
}

bool witness_set_read(struct witness_set *out, struct store_reader *reader, struct err *err)
{
    struct reading r = {.reader = reader};
    struct json quorum;
    bool found;

    bool ok = row(&r, "quorum", SPAN_LIT("quorum"), &quorum, &found, err) &&
              (!found || add_all(&r, &quorum, err));
    if (ok)
        *out = r.set;
    arena_free(&r.arena);
    return ok || err_wrap(err, "read the witnesses");
}
