#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define ALIGN 16u
#define BLOCK_BYTES 16384u /* a record and its rows fit in one or two */

struct arena_block {
    struct arena_block *before;
    size_t size; /* of bytes[] */
    size_t used;
    _Alignas(ALIGN) uint8_t bytes[];
};

static struct arena_block *block_new(struct arena_block *before, size_t at_least)
{
    size_t size = at_least > BLOCK_BYTES ? at_least : BLOCK_BYTES;
    struct arena_block *block = malloc(sizeof *block + size);

    if (!block)
        abort();
    *block = (struct arena_block){.before = before, .size = size};
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    assert(size <= SIZE_MAX / 2);
    size_t rounded = (size + ALIGN - 1) / ALIGN * ALIGN;

    if (!arena->block || arena->block->size - arena->block->used < rounded)
        arena->block = block_new(arena->block, rounded);
    void *out = arena->block->bytes + arena->block->used;
    arena->block->used += rounded;
    arena->used += rounded;
    return memset(out, 0, rounded);
}

void *arena_array(struct arena *arena, size_t size, size_t count)
{
    assert(count == 0 || size <= SIZE_MAX / 2 / count);
    return arena_alloc(arena, size * count);
}

struct span arena_copy(struct arena *arena, struct span bytes)
{
    return span_make(arena_text(arena, bytes), bytes.len);
}

char *arena_text(struct arena *arena, struct span bytes)
{
    char *out = arena_alloc(arena, bytes.len + 1);

    if (bytes.len)
        memcpy(out, bytes.at, bytes.len);
    return out;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    assert(len >= 0);

    char *out = arena_alloc(arena, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(out, (size_t)len + 1, format, args);
    va_end(args);
    return out;
}

/* Keeps the oldest block, so that a loop over many small pieces asks malloc once. */
void arena_reset(struct arena *arena)
{
    while (arena->block && arena->block->before) {
        struct arena_block *before = arena->block->before;
        free(arena->block);
        arena->block = before;
    }
    if (arena->block)
        arena->block->used = 0;
    arena->used = 0;
}

void arena_free(struct arena *arena)
{
    arena_reset(arena);
    free(arena->block);
    *arena = (struct arena){0};
}
