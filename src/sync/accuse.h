#pragma once

/*
 * Making proofs of misbehaviour (sync/misbehaviour.h) out of what somebody signed and a log
 * that is at hand. Nothing is given out that the verifier does not take for proven.
 */

#include "journal/log_reader.h"
#include "sync/misbehaviour.h"
#include "sync/pull.h"

struct accuser {
    struct log_reader *log; /* to the size of its own checkpoint, whose note this is: */
    struct span note;
    struct log_reader *other; /* another log, to prove a split by; or NULL */
    /* Of a larger checkpoint whose log is not at hand what leads from the smaller to it; or NULL.
     */
    const struct pull_split *split;
};

/* `a` and `b` are what the kind's `needs` says; an empty `b` is found in the log where it may
 * be left out. ERR_REFUSED: there is nothing to prove, *err says why. ERR_USAGE: no such
 * kind. ERR_MISSING: the log here is not the one it takes. */
MUST_CHECK bool accuse(struct span *out, struct proven *out_proven, const struct accuser *accuser,
                       const char *kind, struct span a, struct span b, struct arena *arena,
                       struct err *err);

/* What each kind is made of, for help; NULL past the last. */
struct accusation {
    const char *kind;
    const char *needs; /* "CHECKPOINT [CHECKPOINT]" */
    size_t least, most;
};
const struct accusation *accusation_at(size_t index);
