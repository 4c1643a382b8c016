/* Records and entries as they stand in the log. */

#include "api/call.h"

#include "codec/hex.h"
#include "record/kind.h"
#include "register/register.h"

static bool put_record(struct api_call *call, struct json *out, const struct record *record,
                       struct err *err)
{
    json_set_string(out, "id", span_of(record->id_text), call->arena);
    json_set_string(out, "note", record->bytes, call->arena);
    json_set_string(out, "kind", record->kind, call->arena);
    json_set_integer(out, "version", (int64_t)record->version, call->arena);
    json_set(out, "record", record->object, call->arena);
    return api_put_parts(call, record, true, out, err);
}

static void put_bytes(struct api_call *call, struct json *out, struct span bytes)
{
    char *text = arena_alloc(call->arena, 2 * bytes.len + 1);

    hex_text(text, bytes);
    json_set_string(out, "bytes", span_of(text), call->arena);
}

static bool put_verdict(struct api_call *call, struct json *out, uint64_t index, struct err *err)
{
    char key[REGISTER_INDEX_TEXT];
    const struct json *row;

    register_index_key(key, index);
    if (!api_row(call, "verdict", span_of(key), &row, err))
        return false;
    if (row)
        json_set(out, "verdict", *row, call->arena);
    return true;
}

static bool answer_entry(struct api_call *call, uint64_t index, struct err *err)
{
    struct json out = json_object();
    struct record record;
    struct span bytes;
    struct err none;

    if (!api_entry(call, index, &bytes, err))
        return false;
    json_set_integer(&out, "index", (int64_t)index, call->arena);
    if (!record_parse(&record, bytes, call->arena, &none))
        put_bytes(call, &out, bytes);
    else if (!put_record(call, &out, &record, err))
        return false;
    return put_verdict(call, &out, index, err) && api_put_recorded(call, index, &out, err) &&
           api_answer_json(call, &out);
}

bool entries_answer(struct api_call *call, struct err *err)
{
    uint64_t index = (uint64_t)call->in_path.integer;

    if (index > call->as_of)
        return err_set(err, ERR_MISSING, "there is no entry %" PRIu64 ": the last one is %" PRIu64,
                       index, call->as_of);
    return answer_entry(call, index, err);
}

bool records_answer(struct api_call *call, struct err *err)
{
    const struct json *row;

    if (!api_row(call, "record", call->in_path.text, &row, err))
        return false;
    if (!row)
        return err_set(err, ERR_MISSING, "there is no record %.*s", SPAN_ARG(call->in_path.text));
    return answer_entry(call, (uint64_t)json_get_integer(row, "index", 0), err);
}
