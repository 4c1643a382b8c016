#include "ledger/cosignature.h"

#include "base/limits.h"
#include "base/reader.h"

#define BLOB_BYTES (8 + SIGN_SIGNATURE_BYTES)

/* What is signed: two lines before the checkpoint, so that it can be taken for no
 * signature of the checkpoint itself. */
static struct span signed_message(struct span checkpoint_text, uint64_t seconds,
                                  struct arena *arena)
{
    struct buf buf = buf_in(arena, checkpoint_text.len + 64);

    buf_printf(&buf, "cosignature/v1\ntime %" PRIu64 "\n", seconds);
    buf_put(&buf, checkpoint_text);
    assert(!buf.full);
    return buf_span(&buf);
}

struct span cosignature_sign(struct span checkpoint_text, uint64_t seconds,
                             const struct note_signer *signer, struct arena *arena)
{
    assert(signer->type == NOTE_TYPE_COSIGNATURE);
    assert(seconds > 0 && seconds <= COSIGNATURE_LAST_SECOND);

    struct span message = signed_message(checkpoint_text, seconds, arena);
    struct sign_signature signature = sign_message(&signer->secret, message);
    struct buf blob = buf_in(arena, BLOB_BYTES);

    buf_u64be(&blob, seconds);
    buf_put(&blob, span_make(signature.bytes, sizeof signature.bytes));
    assert(!blob.full);
    return buf_span(&blob);
}

void cosignature_put_line(struct buf *buf, struct span checkpoint_text, uint64_t seconds,
                          const struct note_signer *signer, struct arena *arena)
{
    struct note_key key = note_signer_key(signer);
    struct span name = span_of(key.name);

    note_put_line(buf, name, note_key_id(name, key.type, &key.key),
                  cosignature_sign(checkpoint_text, seconds, signer, arena));
}

bool cosignature_verify(uint64_t *out_seconds, struct span checkpoint_text,
                        const struct note_line *line, const struct note_key *witness)
{
    struct reader r = reader_over(line->signature);
    uint64_t seconds = reader_u64be(&r);
    struct span bytes = reader_take(&r, SIGN_SIGNATURE_BYTES);
    struct sign_signature signature;
    struct arena arena = {0};

    if (!reader_done(&r) || seconds == 0 || seconds > COSIGNATURE_LAST_SECOND)
        return false;
    if (witness->type != NOTE_TYPE_COSIGNATURE || !span_is(line->name, witness->name) ||
        line->key_id != note_key_id(line->name, witness->type, &witness->key))
        return false;
    memcpy(signature.bytes, bytes.at, SIGN_SIGNATURE_BYTES);
    bool ok =
        sign_verify(&witness->key, signed_message(checkpoint_text, seconds, &arena), &signature);
    arena_free(&arena);
    if (ok)
        *out_seconds = seconds;
    return ok;
}
