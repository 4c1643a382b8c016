#pragma once

/*
 * Times as people write them in a scenario. A moment is
 *
 *   2025-11-06 15:40 +05:00      or UTC in place of the offset; seconds may stand behind 15:40
 *   2025-11-06 15:40             in the offset of the last `at`
 *   15:40                        on the day of now, in that offset
 *   now      in 6 hours      3 days ago
 *
 * and a duration "6 hours", "1 day 6 hours", "90 min".
 */

#include "codec/json.h"

struct moment {
    int64_t ms; /* POSIX milliseconds */
    int offset_min;
};

/* `now` may be NULL: then only a whole moment, with its offset, will do. False when it is none. */
MUST_CHECK bool moment_parse(struct moment *out, struct span text, const struct moment *now);
MUST_CHECK bool moment_duration(int64_t *out_ms, struct span text);
/* A stated time (doc/format.md §2.3): MOMENT [±DURATION] [by BASIS]; exact and by watch where it
 * does not say. False when it is none. */
MUST_CHECK bool moment_stated(struct json *out, struct span text, const struct moment *now,
                              struct arena *arena);
/* "2 days 3 hours 5 min": in the arena. */
const char *moment_duration_text(int64_t ms, struct arena *arena);
const char *moment_text(struct moment moment, struct arena *arena); /* as it is written */
