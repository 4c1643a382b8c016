#pragma once

/*
 * UCDP GED: lethal events, one row an event (data/README.md, doc/import.md). Each makes an
 * incident, a report of it, a claim of all deaths with its estimates, and a claim for each side
 * of which the row counts any. The rows are read twice, once to check them all and once to make
 * items, so that memory holds the file and one event.
 */

#include "feed/feed.h"

/* The whole of GED since 1989, as CSV, is about 250 MB. */
#define GED_BYTES ((size_t)512 << 20)

/* `text` is the CSV, unpacked, and must outlive the feed; the rest is the arena's. */
MUST_CHECK bool ged_open(struct feed *out, const char *file, struct span text,
                         const struct remarks *remarks, struct arena *arena, struct err *err);
