#pragma once

/*
 * Where a log can be read from that is not ours: a peer over HTTP, a directory, a bundle from
 * an enemy's hand. Nothing it gives is believed: sync/pull.h checks every byte.
 *
 * Paths are those of c2sp.org/tlog-tiles: "checkpoint", "tile/0/000.p/7", "tile/entries/000";
 * and "parts/HASH", what is stored of a part (doc/format.md §4), "term/N/checkpoint", the last
 * one of a term that has ended (§7.5), and "log.vkey" (§5.7).
 */

#include "sync/transport.h"

struct source {
    /* ERR_MISSING when it says that there is none, ERR_LIMIT when it is larger than `limit`;
     * ERR_IO when it says nothing that can be understood. */
    bool (*get)(void *context, const char *path, size_t limit, struct span *out,
                struct arena *arena, struct err *err);
    /* The bytes from `from` on, at most `len` of them; fewer are the last. NULL: it gives no
     * pieces. As `get`. */
    bool (*get_piece)(void *context, const char *path, uint64_t from, size_t len, struct span *out,
                      struct arena *arena, struct err *err);
    void *context;
    const char *name; /* for messages */
};

/* What the source gives, or why not, with its name; never more than `limit`. ERR_MISSING,
 * ERR_LIMIT, ERR_REFUSED (not given to us), ERR_MALFORMED, ERR_IO. */
MUST_CHECK bool source_get(const struct source *source, const char *path, size_t limit,
                           struct span *out, struct arena *arena, struct err *err);
MUST_CHECK bool source_get_piece(const struct source *source, const char *path, uint64_t from,
                                 size_t len, struct span *out, struct arena *arena,
                                 struct err *err);

/* A peer's, over a transport. Parts have their place in its API. */
struct source_peer {
    const struct transport *transport;
    const char *url;
    unsigned patience_ms; /* for one answer */
};
struct source source_of_peer(struct source_peer *peer);

/* A data directory of a participant, as it stands: a copy on a disk, a backup, one that a
 * server is at work in. It is only read; its parts are looked through when the first is asked
 * for. The disk is the caller's and outlives it. */
struct disk;
struct parts;
struct source_disk {
    struct disk *disk;
    const char *name;
    struct parts *parts; /* NULL: not looked through yet */
};
struct source source_of_disk(struct source_disk *from);
void source_disk_close(struct source_disk *from); /* its parts; again is fine */
