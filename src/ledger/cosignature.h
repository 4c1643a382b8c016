#pragma once

/* Timestamped Ed25519 cosignatures (c2sp.org/tlog-cosignature v1, type 0x04). */

#include "base/limits.h"
#include "ledger/note.h"

/* C2SP allows 2^63 - 1; but a time must be an integer of a record, in milliseconds. */
#define COSIGNATURE_LAST_SECOND ((uint64_t)LIMIT_INTEGER / 1000)

/* What stands behind the key id: u64 seconds ‖ signature, 72 bytes in the arena. The
 * signer is of type 0x04; seconds are 1 to COSIGNATURE_LAST_SECOND, as in verify. */
struct span cosignature_sign(struct span checkpoint_text, uint64_t seconds,
                             const struct note_signer *signer, struct arena *arena);
/* Appends the whole signature line. */
void cosignature_put_line(struct buf *buf, struct span checkpoint_text, uint64_t seconds,
                          const struct note_signer *signer, struct arena *arena);
/* Whether `line` is this witness key's (type 0x04) cosignature of the text; its time. */
MUST_CHECK bool cosignature_verify(uint64_t *out_seconds, struct span checkpoint_text,
                                   const struct note_line *line, const struct note_key *witness);
