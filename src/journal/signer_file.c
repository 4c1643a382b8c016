#include "journal/signer_file.h"

#include "codec/hex.h"

#define SUM_TEXT (2 * HASH_BYTES)
#define FILE_BYTES 512u

static void sum_of(char out[SUM_TEXT + 1], struct span text)
{
    struct hash sum = hash_of(text);

    hex_text(out, hash_span(&sum));
}

bool signer_file_parse(struct checkpoint *out, struct span bytes, struct err *err)
{
    char sum[SUM_TEXT + 1];
    struct checkpoint checkpoint;

    if (bytes.len < SUM_TEXT + 1)
        return err_set(err, ERR_MALFORMED, "cut short");
    struct span text = span_slice(bytes, 0, bytes.len - (SUM_TEXT + 1));
    struct span line = span_from(bytes, text.len);
    sum_of(sum, text);
    if (line.at[SUM_TEXT] != '\n' || !span_is(span_slice(line, 0, SUM_TEXT), sum))
        return err_set(err, ERR_MALFORMED, "the last line is not the hash of the others");
    if (!checkpoint_parse(&checkpoint, text, err))
        return false;
    *out = checkpoint;
    return true;
}

struct span signer_file_encode(const struct checkpoint *checkpoint, struct arena *arena)
{
    struct buf buf = buf_in(arena, FILE_BYTES);
    char sum[SUM_TEXT + 1];

    checkpoint_put(&buf, checkpoint);
    sum_of(sum, buf_span(&buf));
    buf_text(&buf, sum);
    buf_byte(&buf, '\n');
    assert(!buf.full);
    return buf_span(&buf);
}

bool signer_file_read(struct checkpoint *out, struct disk *disk, struct err *err)
{
    struct arena arena = {0};
    struct span bytes;

    bool ok = disk_read(disk, SIGNER_FILE, FILE_BYTES, &bytes, &arena, err) &&
              (signer_file_parse(out, bytes, err) || err_wrap(err, "the file %s", SIGNER_FILE));
    arena_free(&arena);
    return ok;
}

bool signer_file_write(struct disk *disk, const struct checkpoint *signed_last, struct err *err)
{
    struct arena arena = {0};

    bool ok = disk_replace(disk, SIGNER_FILE, signer_file_encode(signed_last, &arena), true, err);
    arena_free(&arena);
    return ok;
}
