#pragma once

/*
 * The right edge of the tiles: on each level the hashes that do not fill a tile yet. The
 * log grows by pushing leaves; what becomes full, and at the end what is partial, goes to
 * a sink, which writes it (publish) or compares it with what was written (tile_check).
 */

#include "ledger/merkle.h"
#include "ledger/tile.h"
#include "sys/disk.h"

#define EDGE_LEVELS 7u /* 256^7 is beyond LIMIT_TREE_SIZE */

struct edge {
    uint64_t size;
    struct hash hash[EDGE_LEVELS][TILE_WIDTH]; /* of level L the first (size >> 8 L) % 256 */
};

/* A tile of hashes, tile.width of them. */
typedef bool edge_sink(void *context, struct tile tile, const struct hash *hash, struct err *err);

/* The edge of the published log of this size. */
MUST_CHECK bool edge_load(struct edge *out, struct disk *disk, uint64_t size, struct err *err);
/* Full tiles go to the sink. After a fault the edge is of no more use. */
MUST_CHECK bool edge_push(struct edge *edge, struct hash leaf, edge_sink *sink, void *context,
                          struct err *err);
/* The partial tiles of this size, from the leaves up. */
MUST_CHECK bool edge_flush(const struct edge *edge, edge_sink *sink, void *context,
                           struct err *err);
/* Back to the start of the tile of leaves that is not full. */
void edge_align(struct edge *edge);
/* Of a full tile. */
struct hash edge_tile_root(const struct hash hash[TILE_WIDTH]);
struct hash edge_root(const struct edge *edge);
