/*
 * A staged batch is our own disk after a crash. What is accepted is the one encoding of
 * what it means; its hash stands in the way of finding more, so it is put right first.
 */

#include "journal/stage.h"

#include "crypto/hash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct span bytes)
{
    struct arena arena = {0};
    struct stage_batch batch;
    struct err err = {0};
    size_t len;

    if (stage_parse(&batch, &len, bytes, &arena, &err)) {
        assert(len <= bytes.len);
        assert(span_equal(stage_encode(&batch, &arena), span_slice(bytes, 0, len)));
    } else {
        assert(err.kind == ERR_MALFORMED);
    }
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    uint8_t *copy = (uint8_t *)arena_text(&arena, span_make(data, size));

    check(span_make(copy, size));
    if (size >= HASH_BYTES) {
        struct hash hash = hash_of(span_make(copy, size - HASH_BYTES));
        memcpy(copy + size - HASH_BYTES, hash.bytes, HASH_BYTES);
        check(span_make(copy, size));
    }
    arena_free(&arena);
    return 0;
}
