#pragma once

/*
 * What the register holds already of what a feed brings: found by kind, signer and external id
 * (the table `external`), and compared by content.
 */

#include "feed/feed.h"
#include "journal/log_reader.h"
#include "node/node.h"

enum held_state { HELD_NOT, HELD_LIVE, HELD_SUPERSEDED, HELD_WITHDRAWN };

struct held {
    enum held_state state;
    char id[65];
    struct json row; /* of the register */
    struct json public_part;
    bool part_here; /* else it is owed, and only the entry can be compared */
};

struct holdings {
    struct node *node;
    const char *signer;
    struct log_reader *log;
};

void holdings_close(struct holdings *holdings);

/* Its id and state, without its public part. In the arena. */
MUST_CHECK bool held_find(struct held *out, struct holdings *holdings, const char *kind,
                          struct span external_id, struct arena *arena, struct err *err);
/* Its public part. Waits a moment for an entry that another process is about to publish. */
MUST_CHECK bool held_read_public(struct held *held, struct holdings *holdings, struct arena *arena,
                                 struct err *err);
/* Whether it says the same as a record with these fields would, `supersedes` aside. */
bool held_says(const struct held *held, const char *kind, const struct json *entry,
               const struct json *public_part);
/* The external id of the record that it superseded by its source's own word, across its own
 * earlier versions; empty: none. */
MUST_CHECK bool held_superseded(struct span *out, struct holdings *holdings,
                                const struct held *held, const char *kind, struct arena *arena,
                                struct err *err);
