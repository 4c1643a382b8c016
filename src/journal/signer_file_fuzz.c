/* The file `signer` is our own disk after a crash: what is accepted is the one spelling of
 * what it means. Its sum is put right as well, or nothing else would be reached. */

#include "journal/signer_file.h"

#include "codec/hex.h"

#define SUM_LINE (2 * HASH_BYTES + 1)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct span bytes)
{
    struct arena arena = {0};
    struct checkpoint checkpoint;
    struct err err = {0};

    if (signer_file_parse(&checkpoint, bytes, &err))
        assert(span_equal(signer_file_encode(&checkpoint, &arena), bytes));
    else
        assert(err.kind == ERR_MALFORMED);
    arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = {0};
    char *copy = arena_text(&arena, span_make(data, size));

    check(span_make(copy, size));
    if (size >= SUM_LINE) {
        struct hash sum = hash_of(span_make(copy, size - SUM_LINE));
        hex_text(copy + size - SUM_LINE, hash_span(&sum));
        copy[size - 1] = '\n';
        check(span_make(copy, size));
    }
    arena_free(&arena);
    return 0;
}
