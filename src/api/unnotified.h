#pragma once

/*
 * What was reported and nobody had announced: a view, which decides nothing. The agreement says of
 * each type of notice which `acts` it would have covered, and which act it is without one, its
 * `code` ([[notice_type]], doc/agreement.md). A report, observation or reading of such an act
 * stands here unless it was matched with a notice as that or as more than that, or a notice of such
 * a type that was logged before it meets its time and place. Where a record names no place, the
 * time is enough: nobody is said to have announced nothing because somebody else did not say where.
 */

#include "codec/json.h"
#include "store/store.h"

struct unnotified_query {
    int64_t from_ms, to_ms; /* it may have been in [from_ms, to_ms) */
    uint64_t as_of;
};
/* Longer than this, only the last of it is looked at. */
#define UNNOTIFIED_DAYS 1830

/* Puts a list of {"id","kind","code","types",… its row} into *out, by when they were. */
MUST_CHECK bool unnotified_read(struct json *out, struct store_reader *reader,
                                const struct json *terms, const struct unnotified_query *query,
                                struct arena *arena, struct err *err);
