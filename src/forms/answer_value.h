#pragma once

/* Single values as OpenRosa's clients write them, for forms/answer.h. White space around them is
 * off already; none is empty. Errors say what is wrong and not where. */

#include "forms/form.h"

/* "2026-03-01T17:20:00.000+05:00", with "Z", "+05" or nothing behind it. `exact`: how exact, NULL
 * where nobody said. */
MUST_CHECK bool value_time(struct json *out, struct span text, const struct form_exactness *exact,
                           struct arena *arena, struct err *err);

struct value_point {
    int64_t lat_e7, lon_e7;
    int64_t accuracy_m; /* rounded up; 0 where the client says none */
};
/* "LAT LON", "LAT LON ALTITUDE" or "LAT LON ALTITUDE ACCURACY". */
MUST_CHECK bool value_point(struct value_point *out, struct span text, struct err *err);

/* Points with semicolons between them, as lat_e7 and lon_e7. Of an area the last is the first
 * again, which clients write and we do not. */
MUST_CHECK bool value_shape(struct json *out, struct span text, bool area, struct arena *arena,
                            struct err *err);

MUST_CHECK bool value_integer(struct json *out, struct span text, struct err *err);
/* Words with spaces between them. */
struct json value_list(struct span text, struct arena *arena);
/* The bare name of a file. */
MUST_CHECK bool value_file(struct span text, struct err *err);
