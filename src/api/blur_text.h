#pragma once

/*
 * Whether a text has the figures of a position: degrees with decimals or minutes, a reference of
 * the military grid, metres of a projection, a plus code, three words. In any of the three sets of
 * digits. It knows these forms and no others, and rather takes a sum of money for a position than
 * the reverse; what is said in words ("behind the mill") it does not see.
 */

#include "base/arena.h"
#include "base/span.h"

bool blur_text_tells(struct span text, struct arena *arena);
