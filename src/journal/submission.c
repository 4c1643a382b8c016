#include "journal/submission.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/hex.h"

/* A record's length and its number of parts: the least that one takes. */
#define LEAST_BYTES 6u

static struct span take_sized(struct reader *r)
{
    return reader_take(r, reader_u32be(r));
}

static void parse_one(struct submission *out, struct reader *r, struct arena *arena)
{
    out->note = take_sized(r);
    size_t count = reader_u16be(r);

    if (count > LIMIT_RECORD_PARTS)
        reader_fail(r, "a record has more parts than the limit");
    if (reader_failed(r) || count == 0)
        return;
    struct span *part = ARENA_ARRAY(arena, struct span, count);
    for (size_t i = 0; i < count; i++)
        part[i] = take_sized(r);
    out->part = part;
    out->part_count = count;
}

bool submission_parse(struct submission **out, size_t *out_count, struct span bytes,
                      struct arena *arena, struct err *err)
{
    struct reader r = reader_over(bytes);
    size_t most = bytes.len / LEAST_BYTES, count = 0;

    if (bytes.len > SUBMISSION_BYTES)
        return err_set(err, ERR_LIMIT, "submission: %zu bytes, at most %zu", bytes.len,
                       SUBMISSION_BYTES);
    if (most > LIMIT_BATCH_RECORDS)
        most = LIMIT_BATCH_RECORDS;
    struct submission *submission = ARENA_ARRAY(arena, struct submission, most);
    while (count < most && !reader_failed(&r) && reader_left(&r) > 0)
        parse_one(&submission[count++], &r, arena);

    if (count == 0)
        reader_fail(&r, "no record");
    if (!reader_done(&r))
        return err_set(err, ERR_MALFORMED,
                       "submission: %s, at byte %zu, after %zu records of at most %u", r.why,
                       reader_offset(&r), count, LIMIT_BATCH_RECORDS);
    *out = submission;
    *out_count = count;
    return true;
}

static void put_sized(struct buf *buf, struct span bytes)
{
    assert(bytes.len <= UINT32_MAX);
    buf_u32be(buf, (uint32_t)bytes.len);
    buf_put(buf, bytes);
}

bool submission_encode(struct span *out, const struct submission *submission, size_t count,
                       struct arena *arena, struct err *err)
{
    struct buf buf = buf_in(arena, SUBMISSION_BYTES);

    if (count == 0 || count > LIMIT_BATCH_RECORDS)
        return err_set(err, ERR_LIMIT, "submission: %zu records, at least 1 and at most %u", count,
                       LIMIT_BATCH_RECORDS);
    for (size_t i = 0; i < count; i++) {
        if (submission[i].part_count > LIMIT_RECORD_PARTS)
            return err_set(err, ERR_LIMIT, "submission: %zu parts of one record, at most %u",
                           submission[i].part_count, LIMIT_RECORD_PARTS);
        put_sized(&buf, submission[i].note);
        buf_u16be(&buf, (uint16_t)submission[i].part_count);
        for (size_t j = 0; j < submission[i].part_count; j++)
            put_sized(&buf, submission[i].part[j]);
    }
    if (buf.full)
        return err_set(err, ERR_LIMIT, "submission: more than %zu bytes", SUBMISSION_BYTES);
    *out = buf_span(&buf);
    return true;
}

/* --- answers ------------------------------------------------------------- */

/* Format §6.3. */
static const char *const reasons[] = {
    "not a record", "another agreement", "unknown key", "signature does not hold", "too large",
    "void",
};

static struct json answer_json(const struct answer *answer, struct arena *arena)
{
    struct json object = json_object();

    json_set_string(&object, "id", span_of(answer->id), arena);
    if (answer->kind == ANSWER_REFUSED) {
        json_set_string(&object, "reason", span_of(answer->reason), arena);
        if (answer->refusal.len)
            json_set_string(&object, "refusal", answer->refusal, arena);
        json_set_string(&object, "why", span_of(answer->why.text), arena);
        return object;
    }
    if (answer->kind == ANSWER_LATER) {
        json_set_integer(&object, "later", answer->later_ms, arena);
        if (answer->why.kind != ERR_NONE)
            json_set_string(&object, "why", span_of(answer->why.text), arena);
        return object;
    }
    json_set_integer(&object, "index", (int64_t)answer->index, arena);
    if (answer->kind == ANSWER_LOGGED)
        json_set_string(&object, "promise", answer->promise, arena);
    return object;
}

struct span submission_answers_encode(const struct answer *answers, size_t count,
                                      struct arena *arena)
{
    struct json list = json_array(), object = json_object();

    for (size_t i = 0; i < count; i++)
        json_push(&list, answer_json(&answers[i], arena), arena);
    json_set(&object, "answers", list, arena);
    return json_bytes(&object, arena);
}

static const char *reason_find(struct span text)
{
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
        if (span_is(text, reasons[i]))
            return reasons[i];
    return NULL;
}

static bool answer_parse(struct answer *out, const struct json *object)
{
    struct span id = json_get_string(object, "id", (struct span){0});
    int64_t index = json_get_integer(object, "index", -1);
    uint8_t bytes[HASH_BYTES];

    *out = (struct answer){.kind = ANSWER_REFUSED};
    if (!hex_parse(bytes, sizeof bytes, id))
        return false;
    memcpy(out->id, id.at, id.len);
    if (index >= 0) {
        out->index = (uint64_t)index;
        out->promise = json_get_string(object, "promise", (struct span){0});
        out->kind = out->promise.len ? ANSWER_LOGGED : ANSWER_REPEATED;
        return true;
    }
    struct span why = json_get_string(object, "why", (struct span){0});
    out->later_ms = json_get_integer(object, "later", -1);
    if (out->later_ms >= 0) {
        out->kind = ANSWER_LATER;
        return !why.len || !err_set(&out->why, ERR_LIMIT, "%.*s", SPAN_ARG(why));
    }
    out->later_ms = 0;
    out->reason = reason_find(json_get_string(object, "reason", (struct span){0}));
    out->refusal = json_get_string(object, "refusal", (struct span){0});
    if (!why.len)
        why = SPAN_LIT("the server does not say why");
    return out->reason && !err_set(&out->why, ERR_REFUSED, "%.*s", SPAN_ARG(why));
}

bool submission_answers_parse(struct answer *answers, size_t count, struct span bytes,
                              struct arena *arena, struct err *err)
{
    struct answer *parsed = ARENA_ARRAY(arena, struct answer, count);
    struct json object;

    if (!json_parse(&object, bytes, arena, err))
        return err_wrap(err, "answers");
    const struct json *list = json_get(&object, "answers");
    if (!list || list->type != JSON_ARRAY || list->array.count != count)
        return err_set(err, ERR_MALFORMED, "answers: not the %zu that were asked for", count);
    for (size_t i = 0; i < count; i++)
        if (!answer_parse(&parsed[i], &list->array.at[i]))
            return err_set(err, ERR_MALFORMED, "answers: number %zu is none", i + 1);
    memcpy(answers, parsed, count * sizeof *answers);
    return true;
}
