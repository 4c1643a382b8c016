/* An age file for one of two identities: whatever a stranger writes is read or refused, and what
 * is read twice is the same, whole or in small pieces. */

#include "codec/age.h"

#include "codec/age_header.h"
#include "crypto/sign.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool drip(void *context, uint8_t *at, size_t room, size_t *out_len, struct err *err)
{
    struct span *left = context;

    (void)err;
    *out_len = left->len < 7 ? left->len : 7;
    *out_len = *out_len < room ? *out_len : room;
    if (*out_len > 0)
        memcpy(at, left->at, *out_len);
    *left = span_from(*left, *out_len);
    return true;
}

static bool take(void *context, struct span bytes, struct err *err)
{
    (void)err;
    buf_put(context, bytes);
    return true;
}

/* What it says of a passphrase is read or refused, and costs nothing yet. */
static void check_lock(const struct age_header *header)
{
    struct age_lock lock;
    struct err err = {0};

    assert(!header->under_passphrase || header->count == 0);
    if (age_header_lock(&lock, header, &err))
        assert(lock.work >= 1 && lock.work <= LIMIT_AGE_WORK);
}

/* The header is as long as the parser says: with one byte less it is none. */
static void check_header(struct span file)
{
    struct span start =
        span_slice(file, 0, file.len < LIMIT_AGE_HEADER_BYTES ? file.len : LIMIT_AGE_HEADER_BYTES);
    struct age_header header, shorter;
    struct err err = {0};

    if (!age_header_parse(&header, start, &err))
        return;
    assert(header.count <= LIMIT_AGE_STANZAS && header.len <= start.len);
    assert(file.at[header.len - 1] == '\n');
    assert(!age_header_parse(&shorter, span_slice(start, 0, header.len - 1), &err));
    assert(age_header_parse(&shorter, span_slice(start, 0, header.len), &err));
    check_lock(&header);
    assert(shorter.count == header.count && shorter.len == header.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct age_identity as[] = {{"the first reader of this log 001"},
                                             {"another reader, of another party"}};
    struct span file = span_make(data, size), left = file;
    struct arena arena = {0};
    struct buf whole = buf_in(&arena, size), pieces = buf_in(&arena, size);
    struct err err = {0}, err_pieces = {0};

    if (!sign_start())
        return 0;
    bool ok = age_decrypt(&whole, as, ARRAY_LEN(as), file, &err);
    bool ok_pieces = age_decrypt_stream(&(struct age_sink){take, &pieces}, as, ARRAY_LEN(as),
                                        &(struct age_source){drip, &left}, &err_pieces);
    assert(ok == ok_pieces && err.kind == err_pieces.kind);
    assert(ok ? span_equal(buf_span(&whole), buf_span(&pieces)) : whole.len == 0);
    check_header(file);
    arena_free(&arena);
    return 0;
}
