#pragma once

/*
 * How much of the log one key, and one organisation, may fill in a stretch of time: the
 * agreement's `quota` (doc/agreement.md), counted by the door of whoever keeps the log, by its own
 * clock. It is no rule and no verdict: the register knows nothing of it, two operators may count
 * differently, and nothing is lost but time. Only authors' records are counted; what keeps the
 * log, its keys and its clock going is not held up by what they write.
 *
 * Counts are in memory and begin anew with every start. A stretch is counted in pieces of a
 * sixteenth, so that up to a sixteenth of it more is waited than must be, and never is more taken.
 */

#include "base/arena.h"
#include "terms/terms.h"

#define QUOTA_PIECES 17u /* that a window can touch, cut in 16 */

struct quota_count {
    struct span name; /* in the arena */
    int64_t piece;    /* the last one counted in */
    uint32_t count[QUOTA_PIECES];
};

struct quota_counts { /* by name, sorted */
    struct quota_count *at;
    size_t count, room;
};

struct quota {
    struct terms_quota terms; /* window_ms 0: none; points into terms_arena */
    struct arena terms_arena, arena;
    struct quota_counts keys, organisations;
    int64_t now_ms; /* the latest that it was told */
};

void quota_close(struct quota *quota);
/* From now on the head of the terms in force is this, a row of the register; copied. An empty
 * one: there is no quota. Counts stay, unless the length of the window is another. */
void quota_set(struct quota *quota, struct span head);
/* One record more. 0: it is taken, and counted. Else it is not, and would be after so long. A
 * clock that goes back is taken to stand. */
int64_t quota_take(struct quota *quota, struct span kind, struct span key, struct span organisation,
                   int64_t now_ms);
