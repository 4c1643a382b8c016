/* Bundles: the entries read, written one after another, are the bytes that were read, and
 * what is left over is either nothing or less than the next entry. */

#include "base/limits.h"
#include "ledger/tile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct span bytes = span_make(data, size);
    struct span bundle = bytes, entry;
    struct arena arena = {0};
    struct buf buf = buf_in(&arena, size);

    while (tile_bundle_next(&bundle, &entry))
        tile_bundle_put(&buf, entry);
    assert(!buf.full && buf.len + bundle.len == size);
    assert(span_equal(buf_span(&buf), span_slice(bytes, 0, buf.len)));
    assert(bundle.len < 2 || bundle.len - 2 < (size_t)(bundle.at[0] << 8 | bundle.at[1]));
    arena_free(&arena);
    return 0;
}
