#pragma once

/*
 * How much of each sector was watched on each day: a view for pages and digests, which decides
 * nothing. A figure of what happened says little without it, for what nobody watched is not
 * quiet; so a day without a watch is told apart from a day on which a watch saw nothing.
 *
 * Counted from the live rows of the register, as of an entry:
 *   watch        what somebody says was watched, up to the time of the log, no further;
 *   outage       takes away what its sensor watched or, where it names none, all of the sector;
 *   restriction  a denial takes away what people watched (a watch that names no sensor), from when
 *                it began to its end or, where none is said, to the end of that day;
 *   access       what a host denied, and did not grant later, is counted.
 * Times count as stated, without their error. Two watches at one time are one.
 */

#include "codec/json.h"
#include "store/store.h"

#define COVERAGE_DAYS 400u /* at most, in one view */

struct coverage_query {
    int64_t from_ms, to_ms; /* days that begin in [from_ms, to_ms) by the offset */
    int offset_min;         /* of the days, in minutes east of UTC */
    uint64_t as_of;         /* an entry, or STORE_LATEST */
};

struct coverage_day {
    struct span sector;
    int64_t from_ms;      /* when the day begins */
    int64_t watched_s;    /* of 86,400 */
    int64_t blind_s;      /* would have been watched, but for outages and denials */
    int64_t watches;      /* that meet the day */
    int64_t outages;      /* likewise */
    int64_t denied;       /* accesses refused, on paper or at the gate */
    int64_t restrictions; /* of any type, that began on it */
    int64_t seen;         /* live observations and readings in the sector, of that day */
    int64_t reported;     /* live reports, likewise */
};

struct coverage {
    struct coverage_day *at; /* by sector, then day; every day of every sector has its line */
    size_t count;
    int64_t undated; /* denials of which nobody said when */
};

/* ERR_USAGE for no day, or too many. All is in the arena. */
MUST_CHECK bool coverage_read(struct coverage *out, struct store_reader *reader,
                              const struct coverage_query *query, struct arena *arena,
                              struct err *err);
/* Whether anybody watched it at all. Without, its `seen` 0 means nothing. */
bool coverage_watched(const struct coverage_day *day);
/* The offsets that days are counted by: UTC first, then those that the agreement's head has in
 * `offsets_min`. */
MUST_CHECK bool coverage_offsets(struct store_reader *reader, uint64_t as_of, int **out,
                                 size_t *out_count, struct arena *arena, struct err *err);
/* {"days":[{"blind_s",…}],"undated"}: "watched" is 0 or 1, and without it there is no "seen". */
struct json coverage_json(const struct coverage *coverage, int offset_min, struct arena *arena);
