#pragma once

/*
 * Tiles and entry bundles of c2sp.org/tlog-tiles: where they are and what is in
 * them. It touches no file; sys and journal move the bytes.
 */

#include "base/buf.h"
#include "base/err.h"
#include "crypto/hash.h"

#define TILE_WIDTH 256u
#define TILE_PATH 80u
#define TILE_ENTRIES 64u /* the "level" of entry bundles: hash tiles have 0 to 63 */

struct tile {
    unsigned level; /* 0 to 63, or TILE_ENTRIES */
    uint64_t index;
    unsigned width; /* 1 to 256; 256 is a full tile */
};

/* "tile/0/x001/x234/067.p/8", relative to the log's prefix. `out` holds TILE_PATH bytes. */
void tile_path(char *out, struct tile tile);
/* Only the one right spelling. */
MUST_CHECK bool tile_path_parse(struct tile *out, struct span path);

/* The tiles (entry bundles among them) that a log of `size` entries must have and
 * one of `old_size` had not, in an order in which each needs only those before it.
 * Give *state = {0} at first; false when there are no more. */
struct tile_walk {
    uint64_t old_size, size;
    unsigned level;
    uint64_t index;
    bool started;
};
bool tile_walk_next(struct tile_walk *walk, struct tile *out);

/* How many hashes tile (level, index) has in a log of `size`: 0 to 256. */
unsigned tile_width_at(unsigned level, uint64_t index, uint64_t size);

/* Bundles: each entry behind its big-endian uint16 length. */
void tile_bundle_put(struct buf *buf, struct span entry);
/* Takes the next entry off the front of *bundle. False, and nothing changed, at the end
 * (the bundle is empty) and where an entry is cut short (it is not). */
MUST_CHECK bool tile_bundle_next(struct span *bundle, struct span *out_entry);
