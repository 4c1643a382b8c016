/* What a signed record says, in the entry and in its public part. */

#include "api/call.h"

bool api_read_record(struct api_call *call, uint64_t index, struct record *out,
                     struct json *out_public, bool *out_here, struct err *err)
{
    struct span bytes;

    if (!api_entry(call, index, &bytes, err) || !record_parse(out, bytes, call->arena, err) ||
        !node_public(node_parts(call->node), out, out_public, out_here, call->arena, err))
        return false;
    call->owed = call->owed || !*out_here;
    return true;
}

/* What it is worth as evidence, by the last word on it. */
static bool put_assessment(struct api_call *call, struct json *out, struct span id, struct err *err)
{
    const struct json *row;

    if (!api_row(call, "assessment", id, &row, err))
        return false;
    if (row)
        json_set(out, "assessment", *row, call->arena);
    return true;
}

bool api_put_said(struct api_call *call, uint64_t index, struct json *out, struct err *err)
{
    struct json fields = json_object(), public_part;
    struct record record;
    bool here;

    if (!api_read_record(call, index, &record, &public_part, &here, err))
        return false;
    for (uint32_t i = 0; record.body->type == JSON_OBJECT && i < record.body->object.count; i++) {
        const struct json_member *member = &record.body->object.at[i];

        if (!span_is(member->key, "parts"))
            json_set(&fields, arena_text(call->arena, member->key), member->value, call->arena);
    }
    json_set(out, "fields", fields, call->arena);
    json_set(out, "public", public_part, call->arena);
    json_set_integer(out, "part_here", here, call->arena);
    json_set_string(out, "kind", record.kind, call->arena);
    return put_assessment(call, out, span_of(record.id_text), err);
}
