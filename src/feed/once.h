#pragma once

/*
 * That no name stands twice in an input of any length: 24 bytes a name, not the name. Two names
 * with the same 128 bits of SHA-256 would be taken for one; nobody has found such a pair.
 */

#include "base/arena.h"

struct once {
    struct once_name {
        uint8_t hash[16];
        uint64_t place; /* in the order of the input */
    } * at;
    size_t count, room;
};

void once_add(struct once *once, struct span name, uint64_t place);
/* By looking at each: for few. */
bool once_has(const struct once *once, struct span name);
/* After the last was added. False when a name stands twice: *twice is the first place where a
 * name stands again, *first that before it. */
MUST_CHECK bool once_check(struct once *once, uint64_t *twice, uint64_t *first);
/* After that: every place where a name stands again, in order. *out is the arena's. */
size_t once_again(const struct once *once, uint64_t **out, struct arena *arena);
void once_free(struct once *once); /* for use again */
