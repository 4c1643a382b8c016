/* What a signed record says, in the entry and in its public part. */

#include "api/call.h"
#include "api/each_row.h"

struct offers {
    struct api_call *call;
    struct json list;
};

bool api_blur(struct api_call *call, const struct record *record, struct blur *out, struct err *err)
{
    *out = (struct blur){0};
    return call->signed_in || blur_of_record(out, call->reader, record, call->arena, err);
}

bool api_read_record(struct api_call *call, uint64_t index, struct record *out,
                     struct json *out_public, bool *out_here, struct err *err)
{
    struct blur blur;
    struct span bytes;

    if (!api_entry(call, index, &bytes, err) || !record_parse(out, bytes, call->arena, err) ||
        !node_public(node_parts(call->node), out, out_public, out_here, call->arena, err) ||
        !api_blur(call, out, &blur, err))
        return false;
    *out_public = blur_fields(out_public, &blur, call->arena);
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

/* Who attested to have offered it before it was logged: it was here earlier than its place says. */
static bool see_offer(void *context, struct span key, const struct json *row, struct err *err)
{
    struct api_call *call = ((struct offers *)context)->call;
    struct json one = json_object();
    struct span node = key;
    bool cut = span_cut(&node, ' ', &(struct span){0});

    (void)err;
    assert(cut);
    json_set_string(&one, "by", node, call->arena);
    json_set(&one, "index", *json_get(row, "index"), call->arena);
    json_set(&one, "since_ms", *json_get(row, "since_ms"), call->arena);
    json_push(&((struct offers *)context)->list, one, call->arena);
    return true;
}

static bool put_offered(struct api_call *call, struct json *out, struct span id, struct err *err)
{
    struct offers offers = {call, json_array()};
    struct span prefix = span_of(arena_printf(call->arena, "%.*s ", SPAN_ARG(id)));

    if (!each_row(call->reader, "view_offered", prefix, call->as_of, see_offer, &offers,
                  call->arena, err))
        return false;
    if (offers.list.array.count)
        json_set(out, "offered", offers.list, call->arena);
    return true;
}

void api_put_fields(struct api_call *call, const struct record *record, struct json *out)
{
    struct json fields = json_object();

    for (uint32_t i = 0; record->body->type == JSON_OBJECT && i < record->body->object.count; i++) {
        const struct json_member *member = &record->body->object.at[i];

        if (!span_is(member->key, "parts"))
            json_set(&fields, arena_text(call->arena, member->key), member->value, call->arena);
    }
    json_set(out, "fields", fields, call->arena);
}

bool api_put_said(struct api_call *call, uint64_t index, struct json *out, struct err *err)
{
    struct json public_part;
    struct record record;
    bool here;

    if (!api_read_record(call, index, &record, &public_part, &here, err))
        return false;
    api_put_fields(call, &record, out);
    json_set(out, "public", public_part, call->arena);
    json_set_integer(out, "part_here", here, call->arena);
    json_set_string(out, "kind", record.kind, call->arena);
    return api_put_parts(call, &record, false, out, err) &&
           put_assessment(call, out, span_of(record.id_text), err) &&
           put_offered(call, out, span_of(record.id_text), err);
}
