#pragma once

/*
 * Parts of records, fetched within bounds: whoever may write a record may name parts that
 * nobody has, and none of that may keep the log from being followed. What does not come is
 * owed.
 */

#include "journal/follow.h"
#include "sync/source.h"

struct pull_parts {
    struct parts *have;
    const struct source *source;
    struct disk *disk; /* where what has come of a large one waits: upload/HASH.pull */
    uint64_t came, owed;
    /* Towards the bounds; past them nothing is asked for any more. */
    uint64_t bytes, failed;
    uint64_t spent_ns, lost_ns; /* asking, and of that in vain */
    bool exhausted;
};

/* What the record in these bytes names, if it is one. A fault only of our own disk. */
MUST_CHECK bool pull_parts_of(struct pull_parts *parts, struct follow *follow, struct span entry,
                              struct err *err);
