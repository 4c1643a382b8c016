/*
 * A file of the outbox is our own disk after months. What is accepted is the one encoding of
 * what it means; its hash stands in the way of finding more, so it is put right first.
 */

#include "sync/outbox_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct span bytes)
{
    struct arena arena = {0};
    struct outbox_file file;
    struct span again;
    struct err err = {0};

    if (outbox_file_parse(&file, bytes, &arena, &err)) {
        assert(file.since_ms >= 1 && file.record.seq >= 1 && file.record.by.len > 0);
        assert(span_equal(file.record.bytes, file.submission.note));
        assert(outbox_file_encode(&again, &file.submission, file.since_ms, &arena, &err));
        assert(span_equal(again, bytes));
    } else {
        assert(err.kind == ERR_MALFORMED && err.text[0]);
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
