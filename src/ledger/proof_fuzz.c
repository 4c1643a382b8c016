/*
 * Receipts: one that is read is written as it was. The bytes are also taken for a receipt of the
 * log in the corpus, and what its hashes say is compared with a tree of that many leaves put
 * together by hand.
 */

#include "ledger/proof.h"

#define MOST_LEAVES 40u

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct note_signer log_signer;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const uint8_t seed[SIGN_SEED_BYTES] = {1};

    (void)argc, (void)argv;
    bool started = sign_start();
    assert(started);
    note_signer_make(&log_signer, SPAN_LIT("log/term/1"), NOTE_TYPE_ED25519, seed);
    return 0;
}

static void check_written(const struct proof *proof, struct span bytes, struct arena *arena)
{
    struct buf buf = buf_in(arena, bytes.len);

    proof_put(&buf, proof);
    assert(!buf.full && span_equal(buf_span(&buf), bytes));
}

static struct hash leaf_of(uint64_t index)
{
    return merkle_leaf(span_make(&index, sizeof index));
}

static bool lookup(void *context, unsigned level, uint64_t index, struct hash *out, struct err *err)
{
    struct merkle tree = {0};

    (void)context, (void)err;
    for (uint64_t i = index << level; i < (index + 1) << level; i++)
        merkle_push(&tree, leaf_of(i));
    *out = merkle_root(&tree);
    return true;
}

/* As many hashes as the receipt has, or more, or fewer: a claim about any entry of any
 * small tree holds with the right hashes and with no others. */
static void check_claim(const struct proof *proof)
{
    uint64_t index = proof->index % MOST_LEAVES;
    uint64_t size = index + 1 + proof->index / MOST_LEAVES % (MOST_LEAVES - index);
    struct merkle_proof right;
    struct merkle tree = {0};
    struct err err;

    bool ok = merkle_load(&tree, size, lookup, NULL, &err) &&
              merkle_prove_inclusion(&right, index, size, lookup, NULL, &err) &&
              merkle_verify_inclusion(&right, index, size, leaf_of(index), merkle_root(&tree));
    assert(ok);
    bool same = proof->inclusion.count == right.count &&
                memcmp(proof->inclusion.hash, right.hash, right.count * HASH_BYTES) == 0;
    assert(same == merkle_verify_inclusion(&proof->inclusion, index, size, leaf_of(index),
                                           merkle_root(&tree)));
}

static void check_verified(struct span bytes, struct arena *arena)
{
    const struct note_key key = note_signer_key(&log_signer);
    struct proof proof;
    struct checkpoint checkpoint;
    struct err err;

    for (uint64_t index = 0; index < 4; index++)
        if (proof_verify(&proof, &checkpoint, bytes, leaf_of(index), &key, arena, &err))
            assert(proof.index == index && checkpoint.size > index);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span bytes = span_make(data, size);
    struct arena arena = {0};
    struct proof proof;
    struct err err;

    if (proof_parse(&proof, bytes, &arena, &err)) {
        check_written(&proof, bytes, &arena);
        check_claim(&proof);
        check_verified(bytes, &arena);
    }
    arena_free(&arena);
    return 0;
}
