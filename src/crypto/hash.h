#pragma once

/* SHA-256, through OpenSSL's EVP with the digest fetched once (doc/decisions). */

#include "base/span.h"

#define HASH_BYTES 32

struct hash {
    uint8_t bytes[HASH_BYTES];
};

struct hash hash_of(struct span bytes);
/* Of several pieces, one after another. */
struct hash hash_of_parts(const struct span *parts, size_t count);
bool hash_equal(struct hash a, struct hash b);
struct span hash_span(const struct hash *hash);

/* For what does not fit in memory. */
struct hasher;
struct hasher *hasher_new(void);
void hasher_add(struct hasher *hasher, struct span bytes);
struct hash hasher_end(struct hasher *hasher); /* and ready for the next */
void hasher_free(struct hasher *hasher);
