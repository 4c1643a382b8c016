#include "sync/source.h"

#include "base/limits.h"
#include "base/reader.h"
#include "codec/hex.h"
#include "store/parts.h"
#include "sys/disk.h"

#define PARTS "parts/"
/* A line of 256 kbit/s: a piece may take so much longer. */
#define SLOW_BYTES_PER_SECOND 32768u

static bool check(const struct source *source, const char *path, bool ok, size_t limit,
                  const struct span *out, struct err *err)
{
    if (ok && out->len > limit)
        ok = err_set(err, ERR_LIMIT, "%zu bytes, at most %zu are taken", out->len, limit);
    if (ok)
        return true;
    if (err->kind == ERR_CONFLICT || err->kind == ERR_USAGE)
        err->kind = ERR_IO; /* who asks draws conclusions from a conflict that a source cannot */
    return err_wrap(err, "%s: %s", source->name, path);
}

bool source_get(const struct source *source, const char *path, size_t limit, struct span *out,
                struct arena *arena, struct err *err)
{
    bool ok = source->get(source->context, path, limit, out, arena, err);

    return check(source, path, ok, limit, out, err);
}

bool source_get_piece(const struct source *source, const char *path, uint64_t from, size_t len,
                      struct span *out, struct arena *arena, struct err *err)
{
    bool ok = source->get_piece(source->context, path, from, len, out, arena, err);

    return check(source, path, ok, len, out, err);
}

static bool is_part(const char *path, struct hash *out)
{
    struct span rest = span_of(path);
    const struct span parts = SPAN_LIT(PARTS);

    return span_starts_with(rest, parts) &&
           hex_parse(out->bytes, sizeof out->bytes, span_from(rest, parts.len));
}

static bool is_term(const char *path, uint64_t *out)
{
    struct span rest = span_of(path), word;

    return span_cut(&rest, '/', &word) && span_is(word, "term") && span_cut(&rest, '/', &word) &&
           decimal_parse(out, word, LIMIT_INTEGER) && span_is(rest, "checkpoint");
}

/* A peer. */

static bool take_status(const struct call *call, struct err *err)
{
    switch (call->status) {
    case 200:
        return true;
    case 404:
    case 410:
        return err_set(err, ERR_MISSING, "there is none");
    case 401:
    case 403:
        return err_set(err, ERR_REFUSED, "it is not given to us");
    default:
        return err_set(err, ERR_IO, "it answers with status %d", call->status);
    }
}

static bool get_from_peer(void *context, const char *path, size_t limit, struct span *out,
                          struct arena *arena, struct err *err)
{
    const struct source_peer *peer = context;
    struct hash stored;
    struct call call = {
        .url = peer->url,
        .path = arena_printf(arena, is_part(path, &stored) ? "/api/%s" : "/%s", path),
        .limit = limit,
    };

    if (!transport_call(peer->transport, &call, peer->patience_ms, arena, err) ||
        !take_status(&call, err))
        return false;
    *out = call.reply;
    return true;
}

static bool get_piece_from_peer(void *context, const char *path, uint64_t from, size_t len,
                                struct span *out, struct arena *arena, struct err *err)
{
    const struct source_peer *peer = context;
    struct call call = {
        .url = peer->url,
        .path = arena_printf(arena, "/api/%s", path),
        .limit = len,
        .range_from = from,
        .range_len = len,
    };

    unsigned slow_ms = (unsigned)(len * 1000 / SLOW_BYTES_PER_SECOND);

    if (!transport_call(peer->transport, &call, peer->patience_ms + slow_ms, arena, err))
        return false;
    *out = call.reply;
    switch (call.status) {
    case 206:
        return true;
    case 416: /* nothing from there on */
        *out = (struct span){0};
        return true;
    case 200:
        return from == 0 || err_set(err, ERR_IO, "it gives no pieces");
    default:
        return take_status(&call, err);
    }
}

struct source source_of_peer(struct source_peer *peer)
{
    return (struct source){
        .get = get_from_peer, .get_piece = get_piece_from_peer, .context = peer, .name = peer->url};
}

/* A directory. */

static bool get_part(struct source_disk *from, const struct hash *stored, size_t limit,
                     struct span *out, struct arena *arena, struct err *err)
{
    if (!from->parts && !parts_open_read(&from->parts, from->disk, err))
        return false;
    if (!parts_get(from->parts, stored, out, arena, err))
        return false;
    return out->len <= limit || err_set(err, ERR_LIMIT, "it has %zu bytes", out->len);
}

static bool get_from_disk(void *context, const char *path, size_t limit, struct span *out,
                          struct arena *arena, struct err *err)
{
    struct source_disk *from = context;
    struct hash stored;
    uint64_t number;

    if (is_part(path, &stored))
        return get_part(from, &stored, limit, out, arena, err);
    if (is_term(path, &number))
        path = arena_printf(arena, "terms/%" PRIu64, number);
    else if (strcmp(path, "log.vkey") != 0)
        path = arena_printf(arena, "log/%s", path);
    return disk_read(from->disk, path, limit, out, arena, err);
}

struct source source_of_disk(struct source_disk *from)
{
    return (struct source){.get = get_from_disk, .context = from, .name = from->name};
}

void source_disk_close(struct source_disk *from)
{
    parts_close(from->parts);
    from->parts = NULL;
}
