#pragma once

/* SipHash-2-4 (Aumasson and Bernstein 2012): for tables in memory whose keys strangers
 * choose, who without the secret cannot make them fall together. */

#include "base/span.h"

struct siphash_key {
    uint64_t k[2];
};

uint64_t siphash(const struct siphash_key *key, struct span bytes);
