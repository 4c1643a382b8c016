#pragma once

/*
 * Stated times (doc/format.md §2.3) from what sources print: mostly a day, and seldom a zone.
 * A day is kept as its middle, half a day either way, and never as an hour.
 */

#include "base/calendar.h"
#include "codec/json.h"

/* Where a day or a clock is counted from. */
struct zone {
    int offset_min;
    int64_t doubt_ms; /* what not knowing the offset adds either way */
};

/* The abbreviation a source prints, "UTC", or an offset: "+05:00", "+0500", "UTC+5", "UTC+4:30".
 * Any other text, or none, is an unknown zone: offset 0, and 14 hours of doubt, for zones reach
 * from UTC-12 to UTC+14. */
struct zone zone_of(struct span text);

/* A date and a time of day, as ISO 8601 has it and those who come near it: a T or a space between
 * them, any number of decimals, an offset in any of the forms above. Without one it is a clock of
 * the zone `otherwise`. False, and nothing touched, where it is none. */
MUST_CHECK bool when_moment(int64_t *out_ms, struct zone *out_zone, struct span text,
                            struct zone otherwise);

/* A press account's clock: what two of them say of one event differs by less. */
#define WHEN_CLOCK_MS (30 * MS_PER_MINUTE)

/* What lies between two moments, the second not before the first. */
struct json when_between(int64_t from_ms, int64_t to_ms, struct zone zone, const char *basis,
                         struct arena *arena);
/* A day in its zone: its first moment, in UTC. It ends MS_PER_DAY later. */
int64_t when_day_ms(struct calendar_date day, struct zone zone);
