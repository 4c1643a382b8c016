#include "ledger/merkle.h"

struct hash merkle_leaf(struct span entry)
{
    const uint8_t prefix = 0x00;
    const struct span parts[] = {span_make(&prefix, 1), entry};

    return hash_of_parts(parts, ARRAY_LEN(parts));
}

struct hash merkle_node(const struct hash *left, const struct hash *right)
{
    uint8_t bytes[1 + 2 * HASH_BYTES] = {0x01};

    memcpy(bytes + 1, left->bytes, HASH_BYTES);
    memcpy(bytes + 1 + HASH_BYTES, right->bytes, HASH_BYTES);
    return hash_of(span_make(bytes, sizeof bytes));
}

struct hash merkle_empty(void)
{
    return hash_of((struct span){0});
}

void merkle_push(struct merkle *tree, struct hash leaf)
{
    unsigned level = 0;

    assert(tree->size < LIMIT_TREE_SIZE);
    for (; tree->size >> level & 1; level++)
        leaf = merkle_node(&tree->peak[level], &leaf);
    tree->peak[level] = leaf;
    tree->size++;
}

struct hash merkle_root(const struct merkle *tree)
{
    if (tree->size == 0)
        return merkle_empty();

    unsigned level = (unsigned)__builtin_ctzll(tree->size);
    struct hash root = tree->peak[level];
    for (level++; level < 64; level++)
        if (tree->size >> level & 1)
            root = merkle_node(&tree->peak[level], &root);
    return root;
}

struct source { /* of the hashes of complete subtrees */
    merkle_lookup *lookup;
    void *context;
};

/* The frontier of the `count` leaves from `start` on. Wherever RFC 6962 splits a tree,
 * start is a multiple of a power of two that is not below count, so that their complete
 * subtrees are complete subtrees of the whole tree as well. */
static bool load_range(struct merkle *out, uint64_t start, uint64_t count, struct source source,
                       struct err *err)
{
    struct merkle range = {.size = count};
    uint64_t end = start + count;

    assert(end <= LIMIT_TREE_SIZE);
    for (unsigned level = 0; level < 64; level++)
        if (count >> level & 1 &&
            !source.lookup(source.context, level, (end >> level) - 1, &range.peak[level], err))
            return false;
    *out = range;
    return true;
}

bool merkle_load(struct merkle *out, uint64_t size, merkle_lookup *lookup, void *context,
                 struct err *err)
{
    return load_range(out, 0, size, (struct source){lookup, context}, err);
}

static bool prove_range(struct merkle_proof *proof, uint64_t start, uint64_t count,
                        struct source source, struct err *err)
{
    struct merkle range;

    if (!load_range(&range, start, count, source, err))
        return false;
    assert(proof->count < ARRAY_LEN(proof->hash));
    proof->hash[proof->count++] = merkle_root(&range);
    return true;
}

/* RFC 6962 §2.1: the largest power of two below count, which is at least 2. */
static uint64_t split(uint64_t count)
{
    return UINT64_C(1) << (63 - __builtin_clzll(count - 1));
}

/* Both proofs are collected on the way from the root down and told from below up. */
static void turn_round(struct merkle_proof *proof)
{
    for (size_t i = 0; i < proof->count / 2; i++) {
        struct hash *low = &proof->hash[i], *high = &proof->hash[proof->count - 1 - i];
        struct hash kept = *low;
        *low = *high;
        *high = kept;
    }
}

/* RFC 6962 §2.1.1, PATH(m, D[n]). */
bool merkle_prove_inclusion(struct merkle_proof *out, uint64_t index, uint64_t size,
                            merkle_lookup *lookup, void *context, struct err *err)
{
    const struct source source = {lookup, context};
    struct merkle_proof proof = {0};
    uint64_t start = 0, count = size;
    bool ok = true;

    assert(index < size);
    while (ok && count > 1) {
        uint64_t left = split(count);
        if (index - start < left) {
            ok = prove_range(&proof, start + left, count - left, source, err);
            count = left;
        } else {
            ok = prove_range(&proof, start, left, source, err);
            start += left;
            count -= left;
        }
    }
    if (!ok)
        return err_wrap(err, "prove entry %" PRIu64 " of %" PRIu64, index, size);
    turn_round(&proof);
    *out = proof;
    return true;
}

/* RFC 6962 §2.1.2, PROOF(m, D[n]). While start is 0 the verifier knows the older tree's
 * part, for it is all of the older tree; later it must be told. */
bool merkle_prove_consistency(struct merkle_proof *out, uint64_t first, uint64_t second,
                              merkle_lookup *lookup, void *context, struct err *err)
{
    const struct source source = {lookup, context};
    struct merkle_proof proof = {0};
    uint64_t start = 0, count = second;
    bool ok = true;

    assert(first <= second);
    if (first == 0)
        count = 0; /* nothing to be consistent with */
    while (ok && first - start < count) {
        uint64_t left = split(count);
        if (first - start <= left) {
            ok = prove_range(&proof, start + left, count - left, source, err);
            count = left;
        } else {
            ok = prove_range(&proof, start, left, source, err);
            start += left;
            count -= left;
        }
    }
    if (ok && start != 0)
        ok = prove_range(&proof, start, count, source, err);
    if (!ok)
        return err_wrap(err, "prove that %" PRIu64 " entries begin %" PRIu64, first, second);
    turn_round(&proof);
    *out = proof;
    return true;
}

/* RFC 9162 §2.1.3.2. */
bool merkle_verify_inclusion(const struct merkle_proof *proof, uint64_t index, uint64_t size,
                             struct hash leaf, struct hash root)
{
    if (index >= size)
        return false;

    uint64_t node = index, last = size - 1; /* of the level that `hash` is on */
    struct hash hash = leaf;
    for (size_t i = 0; i < proof->count; i++) {
        if (last == 0)
            return false; /* longer than the tree is high */
        if (node & 1 || node == last) {
            hash = merkle_node(&proof->hash[i], &hash);
            while (!(node & 1) && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = merkle_node(&hash, &proof->hash[i]);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && hash_equal(hash, root);
}

/* RFC 9162 §2.1.4.2, for 0 < first < second. */
static bool verify_growth(const struct merkle_proof *proof, uint64_t first, uint64_t second,
                          struct hash first_root, struct hash second_root)
{
    uint64_t node = first - 1, last = second - 1;
    bool known = (first & (first - 1)) == 0; /* a complete subtree: its root starts the proof */
    size_t i = known ? 0 : 1;

    if (proof->count < i)
        return false;
    struct hash older = known ? first_root : proof->hash[0];
    struct hash newer = older;
    for (; node & 1; node >>= 1)
        last >>= 1;
    for (; i < proof->count; i++) {
        if (last == 0)
            return false;
        if (node & 1 || node == last) {
            older = merkle_node(&proof->hash[i], &older);
            newer = merkle_node(&proof->hash[i], &newer);
            while (!(node & 1) && node != 0) {
                node >>= 1;
                last >>= 1;
            }
        } else {
            newer = merkle_node(&newer, &proof->hash[i]);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && hash_equal(older, first_root) && hash_equal(newer, second_root);
}

bool merkle_verify_consistency(const struct merkle_proof *proof, uint64_t first, uint64_t second,
                               struct hash first_root, struct hash second_root)
{
    if (first > second)
        return false;
    if (first == 0)
        return proof->count == 0 && hash_equal(first_root, merkle_empty()) &&
               (second > 0 || hash_equal(second_root, first_root));
    if (first == second)
        return proof->count == 0 && hash_equal(first_root, second_root);
    return verify_growth(proof, first, second, first_root, second_root);
}
