#pragma once

/*
 * When a track meets an area. Each position is somewhere within its uncertainty, the area somewhere
 * within its own; between two positions an aircraft may have been wherever it can reach at
 * `speed_ms`. So there are three answers:
 *
 *   certain   it was clear of the line on one side and then on the other, and could not have
 *             passed round an end of it; or it was within the area by more than the uncertainties
 *   possible  it came so near that they do not tell
 *   none      neither; nothing is made of it
 *
 * A gap (no position for `gap_ms`) ends a passage of an area. A line may be crossed in a gap, and
 * that is certain if both ends are clear; that it was crossed and crossed back in a gap is never
 * said. After ADSB_LOST_MS it is another flight.
 */

#include "geo/geo.h"

#define ADSB_LOST_MS 3600000
#define ADSB_ADDRESS 8
#define ADSB_CALLSIGN 10

struct adsb_fix {
    char address[ADSB_ADDRESS]; /* six hex digits, or ~ before them: not of the ICAO's */
    char callsign[ADSB_CALLSIGN];
    int64_t at_ms;
    struct geo_point at;
    int64_t uncertainty_m;
    uint64_t line; /* of the input */
};

struct adsb_zone {
    struct geo_shape shape;
    struct geo_shape ends; /* geo_loose_ends of it */
    bool line;             /* else an area, or what lies within buffer_m of a line */
    int64_t buffer_m, uncertainty_m;
    int64_t gap_ms, speed_ms; /* metres a second */
};

#define ADSB_NONE SIZE_MAX

struct adsb_meeting {
    bool certain, in_gap;
    size_t before, after; /* clear positions before and behind it, and the way there; ADSB_NONE */
    size_t first, last;   /* of those between, or `before` and `after` */
};

/* Of `fix`, in order of time and of one aircraft, the first meeting that begins at *at or later:
 * false when there is none. *at goes on behind it. */
struct adsb_walk {
    const struct adsb_zone *zone;
    const struct adsb_fix *fix;
    size_t count, at;
    size_t clear; /* the last position clear of the zone; ADSB_NONE */
    size_t meets; /* the first not clear since then; ADSB_NONE */
    size_t certain_first, certain_last;
    size_t crossings;         /* of the line, since then */
    double ends_m;            /* how near it may have come to an end of the line */
    bool near, leg_near, gap; /* any way since then, and the last one, came near */
};
void adsb_walk_begin(struct adsb_walk *walk, const struct adsb_zone *zone,
                     const struct adsb_fix *fix, size_t count);
bool adsb_walk_next(struct adsb_walk *walk, struct adsb_meeting *out);
