#pragma once

/*
 * Proofs of misbehaviour (doc/format.md §11): a small file which shows that a key signed what
 * nobody may, to a stranger who has nothing but it and the id of entry 0. Whether it does is a
 * pure function of its bytes: no clock, no log, no look-up.
 *
 * A proof says what a key did. Whose key it is, entry 0 says, or who admitted it; whether its
 * owner had lost it by then is for the log to say.
 */

#include "codec/json.h"
#include "crypto/hash.h"

#define MISBEHAVIOUR_ADMISSIONS 32u

/* What is in the file. Each kind has evidence of its own: the table in misbehaviour.c. */
struct misbehaviour {
    struct span kind;       /* "split" */
    struct span entry;      /* entry 0, the note */
    struct json admissions; /* notes, each by a key that is known before it */
    struct json pieces;     /* of agreement.toml, where an author admits; else none */
    struct json evidence;   /* an object */
};

/* ERR_MALFORMED, ERR_LIMIT: not of the form. Points into `bytes` and the arena. */
MUST_CHECK bool misbehaviour_parse(struct misbehaviour *out, struct span bytes, struct arena *arena,
                                   struct err *err);
struct span misbehaviour_encode(const struct misbehaviour *misbehaviour, struct arena *arena);

struct accused {
    const char *key; /* its name */
    struct span job;
    struct span org;       /* empty: the operator */
    struct span by;        /* who admitted it; empty: entry 0 */
    struct span admission; /* that record, its note */
};

/* What a file proves. */
struct proven {
    char agreement[104];
    struct span kind;
    struct accused *accused;
    size_t count;
    struct span sentence; /* what they did, in plain words */
    struct span unless;   /* what only the log can rule out; empty: nothing */
};

/* `agreement_id` is the id of entry 0. ERR_MALFORMED and ERR_LIMIT as above, ERR_REFUSED: it is
 * of the form and proves nothing, *err says why. */
MUST_CHECK bool misbehaviour_verify(struct proven *out, struct span bytes, const char *agreement_id,
                                    struct arena *arena, struct err *err);

/* The kinds, for help and manuals; NULL past the last. */
struct misbehaviour_kind {
    const char *word;
    const char *about;
};
const struct misbehaviour_kind *misbehaviour_kind_at(size_t index);
