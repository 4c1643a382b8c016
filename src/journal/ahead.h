#pragma once

/*
 * Entries in their order, each with the answer whether its author's signature holds.
 * While one block is applied, the signatures of the next are verified on other threads,
 * by the keys that the register knows by then; a name is bound to its key for ever, so
 * that what holds ahead holds. An entry by a key that is admitted only just before it is
 * handed on unverified, for the register to verify.
 */

#include "journal/applier.h"
#include "journal/history.h"

struct ahead;

/* Of entries from `from` on. `lookup` gives the register as of the last entry that
 * ahead_next handed out and the caller applied; history and lookup are the caller's. */
struct ahead *ahead_open(struct history *history, uint64_t from,
                         const struct register_lookup *lookup);
void ahead_close(struct ahead *ahead); /* NULL is fine */
/* entry->index past the last is a bug of the caller's; valid until the next call. */
MUST_CHECK bool ahead_next(struct ahead *ahead, struct register_entry *out, struct err *err);
