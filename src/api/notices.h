#pragma once

/*
 * What is announced: a view, which decides nothing. Each notice with what every organisation
 * answered, what became of it, what reports were matched with it, and the others that overlap it in
 * space and time, for whoever must see to it that two do not meet. And beside them what was
 * reported and nobody had announced (unnotified.h).
 */

#include "api/each_row.h"

#define NOTICES_UNNOTIFIED_DAYS 7 /* what is shown of that beside what is current */

struct notices_query {
    int64_t from_ms, to_ms; /* of any state that meet [from_ms, to_ms) */
    bool current;           /* instead: what is under way or to come, and not over */
    uint64_t as_of;
};

/* Puts more about the notice of this id into an object; NULL: nothing is. */
typedef bool notices_more(void *context, struct span id, struct json *out, struct err *err);

/* {"notices":[{"id",…,"answers":[…],"matches":[…],"overlaps":[…],"silent":[…]}],"now_ms",
 * "unnotified":[…]}, by when they begin, as doc/api.md says. */
MUST_CHECK bool notices_read(struct json *out, struct store_reader *reader,
                             const struct notices_query *query, notices_more *more, void *context,
                             struct arena *arena, struct err *err);
