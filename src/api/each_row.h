#pragma once

/* Every row of a table of the store, page by page, for views that must see them all. */

#include "codec/json.h"
#include "store/store.h"

typedef bool each_row_see(void *context, struct span key, const struct json *row, struct err *err);

/* Rows whose keys start with `prefix`, in order, as of entry `as_of` (STORE_LATEST). Key and row
 * stay in the arena. Ends when `see` returns false, with its error. */
MUST_CHECK bool each_row(struct store_reader *reader, const char *table, struct span prefix,
                         uint64_t as_of, each_row_see *see, void *context, struct arena *arena,
                         struct err *err);
/* The same from behind the key `after`, and only until *enough, which `see` sets. */
MUST_CHECK bool each_row_until(struct store_reader *reader, const char *table, struct span prefix,
                               struct span after, uint64_t as_of, each_row_see *see, void *context,
                               const bool *enough, struct arena *arena, struct err *err);
/* The array, with room for one more item: where it is full, a copy of twice the room. */
void *each_row_grow(void *at, size_t item_bytes, size_t count, size_t *room, struct arena *arena);
/* One row, parsed; *out NULL when there is none. */
MUST_CHECK bool one_row(struct store_reader *reader, const char *table, struct span key,
                        uint64_t as_of, const struct json **out, struct arena *arena,
                        struct err *err);
