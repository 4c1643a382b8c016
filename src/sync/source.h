#pragma once

/*
 * Where a log can be read from that is not ours: a peer over HTTP, a directory, a bundle from
 * an enemy's hand. Nothing it gives is believed: sync/pull.h checks every byte.
 *
 * Paths are those of c2sp.org/tlog-tiles: "checkpoint", "tile/0/000.p/7", "tile/entries/000";
 * and "parts/HASH", what is stored of a part (doc/format.md §4), and "term/N/checkpoint", the
 * last one of a term that has ended (§7.5).
 */

#include "sync/transport.h"

struct source {
    /* ERR_MISSING when it says that there is none, ERR_LIMIT when it is larger than `limit`. */
    bool (*get)(void *context, const char *path, size_t limit, struct span *out,
                struct arena *arena, struct err *err);
    void *context;
    const char *name; /* for messages */
};

/* A peer's, over a transport. */
struct source_peer {
    const struct transport *transport;
    const char *url;
    unsigned patience_ms; /* for one answer */
};
struct source source_of_peer(struct source_peer *peer);

/* A data directory of a participant, as it stands: a copy on a disk, a backup. */
struct disk;
struct source source_of_disk(struct disk *disk, const char *name);
