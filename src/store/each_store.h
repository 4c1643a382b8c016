#pragma once

/* For test programs only: the same test of every store there is. */

#include <stdio.h>

#include "store/store.h"
#include "sys/scratch.h"

/* For each of `count` rows of a table, an empty store of every kind. */
static inline void each_store(void (*test)(const char *name, size_t which, const char *url),
                              size_t count, const char *(*name)(size_t which))
{
    for (size_t i = 0; i < count; i++) {
        struct scratch scratch = scratch_make();
        char url[100];

        snprintf(url, sizeof url, "sqlite:%s/store.db", scratch.path);
        test(name(i), i, url);
        test(name(i), i, "memory:");
        scratch_remove(&scratch);
    }
}
