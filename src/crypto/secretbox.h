#pragma once

/*
 * A secret shut away under a passphrase: Argon2id (RFC 9106) makes a key of the
 * passphrase, XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha) seals with it. Both are
 * libsodium's. sign_start first.
 */

#include "base/span.h"

#define SECRETBOX_SALT_BYTES 16u
#define SECRETBOX_KEY_BYTES 32u
#define SECRETBOX_NONCE_BYTES 24u
#define SECRETBOX_TAG_BYTES 16u /* what is sealed is longer by this */

struct secretbox_key { /* sign_wipe it */
    uint8_t bytes[SECRETBOX_KEY_BYTES];
};

/* What Argon2id costs, whoever guesses: passes over so much memory, on one lane. */
struct secretbox_cost {
    uint32_t passes;
    uint32_t memory_kib; /* from 8 */
};

/* False when this machine does not have the memory. */
MUST_CHECK bool secretbox_key_of(struct secretbox_key *out, struct span passphrase,
                                 const uint8_t salt[SECRETBOX_SALT_BYTES],
                                 struct secretbox_cost cost);

/* scrypt (RFC 7914) with r = 8, p = 1 and N = 2^log2_n, which takes 2^(log2_n + 10) bytes: for what
 * others made with it. False when this machine does not have the memory. */
MUST_CHECK bool secretbox_scrypt(struct secretbox_key *out, struct span passphrase,
                                 struct span salt, unsigned log2_n);

/* A nonce is used once under one key. `about` is not hidden, and cannot be changed either.
 * `out` has room for text.len + SECRETBOX_TAG_BYTES. */
void secretbox_seal(uint8_t *out, struct span text, struct span about,
                    const uint8_t nonce[SECRETBOX_NONCE_BYTES], const struct secretbox_key *key);
/* False when the key is another, or a bit was changed; *out is of no use then. It has room for
 * sealed.len - SECRETBOX_TAG_BYTES. */
MUST_CHECK bool secretbox_open(uint8_t *out, struct span sealed, struct span about,
                               const uint8_t nonce[SECRETBOX_NONCE_BYTES],
                               const struct secretbox_key *key);
