#pragma once

/*
 * Statements (doc/format.md §6): what a key signs that is no record. Their second line has
 * no space in it, so that nobody can take one for a record, nor for a checkpoint.
 */

#include "codec/json.h"
#include "ledger/note.h"

struct statement {
    struct note note;
    struct span agreement;
    struct span word;    /* "promise" */
    struct json members; /* exactly those of its word, each of its form */
};

/* Checks the form of §6.1, not the signature. */
MUST_CHECK bool statement_parse(struct statement *out, struct span bytes, struct arena *arena,
                                struct err *err);
/* Whether the one signature is that of this key. */
MUST_CHECK bool statement_verify(const struct statement *statement, const struct note_key *key);

/* The note, in the arena. The members are asserted to be those of the word. */
struct span statement_sign(struct span agreement, const char *word, const struct json *members,
                           const struct note_signer *signer, struct arena *arena);

/* Which key signs this word, for messages and manuals; NULL: there is no such word. */
const char *statement_signer(struct span word);
