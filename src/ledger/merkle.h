#pragma once

/*
 * The Merkle tree of RFC 6962 §2, with SHA-256, and its proofs. It holds no
 * leaves: struct merkle is the frontier of a growing tree, and proofs are made
 * through a callback that gives the hash of a complete subtree.
 */

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "crypto/hash.h"

struct hash merkle_leaf(struct span entry);
struct hash merkle_node(const struct hash *left, const struct hash *right);
struct hash merkle_empty(void); /* the root of nothing */

struct merkle {
    uint64_t size;
    /* peak[i] is that of a complete subtree of 2^i leaves, if bit i of size is set. */
    struct hash peak[64];
};

void merkle_push(struct merkle *tree, struct hash leaf);
struct hash merkle_root(const struct merkle *tree);

/* MTH of the complete subtree of 2^level leaves number `index` at that level. */
typedef bool merkle_lookup(void *context, unsigned level, uint64_t index, struct hash *out,
                           struct err *err);

/* The frontier of the first `size` leaves. */
MUST_CHECK bool merkle_load(struct merkle *out, uint64_t size, merkle_lookup *lookup, void *context,
                            struct err *err);

struct merkle_proof {
    struct hash hash[LIMIT_PROOF_HASHES];
    size_t count;
};

/* index < size; first <= second. From 0 to anything the consistency proof is empty. */
MUST_CHECK bool merkle_prove_inclusion(struct merkle_proof *out, uint64_t index, uint64_t size,
                                       merkle_lookup *lookup, void *context, struct err *err);
MUST_CHECK bool merkle_prove_consistency(struct merkle_proof *out, uint64_t first, uint64_t second,
                                         merkle_lookup *lookup, void *context, struct err *err);
MUST_CHECK bool merkle_verify_inclusion(const struct merkle_proof *proof, uint64_t index,
                                        uint64_t size, struct hash leaf, struct hash root);
MUST_CHECK bool merkle_verify_consistency(const struct merkle_proof *proof, uint64_t first,
                                          uint64_t second, struct hash first_root,
                                          struct hash second_root);
