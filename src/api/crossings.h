#pragma once

/*
 * How every lane of every crossing stands: a view, which decides nothing. What each side declares
 * stands beside what the other declares and what was last seen there; none is taken for another,
 * and a side that declared nothing has no word, whatever the rest say.
 */

#include "api/each_row.h"

struct crossings_query {
    int64_t from_ms, to_ms; /* days that begin in [from_ms, to_ms) by the offset are counted */
    int offset_min;
    uint64_t as_of;       /* an entry, or STORE_LATEST */
    struct span crossing; /* this one alone; empty: all */
};

/* Puts what the record of entry `index` says in public into an object; NULL: nothing is. */
typedef bool crossings_text(void *context, uint64_t index, struct json *out, struct err *err);

/* {"crossings":[{"id","lanes":[{"class","direction","declared":[…],"seen":[…],"counts":[…],
 * "mismatch"}],"published":[…],"returns":[…]}],"days","first_ms","now_ms","offset_min"}, as
 * doc/api.md says. ERR_USAGE for no day, too many, or a crossing that the agreement has not. */
MUST_CHECK bool crossings_read(struct json *out, struct store_reader *reader,
                               const struct crossings_query *query, crossings_text *text,
                               void *context, struct arena *arena, struct err *err);
/* Whether a declared item of that holds at its `now_ms`: made, and neither run out nor to come. */
bool crossings_holds(const struct json *declared);
