#pragma once

/*
 * A record: what somebody says, signed (doc/format.md §3). This is its envelope; what
 * each kind says is in record/kind.h. A parsed record points into the bytes it was
 * parsed from and into the arena.
 */

#include "codec/json.h"
#include "ledger/note.h"

struct record {
    struct span bytes; /* the whole signed note: what is logged */
    struct note note;
    struct span agreement; /* the first line */
    struct span kind;      /* "incident.report" */
    uint64_t version;
    struct json object; /* the third line */
    /* The members of the object: */
    const struct json *body;
    struct span by;
    uint64_t seq;
    struct span prev; /* an id, or empty for entry 0 */
    uint64_t seen_size;
    struct hash seen_root;
    int64_t said_at_ms;
    struct hash id; /* SHA-256 of the text */
    char id_text[65];
};

/* Checks the form of §3.1, §3.2 and §3.5, not the signature. */
MUST_CHECK bool record_parse(struct record *out, struct span bytes, struct arena *arena,
                             struct err *err);
/* A text that nobody has signed yet: `bytes` stays empty, and `note` has no line. */
MUST_CHECK bool record_parse_text(struct record *out, struct span text, struct arena *arena,
                                  struct err *err);
/* Whether the one signature is that of this key. */
MUST_CHECK bool record_verify(const struct record *record, const struct note_key *key);

struct record_draft {
    struct span agreement;
    const char *kind;
    uint64_t version;
    struct span by; /* the signer's name unless another program signs */
    uint64_t seq;
    struct span prev;
    uint64_t seen_size;
    struct hash seen_root;
    int64_t said_at_ms;
    struct json body;
};

/* The text that is to be signed, in the arena. ERR_LIMIT when the note would be too large. */
MUST_CHECK bool record_text(struct span *out, const struct record_draft *draft, struct arena *arena,
                            struct err *err);
MUST_CHECK bool record_sign(struct span *out, const struct record_draft *draft,
                            const struct note_signer *signer, struct arena *arena, struct err *err);
