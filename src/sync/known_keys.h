#pragma once

/*
 * Whose key is whose, for a stranger who has the id of entry 0 and a few notes, and no log
 * (doc/format.md §11.2). Entry 0 names the first keys; a key of later is known by the word of
 * one that is known: the record that admits it. That word needs no place in a log, for it is
 * its signer's own; that it was never void, nor its signer revoked, only the log can say.
 *
 * Everything points into the notes given, which must outlive it, and into the arena.
 */

#include "journal/anchor.h"
#include "journal/log_keys.h"
#include "record/record.h"

struct known_key {
    struct note_key key;
    struct span job;                  /* "witness" */
    struct span org;                  /* empty: of the operator, as log and promise keys are */
    struct span by;                   /* whose word it is known by; empty: entry 0 names it */
    struct span admission;            /* that record, its note */
    bool admits;                      /* its role may `admit`, and its scope allows it */
    const struct known_key *replaces; /* whose place it has by a member.rotate; else NULL */
};

struct known_term {              /* of the log (format §7.5) */
    const struct known_key *log; /* its name is the origin */
    const struct known_key *promise;
    const struct known_key *operated; /* by this node key, or what has its place */
};

struct known_keys {
    struct anchor anchor;
    unsigned quorum;           /* of entry 0 */
    const struct json *pieces; /* as entry 0 lists them */
    const struct json *terms;  /* agreement.toml; NULL until known_keys_terms */
    struct known_key **at;     /* what each points to stays where it is */
    size_t count, room;
    struct known_term term[LIMIT_TERMS]; /* the first as entry 0 has it */
    size_t term_count;
    struct arena *arena;
};

/* What entry 0 names. ERR_MALFORMED where it cannot be an agreement's. */
MUST_CHECK bool known_keys_open(struct known_keys *out, struct span entry, struct arena *arena,
                                struct err *err);
/* All pieces of agreement.toml, in order, as entry 0 lists them: what roles may do. */
MUST_CHECK bool known_keys_terms(struct known_keys *keys, const struct span *piece, size_t count,
                                 struct err *err);
/* How many there are, and whether `content` is number n of them, from 1. */
size_t known_keys_pieces(const struct known_keys *keys);
bool known_keys_piece(const struct known_keys *keys, size_t n, struct span content);
/* More, by the word of those that are known: a member.admit of one that may, a member.rotate of
 * one's own, or the term.open of a quorum. ERR_REFUSED: they may not; ERR_CONFLICT: name or key is
 * known already. Nothing has changed where it fails. */
MUST_CHECK bool known_keys_admit(struct known_keys *keys, struct span note, struct err *err);

/* N of an origin of this agreement, AGREEMENT/term/N (format §1.1, §7.5). */
MUST_CHECK bool known_keys_term_number(const struct known_keys *keys, struct span origin,
                                       uint64_t *out);
/* The term of this origin; NULL: not known. */
const struct known_term *known_term_of(const struct known_keys *keys, struct span origin);
bool known_term_operates(const struct known_term *term, const struct known_key *key);
/* NULL: none of that name. */
const struct known_key *known_key_named(const struct known_keys *keys, struct span name);
/* NULL: none of that name, or it has another job. */
const struct known_key *known_key_of(const struct known_keys *keys, struct span name,
                                     const char *job);
/* Whether it is of a job that does: a root's, an author's or a node's. */
bool known_key_signs_records(const struct known_key *key);
