#pragma once

/*
 * What signs checkpoints, and sees to it that no two histories are ever signed: it signs what
 * extends, by a consistency proof (RFC 6962 §2.1.2), what it signed last, or that very
 * checkpoint again, and nothing else. It owns the file `signer` (doc/format.md §5.6), which is
 * synced before a signature leaves it.
 *
 * Two stand behind it: the one here, in this process, for commands and tests; and one in a
 * process of its own, for a server (node/log_process.h). One thread.
 */

#include "ledger/checkpoint.h"
#include "ledger/merkle.h"
#include "sys/disk.h"

struct log_signer {
    struct note_key key; /* its name is the origin */
    /* What was signed last, maybe by the key of an earlier term. ERR_MISSING when nothing is
     * known to have been. To be asked before anything is signed. */
    bool (*last)(void *context, struct checkpoint *out, struct err *err);
    /* The signed note, in the arena. `extends` is the proof from the last to this one. A fault
     * leaves it open what the file says: it is final. */
    bool (*sign)(void *context, const struct checkpoint *checkpoint,
                 const struct merkle_proof *extends, struct span *out, struct arena *arena,
                 struct err *err);
    void *context;
};

/* Whether this key may sign `next` after `last` (an empty origin: nothing was signed). A later
 * term of the agreement goes on behind an earlier one, never beside it. ERR_REFUSED when it may
 * not, ERR_CONFLICT when that would be a second history. */
MUST_CHECK bool log_signer_check(const struct checkpoint *last, const struct note_key *key,
                                 const struct checkpoint *next, const struct merkle_proof *extends,
                                 struct err *err);

/* In this process. The caller's, like what it names; lasts as long as what is made of it. */
struct log_signer_here {
    struct disk *disk;
    const struct note_signer *key;
    bool is_known;          /* what was signed last */
    struct checkpoint last; /* an empty origin: nothing */
};
struct log_signer log_signer_in(struct log_signer_here *here);
