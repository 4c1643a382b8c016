#pragma once

/*
 * Memory for one piece of work: a request, a command, an applied entry. Allocate
 * as you go, free nothing, drop it all at the end. There is no failure to handle:
 * a program that can get no memory stops.
 *
 * A zeroed struct arena is ready for use. Whoever declares it calls arena_free,
 * or arena_reset to use its memory again.
 */

#include "base/span.h"

struct arena_block;

struct arena {
    struct arena_block *block;
    size_t used; /* bytes handed out since the last reset, for limits and tests */
};

void *arena_alloc(struct arena *arena, size_t size); /* zeroed, aligned for any type */
struct span arena_copy(struct arena *arena, struct span bytes);
char *arena_text(struct arena *arena, struct span bytes); /* a copy with a NUL behind it */
char *arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_array((arena), sizeof(type), (count)))
void *arena_array(struct arena *arena, size_t size, size_t count);
