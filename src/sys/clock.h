#pragma once

/* The clocks. What needs the time takes a struct clock, so that tests can give one. */

#include "base/base.h"

struct clock {
    int64_t (*now_ms)(void *context); /* POSIX milliseconds UTC: a claim, like every clock */
    void *context;
};

struct clock clock_system(void);
int64_t clock_now_ms(struct clock clock);
/* Monotonic nanoseconds, for measuring only. */
uint64_t clock_ticks_ns(void);
