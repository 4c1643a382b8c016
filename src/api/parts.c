/* The parts of records: what is stored of them, and what who asks may read of them. */

#include "api/call.h"
#include "api/each_row.h"
#include "api/medium.h"

#include "base/limits.h"
#include "codec/hex.h"
#include "crypto/sign.h"
#include "node/identity.h"
#include "node/readers.h"
#include "record/kind.h"

/* --- what was ordered to be erased --- */

struct erased {
    struct api_call *call;
    struct json confirmed, owed;
};

static bool see_erased(void *context, struct span key, const struct json *row, struct err *err)
{
    struct erased *e = context;
    struct span org = json_get_text(row, "org"), state = json_get_text(row, "state");
    struct json one = json_object();

    (void)key;
    (void)err;
    if (span_is(state, "owed")) {
        json_push(&e->owed, json_string(org), e->call->arena);
        return true;
    }
    json_set_string(&one, "org", org, e->call->arena);
    json_set_string(&one, "found", state, e->call->arena);
    json_set_integer(&one, "index", json_get_integer(row, "index", 0), e->call->arena);
    json_push(&e->confirmed, one, e->call->arena);
    return true;
}

/* By now, whatever entry is asked for: it was ordered that nobody read it any more. */
static bool is_erased(struct api_call *call, struct span commitment, bool *out, struct err *err)
{
    const struct json *part;

    if (!one_row(call->reader, "part", commitment, STORE_LATEST, &part, call->arena, err))
        return false;
    *out = part && !span_is(json_get_text(part, "state"), "held");
    return true;
}

/* 410: by which order, and who has said that nothing of it is left. */
static bool answer_erased(struct api_call *call, struct span commitment, struct err *err)
{
    struct erased e = {call, json_array(), json_array()};
    const char *prefix = arena_printf(call->arena, "%.*s ", SPAN_ARG(commitment));
    const struct json *row, *orders;
    struct json out = json_object();

    if (!one_row(call->reader, "erasure", commitment, STORE_LATEST, &row, call->arena, err) ||
        !each_row(call->reader, "erased", span_of(prefix), STORE_LATEST, see_erased, &e,
                  call->arena, err))
        return false;
    orders = row ? json_get(row, "orders") : NULL; /* the last made it one */
    const char *order =
        orders && orders->array.count > 0
            ? arena_text(call->arena, orders->array.at[orders->array.count - 1].string)
            : "";
    json_set_string(&out, "error", span_of(arena_printf(call->arena, "erased by order %s", order)),
                    call->arena);
    json_set_string(&out, "commitment", commitment, call->arena);
    if (orders)
        json_set(&out, "orders", *orders, call->arena);
    json_set(&out, "confirmed", e.confirmed, call->arena);
    json_set(&out, "owed", e.owed, call->arena);
    *call->response = (struct http_response){.status = 410,
                                             .type = "application/json",
                                             .cache = "no-store",
                                             .body = json_bytes(&out, call->arena)};
    return true;
}

/* --- what a record's parts say --- */

static const char *const state_words[] = {
    [READING_OPEN] = "open",       [READING_CLOSED] = "closed", [READING_MISSING] = "missing",
    [READING_DAMAGED] = "damaged", [READING_ERASED] = "erased",
};

/* The identity by which who signed in reads, where this node keeps it for that key and can read it
 * by itself: nobody is asked for a passphrase while others wait. */
static const struct age_identity *identity_of(struct api_call *call)
{
    struct err none = {0};

    if (!call->identity_sought && call->who && node_directory(call->node)[0])
        call->has_identity =
            identity_read_open(&call->identity, node_directory(call->node), call->who, &none);
    call->identity_sought = true;
    return call->has_identity ? &call->identity : NULL;
}

void api_forget_identity(struct api_call *call)
{
    sign_wipe(&call->identity, sizeof call->identity);
}

static bool is_here(const struct reading *reading)
{
    return reading->state == READING_OPEN || reading->state == READING_CLOSED;
}

/* A record that is not in the log stands with its parts. */
static bool is_brought(const struct api_call *call, const struct part *part, struct span *out)
{
    struct hash stored;

    if (!call->brought || !hex_parse(stored.bytes, sizeof stored.bytes, part->stored))
        return false;
    for (size_t i = 0; i < call->brought->part_count; i++) {
        *out = call->brought->part[i];
        if (hash_equal(hash_of(*out), stored))
            return true;
    }
    return false;
}

static bool read_part(struct api_call *call, const struct part *part, struct reading *out,
                      struct err *err)
{
    const struct age_identity *as = part->tier == TIER_PUBLIC ? NULL : identity_of(call);
    struct span stored;
    bool erased;

    if (!is_erased(call, part->commitment, &erased, err))
        return false;
    if (erased) {
        *out = (struct reading){.part = *part, .state = READING_ERASED};
        return true;
    }
    if (is_brought(call, part, &stored)) {
        reading_stored(part, stored, as, as ? 1 : 0, out, call->arena);
        return true;
    }
    if (!reading_part(node_parts(call->node), part, as, as ? 1 : 0, out, call->arena, err))
        return false;
    call->owed = call->owed || !is_here(out);
    return true;
}

static bool content_of(const struct reading *reading, struct json *out, struct arena *arena)
{
    struct err none = {0};

    return !reading->part.media.len && reading->state == READING_OPEN &&
           json_parse_canonical(out, reading->bytes, arena, &none) && out->type == JSON_OBJECT;
}

/* Those of its recipients, each once. A record that is void may name keys that there are not. */
static bool put_organisations(struct api_call *call, const struct part *part, struct json *out,
                              struct err *err)
{
    struct json list = json_array();
    const struct json *row;

    for (uint32_t i = 0; i < part->recipients->array.count; i++) {
        if (!api_row(call, "key", part->recipients->array.at[i].string, &row, err))
            return false;
        struct span org = row ? json_get_text(row, "org") : (struct span){0};
        if (org.len && !json_lists(&list, org))
            json_push(&list, json_string(org), call->arena);
    }
    json_set(out, "organisations", list, call->arena);
    return true;
}

/* `said`: what the media are compared with; NULL: they are not. */
static bool describe(struct api_call *call, const struct reading *reading, const struct json *said,
                     const struct blur *blur, struct json *out_list, struct err *err)
{
    const struct part *part = &reading->part;
    struct json out = json_object(), content;

    json_set_string(&out, "tier", span_of(tier_word(part->tier)), call->arena);
    json_set_string(&out, "commitment", part->commitment, call->arena);
    json_set_string(&out, "stored", part->stored, call->arena);
    json_set(&out, "recipients", *part->recipients, call->arena);
    json_set_integer(&out, "here", is_here(reading), call->arena);
    json_set(&out, "state", json_text(state_words[reading->state]), call->arena);
    if (part->media.len)
        json_set_string(&out, "media", part->media, call->arena);
    else if (content_of(reading, &content, call->arena))
        json_set(&out, "content", blur_fields(&content, blur, call->arena), call->arena);
    if (said && part->media.len && reading->state == READING_OPEN)
        medium_put(&out, part->media, reading->bytes, said, call->arena);
    if (!put_organisations(call, part, &out, err))
        return false;
    json_push(out_list, out, call->arena);
    return true;
}

static void add_members(struct json *out, const struct json *from, struct arena *arena)
{
    for (uint32_t i = 0; i < from->object.count; i++) {
        const struct json_member *member = &from->object.at[i];

        json_set(out, arena_text(arena, member->key), member->value, arena);
    }
}

/* The record's fields in one object, those of its entry and of the parts that are open. */
static struct json said_by(struct api_call *call, const struct record *record,
                           const struct reading *readings, size_t count)
{
    struct json said = json_object(), content;

    add_members(&said, record->body, call->arena);
    for (size_t i = 0; i < count; i++)
        if (content_of(&readings[i], &content, call->arena))
            add_members(&said, &content, call->arena);
    return said;
}

/* Public fields stand with the record's own where not all parts are asked for: of them there is
 * nothing to list, unless they were erased. */
static bool is_listed(struct api_call *call, const struct part *part, bool all, bool *out,
                      struct err *err)
{
    *out = all || part->tier != TIER_PUBLIC || part->media.len > 0;
    return *out || is_erased(call, part->commitment, out, err);
}

bool api_put_parts(struct api_call *call, const struct record *record, bool all, struct json *out,
                   struct err *err)
{
    struct reading *readings = ARENA_ARRAY(call->arena, struct reading, LIMIT_RECORD_PARTS);
    struct json list = json_array(), said;
    struct err malformed;
    struct blur blur;
    struct part part;
    size_t count = 0;
    bool listed;

    if (!parts_check(record->body, &malformed)) /* a void record's body may be anything */
        return true;
    if (!api_blur(call, record, &blur, err))
        return false;
    for (size_t i = 0; part_at(record->body, i, &part); i++) {
        if (!is_listed(call, &part, all, &listed, err))
            return false;
        if (!listed)
            continue;
        assert(count < LIMIT_RECORD_PARTS);
        if (!read_part(call, &part, &readings[count], err))
            return false;
        if (blur.radius_m && part.media.len &&
            readings[count].state != READING_ERASED) /* a photograph knows where it was taken */
            readings[count].state = READING_CLOSED;
        count++;
    }
    if (all)
        said = said_by(call, record, readings, count);
    for (size_t i = 0; i < count; i++)
        if (!describe(call, &readings[i], all ? &said : NULL, &blur, &list, err))
            return false;
    json_set(out, "parts", list, call->arena);
    return true;
}

/* --- one part --- */

/* Whether a part of this table is named, and *index, of the entry that does so last; *out_named
 * false also where it is not for strangers, and *out_closed true. */
static bool part_named(struct api_call *call, const char *table, bool *out_named, bool *out_closed,
                       uint64_t *index, struct err *err)
{
    const struct json *row;

    if (!one_row(call->reader, table, call->in_path.text, STORE_LATEST, &row, call->arena, err))
        return false;
    bool blurred = row && json_get(row, "blur_m") && !call->signed_in;
    *out_named = row && !blurred;
    *out_closed = *out_closed || blurred;
    if (row)
        *index = (uint64_t)json_get_integer(row, "index", 0);
    return true;
}

/* The commitment of what is stored, where that was ordered to be erased; else empty. By the entry
 * that names it. */
static bool find_erased(struct api_call *call, uint64_t index, struct span *out, struct err *err)
{
    struct record record;
    struct span bytes;
    struct part part;
    bool erased;

    *out = (struct span){0};
    if (index >= call->head.size) /* applied, and not published yet */
        return true;
    if (!api_entry(call, index, &bytes, err) || !record_parse(&record, bytes, call->arena, err))
        return false;
    for (size_t i = 0; out->len == 0 && part_at(record.body, i, &part); i++) {
        if (!span_equal(part.stored, call->in_path.text))
            continue;
        if (!is_erased(call, part.commitment, &erased, err))
            return false;
        if (erased)
            *out = part.commitment;
    }
    return true;
}

/* Whole, and checked; or a piece, for whoever fetches it over a bad line and checks all of them
 * together. */
static bool give_part(struct api_call *call, const struct hash *stored, struct err *err)
{
    struct http_response *response = call->response;
    uint64_t size, from = 0, len = 0;

    if (!parts_size(node_parts(call->node), stored, &size))
        return err_set(err, ERR_MISSING, "it is not here");
    response->headers[0] = "Content-Disposition: attachment";
    response->headers[1] = "Accept-Ranges: bytes";
    switch (http_range(http_header(call->request, "Range"), size, &from, &len)) {
    case HTTP_RANGE_NONE:
        break;
    case HTTP_RANGE_BEYOND:
        http_error(call->request, response, 416, "the part has %" PRIu64 " bytes", size);
        response->headers[0] = arena_printf(call->arena, "Content-Range: bytes */%" PRIu64, size);
        return true;
    case HTTP_RANGE_SOME:
        response->status = 206;
        response->headers[2] =
            arena_printf(call->arena, "Content-Range: bytes %" PRIu64 "-%" PRIu64 "/%" PRIu64, from,
                         from + len - 1, size);
        response->etag = call->in_path.text;
        return parts_read(node_parts(call->node), stored, from, (size_t)len, &response->body,
                          call->arena, err);
    }
    response->etag = call->in_path.text;
    return parts_get(node_parts(call->node), stored, &response->body, call->arena, err);
}

/* What is not public is encrypted to its readers, and still nothing for a stranger to collect:
 * keys come out, years later. Which organisations the readers belong to, a record need not say,
 * so whoever is signed in may have it. */
bool parts_answer(struct api_call *call, struct err *err)
{
    struct hash stored;
    bool is_hash = hex_parse(stored.bytes, sizeof stored.bytes, call->in_path.text);
    bool is_public, is_closed, closed = false;
    uint64_t index = UINT64_MAX;
    struct span erased;

    assert(is_hash);
    if (!part_named(call, "view_closed_part", &is_closed, &closed, &index, err) ||
        !part_named(call, "view_part", &is_public, &closed, &index, err))
        return false;
    closed = closed || is_closed;
    if (!is_public && closed && !call->signed_in) {
        access_refuse(call);
        return true;
    }
    if (!is_public && !closed)
        return err_set(err, ERR_MISSING, "no record names a part %.*s",
                       SPAN_ARG(call->in_path.text));
    if (!find_erased(call, index, &erased, err))
        return false;
    if (erased.len)
        return answer_erased(call, erased, err);
    if (give_part(call, &stored, err))
        return true;
    call->response->etag = (struct span){0};
    return err->kind == ERR_MISSING || err->kind == ERR_CONFLICT
               ? err_set(err, ERR_MISSING, "the part is not here")
               : false;
}

/* --- a medium, as who asks may see it --- */

/* The part of this commitment in the first record that names it; *out_there false when none does.
 */
static bool find_named(struct api_call *call, struct part *out, bool *out_there, struct blur *blur,
                       struct err *err)
{
    const struct json *row, *named;
    struct record record;
    struct span bytes;

    *out_there = false;
    if (!api_row(call, "part", call->in_path.text, &row, err) || !row)
        return !err->kind;
    if (!api_row(call, "record", json_get_text(row, "record"), &named, err))
        return false;
    if (!named || !api_entry(call, (uint64_t)json_get_integer(named, "index", 0), &bytes, err) ||
        !record_parse(&record, bytes, call->arena, err))
        return false;
    for (size_t i = 0; part_at(record.body, i, out); i++)
        if (span_equal(out->commitment, call->in_path.text)) {
            *out_there = true;
            return api_blur(call, &record, blur, err);
        }
    return true;
}

/* Shown by a browser as a picture where it is one of these, and otherwise kept, never run. */
static bool is_picture(struct span type)
{
    static const char *const types[] = {"image/jpeg", "image/png", "image/webp"};

    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (span_is(type, types[i]))
            return true;
    return false;
}

bool media_answer(struct api_call *call, struct err *err)
{
    struct reading reading;
    struct blur blur;
    struct part part;
    bool there;

    if (!find_named(call, &part, &there, &blur, err))
        return false;
    if (!there)
        return err_set(err, ERR_MISSING, "no record names a part %.*s",
                       SPAN_ARG(call->in_path.text));
    if (blur.radius_m) {
        access_refuse(call);
        return true;
    }
    if (!read_part(call, &part, &reading, err))
        return false;
    if (reading.state == READING_ERASED)
        return answer_erased(call, part.commitment, err);
    if (reading.state != READING_OPEN)
        return err_set(err, ERR_MISSING, "the part is %s", state_words[reading.state]);
    bool shown = is_picture(part.media);
    call->response->type = shown ? arena_text(call->arena, part.media) : "application/octet-stream";
    call->response->headers[0] = "Content-Security-Policy: default-src 'none'; sandbox";
    if (!shown)
        call->response->headers[1] = "Content-Disposition: attachment";
    return api_answer_bytes(call, reading.bytes);
}
