#pragma once

/*
 * Whether tiles are what their entries make them: every entry is hashed, every hash of
 * every tile compared. publish runs it over what it has just written, before it signs;
 * audit over the whole log.
 */

#include "journal/edge.h"
#include "journal/log_reader.h"
#include "journal/progress.h"

struct tile_check {
    struct disk *disk;
    struct edge edge;        /* where it begins, the first tile of leaves not full; zero: all */
    uint64_t size;           /* where it ends */
    const struct hash *root; /* that the checkpoint says, or NULL: to tell apart whether an
                              * entry or the tile above it was changed */
    struct journal_progress progress;
    /* The answer, for which zeros are given: the first place where something is wrong. */
    char path[LOG_PATH]; /* empty: every tile is right, and edge is that of `size` */
    bool has_entry;
    uint64_t entry;
    struct err why;
};

/* A fault where the disk fails; that a tile is missing or wrong is the answer. */
MUST_CHECK bool tile_check(struct tile_check *check, struct err *err);
