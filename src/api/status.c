#include "api/call.h"

#include "api/owed.h"
#include "codec/hex.h"

static void put_hash(struct api_call *call, struct json *out, const char *name, struct hash hash)
{
    char text[2 * HASH_BYTES + 1];

    hex_text(text, hash_span(&hash));
    json_set_string(out, name, arena_copy(call->arena, span_of(text)), call->arena);
}

/* Copies a member of a row, if row and member are there. */
static void copy(struct api_call *call, struct json *out, const char *name, const struct json *row,
                 const char *member)
{
    const struct json *value = json_get(row, member);

    if (value)
        json_set(out, name, *value, call->arena);
}

static bool put_rows(struct api_call *call, struct json *out, struct err *err)
{
    const struct json *agreement, *head, *clock, *quorum;

    if (!api_row(call, "agreement", SPAN_LIT("1"), &agreement, err) ||
        !api_head(call, call->as_of, &head, err) ||
        !api_row(call, "clock", SPAN_LIT("clock"), &clock, err) ||
        !api_row(call, "quorum", SPAN_LIT("quorum"), &quorum, err))
        return false;
    copy(call, out, "agreement_id", agreement, "id");
    copy(call, out, "entries", head, "entries");
    copy(call, out, "now_ms", clock, "now_ms");
    copy(call, out, "quorum", quorum, "quorum");
    return true;
}

static bool put_counts(struct api_call *call, struct json *out, struct err *err)
{
    struct json records = json_object();
    struct store_count *counts;
    size_t count;

    if (!store_counts(call->reader, &counts, &count, call->arena, err))
        return false;
    json_set_integer(out, "incidents", 0, call->arena);
    json_set_integer(out, "records_void", 0, call->arena);
    for (size_t i = 0; i < count; i++) {
        struct span name = counts[i].name;

        if (span_is(name, "incidents"))
            json_set_integer(out, "incidents", counts[i].value, call->arena);
        else if (span_is(name, "void"))
            json_set_integer(out, "records_void", counts[i].value, call->arena);
        else if (span_starts_with(name, SPAN_LIT("kind:")))
            json_set_integer(&records, arena_text(call->arena, span_from(name, strlen("kind:"))),
                             counts[i].value, call->arena);
    }
    json_set(out, "records", records, call->arena);
    return true;
}

/* Without `parts` while they are counted for the first time. */
static bool put_owed(struct api_call *call, struct json *out, struct err *err)
{
    struct json owed = json_object();
    struct owed_count count;

    if (!owed_look(call->door->owed, call->reader, node_parts(call->node), &count, err))
        return false;
    if (count.whole)
        json_set_integer(&owed, "parts", (int64_t)count.parts, call->arena);
    if (count.whole && count.parts > 0)
        json_set_integer(&owed, "entry", (int64_t)count.entry, call->arena);
    json_set(out, "owed", owed, call->arena);
    return true;
}

/* Of what is both published and applied, which is what views speak of. */
static bool put_tree(struct api_call *call, struct json *out, struct err *err)
{
    uint64_t size = call->as_of + 1;
    struct merkle tree;
    struct hash digest;

    if (!merkle_load(&tree, size, log_reader_hash, call->log, err) ||
        !store_digest(call->reader, call->as_of, &digest, err))
        return false;
    json_set_integer(out, "size", (int64_t)size, call->arena);
    put_hash(call, out, "root", merkle_root(&tree));
    put_hash(call, out, "digest", digest);
    return true;
}

/* Of the present term; before anything is published, of the first. */
static const char *origin_of(const struct api_call *call)
{
    return call->head.size > 0 ? call->head.origin : node_log_keys(call->node)->at[0].name;
}

static void put_who(struct api_call *call, struct json *out)
{
    struct json who = json_object();

    if (!call->who)
        return;
    json_set_string(&who, "name", span_of(call->who), call->arena);
    json_set_string(&who, "org", call->who_org, call->arena);
    json_set(out, "signed_in", who, call->arena);
}

bool status_answer(struct api_call *call, struct err *err)
{
    struct json out = json_object(), checkpoint = json_object();

    json_set_string(&out, "agreement", span_of(node_settings(call->node)->agreement), call->arena);
    json_set_string(&out, "origin", span_of(origin_of(call)), call->arena);
    json_set_integer(&out, "demo", node_is_demo(call->node), call->arena);
    if (call->size > 0) {
        json_set_integer(&checkpoint, "size", (int64_t)call->head.size, call->arena);
        put_hash(call, &checkpoint, "root", call->head.root);
        json_set(&out, "checkpoint", checkpoint, call->arena);
        if (!put_tree(call, &out, err) || !put_rows(call, &out, err))
            return false;
    } else {
        json_set_integer(&out, "size", 0, call->arena);
    }
    put_who(call, &out);
    return (!access_reads(call) || (put_counts(call, &out, err) && put_owed(call, &out, err))) &&
           api_answer_json(call, &out);
}
