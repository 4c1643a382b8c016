#pragma once

/* Timestamped Ed25519 cosignatures (c2sp.org/tlog-cosignature v1, type 0x04). */

#include "ledger/note.h"

/* What stands behind the key id: u64 seconds ‖ signature, 72 bytes in the arena. */
struct span cosignature_sign(struct span checkpoint_text, uint64_t seconds,
                             const struct note_signer *signer, struct arena *arena);
/* Appends the whole signature line. */
void cosignature_put_line(struct buf *buf, struct span checkpoint_text, uint64_t seconds,
                          const struct note_signer *signer, struct arena *arena);
/* Whether `line` is this witness key's (type 0x04) cosignature of the text; its time. */
MUST_CHECK bool cosignature_verify(uint64_t *out_seconds, struct span checkpoint_text,
                                   const struct note_line *line, const struct note_key *witness);
