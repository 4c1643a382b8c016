/* A pack from a disk that nobody can be sure of: what is taken for parts, written again, is
 * the very front of the pack. */

#include <assert.h>

#include "store/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span pack = span_make(data, size);
    struct reader r = reader_over(pack);
    struct arena arena = {0};
    struct buf again = buf_in(&arena, size);
    struct pack_part part;

    while (pack_next(&r, &part)) {
        assert(part.bytes.len <= size && (part.bytes.len == 0 || part.bytes.at >= data));
        assert(part.good == hash_equal(hash_of(part.bytes), part.stored));
        pack_put(&again, &part.stored, part.bytes);
    }
    size_t end = reader_offset(&r);
    assert(!again.full && again.len == end);
    assert(span_equal(buf_span(&again), span_slice(pack, 0, end)));

    /* What is left is no whole part: nothing, less than a head, or less than the head says. */
    struct reader left = reader_over(span_from(pack, end));
    reader_take(&left, HASH_BYTES);
    uint32_t len = reader_u32be(&left);
    assert(size == end || reader_failed(&left) || reader_left(&left) < len);
    arena_free(&arena);
    return 0;
}
