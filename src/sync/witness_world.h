#pragma once

/*
 * For tests and fuzzers only: a log in memory that can lie, and what a witness asks of the
 * journal beside it. Entry n is the text of its number; in a log that lies from some entry on,
 * another text from there on.
 */

#include <stdio.h>
#include <stdlib.h>

#include "ledger/cosignature.h"
#include "ledger/proof.h"
#include "sync/witness.h"
#include "sys/disk_sim.h"

#define WITNESS_WORLD_NAME "north-south"
#define WITNESS_WORLD_TERMS 3u
#define WITNESS_WORLD_TRUE UINT64_MAX

struct witness_world {
    struct note_signer log[WITNESS_WORLD_TERMS]; /* of term 1 and on */
    struct note_signer stranger; /* a key of the first one's name that is not the log's */
    struct note_signer promise, node, witness;
    unsigned terms; /* that are known */
    int64_t now_ms;
    uint64_t held, reachable; /* entries that are here, and that hold can get */
    uint64_t lies_from;       /* the log held here */
    uint64_t holds;           /* calls of it */
    /* Called within hold and root, as another thread might come between. May be NULL. */
    void (*meanwhile)(void *context);
    void *meanwhile_context;
};

static inline void witness_world_key(struct note_signer *out, const char *name, uint8_t type,
                                     uint8_t seed)
{
    uint8_t bytes[SIGN_SEED_BYTES] = {seed};

    note_signer_make(out, span_of(name), type, bytes);
}

static inline struct witness_world witness_world_make(void)
{
    struct witness_world w = {.terms = 1,
                              .now_ms = INT64_C(1790000000500),
                              .held = 100,
                              .reachable = 100,
                              .lies_from = WITNESS_WORLD_TRUE};

    if (!sign_start())
        abort();
    for (unsigned i = 0; i < WITNESS_WORLD_TERMS; i++) {
        char name[64];
        snprintf(name, sizeof name, WITNESS_WORLD_NAME "/term/%u", i + 1);
        witness_world_key(&w.log[i], name, NOTE_TYPE_ED25519, (uint8_t)(1 + i));
    }
    witness_world_key(&w.stranger, w.log[0].name, NOTE_TYPE_ED25519, 20);
    witness_world_key(&w.promise, "south/promise", NOTE_TYPE_ED25519, 21);
    witness_world_key(&w.node, "north/node", NOTE_TYPE_ED25519, 22);
    witness_world_key(&w.witness, "north/witness", NOTE_TYPE_COSIGNATURE, 23);
    return w;
}

/* The log. */

static inline struct hash witness_world_leaf(uint64_t index, uint64_t lies_from)
{
    char text[48];
    int len = snprintf(text, sizeof text, "%" PRIu64 "%s", index, index >= lies_from ? "'" : "");

    return merkle_leaf(span_make(text, (size_t)len));
}

/* A merkle_lookup; the context is a uint64_t, from where on it lies. */
static inline bool witness_world_hash(void *context, unsigned level, uint64_t index,
                                      struct hash *out, struct err *err)
{
    struct merkle tree = {0};

    (void)err;
    for (uint64_t i = index << level; i < (index + 1) << level; i++)
        merkle_push(&tree, witness_world_leaf(i, *(uint64_t *)context));
    *out = merkle_root(&tree);
    return true;
}

static inline struct checkpoint witness_world_checkpoint(const struct witness_world *w,
                                                         unsigned term, uint64_t size,
                                                         uint64_t lies_from)
{
    struct checkpoint checkpoint = {.size = size};
    struct merkle tree = {0};

    for (uint64_t i = 0; i < size; i++)
        merkle_push(&tree, witness_world_leaf(i, lies_from));
    checkpoint.root = merkle_root(&tree);
    memcpy(checkpoint.origin, w->log[term - 1].name, sizeof checkpoint.origin);
    return checkpoint;
}

static inline struct span witness_world_text(const struct checkpoint *checkpoint,
                                             struct arena *arena)
{
    struct buf text = buf_in(arena, LIMIT_CHECKPOINT_BYTES);

    checkpoint_put(&text, checkpoint);
    return buf_span(&text);
}

static inline struct span witness_world_note(const struct checkpoint *checkpoint,
                                             const struct note_signer *log, struct arena *arena)
{
    return note_sign(witness_world_text(checkpoint, arena), log, arena);
}

static inline struct span witness_world_body(uint64_t old, uint64_t size, uint64_t lies_from,
                                             struct span note, struct arena *arena)
{
    struct buf body = buf_in(arena, LIMIT_CHECKPOINT_BYTES + 10000);
    struct merkle_proof proof = {0};
    struct err err;

    if (old <= size &&
        !merkle_prove_consistency(&proof, old, size, witness_world_hash, &lies_from, &err))
        abort();
    buf_printf(&body, "old %" PRIu64 "\n", old);
    proof_put_hashes(&body, &proof);
    buf_put(&body, note);
    return buf_span(&body);
}

/* What a witness asks. */

static inline int64_t witness_world_now(void *context)
{
    return ((struct witness_world *)context)->now_ms;
}

static inline void witness_world_meanwhile(struct witness_world *w)
{
    void (*meanwhile)(void *context) = w->meanwhile;

    w->meanwhile = NULL;
    if (meanwhile)
        meanwhile(w->meanwhile_context);
}

static inline bool witness_world_root(void *context, uint64_t size, struct hash *out,
                                      struct err *err)
{
    struct witness_world *w = context;

    witness_world_meanwhile(w);
    if (size > w->held)
        return err_set(err, ERR_MISSING, "only %" PRIu64 " entries are here", w->held);
    *out = witness_world_checkpoint(w, 1, size, w->lies_from).root;
    return true;
}

static inline bool witness_world_hold(void *context, const struct checkpoint *checkpoint,
                                      struct span note, struct err *err)
{
    struct witness_world *w = context;

    (void)note;
    w->holds++;
    if (checkpoint->size > w->reachable)
        return err_set(err, ERR_MISSING, "nobody gives entry %" PRIu64, w->reachable);
    if (checkpoint->size <= w->held)
        return true;
    if (!hash_equal(witness_world_checkpoint(w, 1, checkpoint->size, w->lies_from).root,
                    checkpoint->root))
        return err_set(err, ERR_CONFLICT, "it does not extend what is here");
    w->held = checkpoint->size;
    return true;
}

static inline void witness_world_keys(void *context, struct log_keys *out)
{
    const struct witness_world *w = context;

    for (out->count = 0; out->count < w->terms; out->count++)
        out->at[out->count] = note_signer_key(&w->log[out->count]);
}

static inline struct witness_options witness_world_options(struct witness_world *w,
                                                           struct disk *disk)
{
    return (struct witness_options){.disk = disk,
                                    .signer = &w->witness,
                                    .clock = {witness_world_now, w},
                                    .agreement = WITNESS_WORLD_NAME,
                                    .hold = witness_world_hold,
                                    .root = witness_world_root,
                                    .keys = witness_world_keys,
                                    .context = w};
}
