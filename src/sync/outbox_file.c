#include "sync/outbox_file.h"

#include "base/limits.h"
#include "base/reader.h"

#define MAGIC "SLHO"

static int64_t within_time(int64_t ms)
{
    if (ms < 1)
        return 1;
    return ms > LIMIT_TIME_MAX_MS ? LIMIT_TIME_MAX_MS : ms;
}

static bool parse_record(struct outbox_file *out, struct arena *arena, struct err *err)
{
    struct submission *submission;
    size_t count;

    if (!submission_parse(&submission, &count, out->payload, arena, err))
        return false;
    if (count != 1)
        return err_set(err, ERR_MALFORMED, "%zu records, must be one", count);
    out->submission = submission[0];
    return record_parse(&out->record, out->submission.note, arena, err);
}

/* What a fault says of the world, it says here of the bytes. */
static bool malformed(struct err *err)
{
    err->kind = ERR_MALFORMED;
    return false;
}

bool outbox_file_parse(struct outbox_file *out, struct span bytes, struct arena *arena,
                       struct err *err)
{
    struct reader r = reader_over(bytes);
    struct outbox_file file = {0};

    reader_expect(&r, MAGIC);
    uint64_t since = reader_u64be(&r);
    file.payload = reader_take(&r, reader_u32be(&r));
    struct span sum = reader_take(&r, HASH_BYTES);
    if (!reader_done(&r))
        return err_set(err, ERR_MALFORMED, "%s, at byte %zu", r.why, reader_offset(&r));

    struct hash want = hash_of(span_slice(bytes, 0, bytes.len - HASH_BYTES));
    if (!span_equal(sum, hash_span(&want)))
        return err_set(err, ERR_MALFORMED, "its hash is not that of what is in it");
    if (since < 1 || since > (uint64_t)LIMIT_TIME_MAX_MS)
        return err_set(err, ERR_MALFORMED, "it waits since no time that there is");
    file.since_ms = (int64_t)since;
    if (!parse_record(&file, arena, err))
        return malformed(err);
    *out = file;
    return true;
}

static void put_sum(struct buf *buf)
{
    struct hash sum = hash_of(buf_span(buf));

    buf_put(buf, hash_span(&sum));
}

bool outbox_file_encode(struct span *out, const struct submission *submission, int64_t since_ms,
                        struct arena *arena, struct err *err)
{
    struct buf buf = buf_in(arena, OUTBOX_FILE_BYTES);
    struct record record;
    struct span payload;

    if (!record_parse(&record, submission->note, arena, err) ||
        !submission_encode(&payload, submission, 1, arena, err)) {
        err->kind = ERR_REFUSED;
        return false;
    }
    buf_text(&buf, MAGIC);
    buf_u64be(&buf, (uint64_t)within_time(since_ms));
    buf_u32be(&buf, (uint32_t)payload.len);
    buf_put(&buf, payload);
    put_sum(&buf);
    assert(!buf.full);
    *out = buf_span(&buf);
    return true;
}
