#pragma once

/* For test programs: an agreement as it stands in agreements/. */

#include "codec/toml.h"

#include <stdio.h>

static inline const struct json *read_agreement(const char *name, struct arena *arena)
{
    const char *path = arena_printf(arena, "agreements/%s/agreement.toml", name);
    FILE *file = fopen(path, "rb");
    struct buf text = buf_in(arena, 1u << 22);
    struct json *terms = ARENA_NEW(arena, struct json);
    struct err err = {0};
    uint8_t chunk[4096];
    size_t len;

    assert(file);
    while ((len = fread(chunk, 1, sizeof chunk, file)) > 0)
        buf_put(&text, span_make(chunk, len));
    fclose(file);
    bool ok = toml_parse(terms, buf_span(&text), arena, &err);
    assert(ok);
    return terms;
}

/* Both that are shipped. */
static const char *const agreements[] = {"doha-istanbul-2025", "ctsamvm-illustration"};
