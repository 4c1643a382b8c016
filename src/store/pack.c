#include "store/pack.h"

bool pack_next(struct reader *r, struct pack_part *out)
{
    struct reader ahead = *r;
    struct span stored = reader_take(&ahead, HASH_BYTES);
    struct span bytes = reader_take(&ahead, reader_u32be(&ahead));

    if (reader_failed(&ahead))
        return false;
    *r = ahead;
    memcpy(out->stored.bytes, stored.at, HASH_BYTES);
    out->bytes = bytes;
    out->good = hash_equal(hash_of(bytes), out->stored);
    return true;
}

void pack_put(struct buf *buf, const struct hash *stored, struct span bytes)
{
    assert(bytes.len <= UINT32_MAX);
    buf_put(buf, hash_span(stored));
    buf_u32be(buf, (uint32_t)bytes.len);
    buf_put(buf, bytes);
}
