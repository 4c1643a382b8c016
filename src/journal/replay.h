#pragma once

/* Bringing a store up to its log: what opening does to one that lags, and `sulh replay`
 * to an empty one. */

#include "journal/applier.h"
#include "journal/history.h"
#include "journal/progress.h"

/* Applies what the store lacks, up to where rules come into force that this program lacks
 * (format §10.6). ERR_CONFLICT when the store is ahead of the log or comes
 * from another one. On return applier->digest is that of the last entry. */
MUST_CHECK bool replay_catch_up(struct store *store, struct history *history,
                                struct applier *applier, struct journal_progress progress,
                                struct err *err);

struct replay_options {
    struct disk *disk;
    struct store *store;
    struct parts *parts; /* for the view */
    struct journal_view view;
    struct journal_progress progress;
};
struct replay_result {
    uint64_t entries; /* applied: all that are published and staged, unless: */
    struct hash digest;
    int64_t lacks_rules; /* not 0: this number is in force from entry `entries` on, and this
                          * program lacks it */
};
/* From the log below the disk, which it takes as it is: audit checks it. */
MUST_CHECK bool replay_run(struct replay_result *out, const struct replay_options *options,
                           struct err *err);
