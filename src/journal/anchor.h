#pragma once

/* The trust anchor: what entry 0 says about who keeps the log (doc/format.md §7.1). */

#include "ledger/note.h"

struct anchor {
    char id[65]; /* of entry 0: the agreement's */
    char agreement[104];
    struct note_key log; /* its name is the origin */
    struct note_key promise;
    struct note_key root; /* the first, who signed entry 0 */
    char operator[104];   /* the name of the first operator's node key */
};

/* ERR_MALFORMED when the bytes are no agreement.adopt, or not signed by the first root. */
MUST_CHECK bool anchor_parse(struct anchor *out, struct span entry, struct err *err);
/* Whether the keys in hand, those of the first term, are the ones it names; `promise` NULL: it
 * is not in hand. ERR_CONFLICT says which is not. */
MUST_CHECK bool anchor_check(const struct anchor *anchor, const char *agreement,
                             const struct note_key *log, const struct note_key *promise,
                             struct err *err);
