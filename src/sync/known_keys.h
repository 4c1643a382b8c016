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
#include "record/record.h"

/* In entry 0: roots, nodes and witnesses, 64 of each, the log's and the promise key; and as
 * many more as a proof may admit. */
#define KNOWN_ADMISSIONS_MOST 32u
#define KNOWN_KEYS_MOST (3u * 64u + 2u + KNOWN_ADMISSIONS_MOST)

struct known_key {
    struct note_key key;
    struct span job;       /* "witness" */
    struct span org;       /* empty: of the operator, as log and promise keys are */
    struct span by;        /* whose word it is known by; empty: entry 0 names it */
    struct span admission; /* that record, its note */
    bool admits;           /* its role may `admit`, and its scope allows it */
};

struct known_term {              /* of the log (format §7.5) */
    const struct known_key *log; /* its name is the origin */
    const struct known_key *promise;
    const struct known_key *operated; /* by this node key */
};

struct known_keys {
    struct anchor anchor;
    struct known_term term;    /* the first, as entry 0 has it */
    const struct json *pieces; /* as entry 0 lists them */
    const struct json *terms;  /* agreement.toml; NULL until known_keys_terms */
    struct known_key *at;
    size_t count;
};

/* What entry 0 names. ERR_MALFORMED where it cannot be an agreement's. */
MUST_CHECK bool known_keys_open(struct known_keys *out, struct span entry, struct arena *arena,
                                struct err *err);
/* All pieces of agreement.toml, in order, as entry 0 lists them: what roles may do. */
MUST_CHECK bool known_keys_terms(struct known_keys *keys, const struct span *piece, size_t count,
                                 struct arena *arena, struct err *err);
/* How many there are, and whether `content` is number n of them, from 1. */
size_t known_keys_pieces(const struct known_keys *keys);
bool known_keys_piece(const struct known_keys *keys, size_t n, struct span content);
/* One more, by a member.admit of a known key that may. ERR_REFUSED: it may not, or ERR_CONFLICT:
 * name or key is known already. Nothing has changed where it fails. */
MUST_CHECK bool known_keys_admit(struct known_keys *keys, struct span note, struct arena *arena,
                                 struct err *err);

/* The term of this origin; NULL: not known. */
const struct known_term *known_term_of(const struct known_keys *keys, struct span origin);
/* NULL: none of that name. */
const struct known_key *known_key_named(const struct known_keys *keys, struct span name);
/* NULL: none of that name, or it has another job. */
const struct known_key *known_key_of(const struct known_keys *keys, struct span name,
                                     const char *job);
