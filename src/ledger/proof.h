#pragma once

/* Receipts: c2sp.org/tlog-proof, files that end in .tlog-proof. */

#include "base/reader.h"
#include "ledger/checkpoint.h"
#include "ledger/merkle.h"

struct proof {
    uint64_t index;
    struct merkle_proof inclusion;
    struct span extra; /* in ours the entry's bytes, so that a receipt stands alone; or empty */
    struct span checkpoint_note;
};

void proof_put(struct buf *buf, const struct proof *proof);

MUST_CHECK bool proof_parse(struct proof *out, struct span bytes, struct arena *arena,
                            struct err *err);
/* Parses, verifies the checkpoint's log signature and the inclusion of the leaf. */
MUST_CHECK bool proof_verify(struct proof *out, struct checkpoint *out_checkpoint,
                             struct span bytes, struct hash leaf, const struct note_key *log_key,
                             struct arena *arena, struct err *err);

/* A proof's hashes, a line of base64 each, and the empty line behind them: as in a receipt, and
 * in what is asked of a witness (c2sp.org/tlog-witness). */
void proof_put_hashes(struct buf *buf, const struct merkle_proof *proof);
void proof_read_hashes(struct reader *r, struct merkle_proof *out);
