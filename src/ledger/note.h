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

struct note_key {   /* a name bound to a public key */
    char name[104]; /* NUL-terminated; at most LIMIT_NAME_BYTES */
    uint8_t type;
    struct sign_key key;
};

struct note_signer { /* wipe .secret when done: sign_secret_wipe */
    char name[104];
    uint8_t type; /* a key has one job: what may be signed with it follows from its type */
    struct sign_secret secret;
};

/* §1.1: whether `name` may be a key name, an origin or an agreement's name. */
MUST_CHECK bool note_name_valid(struct span name);
uint32_t note_key_id(struct span name, uint8_t type, const struct sign_key *key);

/* Any note of the C2SP form; at most LIMIT_NOTE_SIGNATURES lines, under any names. */
MUST_CHECK bool note_parse(struct note *out, struct span bytes, struct arena *arena,
                           struct err *err);
/* Whether `line` is this Ed25519 key's signature of the note's text. */
MUST_CHECK bool note_line_verify(const struct note *note, const struct note_line *line,
                                 const struct note_key *key);
/* The first line whose name and key id are the key's, or NULL. */
const struct note_line *note_find(const struct note *note, const struct note_key *key);

/* The note of `text` with one signature line, in the arena. The text is UTF-8 with a
 * newline at its end and no other control character; the signer is of type Ed25519. */
struct span note_sign(struct span text, const struct note_signer *signer, struct arena *arena);
/* Appends one signature line. */
void note_put_line(struct buf *buf, struct span name, uint32_t key_id, struct span signature);

/* Of either type; the key must be one that may be admitted (sign_key_valid). */
MUST_CHECK bool note_key_parse(struct note_key *out, struct span vkey, struct err *err);
/* Of a vkey that was admitted, as the register keeps it: whether it may be is not asked once
 * more, for that takes half as long as to verify a signature. */
MUST_CHECK bool note_key_parse_again(struct note_key *out, struct span vkey, struct err *err);
void note_key_put(struct buf *buf, const struct note_key *key);
bool note_key_equal(const struct note_key *a, const struct note_key *b);
char *note_key_text(const struct note_key *key, struct arena *arena);

/* `name` must be valid. */
void note_signer_make(struct note_signer *out, struct span name, uint8_t type,
                      const uint8_t seed[SIGN_SEED_BYTES]);
/* "PRIVATE+KEY+…", without a newline. */
MUST_CHECK bool note_signer_parse(struct note_signer *out, struct span text, struct err *err);
char *note_signer_text(const struct note_signer *signer, struct arena *arena); /* sign_wipe it */
struct note_key note_signer_key(const struct note_signer *signer);

/* The base64 of exactly `len` bytes: how hashes and keys stand in notes. */
MUST_CHECK bool note_bytes_parse(uint8_t *out, size_t len, struct span base64);
