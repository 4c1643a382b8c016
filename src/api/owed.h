#pragma once

/*
 * Parts that this node owes: those that records in effect name, that were not ordered to be
 * erased, and that are not here. Kept in memory so that whoever polls need not count them.
 *
 * The view notes each that is not here when its entry is applied (view_owed, views.h). What was
 * here then and is no more, as in a copy put back without its parts, is found by going once
 * through all copies, so many at each look; until then the count is none. What has come or was
 * erased is let go again, likewise so many at a look. Damage is noted when somebody reads a part,
 * and counted after the next start; `sulh audit` looks for it.
 *
 * Any thread may look, with a reader of its own.
 */

#include "record/kind.h"
#include "store/parts.h"
#include "store/store.h"

/* Copies, noted parts and owed ones that a look goes through, each: far
 * less than a poll may take. */
#define OWED_AT_ONCE 4096u

struct owed;
struct owed *owed_open(void);
void owed_close(struct owed *owed); /* NULL is fine */

struct owed_count {
    bool whole;     /* false: not all copies were gone through yet; then the rest says nothing */
    uint64_t parts; /* copies of them, as records name them */
    uint64_t entry; /* the first that names one, if there are any */
};
MUST_CHECK bool owed_look(struct owed *owed, struct store_reader *reader, struct parts *parts,
                          struct owed_count *out, struct err *err);

/* The view's: a record in effect names this part for the first time. */
MUST_CHECK bool owed_note(struct store_tx *tx, uint64_t index, const struct part *part,
                          struct parts *parts, struct arena *arena, struct err *err);
