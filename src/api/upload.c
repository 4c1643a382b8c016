/* A large part, piece by piece. */

#include "api/call.h"

#include "api/uploads.h"
#include "base/limits.h"
#include "codec/hex.h"

static struct hash stored_of(const struct api_call *call)
{
    struct hash stored;
    bool is_hash = hex_parse(stored.bytes, sizeof stored.bytes, call->in_path.text);

    assert(is_hash); /* API_ID */
    (void)is_hash;
    return stored;
}

static struct json *state(struct api_call *call, uint64_t offset, bool here)
{
    struct json *out = ARENA_NEW(call->arena, struct json);

    *out = json_object();
    json_set_integer(out, "here", here, call->arena);
    json_set_integer(out, "offset", (int64_t)offset, call->arena);
    call->response->headers[0] = arena_printf(call->arena, "Upload-Offset: %" PRIu64, offset);
    return out;
}

bool upload_state_answer(struct api_call *call, struct err *err)
{
    struct hash stored = stored_of(call);
    uint64_t offset;

    (void)err;
    if (!call->signed_in) {
        access_refuse(call);
        return true;
    }
    bool here = parts_ask(node_parts(call->node), &stored, &offset);
    if (!here)
        offset = uploads_size(call->door->uploads, &stored);
    call->response->body = json_bytes(state(call, offset, here), call->arena);
    call->response->cache = "no-store";
    return true;
}

static bool keep(void *journal, struct span stored, struct err *err)
{
    return journal_keep_part(journal, stored, err);
}

static bool check_upload(const struct upload *upload, struct err *err)
{
    if (upload->size <= LIMIT_SMALL_PART_BYTES)
        return err_set(err, ERR_USAGE, "a part of up to %u bytes comes with its record, to /submit",
                       LIMIT_SMALL_PART_BYTES);
    if (upload->offset > upload->size || upload->bytes.len > upload->size - upload->offset)
        return err_set(err, ERR_USAGE,
                       "%zu bytes from byte %" PRIu64 " on are more than the %" PRIu64 " of all",
                       upload->bytes.len, upload->offset, upload->size);
    return true;
}

/* What is not taken says how much there is, so that its sender can go on. */
static void refuse(struct api_call *call, uint64_t offset, const struct err *why)
{
    struct json *out = state(call, offset, false);

    json_set_string(out, "error", span_of(why->text), call->arena);
    call->response->status = why->kind == ERR_CONFLICT ? 409 : why->kind == ERR_LIMIT ? 429 : 503;
    if (call->response->status != 409)
        call->response->headers[1] = "Retry-After: 3600";
    call->response->body = json_bytes(out, call->arena);
}

bool upload_answer(struct api_call *call, struct err *err)
{
    const struct api_value *offset = api_value(call, "offset"), *size = api_value(call, "size");
    struct upload upload = {.stored = stored_of(call),
                            .org = call->who ? call->who_org : (struct span){0},
                            .offset = (uint64_t)offset->integer,
                            .size = (uint64_t)size->integer,
                            .bytes = call->request->body};
    uint64_t reached;
    struct err why = {0};

    if (!call->signed_in) {
        access_refuse(call);
        return true;
    }
    if (!offset->given || !size->given)
        return err_set(err, ERR_USAGE, "say ?offset= and size=");
    if (!node_holds(call->node))
        return err_set(err, ERR_IO, "this node takes no parts now: another process holds it");
    if (!check_upload(&upload, err))
        return false;
    if (parts_ask(node_parts(call->node), &upload.stored, &reached)) {
        call->response->body = json_bytes(state(call, reached, true), call->arena);
        return true;
    }
    if (parts_erased(node_parts(call->node), &upload.stored)) {
        http_error(call->request, call->response, 410,
                   "this part was ordered to be erased, and is not taken again");
        return true;
    }
    if (!uploads_put(call->door->uploads, &upload, access_ticks_ms(), &reached, keep,
                     node_journal(call->node), &why)) {
        refuse(call, reached, &why);
        return true;
    }
    call->response->body = json_bytes(state(call, reached, reached == upload.size), call->arena);
    return true;
}
