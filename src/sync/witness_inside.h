#pragma once

/* A witness from inside: what its files share. Nobody else includes this. */

#include "sync/witness.h"

#include <pthread.h>

#define WITNESS_FILE "witness"
/* Terms come one at a time, with a quorum's consent. */
#define FROZEN_MOST LIMIT_TERMS

struct frozen {
    char origin[104], next_origin[104];
    uint64_t size;
    struct span note; /* in the witness's arena */
};

struct cosigned {
    struct checkpoint checkpoint; /* the largest, of the latest term; no origin: nothing yet */
    uint64_t seconds;             /* the latest time of a cosignature */
};

struct witness {
    struct witness_options options;
    pthread_mutex_t lock; /* of what follows */
    struct cosigned last; /* as the file `witness` says */
    struct frozen frozen[FROZEN_MOST];
    size_t frozen_count;
    size_t evidence; /* notes that are kept */
    struct arena arena;
};

/* The number of the term whose origin this is (format §1.1); 0: of none of the agreement's. */
uint64_t witness_term(const struct witness *witness, const char *origin);

/* What stands between an origin and its next cosignature. */
struct witness_state {
    struct checkpoint last; /* cosigned of it; size 0, root of nothing, no origin: none yet */
    bool closed;            /* no term's, frozen here, or a later term has begun */
};
/* Whether the log held here is in that term. What the key of an earlier one signs beyond the
 * hand-over is no lie: its operator may not have heard. */
bool witness_is_present(struct witness *witness, const char *origin);
struct witness_state witness_state(struct witness *witness, const char *origin);
/* With the lock held: by what was cosigned and frozen alone. */
struct witness_state witness_state_locked(const struct witness *witness, const char *origin);

/* The root of the log held here; size 0 is always held. */
MUST_CHECK bool witness_root(struct witness *witness, uint64_t size, struct hash *out,
                             struct err *err);
/* The log held here has the checkpoint's root, and has what was cosigned last in it.
 * ERR_CONFLICT when not the former, ERR_REFUSED when not the latter. */
MUST_CHECK bool witness_check_held(struct witness *witness, const struct checkpoint *last,
                                   const struct checkpoint *checkpoint, struct err *err);

/* The one place where a cosignature is made: if the state is still what the caller has judged
 * by, remembers the checkpoint durably, and signs. */
enum witness_outcome {
    WITNESS_COSIGNED,
    WITNESS_MOVED,  /* another thread was faster: judge anew */
    WITNESS_CLOSED, /* with *err */
    WITNESS_FAULT,  /* with *err */
};
MUST_CHECK enum witness_outcome witness_settle(struct witness *witness,
                                               const struct witness_state *judged_by,
                                               const struct checkpoint *checkpoint,
                                               struct span *out_line, struct arena *arena,
                                               struct err *err);

/* Keeps a checkpoint that the log's key signed and that contradicts the log held here. */
void witness_keep_evidence(struct witness *witness, struct span note);

/* witness_freeze.c: the notes that this witness has signed. Removes what was never finished. */
MUST_CHECK bool witness_read_frozen(struct witness *witness, struct err *err);

/* witness_file.c: the file `witness` (doc/format.md §5.9). It is left alone when there is none. */
MUST_CHECK bool witness_file_read(struct cosigned *out, struct disk *disk, struct err *err);
MUST_CHECK bool witness_file_write(struct disk *disk, const struct cosigned *cosigned,
                                   struct err *err);
/* The form of its bytes. */
MUST_CHECK bool witness_file_parse(struct cosigned *out, struct span bytes, struct err *err);
struct span witness_file_encode(const struct cosigned *cosigned, struct arena *arena);
