#pragma once

/*
 * A mission's daily table of ceasefire violations, as the annexes of the OSCE's Special Monitoring
 * Mission to Ukraine had it: where the observer stood, where it happened, how it was perceived, how
 * many, what (doc/import.md). Each row is an observation of the mission whose key signs. A blank
 * cell is not zero: nobody counted, and nobody said that there was nothing.
 */

#include "feed/feed.h"

/* Ten years of days with a thousand rows each are about 400 MB. */
#define DAILY_BYTES ((size_t)512 << 20)

/* `text` is the CSV, unpacked, and must outlive the feed; the rest is the arena's. */
MUST_CHECK bool daily_open(struct feed *out, const char *file, struct span text,
                           const struct remarks *remarks, struct arena *arena, struct err *err);
