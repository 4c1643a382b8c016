#include "sync/witness_inside.h"

#include "base/reader.h"
#include "codec/hex.h"
#include "ledger/cosignature.h"

#define SUM_LINE (2 * HASH_BYTES + 1)
#define FILE_BYTES 512u

static void sum_of(char out[SUM_LINE + 1], struct span text)
{
    struct hash sum = hash_of(text);

    hex_text(out, hash_span(&sum));
    strcpy(out + SUM_LINE - 1, "\n");
}

bool witness_file_parse(struct cosigned *out, struct span bytes, struct err *err)
{
    char sum[SUM_LINE + 1];
    struct cosigned cosigned;

    if (bytes.len < SUM_LINE)
        return err_set(err, ERR_MALFORMED, "cut short");
    struct span text = span_slice(bytes, 0, bytes.len - SUM_LINE);
    sum_of(sum, text);
    if (!span_is(span_from(bytes, text.len), sum))
        return err_set(err, ERR_MALFORMED, "the last line is not the hash of the others");

    struct reader r = reader_over(text);
    for (int i = 0; i < 3; i++)
        reader_line(&r, FILE_BYTES);
    struct span checkpoint = span_slice(text, 0, reader_offset(&r));
    cosigned.seconds = reader_decimal_line(&r, COSIGNATURE_LAST_SECOND);
    if (!reader_done(&r))
        return err_set(err, ERR_MALFORMED, "%s, at byte %zu", r.why, reader_offset(&r));
    if (!checkpoint_parse(&cosigned.checkpoint, checkpoint, err))
        return false;
    *out = cosigned;
    return true;
}

struct span witness_file_encode(const struct cosigned *cosigned, struct arena *arena)
{
    struct buf buf = buf_in(arena, FILE_BYTES);
    char sum[SUM_LINE + 1];

    checkpoint_put(&buf, &cosigned->checkpoint);
    buf_printf(&buf, "%" PRIu64 "\n", cosigned->seconds);
    sum_of(sum, buf_span(&buf));
    buf_text(&buf, sum);
    assert(!buf.full);
    return buf_span(&buf);
}

bool witness_file_read(struct cosigned *out, struct disk *disk, struct err *err)
{
    struct arena arena = {0};
    struct span bytes;

    bool ok = disk_remove(disk, WITNESS_FILE DISK_UNFINISHED, err);
    if (ok && disk_read(disk, WITNESS_FILE, FILE_BYTES, &bytes, &arena, err))
        ok = witness_file_parse(out, bytes, err);
    else
        ok = ok && err->kind == ERR_MISSING; /* nothing was cosigned yet */
    arena_free(&arena);
    return ok || err_wrap(err, "the file %s", WITNESS_FILE);
}

bool witness_file_write(struct disk *disk, const struct cosigned *cosigned, struct err *err)
{
    struct arena arena = {0};
    bool ok = disk_replace(disk, WITNESS_FILE, witness_file_encode(cosigned, &arena), true, err);

    arena_free(&arena);
    return ok;
}
