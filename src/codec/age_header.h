#pragma once

/*
 * The header of an age file: text, one stanza for each recipient that wraps the file's key, and
 * a MAC over all of it. For age.c; everybody else includes age.h.
 */

#include "codec/age.h"

#include "base/limits.h"
#include "crypto/seal.h"

#define AGE_FILE_KEY_BYTES 16u
#define AGE_WRAPPED_BYTES (AGE_FILE_KEY_BYTES + SEAL_TAG_BYTES)

struct age_file_key { /* sign_wipe it */
    uint8_t bytes[AGE_FILE_KEY_BYTES];
};

struct age_stanza { /* of X25519: the only kind that is read */
    struct seal_public share;
    uint8_t wrapped[AGE_WRAPPED_BYTES];
};

#define AGE_SALT_BYTES 16u

struct age_lock { /* of a passphrase: the stanza stands alone */
    uint8_t salt[AGE_SALT_BYTES];
    unsigned work; /* 2^work */
    uint8_t wrapped[AGE_WRAPPED_BYTES];
};

struct age_header {
    struct age_stanza stanza[LIMIT_AGE_STANZAS];
    size_t count;
    bool under_passphrase;  /* then count is 0 */
    struct span salt, work; /* of it, as they stand: what age_header_lock reads */
    uint8_t wrapped[AGE_WRAPPED_BYTES];
    size_t arguments, wrapped_len;
    struct span authenticated; /* up to and with "---" */
    struct seal_mac mac;
    size_t len; /* the payload begins there */
};

/* Of what the file begins with: all of it, or LIMIT_AGE_HEADER_BYTES. */
MUST_CHECK bool age_header_parse(struct age_header *out, struct span start, struct err *err);

/* What a header wraps for one of the identities, its MAC verified by it. */
MUST_CHECK bool age_header_open(struct age_file_key *out, const struct age_header *header,
                                const struct age_identity *as, size_t count, struct err *err);

/* Its lock, if it has one: ERR_REFUSED when it is sealed to keys. */
MUST_CHECK bool age_header_lock(struct age_lock *out, const struct age_header *header,
                                struct err *err);
MUST_CHECK bool age_header_open_under(struct age_file_key *out, const struct age_header *header,
                                      struct span passphrase, struct err *err);

/* A whole header that wraps the key under a passphrase, or for each of them. */
MUST_CHECK bool age_header_put_under(struct buf *buf, const struct age_file_key *key,
                                     struct span passphrase, const struct age_seed *seed,
                                     struct err *err);
MUST_CHECK bool age_header_put(struct buf *buf, const struct age_file_key *key,
                               const struct age_recipient *to, size_t count,
                               const struct age_seed *seed, struct err *err);
uint64_t age_header_bytes(size_t recipients);
