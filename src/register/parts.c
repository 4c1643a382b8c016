#include "register/apply.h"

/*
 * Parts (format §4.4, §4.5): whether each goes to those alone who may read its tier, and where the
 * agreement says so to all of them in one act; and which parts there are. What stands in a part is
 * read by no rule.
 */

/*
 * What its author must have known of the log: what it says that it had seen, what its key had seen
 * before, and what stood there when the key was admitted. So nobody comes to have seen less again.
 */
static bool author_knew(const struct apply *a, uint64_t index)
{
    return index < a->seen || (int64_t)index <= json_get_integer(a->signer, "from", -1);
}

/*
 * Whether a key may be sealed to. Who seals without a network cannot know of a reader that is
 * revoked meanwhile. What a marked record says of its past is not known to be so.
 */
static bool was_active(const struct apply *a, const struct json *key)
{
    struct span state = json_get_text(key, "state");

    if (span_is(state, "active"))
        return true;
    return span_is(state, "revoked") && a->mark_count == 0 &&
           json_get_integer(key, "from", 0) < (int64_t)a->record.seen_size &&
           !author_knew(a, (uint64_t)json_get_integer(key, "revoked_at", 0));
}

/* A tier as the agreement in force has it. */
struct readership {
    enum tier tier;
    const struct json *row; /* NULL: the agreement has no such tier */
    const struct json *of;  /* organisations; NULL: nobody reads it */
};

static bool find_readership(struct apply *a, enum tier tier, struct readership *out,
                            struct err *err)
{
    *out = (struct readership){.tier = tier};
    if (!apply_in_force(a, "tier", span_of(tier_word(tier)), &out->row, err))
        return false;
    out->of = json_get(out->row, "of");
    return true;
}

/* The organisation for which this key reads the tier; empty: it is no reader of it. */
static bool reader_org(struct apply *a, const struct readership *its, struct span name,
                       struct span *out, struct err *err)
{
    const struct json *key, *role;

    *out = (struct span){0};
    if (!apply_get(a, "key", name, &key, err))
        return false;
    struct span org = json_get_text(key, "org");
    if (!was_active(a, key) || !json_get(key, "age") || !json_get(key, "role") ||
        !json_lists(its->of, org))
        return true;
    if (!apply_in_force(a, "role", json_get_text(key, "role"), &role, err))
        return false;
    if (json_lists(json_get(role, "reads"), span_of(tier_word(its->tier))))
        *out = org;
    return true;
}

static bool has_reader(struct apply *a, const struct readership *its, struct span org, bool *out,
                       struct err *err)
{
    const struct json *row;

    *out = false;
    if (!apply_get(a, "reader", org, &row, err))
        return false;
    const struct json *keys = json_get(row, "keys");
    for (size_t i = 0; keys && i < keys->array.count && !*out; i++) {
        struct span found;

        if (!reader_org(a, its, keys->array.at[i].string, &found, err))
            return false;
        *out = found.len > 0;
    }
    return true;
}

static bool ask_readers(struct apply *a, const struct readership *its,
                        const struct json *recipients, struct json *orgs, struct err *err)
{
    for (size_t i = 0; i < recipients->array.count; i++) {
        struct span name = recipients->array.at[i].string, org;

        if (!reader_org(a, its, name, &org, err))
            return false;
        if (org.len == 0)
            return apply_void(a, REASON_RECIPIENT, "%.*s is no reader of the tier %s",
                              SPAN_ARG(name), tier_word(its->tier));
        /* What two must open together is not sealed where both are one's own. */
        if (its->tier == TIER_SEALED && json_lists(orgs, org))
            return apply_void(a, REASON_RECIPIENT, "both recipients are of %.*s", SPAN_ARG(org));
        json_push(orgs, json_string(org), a->arena);
    }
    return true;
}

static bool ask_whole(struct apply *a, const struct readership *its, const struct json *orgs,
                      struct err *err)
{
    for (size_t i = 0; i < its->of->array.count; i++) {
        struct span org = its->of->array.at[i].string;
        bool reads;

        if (json_lists(orgs, org))
            continue;
        if (!has_reader(a, its, org, &reads, err))
            return false;
        if (reads)
            return apply_void(a, REASON_LEFT_OUT, "%.*s reads the tier %s, and is left out",
                              SPAN_ARG(org), tier_word(its->tier));
    }
    return true;
}

static bool ask_part(struct apply *a, const struct part *part, struct err *err)
{
    struct json orgs = json_array();
    struct readership its;

    if (!find_readership(a, part->tier, &its, err) ||
        !ask_readers(a, &its, part->recipients, &orgs, err))
        return false;
    return apply_is_void(a) || json_get_integer(its.row, "whole", 0) == 0 ||
           ask_whole(a, &its, &orgs, err);
}

bool guard_recipients(struct apply *a, struct err *err)
{
    struct part part;

    for (size_t i = 0; !apply_is_void(a) && part_at(a->body, i, &part); i++)
        if (part.tier != TIER_PUBLIC && !ask_part(a, &part, err))
            return false;
    return true;
}

bool parts_read_by(struct apply *a, enum tier tier, struct span org, bool *out, struct err *err)
{
    struct readership its;

    return find_readership(a, tier, &its, err) && has_reader(a, &its, org, out, err);
}

static bool keep_part(struct apply *a, const struct part *part, struct err *err)
{
    const struct json *before, *signer;

    if (!apply_get(a, "part", part->commitment, &before, err) ||
        !apply_get(a, "key", a->record.by, &signer, err))
        return false;
    if (before)
        return true;
    struct json *row = apply_copy(a, NULL);
    json_set_string(row, "by", a->record.by, a->arena);
    json_set_integer(row, "index", (int64_t)a->entry->index, a->arena);
    if (part->media.len)
        json_set_string(row, "media", part->media, a->arena);
    json_set_string(row, "org", json_get_text(signer, "org"), a->arena);
    if (part->tier != TIER_PUBLIC)
        json_set(row, "recipients", *part->recipients, a->arena);
    json_set_string(row, "record", span_of(a->record.id_text), a->arena);
    json_set(row, "state", json_text(move_to("part", "named", (struct span){0})), a->arena);
    json_set_string(row, "stored", part->stored, a->arena);
    json_set(row, "tier", json_text(tier_word(part->tier)), a->arena);
    return apply_put(a, "part", part->commitment, row, err);
}

bool parts_keep(struct apply *a, struct err *err)
{
    struct part part;

    for (size_t i = 0; part_at(a->body, i, &part); i++)
        if (!keep_part(a, &part, err))
            return false;
    return true;
}

bool readers_change(struct apply *a, struct span org, struct span old, struct span name,
                    struct err *err)
{
    struct json keys = json_array();
    const struct json *before;

    if (!apply_get(a, "reader", org, &before, err))
        return false;
    const struct json *were = json_get(before, "keys");
    for (size_t i = 0; were && i < were->array.count; i++)
        if (!span_equal(were->array.at[i].string, old))
            json_push(&keys, were->array.at[i], a->arena);
    if (name.len)
        json_push(&keys, json_string(name), a->arena);
    struct json *row = apply_copy(a, NULL);
    json_set(row, "keys", keys, a->arena);
    return apply_put(a, "reader", org, row, err);
}
