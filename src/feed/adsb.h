#pragma once

/*
 * Aircraft by what they broadcast (ADS-B): snapshots as dump1090 and readsb write them
 * (aircraft.json, one or many) and as networks give them ("ac", OpenSky's states), traces of
 * readsb, flights of OpenSky, and tracks that are a row a position. Positions are joined by
 * aircraft; where a track meets a line, or an area with a buffer round it, it makes a reading
 * (adsb_track.h says when that is certain). A reading and no more: nothing says whose the aircraft
 * is but the address that it sends, which anybody can send.
 */

#include "feed/feed.h"

#define ADSB_BYTES ((size_t)512 << 20)
#define ADSB_AREA_BYTES ((size_t)16 << 20)

/* Where the mapping says that the area is: beside it. In the arena. */
MUST_CHECK bool adsb_area_path(const char **out, const char *mapping_file, struct span mapping,
                               struct arena *arena, struct err *err);

struct adsb_input {
    const char *file, *mapping_file, *area_file;
    struct span text, mapping, area;
};
/* The spans must outlive the feed; the rest is the arena's. */
MUST_CHECK bool adsb_open(struct feed *out, const struct adsb_input *input,
                          const struct remarks *remarks, struct arena *arena, struct err *err);
