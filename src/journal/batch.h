#pragma once

/*
 * What the writer does with submissions: judge them in their order, stage together what
 * passed, apply it. Part of the journal's inside.
 */

#include "journal/inside.h"

/* One submission on its way. */
struct item {
    const struct submission *submission;
    struct door_answer door; /* of a logged record: open, and its index */
    struct record record;
    bool judged;       /* already, by the committed register, and that cannot change */
    struct span *part; /* those that the record names and that are to be staged */
    struct hash *hash; /* of each of these */
    size_t part_count;
    bool parts_only;  /* the record is logged, some of its parts were missing */
    int64_t later_ms; /* not 0: over the quota, or behind what is; door.why says so */
    struct hash leaf; /* once it is logged */
};

/* Puts the item before the register of `lookup`. */
MUST_CHECK bool item_judge(struct item *item, const struct register_lookup *lookup, uint64_t size,
                           struct arena *arena, struct err *err);
/* Its large parts are durable by now, and are not to be staged. */
MUST_CHECK bool item_keep_large(struct item *item, struct journal *journal, struct err *err);
/* Refused, though it may be admitted by what this register does not know yet. */
bool item_is_unknown(const struct item *item);
/* It may be what admits a key. */
bool item_may_admit(const struct item *item);

/* It stands in one call behind a record that is to come later, and may name it. */
void item_put_behind(struct item *item, struct arena *arena);

struct batch {
    struct journal *journal;
    struct arena arena;                     /* of all that was taken */
    struct item *item[LIMIT_BATCH_RECORDS]; /* that passed the door and are not staged yet */
    size_t count;
    size_t entries; /* of these, those that are new */
    size_t parts, bytes;
    bool admits; /* one of them may admit a key */
};

/* Judges the item as the next; what is pending may be staged and applied before. */
MUST_CHECK bool batch_take(struct batch *batch, struct item *item, struct err *err);
/* Stages and applies what is pending. A fault breaks the journal. */
MUST_CHECK bool batch_flush(struct batch *batch, struct err *err);
