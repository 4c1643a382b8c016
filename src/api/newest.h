#pragma once

/*
 * Rows of the hotline in the order of the log, the newest first: view_newest has for each a key of
 * its table, the largest index less that of its record, and its own key. So the last hundred of a
 * table cost a hundred, however many there are.
 */

#include "api/each_row.h"
#include "register/register.h"

/* Of an entry that was applied, with the store's view of it. */
MUST_CHECK bool newest_observe(struct store_tx *tx, uint64_t index, const struct effects *effects,
                               struct arena *arena, struct err *err);
/* Rows of a table that is followed, newest first, until *enough. */
MUST_CHECK bool newest_each(struct store_reader *reader, const char *table, uint64_t as_of,
                            each_row_see *see, void *context, const bool *enough,
                            struct arena *arena, struct err *err);
