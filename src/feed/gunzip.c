#include "feed/gunzip.h"

#include "base/buf.h"

#define ZLIB_CONST /* so that it takes input that it must not change */
#include <zlib.h>

#define WINDOW_BITS_GZIP (15 + 16) /* zlib.h: a gzip wrapper, and no other */
#define CHUNK_BYTES 65536u         /* zlib counts in 32 bits: it gets its input in pieces */

bool gunzip_needed(struct span bytes)
{
    return span_starts_with(bytes, SPAN_LIT("\x1f\x8b"));
}

static void feed_piece(z_stream *stream, struct span *rest)
{
    size_t len = rest->len < CHUNK_BYTES ? rest->len : CHUNK_BYTES;

    if (stream->avail_in > 0)
        return;
    stream->next_in = rest->at;
    stream->avail_in = (uInt)len;
    *rest = span_from(*rest, len);
}

/* NULL when all of it is unpacked, else why not. */
static const char *unpack(struct buf *out, struct span *rest, z_stream *stream)
{
    uint8_t chunk[CHUNK_BYTES];
    int state = Z_OK;

    for (;;) {
        feed_piece(stream, rest);
        bool at_end = stream->avail_in == 0;
        if (state == Z_STREAM_END && at_end)
            return NULL;
        if (state == Z_STREAM_END && inflateReset(stream) != Z_OK)
            return "zlib does not go on";
        stream->next_out = chunk;
        stream->avail_out = sizeof chunk;
        state = inflate(stream, Z_NO_FLUSH);
        buf_put(out, span_make(chunk, sizeof chunk - stream->avail_out));
        if (out->full)
            return "more than may be unpacked";
        if (state == Z_BUF_ERROR && at_end)
            return "cut short";
        if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
            return stream->msg ? stream->msg : "damaged";
    }
}

bool gunzip(struct span *out, struct span packed, size_t limit, struct arena *arena,
            struct err *err)
{
    struct buf unpacked = buf_in(arena, limit);
    struct span rest = packed;
    z_stream stream = {0};

    if (inflateInit2(&stream, WINDOW_BITS_GZIP) != Z_OK)
        return err_set(err, ERR_IO, "gzip: zlib does not start");
    const char *why = unpack(&unpacked, &rest, &stream);
    if (why)
        err_set(err, unpacked.full ? ERR_LIMIT : ERR_MALFORMED, "gzip: %s, at byte %zu of %zu", why,
                packed.len - rest.len - stream.avail_in, packed.len);
    else
        *out = buf_span(&unpacked);
    inflateEnd(&stream);
    return !why;
}

struct span zlib_pack(struct span bytes, struct arena *arena)
{
    uLongf len = compressBound(bytes.len);
    uint8_t *out = arena_alloc(arena, len);
    int done = compress2(out, &len, bytes.at, bytes.len, Z_BEST_COMPRESSION);

    assert(done == Z_OK); /* there is memory, and room */
    return span_make(out, len);
}
