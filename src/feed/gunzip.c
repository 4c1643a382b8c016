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

struct unpacking {
    z_stream stream;
    struct span rest;
    size_t room; /* bytes that may still come */
    bool (*put)(void *context, struct span piece, struct err *err);
    void *context;
};

/* NULL when all of it is unpacked, else why not: "" for a fault of who takes it. */
static const char *unpack(struct unpacking *u, struct err *err)
{
    uint8_t chunk[CHUNK_BYTES];
    int state = Z_OK;

    for (;;) {
        feed_piece(&u->stream, &u->rest);
        bool at_end = u->stream.avail_in == 0;
        if (state == Z_STREAM_END && at_end)
            return NULL;
        if (state == Z_STREAM_END && inflateReset(&u->stream) != Z_OK)
            return "zlib does not go on";
        u->stream.next_out = chunk;
        u->stream.avail_out = sizeof chunk;
        state = inflate(&u->stream, Z_NO_FLUSH);
        struct span piece = span_make(chunk, sizeof chunk - u->stream.avail_out);
        if (piece.len > u->room)
            return "more than may be unpacked";
        u->room -= piece.len;
        if (piece.len && !u->put(u->context, piece, err))
            return "";
        if (state == Z_BUF_ERROR && at_end)
            return "cut short";
        if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
            return u->stream.msg ? u->stream.msg : "damaged";
    }
}

bool gunzip_each(struct span packed, size_t limit,
                 bool (*put)(void *context, struct span piece, struct err *err), void *context,
                 struct err *err)
{
    struct unpacking u = {.rest = packed, .room = limit, .put = put, .context = context};

    if (inflateInit2(&u.stream, WINDOW_BITS_GZIP) != Z_OK)
        return err_set(err, ERR_IO, "gzip: zlib does not start");
    const char *why = unpack(&u, err);
    if (why && why[0])
        err_set(err, strcmp(why, "more than may be unpacked") == 0 ? ERR_LIMIT : ERR_MALFORMED,
                "gzip: %s, at byte %zu of %zu", why, packed.len - u.rest.len - u.stream.avail_in,
                packed.len);
    inflateEnd(&u.stream);
    return !why;
}

static bool keep(void *context, struct span piece, struct err *err)
{
    (void)err;
    buf_put(context, piece);
    return true;
}

bool gunzip(struct span *out, struct span packed, size_t limit, struct arena *arena,
            struct err *err)
{
    struct buf unpacked = buf_in(arena, limit);

    if (!gunzip_each(packed, limit, keep, &unpacked, err))
        return false;
    *out = buf_span(&unpacked);
    return true;
}

struct span zlib_pack(struct span bytes, struct arena *arena)
{
    uLongf len = compressBound(bytes.len);
    uint8_t *out = arena_alloc(arena, len);
    int done = compress2(out, &len, bytes.at, bytes.len, Z_BEST_COMPRESSION);

    assert(done == Z_OK); /* there is memory, and room */
    return span_make(out, len);
}
