#pragma once

/*
 * Ed25519 by the one strict rule of doc/format.md §1.2, which is libsodium's. A
 * secret key's bytes are wiped by sign_secret_wipe; whoever holds one calls it.
 */

#include "base/span.h"

#define SIGN_KEY_BYTES 32
#define SIGN_SIGNATURE_BYTES 64
#define SIGN_SEED_BYTES 32

struct sign_key { /* public */
    uint8_t bytes[SIGN_KEY_BYTES];
};

struct sign_signature {
    uint8_t bytes[SIGN_SIGNATURE_BYTES];
};

struct sign_secret {
    uint8_t seed[SIGN_SEED_BYTES];
    uint8_t expanded[64];
};

/* Call once before anything else in crypto/; false when the machine gives no entropy. */
MUST_CHECK bool sign_start(void);
void sign_secret_from_seed(struct sign_secret *out, const uint8_t seed[SIGN_SEED_BYTES]);
struct sign_key sign_public(const struct sign_secret *secret);
struct sign_signature sign_message(const struct sign_secret *secret, struct span message);
MUST_CHECK bool sign_verify(const struct sign_key *key, struct span message,
                            const struct sign_signature *signature);
/* Canonical, on the curve, of the prime-order group: what may be admitted as a key. */
MUST_CHECK bool sign_key_valid(const struct sign_key *key);
void sign_secret_wipe(struct sign_secret *secret);
/* For whatever else held a secret: the text of a key file. */
void sign_wipe(void *secret, size_t len);
