#pragma once

/* What the log answers with, signed: statements of doc/format.md §6. */

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
