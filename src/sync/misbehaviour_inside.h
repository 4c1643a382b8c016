#pragma once

/*
 * One proof being weighed: what the kinds of misbehaviour share. Inside misbehaviour*.c only.
 *
 * A trial returns true when the evidence shows it: then it has accused somebody and said what
 * they did. Else ERR_REFUSED says why it shows nothing, or ERR_MALFORMED what is not of its form.
 */

#include "ledger/proof.h"
#include "ledger/statement.h"
#include "sync/known_keys.h"
#include "sync/misbehaviour.h"

struct trial {
    const struct known_keys *keys;
    const struct json *evidence; /* has the members of its kind, each of its form */
    struct proven *out;
    struct arena *arena;
};

typedef bool misbehaviour_trial(struct trial *t, struct err *err);
misbehaviour_trial misbehaviour_split, misbehaviour_clock, misbehaviour_promise,
    misbehaviour_promises, misbehaviour_fork, misbehaviour_refusal, misbehaviour_freeze,
    misbehaviour_freezes;

/* A member of the evidence that is a string; empty when there is none. */
struct span trial_text(const struct trial *t, const char *member);
/* One of a member that is two notes. */
struct span trial_note(const struct trial *t, const char *member, size_t n);
struct hash trial_hash(const struct trial *t, const char *member);

/* Each key once. */
void trial_accuse(struct trial *t, const struct known_key *key);
/* "the witness key NAME of ORGANISATION": for sentences. */
const char *trial_name(const struct trial *t, const struct known_key *key);
/* Those accused so far: "A", "A and B", "A, B and C". */
const char *trial_names(const struct trial *t);
/* What they did; the first letter is made a capital. */
void trial_say(struct trial *t, const char *sentence);

/* A statement of this agreement, of this word, by a known key of this job. */
struct testimony {
    struct statement statement;
    const struct known_key *by;
};
MUST_CHECK bool trial_testimony(const struct trial *t, struct testimony *out, struct span note,
                                const char *word, const char *job, struct err *err);
/* A member of a statement, whose form was checked. */
struct span testimony_text(const struct testimony *testimony, const char *member);
uint64_t testimony_number(const struct testimony *testimony, const char *member);
struct hash testimony_hash(const struct testimony *testimony, const char *member);

/* A checkpoint of this agreement, whoever signed it. */
struct tree_head {
    struct note note;
    struct checkpoint checkpoint;
};
MUST_CHECK bool trial_tree_head(const struct trial *t, struct tree_head *out, struct span note,
                                struct err *err);
/* Whether it bears the valid signature of this key: the log's own, or a cosignature, of which
 * *out_seconds is the time (else 0). */
bool tree_head_signed(const struct tree_head *head, const struct known_key *key,
                      uint64_t *out_seconds);
/* The term that the statement says it is of; ERR_REFUSED: not known. */
MUST_CHECK bool trial_term(const struct trial *t, const struct known_term **out,
                           const struct testimony *testimony, struct err *err);
/* A receipt of this leaf in the log of the term. */
MUST_CHECK bool trial_receipt(const struct trial *t, struct proof *out,
                              struct checkpoint *checkpoint, const struct known_term *term,
                              struct hash leaf, struct err *err);
