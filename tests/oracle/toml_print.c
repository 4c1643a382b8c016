/* For each file named: one line, "ok" and what we read as canonical JSON, or "no" and why. */

#include "codec/toml.h"

#include <stdio.h>
#include <stdlib.h>

static struct span read_file(const char *path, struct arena *arena)
{
    struct buf buf = buf_in(arena, SIZE_MAX);
    FILE *file = fopen(path, "rb");
    uint8_t chunk[4096];
    size_t len;

    if (!file) {
        perror(path);
        exit(2);
    }
    while ((len = fread(chunk, 1, sizeof chunk, file)) > 0)
        buf_put(&buf, span_make(chunk, len));
    if (ferror(file)) {
        perror(path);
        exit(2);
    }
    fclose(file);
    return buf_span(&buf);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct json value;

        if (toml_parse(&value, read_file(argv[i], &arena), &arena, &err))
            printf("ok %.*s\n", SPAN_ARG(json_bytes(&value, &arena)));
        else
            printf("no %s\n", err.text);
        arena_free(&arena);
    }
    return 0;
}
