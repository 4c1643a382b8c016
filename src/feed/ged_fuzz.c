/* UCDP GED, packed or not. What is opened keeps the invariants of feeds; what is refused names
 * file, line and column; and a packed file that unpacks does not when its last byte is cut off. */

#include "feed/ged.h"
#include "feed/gunzip.h"
#include "feed/invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define UNPACKED_BYTES 100000u

static bool unpack(struct span *bytes, struct arena *arena)
{
    struct span packed = *bytes, unused;
    struct err err = {0};

    if (!gunzip_needed(packed))
        return true;
    if (!gunzip(bytes, packed, UNPACKED_BYTES, arena, &err)) {
        assert(err.kind != ERR_NONE && err.text[0]);
        return false;
    }
    assert(bytes->len <= UNPACKED_BYTES);
    assert(!gunzip(&unused, span_slice(packed, 0, packed.len - 1), UNPACKED_BYTES, arena, &err));
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span bytes = span_make(data, size);
    const struct remarks quiet = {0};
    struct arena arena = {0};
    struct err err = {0};
    struct feed feed;
    size_t count;

    if (unpack(&bytes, &arena)) {
        if (ged_open(&feed, "f.csv", bytes, &quiet, &arena, &err)) {
            check_feed(&feed, &count, &arena);
            feed_close(&feed);
        } else {
            assert(err.kind == ERR_MALFORMED || err.kind == ERR_LIMIT);
            assert(strstr(err.text, "f.csv: line ") && strstr(err.text, ", column "));
        }
    }
    arena_free(&arena);
    return 0;
}
