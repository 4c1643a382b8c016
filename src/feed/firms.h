#pragma once

/*
 * NASA FIRMS: thermal hotspots that VIIRS and MODIS saw from orbit, one row a pixel
 * (doc/import.md). Each is a reading of a sensor and nothing more: neither an incident nor linked
 * to one, for most are farm fires, gas flares and kilns. Who looks for shelling looks at readings
 * beside reports.
 */

#include "feed/feed.h"

/* The whole world of one satellite and one year is about 400 MB. */
#define FIRMS_BYTES ((size_t)512 << 20)

/* `text` is the CSV, unpacked, and must outlive the feed; the rest is the arena's. */
MUST_CHECK bool firms_open(struct feed *out, const char *file, struct span text,
                           const struct remarks *remarks, struct arena *arena, struct err *err);
