#pragma once

/*
 * Finding incidents, as of any entry. What is searched as of the latest entry is the
 * store's index; of earlier ones there is none, and all items of that time are gone
 * through, which finds the same.
 */

#include "store/store.h"

MUST_CHECK bool search_incidents(struct store_reader *reader, const struct store_query *query,
                                 uint64_t as_of, struct store_found **out, size_t *out_count,
                                 struct arena *arena, struct err *err);
