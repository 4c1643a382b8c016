#pragma once

/*
 * For tests only: one log told in two ways, alike up to an entry and then not; checkpoints of
 * either, and proofs.
 */

#include <stdio.h>

#include "journal/log_signer.h"

#define TOLD_ALIKE 5u /* entries */

/* A merkle_lookup (context: which telling, 0 or 1). */
static inline bool told_hash(void *context, unsigned level, uint64_t index, struct hash *out,
                             struct err *err)
{
    const unsigned *telling = context;
    struct hash left, right;
    char entry[48];

    if (level > 0) {
        bool ok = told_hash(context, level - 1, 2 * index, &left, err) &&
                  told_hash(context, level - 1, 2 * index + 1, &right, err);
        *out = merkle_node(&left, &right);
        return ok;
    }
    snprintf(entry, sizeof entry, "%u %" PRIu64, index < TOLD_ALIKE ? 0 : *telling, index);
    *out = merkle_leaf(span_of(entry));
    return true;
}

static inline struct checkpoint told_checkpoint(const char *origin, unsigned telling, uint64_t size)
{
    struct checkpoint out = {.size = size};
    struct merkle tree;
    struct err err = {0};
    bool ok = merkle_load(&tree, size, told_hash, &telling, &err);

    assert(ok);
    snprintf(out.origin, sizeof out.origin, "%s", origin);
    out.root = merkle_root(&tree);
    return out;
}

static inline struct merkle_proof told_proof(unsigned telling, uint64_t from, uint64_t to)
{
    struct merkle_proof out;
    struct err err = {0};
    bool ok = merkle_prove_consistency(&out, from, to, told_hash, &telling, &err);

    assert(ok);
    return out;
}
