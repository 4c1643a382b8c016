#pragma once

/*
 * On how many days each side declared each lane of a crossing shut: a view, which decides nothing.
 * Counted from the rows of `declaration`, for each side by its own words alone.
 *
 * At any moment, of the declarations of one lane by one organisation that had begun by then, the
 * last in the log holds. Past its `until` that organisation has said nothing: what it said before
 * does not come back, for nobody said that it does.
 */

#include "codec/json.h"
#include "store/store.h"

#define LANE_DAYS 400u /* at most, in one view */

/* Days that begin in [from_ms, to_ms) by the offset, and up to the log's time. */
struct lane_period {
    int64_t first_ms; /* the first day begins */
    int64_t end_ms;   /* the last day's end, or now */
    size_t days;      /* begun before the end; 0: none yet */
};
/* ERR_USAGE for no day, or too many. */
MUST_CHECK bool lane_period_make(struct lane_period *out, int64_t from_ms, int64_t to_ms,
                                 int offset_min, int64_t now_ms, struct err *err);

/* What was declared of some part of a day. */
enum {
    LANE_SHUT = 1, /* closed or suspended */
    LANE_LIMITED = 2,
    LANE_OPEN = 4,
    LANE_SILENT = 8, /* nothing, or that it is not known */
};

struct lane_days {
    struct span crossing, direction, class, org;
    uint8_t *day; /* of each day of the period what was declared of it */
};

struct lane_days_list {
    struct lane_days *at; /* by crossing, direction, class and organisation */
    size_t count;
};

MUST_CHECK bool lane_days_read(struct lane_days_list *out, struct store_reader *reader,
                               const struct lane_period *period, uint64_t as_of,
                               struct arena *arena, struct err *err);
/* NULL: nobody has declared it. */
const struct lane_days *lane_days_of(const struct lane_days_list *list, struct span crossing,
                                     struct span direction, struct span class, struct span org);

struct lane_sum {
    int64_t closed; /* days that were shut from end to end */
    int64_t partly; /* shut for a part, or limited */
    int64_t open;
    int64_t no_word;
};
struct lane_sum lane_days_sum(const struct lane_days *days, const struct lane_period *period);
