#pragma once

/*
 * The whole tree, staged entries among it: the root at any size. What is published it
 * reads from the tiles, the rest it keeps, two hashes an entry. One thread.
 */

#include "ledger/merkle.h"
#include "sys/disk.h"

struct tree;

MUST_CHECK bool tree_open(struct tree **out, struct disk *disk, uint64_t published,
                          struct err *err);
void tree_close(struct tree *tree); /* NULL is fine */
uint64_t tree_size(const struct tree *tree);
uint64_t tree_published(const struct tree *tree);
MUST_CHECK bool tree_push(struct tree *tree, struct hash leaf, struct err *err);
/* The tiles have grown to `size` without it: where nothing is kept. */
void tree_grow(struct tree *tree, uint64_t size);
/* The log has grown: what it covers need not be kept. At most tree_size. */
void tree_publish(struct tree *tree, uint64_t published);
/* A merkle_lookup (context: the tree). */
bool tree_hash(void *tree, unsigned level, uint64_t index, struct hash *out, struct err *err);
/* As register_lookup wants it (context: the tree); size is at most tree_size. */
bool tree_root(void *tree, uint64_t size, struct hash *out, struct err *err);
