#include "register/apply.h"

/*
 * Witnesses come into force and leave it with the first tick that covers their change
 * (format §8.2), or with a hand-over (§7.5): never by the word of one key alone.
 */

bool witnesses_have(struct apply *a, const struct json *quorum, struct span org, bool *out,
                    struct err *err)
{
    const struct json *witnesses = json_get(quorum, "witnesses"), *row;

    *out = false;
    for (size_t i = 0; i < witnesses->array.count && !*out; i++) {
        if (!apply_get(a, "key", witnesses->array.at[i].string, &row, err))
            return false;
        *out = span_equal(json_get_text(row, "org"), org);
    }
    return true;
}

static void without(struct json *names, struct span name)
{
    size_t kept = 0;

    for (size_t i = 0; i < names->array.count; i++)
        if (!span_equal(names->array.at[i].string, name))
            names->array.at[kept++] = names->array.at[i];
    names->array.count = kept;
}

static struct json copy_list(struct apply *a, const struct json *list)
{
    struct json copy = json_array();

    for (size_t i = 0; i < list->array.count; i++)
        json_push(&copy, list->array.at[i], a->arena);
    return copy;
}

bool witnesses_settle(struct apply *a, const struct json *quorum, uint64_t covers, struct err *err)
{
    const struct json *pending = json_get(quorum, "pending");
    struct json *row = apply_copy(a, quorum);
    struct json witnesses = copy_list(a, json_get(quorum, "witnesses"));
    struct json still = json_array();

    for (size_t i = 0; i < pending->array.count; i++) {
        const struct json *change = &pending->array.at[i];
        struct span name = json_get_text(change, "name");

        if ((uint64_t)json_get_integer(change, "index", 0) >= covers) {
            json_push(&still, *change, a->arena);
            continue;
        }
        without(&witnesses, name);
        if (span_is(json_get_text(change, "change"), "admit"))
            json_push(&witnesses, json_string(name), a->arena);
    }
    json_set(row, "pending", still, a->arena);
    json_set(row, "witnesses", witnesses, a->arena);
    return apply_put(a, "quorum", SPAN_LIT("quorum"), row, err);
}
