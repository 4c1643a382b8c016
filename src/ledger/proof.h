#pragma once

/* Receipts: c2sp.org/tlog-proof, files that end in .tlog-proof. */

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
