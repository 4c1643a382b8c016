#pragma once

/*
 * Calendar arithmetic on the proleptic Gregorian calendar, in milliseconds since
 * 1970-01-01T00:00:00Z, leap seconds not counted (POSIX). It reads no clock and
 * knows no time zone: an offset is minutes east of UTC, given by whoever knows it.
 */

#include "base/span.h"

#define MS_PER_MINUTE 60000
#define MS_PER_HOUR 3600000
#define MS_PER_DAY 86400000

/* Years 0001 to 9999. */
#define CALENDAR_MIN_MS (-62135596800000)
#define CALENDAR_MAX_MS 253402300799999

struct calendar_date {
    int year;
    int month; /* 1 to 12 */
    int day;   /* 1 to 31 */
};

/* "YYYY-MM-DD", a date that exists. */
MUST_CHECK bool calendar_parse_date(struct calendar_date *out, struct span text);

/* ISO 8601: "YYYY-MM-DDTHH:MM[:SS[.mmm]]" and "Z" or "±HH:MM". */
MUST_CHECK bool calendar_parse_time(int64_t *out_ms, int *out_offset_min, struct span text);

int64_t calendar_ms(struct calendar_date date); /* its midnight, UTC */
struct calendar_date calendar_date(int64_t ms);

/* "2025-10-12T17:20:00Z", or with ".123" where there are milliseconds, or with
 * "+05:00" when offset_min is not 0. `out` holds CALENDAR_TEXT bytes. */
#define CALENDAR_TEXT 40
void calendar_format(char *out, int64_t ms, int offset_min);
