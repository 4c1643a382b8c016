#pragma once

/*
 * A participant as a witness: c2sp.org/tlog-witness (the status codes of its main branch) over
 * what its own journal holds. It cosigns a checkpoint only when it holds the log whole to that
 * size, extending what it cosigned before; and says nothing more by it (doc/format.md §5.4).
 *
 * `DIR/witness` holds the largest checkpoint it has cosigned, synced before a cosignature
 * leaves; `DIR/frozen` the freeze notes it has signed (format §6.4). Any thread may call.
 */

#include "journal/journal.h"

struct witness;

struct witness_options {
    struct disk *disk;
    const struct note_signer *signer; /* type 0x04 */
    struct clock clock;
    const char *agreement;
    /* Sees to it that the log is held to at least the checkpoint's size, whose log signature
     * was verified; ERR_CONFLICT when it does not extend what is held. May take its time. */
    bool (*hold)(void *context, const struct checkpoint *checkpoint, struct span note,
                 struct err *err);
    /* The root of the log held here at a size that `hold` has seen to. */
    bool (*root)(void *context, uint64_t size, struct hash *out, struct err *err);
    /* The log keys of the terms known now. */
    void (*keys)(void *context, struct log_keys *out);
    void *context;
};

/* ERR_MALFORMED, ERR_CONFLICT when DIR/witness is damaged or another's. */
MUST_CHECK bool witness_open(struct witness **out, const struct witness_options *options,
                             struct err *err);
void witness_close(struct witness *witness); /* NULL is fine */

/* No cosignature below this size from now on: a peer holds one of ours there that we have
 * forgotten, as after a restore from an old copy. */
void witness_set_floor(struct witness *witness, uint64_t size);
/* The largest checkpoint cosigned; size 0: none. */
struct checkpoint witness_last(struct witness *witness);

/* One signature line over this checkpoint, to be put behind the note. ERR_REFUSED when a
 * larger one was cosigned, or below the floor, or its origin was frozen. */
MUST_CHECK bool witness_cosign(struct witness *witness, const struct checkpoint *checkpoint,
                               struct span note, struct span *out_line, struct arena *arena,
                               struct err *err);

/* POST /add-checkpoint. */
struct witness_reply {
    int status;
    const char *type;
    struct span body; /* in the arena */
};
void witness_add_checkpoint(struct witness *witness, struct span body, struct witness_reply *out,
                            struct arena *arena);

/* Signs a freeze note (format §6.4) of this origin at the checkpoint, by the node key; from
 * then on the origin is not cosigned. The same again gives the same note. ERR_REFUSED when it
 * is below the largest cosigned, or another was signed for that next origin. */
struct freeze {
    const struct checkpoint *checkpoint;
    const char *next_origin, *next_log_key, *next_promise_key; /* keys as vkeys */
};
MUST_CHECK bool witness_freeze(struct witness *witness, const struct freeze *freeze,
                               const struct note_signer *node, struct span *out_note,
                               struct arena *arena, struct err *err);
