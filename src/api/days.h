#pragma once

/*
 * Which rows of the register speak of which sector and day, so that what is counted of a week
 * costs a week, however long the log is. The journal's view keeps it (views.h), in rows of
 * `view_day` that are never changed: whether what they name still lives, its own row says.
 */

#include "codec/json.h"
#include "store/store.h"

/* Keeps that this row, which entry `index` wrote first, is of its sector, or of none, and days. A
 * row of another table than those that are kept is not. */
MUST_CHECK bool days_put(struct store_tx *tx, uint64_t index, const char *table, struct span id,
                         const struct json *row, struct arena *arena, struct err *err);

typedef bool days_see(void *context, struct span table, struct span id, const struct json *row,
                      struct err *err);
/* Every row that may speak of this sector (empty: that names none) and of a moment in [from_ms,
 * to_ms), each once, and those of which nobody said when; some may be of the days beside. As of
 * entry `as_of`. */
MUST_CHECK bool days_each(struct store_reader *reader, struct span sector, int64_t from_ms,
                          int64_t to_ms, uint64_t as_of, days_see *see, void *context,
                          struct arena *arena, struct err *err);
