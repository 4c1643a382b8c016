#pragma once

/*
 * What sealing something to a reader's key rests on: X25519 (RFC 7748), HMAC-SHA-256
 * (RFC 2104), HKDF-SHA-256 (RFC 5869) and ChaCha20-Poly1305 with a nonce of 12 bytes
 * (RFC 8439). All are libsodium's; sign_start first, sign_wipe what is secret.
 */

#include "base/span.h"

#define SEAL_KEY_BYTES 32u
#define SEAL_NONCE_BYTES 12u
#define SEAL_TAG_BYTES 16u /* what is sealed is longer by this */

struct seal_secret { /* of X25519: any 32 bytes */
    uint8_t bytes[SEAL_KEY_BYTES];
};

struct seal_public {
    uint8_t bytes[SEAL_KEY_BYTES];
};

struct seal_key { /* of HMAC and ChaCha20-Poly1305 */
    uint8_t bytes[SEAL_KEY_BYTES];
};

struct seal_mac {
    uint8_t bytes[32];
};

struct seal_public seal_public_of(const struct seal_secret *secret);

/* One spelling of a point, and none of the few whose every multiple is zero: what may be named
 * as a reader's key. */
MUST_CHECK bool seal_public_valid(const struct seal_public *key);

/* What both ends of X25519 come to. False when it is all zero, as it is for whoever sends a
 * point of low order; *out is of no use then. */
MUST_CHECK bool seal_agree(struct seal_key *out, const struct seal_secret *secret,
                           const struct seal_public *key);

/* HKDF-SHA-256 of RFC 5869 §2, its first 32 bytes. An empty salt is 32 zero bytes, as there.
 * `info` has at most SEAL_INFO_BYTES. */
#define SEAL_INFO_BYTES 64u
struct seal_key seal_derive(struct span secret, struct span salt, struct span info);

struct seal_mac seal_mac_of(const struct seal_key *key, struct span message);
/* In a time that says nothing of where they differ. */
MUST_CHECK bool seal_mac_equal(const struct seal_mac *a, const struct seal_mac *b);

/* A nonce is used once under one key. `out` has room for text.len + SEAL_TAG_BYTES, and may be
 * where the text stands. */
void seal_close(uint8_t *out, struct span text, const uint8_t nonce[SEAL_NONCE_BYTES],
                const struct seal_key *key);
/* False when the key is another, or a bit was changed; *out is of no use then. It has room for
 * sealed.len - SEAL_TAG_BYTES, and may be where what is sealed stands. */
MUST_CHECK bool seal_open(uint8_t *out, struct span sealed, const uint8_t nonce[SEAL_NONCE_BYTES],
                          const struct seal_key *key);
