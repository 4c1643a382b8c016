#pragma once

/*
 * Following a log: from a source that may lie, to a journal that holds only what is proven.
 *
 * First the hashes: the tiles of level 1 and up between what is here and the checkpoint, and
 * the last bundle of entries, must have, on top of our own tree, the checkpoint's root. Then
 * the bundles, each of which must have the hash that is now proven for it; so nothing is
 * written that the log's key did not sign, in whatever length, and memory stays flat. Parts
 * that public records name are fetched before their entries are applied; one that the source
 * does not give is owed, as anywhere (doc/format.md §4.2).
 */

#include "journal/follow.h"
#include "sync/source.h"

struct pull_result {
    uint64_t entries; /* that came */
    uint64_t parts, owed;
};

/* Extends the journal to the checkpoint of `note`. ERR_CONFLICT: the log's key signed it, and
 * it does not extend what is here: somebody shows two logs (the caller keeps both notes).
 * ERR_MALFORMED: what the source gave does not have the root; ERR_IO, ERR_MISSING: it did not
 * give it. A checkpoint that is not larger than the present one is ERR_USAGE. */
MUST_CHECK bool pull_log(struct pull_result *out, struct journal *journal,
                         const struct source *source, struct span note, struct err *err);
/* Parts that applied records name and that are not here, from entry `from` on; *out_next is
 * where to go on another time. */
MUST_CHECK bool pull_parts(struct pull_result *out, uint64_t *out_next, struct journal *journal,
                           const struct source *source, uint64_t from, struct err *err);
