#pragma once

/*
 * The outbox: records on their way to the log, durable until they are in it. Whoever signs on
 * this node puts the record here before it is offered to whoever keeps the log, in the order in
 * which it was signed; and so does a node that carries another's record. It waits months if it
 * must. A record leaves when this node's own copy of the log has it.
 *
 * `DIR/outbox/N` (N counts up, 16 digits) is one record with its parts; `DIR/outbox/N.promise`
 * the promise that was given for it. Any thread may call.
 */

#include "journal/journal.h"

struct outbox;

MUST_CHECK bool outbox_open(struct outbox **out, struct disk *disk, struct err *err);
void outbox_close(struct outbox *outbox); /* NULL is fine */

/* Durable on return. One that is here already is left as it is. */
MUST_CHECK bool outbox_put(struct outbox *outbox, const struct submission *submission, size_t count,
                           int64_t now_ms, struct err *err);
/* What to offer next, the oldest first, without more than `limit` bytes, in the arena;
 * those that an offer answered "later" or refused are passed over until their time. */
struct outbox_item {
    uint64_t number;
    char id[65];
    int64_t since_ms; /* here since */
    struct submission submission;
    struct span promise; /* empty: none yet */
    uint64_t index;      /* promised */
    const char *state;   /* "waiting", "promised", "refused" */
    const char *reason;  /* of the refusal */
};
MUST_CHECK bool outbox_next(struct outbox *outbox, struct outbox_item **out, size_t *out_count,
                            size_t most, size_t limit, int64_t now_ms, struct arena *arena,
                            struct err *err);
