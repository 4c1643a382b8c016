#pragma once

/*
 * A mission's counts by day and region, as they are put together from the daily reports of the
 * OSCE's Special Monitoring Mission to Ukraine: a row a report and a region (doc/import.md). What
 * a mission printed is a claim of its, whoever imports it: one of the violations, one of the
 * explosions among them. A blank cell is no claim, and zero is one.
 */

#include "feed/feed.h"

#define COUNTS_BYTES ((size_t)512 << 20)

/* `text` is the CSV, unpacked, and must outlive the feed; the rest is the arena's. */
MUST_CHECK bool counts_open(struct feed *out, const char *file, struct span text,
                            const struct remarks *remarks, struct arena *arena, struct err *err);
