#pragma once

/*
 * Following a log: from a source that may lie, to a journal that holds only what is proven.
 *
 * First the hashes: the right edge of the tree that the checkpoint names must have its root
 * and our own tree as its beginning (sync/pull_tree.h). Then the bundles, each of which must
 * have the hash that is now proven for it; so nothing is written that the log's key did not
 * sign, in whatever length, and memory stays flat. Parts that the records name, of any tier,
 * are fetched before their entries are applied; one that the source does not give is owed, as
 * anywhere (doc/format.md §4.2).
 */

#include "journal/follow.h"
#include "sync/source.h"

/* What proves, beside both checkpoints, that the larger does not extend the smaller: the root of
 * its first entries, as many as the smaller has, and the path from there to its root. */
struct pull_split {
    bool known;
    struct hash root;
    struct merkle_proof path;
};

struct pull_result {
    uint64_t entries; /* that came */
    uint64_t parts;   /* that came */
    uint64_t owed;    /* named by the entries looked at, and not here now */
    struct pull_split split;
};

/* Extends the journal to the checkpoint of `note`; of the note's lines only the log's is kept.
 * On false the log here is as it was; of the parts some may have come.
 * ERR_CONFLICT: the log's key signed it, and it does not extend what is here: somebody shows two
 * logs (the caller keeps both notes). Then *out holds the split, if the source gave what it takes;
 * after any other fault it is as it was. ERR_MALFORMED, ERR_LIMIT: what the source gave is not what
 * the key signed; ERR_IO, ERR_MISSING, ERR_REFUSED: it did not give it. A checkpoint that is
 * part of what is here already is ERR_USAGE; one that the log's key did not sign as follow_begin
 * says. */
MUST_CHECK bool pull_log(struct pull_result *out, struct journal *journal,
                         const struct source *source, struct span note, struct err *err);

/* Parts that applied entries name and that are not here, from entry `from` on, as many as one
 * call may fetch; *out_next is where to go on another time, the log's size when all have been
 * looked at. The journal's view is not told of them: it sees them when it is made anew. */
MUST_CHECK bool pull_parts(struct pull_result *out, uint64_t *out_next, struct journal *journal,
                           const struct source *source, uint64_t from, struct err *err);
