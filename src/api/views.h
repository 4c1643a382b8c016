#pragma once

/*
 * What is kept beside the register so that it can be searched, listed and counted. It is
 * the journal's view (journal/applier.h): told of every entry, in new batches and in
 * replay alike, so that dropping the store loses nothing. It decides nothing.
 *
 * Rows of its own, besides those of store_find_put and store_count_add:
 *
 *   view_item         a record's id   an incident, or what may be linked to one (a report, a claim,
 *                                     an observation, …), as searches and lists need it, with what
 *                                     its public part says of place and title
 *   view_day          sector, day…    what is of one sector and day (days.h)
 *   view_newest       table, what is  the rows of the hotline from the newest on (newest.h)
 *                     left, its key
 *   view_part         what is stored  that this part is public, and of which entry
 *                                     ; with `blur_m`, that strangers are not given it (blur.h)
 *   view_closed_part  what is stored  that it is not, likewise. What one record calls public and
 *                                     another does not has both rows, and is public
 *   view_told         a part's        each item whose row says something of that public part, be it
 *                     commitment,     cleared from all its versions when the part is ordered to be
 *                     space, id       erased
 *   view_copy         a part's        each copy of a part that a record names, be the record void
 *                     commitment,     or not: as it was written, handed on or sealed anew; node/
 *                     space, stored   reads it to destroy what is ordered to be; `in_effect` 1: one
 *                                     of them took effect
 *   view_owed         index, space,   that this copy was not here when the entry was applied
 *                     commitment,     which is the first in effect to name it (owed.h)
 *                     space, stored
 *
 * Counts: "kind:KIND" of records that took effect, "void" of entries that did not, and
 * "incidents".
 */

#include "codec/json.h"
#include "journal/applier.h"

struct journal_view views_journal(void);

/* A row of view_item, read. Spans point into the row. */
struct view_item {
    struct span id, kind, state;
    uint64_t index;
    const struct json *incidents; /* ids; an incident stands in its own */
    bool has_position, has_time;
    int32_t lat_e7, lon_e7;
    int64_t from_ms, to_ms; /* what it may speak of, at the widest */
    struct span act, side, title, place_name;
    bool owed; /* its public part was not here when it was applied */
};
struct view_item view_item_of(struct span id, const struct json *row);
/* Whether searches find its incident by it: withdrawn and superseded items do not speak
 * any more, but an incident is found also when it is withdrawn. */
bool view_item_searched(const struct view_item *item);
/* As a row to find `incident` by. */
struct store_find_row view_item_find(const struct view_item *item, struct span incident);
