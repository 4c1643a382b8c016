#pragma once

/*
 * Events that others publish as GeoJSON (RFC 7946): a FeatureCollection, a Feature, or Features one
 * after another. Each Feature makes an incident, a report of it and a claim for each figure, as the
 * mapping says (doc/import.md): which property is the id, the time, the place, a figure. Its
 * geometry becomes a position and an uncertainty that covers all of it.
 */

#include "feed/feed.h"

#define GEOJSON_BYTES ((size_t)512 << 20)

/* `text` and `mapping` must outlive the feed; the rest is the arena's. */
MUST_CHECK bool geojson_open(struct feed *out, const char *file, struct span text,
                             const char *mapping_file, struct span mapping,
                             const struct remarks *remarks, struct arena *arena, struct err *err);
