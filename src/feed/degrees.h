#pragma once

/* Degrees as they are printed, "-33.950961", into integers of 1e-7 degree, digit by digit:
 * the same text gives the same integer on every machine. */

#include "base/span.h"

#define DEGREES_LAT_E7 INT64_C(900000000)
#define DEGREES_LON_E7 INT64_C(1800000000)

/* A sign or none, digits, and if there is a point digits behind it. From the eighth digit on
 * it is rounded, half away from zero: 1e-7 degree is a centimetre. False for anything else,
 * and beyond ±limit_e7. */
MUST_CHECK bool degrees_parse(int64_t *out_e7, struct span text, int64_t limit_e7);
