#pragma once

/*
 * The tree of a log that another shows, proven hash by hash from the root that the log's key
 * signed. Its right edge is fetched first, a tile a level and the last entries, and must have
 * that root, and have our own tree as its beginning; then any hash is proven by the tile above
 * it. So what a source makes up is found before anything is done with it, and of the tree no
 * more than one tile a level is held.
 */

#include "journal/edge.h"
#include "ledger/checkpoint.h"
#include "sync/source.h"

struct pull_tree;

/* `own` is the edge of the log held here, smaller than the target; both are copied.
 * ERR_MALFORMED: what the source gave has not the root. Other faults: it gave nothing. */
MUST_CHECK bool pull_tree_open(struct pull_tree **out, const struct source *source,
                               const struct edge *own, const struct checkpoint *target,
                               struct err *err);
void pull_tree_close(struct pull_tree *tree); /* NULL is fine */

/* ERR_CONFLICT: the log's key signed a tree that does not extend ours. */
MUST_CHECK bool pull_tree_extends(struct pull_tree *tree, struct err *err);
/* What shows it to others (doc/format.md §11.4): the root of the target's first entries, as many as
 * are here, and the path from there to its root. */
MUST_CHECK bool pull_tree_prove(struct pull_tree *tree, struct hash *out_root,
                                struct merkle_proof *out_path, struct err *err);

/* The entries of a full bundle, proven, in the arena; `index` not below that of our own last.
 * ERR_CONFLICT when they do not begin with those of our own. */
MUST_CHECK bool pull_tree_bundle(struct pull_tree *tree, uint64_t index,
                                 struct span entry[TILE_WIDTH], struct arena *arena,
                                 struct err *err);
/* Those behind the last full bundle, as many as the size says; the tree's own. */
const struct span *pull_tree_last(const struct pull_tree *tree);
