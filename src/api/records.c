/* Records and entries as they stand in the log, and the parts of records. */

#include "api/call.h"

#include "codec/hex.h"
#include "codec/utf8.h"
#include "record/kind.h"
#include "register/register.h"

/* The part's bytes, where they are here and open the commitment. */
static bool open_part(struct api_call *call, const struct part *part, struct span *out,
                      bool *out_here, struct err *err)
{
    struct span stored;
    struct err gone = {0};
    struct hash hash;

    *out_here = hex_parse(hash.bytes, sizeof hash.bytes, part->stored);
    *out_here = *out_here && parts_get(node_parts(call->node), &hash, &stored, call->arena, &gone);
    if (!*out_here && gone.kind != ERR_MISSING && gone.kind != ERR_CONFLICT) {
        *err = gone;
        return false;
    }
    *out_here = *out_here && (part->tier != TIER_PUBLIC || part_open(part, stored, out));
    return true;
}

static bool put_part(struct api_call *call, struct json *out, const struct part *part,
                     struct err *err)
{
    struct json object = json_object(), content;
    struct span bytes = {0};
    struct err none;
    bool here;

    if (!open_part(call, part, &bytes, &here, err))
        return false;
    json_set_string(&object, "tier", span_of(tier_word(part->tier)), call->arena);
    json_set_string(&object, "commitment", part->commitment, call->arena);
    json_set_string(&object, "stored", part->stored, call->arena);
    json_set_integer(&object, "here", here, call->arena);
    if (part->media.len)
        json_set_string(&object, "media", part->media, call->arena);
    else if (bytes.at && json_parse_canonical(&content, bytes, call->arena, &none))
        json_set(&object, "content", content, call->arena);
    json_push(out, object, call->arena);
    call->owed = call->owed || !here;
    return true;
}

static bool put_parts(struct api_call *call, struct json *out, const struct record *record,
                      struct err *err)
{
    struct json list = json_array();
    struct part part;
    struct err malformed;
    bool ok = true;

    if (parts_check(record->body, &malformed)) /* a void record's body may be anything */
        for (size_t i = 0; ok && part_at(record->body, i, &part); i++)
            ok = put_part(call, &list, &part, err);
    json_set(out, "parts", list, call->arena);
    return ok;
}

static bool put_record(struct api_call *call, struct json *out, const struct record *record,
                       struct err *err)
{
    json_set_string(out, "id", span_of(record->id_text), call->arena);
    json_set_string(out, "note", record->bytes, call->arena);
    json_set_string(out, "kind", record->kind, call->arena);
    json_set_integer(out, "version", (int64_t)record->version, call->arena);
    json_set(out, "record", record->object, call->arena);
    return put_parts(call, out, record, err);
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

/* In which entry a part of this table is named last; *out_named false when in none. */
static bool part_named(struct api_call *call, const char *table, bool *out_named, struct err *err)
{
    struct span row;

    if (!store_get(call->reader, table, call->in_path.text, STORE_LATEST, &row, NULL, call->arena,
                   err))
        return false;
    *out_named = row.at != NULL;
    return true;
}

/* What is not public is encrypted to its readers, and still nothing for a stranger to collect:
 * keys come out, years later. Which organisations the readers belong to, a record need not say,
 * so whoever is signed in may have it. */
bool parts_answer(struct api_call *call, struct err *err)
{
    struct span bytes;
    struct hash stored;
    bool is_hash = hex_parse(stored.bytes, sizeof stored.bytes, call->in_path.text);
    bool is_public, closed;

    assert(is_hash);
    if (!part_named(call, "view_part", &is_public, err) ||
        !part_named(call, "view_closed_part", &closed, err))
        return false;
    if (!is_public && closed && !call->signed_in) {
        access_refuse(call);
        return true;
    }
    if (!is_public && !closed)
        return err_set(err, ERR_MISSING, "no record names a part %.*s",
                       SPAN_ARG(call->in_path.text));
    if (!parts_get(node_parts(call->node), &stored, &bytes, call->arena, err))
        return err->kind == ERR_MISSING || err->kind == ERR_CONFLICT
                   ? err_set(err, ERR_MISSING, "the part is not here")
                   : false;
    call->response->headers[0] = "Content-Disposition: attachment";
    return api_answer_bytes(call, bytes);
}
