#pragma once

/* Reading what a scenario expects. Inside this folder only. */

#include "scenario/scenario.h"

struct parse {
    struct arena *arena;
    struct scenario *out;
    struct names names; /* given so far; records have an id of zeros */
    struct moment now;
    bool has_time;
    size_t room;
};

/* What stands behind "expect". */
MUST_CHECK bool expected_parse(struct expected *out, struct parse *p, struct span text,
                               const struct block *at, struct err *err);
