#pragma once

/*
 * Bech32 of BIP 173, of any length: a prefix, "1", and bytes in groups of five bits with a
 * checksum of six letters. A text is all in one case; which, the prefix says: age writes
 * recipients small and identities large. So bytes have one spelling under a prefix.
 */

#include "base/buf.h"
#include "base/err.h"

#define BECH32_CHECKSUM_LETTERS 6u

/* Exactly `len` bytes under exactly this prefix. */
MUST_CHECK bool bech32_parse(uint8_t *out, size_t len, const char *prefix, struct span text,
                             struct err *err);
/* The prefix is all in one case. */
void bech32_put(struct buf *buf, const char *prefix, struct span bytes);
