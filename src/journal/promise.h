#pragma once

/* What the log answers with, signed: statements of doc/format.md §6. */

#include "base/err.h"
#include "crypto/hash.h"
#include "ledger/note.h"

struct promise {
    const char *agreement;
    const char *origin;
    const char *id; /* of the record */
    uint64_t index;
    struct hash leaf;
    int64_t at_ms;
};
/* The note, in the arena. */
struct span promise_sign(const struct promise *promise, const struct note_signer *signer,
                         struct arena *arena);
/* What a note promises, by its form: whose signature it is, promise_verify says. */
MUST_CHECK bool promise_parse(struct promise *out, struct span note, struct arena *arena,
                              struct err *err);
/* Whether the note is this key's promise of just that. When it was given is not asked. */
MUST_CHECK bool promise_verify(struct span note, const struct note_key *key,
                               const struct promise *promise);

struct refusal {
    const char *agreement;
    const char *origin;
    struct span offered;
    const char *reason;
    uint64_t size; /* of the log it was judged at */
    int64_t at_ms;
};
struct span refusal_sign(const struct refusal *refusal, const struct note_signer *signer,
                         struct arena *arena);
/* As for a promise; `offered` are the bytes that it is about. ERR_CONFLICT when it is about
 * others. */
MUST_CHECK bool refusal_parse(struct refusal *out, struct span note, struct span offered,
                              struct arena *arena, struct err *err);
/* Neither when it was given is asked, nor at which size. */
MUST_CHECK bool refusal_verify(struct span note, const struct note_key *key,
                               const struct refusal *refusal);
