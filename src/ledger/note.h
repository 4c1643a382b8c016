#pragma once

/*
 * Signed notes (c2sp.org/signed-note): the one format of records, statements and
 * checkpoints. Key ids, vkeys and key files are doc/format.md §1.
 *
 * A parsed note points into the bytes it was parsed from.
 */

#include "base/buf.h"
#include "base/err.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

#define NOTE_TYPE_ED25519 0x01
#define NOTE_TYPE_COSIGNATURE 0x04

struct note_line { /* one signature line */
    struct span name;
    uint32_t key_id;
    struct span signature; /* what stands behind the key id, in the arena */
};

struct note {
    struct span text; /* with its last newline */
    struct note_line *line;
    size_t count;
};

struct note_key { /* a name bound to a public key */
    char name[104]; /* NUL-terminated; at most LIMIT_NAME_BYTES */
    uint8_t type;
    struct sign_key key;
};

struct note_signer {
    char name[104];
    struct sign_secret secret;
};

/* §1.1: whether `name` may be a key name, an origin or an agreement's name. */
MUST_CHECK bool note_name_valid(struct span name);
uint32_t note_key_id(struct span name, uint8_t type, const struct sign_key *key);

MUST_CHECK bool note_parse(struct note *out, struct span bytes, struct arena *arena,
                           struct err *err);
/* Whether `line` is this Ed25519 key's signature of the note's text. */
MUST_CHECK bool note_line_verify(const struct note *note, const struct note_line *line,
                                 const struct note_key *key);
/* The line whose name and key id are the key's, or NULL. */
const struct note_line *note_find(const struct note *note, const struct note_key *key);

/* The note of `text` (which ends in a newline) with one signature line, in the arena. */
struct span note_sign(struct span text, const struct note_signer *signer, struct arena *arena);
/* Appends one signature line. */
void note_put_line(struct buf *buf, struct span name, uint32_t key_id, struct span signature);

MUST_CHECK bool note_key_parse(struct note_key *out, struct span vkey, struct err *err);
void note_key_put(struct buf *buf, const struct note_key *key);
char *note_key_text(const struct note_key *key, struct arena *arena);
/* "PRIVATE+KEY+…", without a newline. Whoever parses one wipes it: sign_secret_wipe. */
MUST_CHECK bool note_signer_parse(struct note_signer *out, struct span text, struct err *err);
char *note_signer_text(const struct note_signer *signer, struct arena *arena);
struct note_key note_signer_key(const struct note_signer *signer);
