#pragma once

/* For tests: what is in data/, as it was published. They run in the root of the checkout. */

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

#define PUBLISHED_BYTES ((size_t)64 << 20)

static inline struct span read_published(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "rb");
    struct buf buf = buf_in(arena, PUBLISHED_BYTES);
    uint8_t chunk[65536];
    size_t n;

    if (!file) {
        fprintf(stderr, "%s is not there\n", path);
        abort();
    }
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0)
        buf_put(&buf, span_make(chunk, n));
    fclose(file);
    return buf_span(&buf);
}
