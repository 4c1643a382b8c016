#pragma once

/*
 * A participant as a witness: c2sp.org/tlog-witness (the status codes of its main branch) over
 * what its own journal holds. It cosigns a checkpoint only when it holds the log whole to that
 * size, extending what it cosigned before; and says nothing more by it (doc/format.md §5.4).
 *
 * Of one origin it never cosigns two checkpoints that contradict each other, nor a smaller one
 * after a larger, nor any at a time before the last one's, whatever crashes: the files of
 * doc/format.md §5.9 are durable before anything that rests on them leaves. Any thread may call.
 */

#include "journal/journal.h"

struct witness;

/* The callbacks are called from any thread, several at once, and may block: the witness holds
 * no lock then. */
struct witness_options {
    struct disk *disk;                /* the caller's, like the signer; both outlive the witness */
    const struct note_signer *signer; /* type 0x04 */
    struct clock clock;
    const char *agreement; /* its name; outlives the witness */
    /* Sees to it that the log is held to at least the checkpoint's size, whose log signature
     * was verified; ERR_CONFLICT when it does not extend what is held. May take its time. */
    bool (*hold)(void *context, const struct checkpoint *checkpoint, struct span note,
                 struct err *err);
    /* The root of the log held here at a size; false when it is not held so far. */
    bool (*root)(void *context, uint64_t size, struct hash *out, struct err *err);
    /* The log keys of the terms known now; the last is the present term's, alone cosigned. */
    void (*keys)(void *context, struct log_keys *out);
    void *context;
};

/* ERR_MALFORMED when a file of its own is damaged, ERR_CONFLICT when it is another agreement's. */
MUST_CHECK bool witness_open(struct witness **out, const struct witness_options *options,
                             struct err *err);
void witness_close(struct witness *witness); /* NULL is fine */

/* A checkpoint that somebody shows. If it bears a cosignature of ours that we have forgotten, as
 * after a restore from an old copy, it is remembered from now on, durably, as if given just now;
 * one without is passed over. To be called with those of all peers before the first cosignature.
 * ERR_CONFLICT when we remember another tree of that size. */
MUST_CHECK bool witness_recall(struct witness *witness, struct span note, struct err *err);
/* The largest checkpoint cosigned, of the latest term; without an origin: none. */
struct checkpoint witness_last(struct witness *witness);

/* One signature line over this checkpoint, whose log signature the caller has verified, to be
 * put behind the note. ERR_REFUSED when a larger one was cosigned, its term has ended or was
 * frozen here, or what was cosigned last is not in the log held here. ERR_CONFLICT when that log
 * has another root: then the note is kept as evidence. */
MUST_CHECK bool witness_cosign(struct witness *witness, const struct checkpoint *checkpoint,
                               struct span note, struct span *out_line, struct arena *arena,
                               struct err *err);

/* POST /add-checkpoint. */
struct witness_reply {
    int status;
    const char *type; /* constant */
    struct span body; /* in the arena */
};
void witness_add_checkpoint(struct witness *witness, struct span body, struct witness_reply *out,
                            struct arena *arena);

/* Signs a freeze note (format §6.4) of this origin at the checkpoint, by the node key; from
 * then on the origin is not cosigned. The same again gives the same note. ERR_REFUSED when it
 * is below the largest cosigned, or another was signed for that next origin; ERR_CONFLICT when
 * the log held here has another root at that size; ERR_USAGE when the origins are not a term
 * of this agreement and a later one, or the keys no keys for it. */
struct freeze {
    const struct checkpoint *checkpoint;
    const char *next_origin, *next_log_key, *next_promise_key; /* keys as vkeys */
};
MUST_CHECK bool witness_freeze(struct witness *witness, const struct freeze *freeze,
                               const struct note_signer *node, struct span *out_note,
                               struct arena *arena, struct err *err);
/* At which size it froze this origin, the largest of its notes; false when it has not. */
bool witness_frozen(struct witness *witness, const char *origin, uint64_t *out_size);
