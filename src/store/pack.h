#pragma once

/* The form of a pack of parts, doc/format.md §4.3: stored (32 bytes) ‖ u32 length ‖ what is
 * stored, one after another. */

#include "base/buf.h"
#include "base/reader.h"
#include "crypto/hash.h"

#define PACK_HEAD_BYTES (HASH_BYTES + 4u)

struct pack_part {
    struct hash stored;
    struct span bytes;
    bool good; /* the bytes are what the hash says: others do not count */
};

/* The next whole part. False where the pack ends or is cut short, and stays there. */
bool pack_next(struct reader *r, struct pack_part *out);
void pack_put(struct buf *buf, const struct hash *stored, struct span bytes);
