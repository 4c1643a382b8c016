#pragma once

/*
 * A feed into the record, signed by one key. An item's natural key is the signer and its
 * external id: what is new is signed and submitted, what says the same is passed over, what says
 * something else supersedes. So an import that was cut off goes on where it stopped when it is
 * run again. What the signer withdrew is left alone, and told.
 *
 * Everything is compared before anything is signed, and every answer and verdict is looked at:
 * a refused or void record ends the import, with the line it came from.
 */

#include "feed/feed.h"
#include "node/node.h"

struct import_options {
    struct node *node;
    const char *key_name; /* who signs */
    struct journal_progress progress;
    struct remarks remarks;
};

/* The kinds that feeds make, and what many of one are called. */
#define IMPORT_KINDS 5u
extern const struct import_kind {
    const char *kind, *many;
} import_kinds[IMPORT_KINDS];

struct import_summary {
    uint64_t of_kind[IMPORT_KINDS]; /* in the feed, in the order of import_kinds */
    uint64_t made, same, superseded, left;
};

/* A fault says how much was kept. */
MUST_CHECK bool import_run(struct import_summary *out, struct feed *feed,
                           const struct import_options *options, struct err *err);
