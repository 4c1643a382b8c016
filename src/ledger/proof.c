#include "ledger/proof.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/base64.h"

#define HEADER "c2sp.org/tlog-proof@v1\n"
#define HASH_LINE 44u /* 32 bytes in base64 */
#define EXTRA_LINE ((LIMIT_ENTRY_BYTES + 2) / 3 * 4)

void proof_put_hashes(struct buf *buf, const struct merkle_proof *proof)
{
    for (size_t i = 0; i < proof->count; i++) {
        base64_put(buf, hash_span(&proof->hash[i]));
        buf_byte(buf, '\n');
    }
    buf_byte(buf, '\n');
}

void proof_put(struct buf *buf, const struct proof *proof)
{
    buf_text(buf, HEADER);
    if (proof->extra.len) {
        buf_text(buf, "extra ");
        base64_put(buf, proof->extra);
        buf_byte(buf, '\n');
    }
    buf_printf(buf, "index %" PRIu64 "\n", proof->index);
    proof_put_hashes(buf, &proof->inclusion);
    buf_put(buf, proof->checkpoint_note);
}

static bool next_is(const struct reader *r, const char *text)
{
    return !reader_failed(r) && span_starts_with(span_from(r->in, r->at), span_of(text));
}

/* Nobody has signed it, but it must be what it claims. */
static void read_extra(struct reader *r, struct span *out, struct arena *arena)
{
    if (!next_is(r, "extra "))
        return;
    reader_expect(r, "extra ");
    struct span line = reader_line(r, EXTRA_LINE);
    if (!reader_failed(r) && !base64_parse(out, line, LIMIT_ENTRY_BYTES, arena))
        reader_fail(r, "extra not canonical base64");
}

void proof_read_hashes(struct reader *r, struct merkle_proof *out)
{
    out->count = 0;
    while (!reader_failed(r) && !next_is(r, "\n")) {
        struct span line = reader_line(r, HASH_LINE);
        if (reader_failed(r))
            return;
        if (out->count == ARRAY_LEN(out->hash))
            reader_fail(r, "more hashes than a tree is high");
        else if (!note_bytes_parse(out->hash[out->count].bytes, HASH_BYTES, line))
            reader_fail(r, "a hash is not 32 bytes in canonical base64");
        else
            out->count++;
    }
    reader_expect(r, "\n");
}

bool proof_parse(struct proof *out, struct span bytes, struct arena *arena, struct err *err)
{
    struct reader r = reader_over(bytes);
    struct proof proof = {0};

    reader_expect(&r, HEADER);
    read_extra(&r, &proof.extra, arena);
    reader_expect(&r, "index ");
    proof.index = reader_decimal_line(&r, LIMIT_TREE_SIZE);
    proof_read_hashes(&r, &proof.inclusion);
    proof.checkpoint_note = reader_take(&r, reader_left(&r));

    if (!reader_done(&r))
        return err_set(err, ERR_MALFORMED, "receipt: %s, at byte %zu", r.why, reader_offset(&r));
    *out = proof;
    return true;
}

bool proof_verify(struct proof *out, struct checkpoint *out_checkpoint, struct span bytes,
                  struct hash leaf, const struct note_key *log_key, struct arena *arena,
                  struct err *err)
{
    struct proof proof;
    struct checkpoint checkpoint;
    struct note note;

    if (!proof_parse(&proof, bytes, arena, err) ||
        !checkpoint_open(&checkpoint, &note, proof.checkpoint_note, log_key, arena, err))
        return false;
    if (!merkle_verify_inclusion(&proof.inclusion, proof.index, checkpoint.size, leaf,
                                 checkpoint.root))
        return err_set(err, ERR_REFUSED, "receipt: the entry is not number %" PRIu64 " of this log",
                       proof.index);
    *out = proof;
    *out_checkpoint = checkpoint;
    return true;
}
