#pragma once

/* Where in a text something stands, as a person's editor says it: line and column
 * from 1, the column in characters. Counted only when there is a fault to report. */

#include "base/span.h"

struct place {
    uint64_t line;
    uint64_t column;
};

struct place place_of(struct span text, size_t offset);
