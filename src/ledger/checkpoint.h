#pragma once

/* Checkpoints (c2sp.org/tlog-checkpoint), the strict subset of doc/format.md §5.3. */

#include "ledger/note.h"

struct checkpoint {
    char origin[104];
    uint64_t size;
    struct hash root;
};

/* The text: origin, size and root, a line each, nothing else. */
MUST_CHECK bool checkpoint_parse(struct checkpoint *out, struct span text, struct err *err);
void checkpoint_put(struct buf *buf, const struct checkpoint *checkpoint);

/* Parses a signed checkpoint and verifies that exactly one line is the log key's
 * valid signature, and that the key's name is the origin. Other lines are left to
 * the caller, in *out_note. */
MUST_CHECK bool checkpoint_open(struct checkpoint *out, struct note *out_note, struct span bytes,
                                const struct note_key *log_key, struct arena *arena,
                                struct err *err);
