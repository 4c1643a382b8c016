#include "journal/audit_parts.h"

#include <stdlib.h>

#define PACKS "parts/pack"

/* The set. */

void audit_part_set_free(struct audit_part_set *set)
{
    free(set->slot);
    free(set->taken);
    *set = (struct audit_part_set){0};
}

static size_t place_of(const struct audit_part_set *set, const struct hash *stored)
{
    uint64_t start;

    memcpy(&start, stored->bytes, sizeof start);
    size_t at = (size_t)start & (set->room - 1);
    while (set->taken[at] && !hash_equal(set->slot[at], *stored))
        at = (at + 1) & (set->room - 1);
    return at;
}

bool audit_part_set_has(const struct audit_part_set *set, const struct hash *stored)
{
    return set->room > 0 && set->taken[place_of(set, stored)];
}

static void grow(struct audit_part_set *set)
{
    struct audit_part_set larger = {.room = set->room ? 2 * set->room : 1024};

    larger.slot = calloc(larger.room, sizeof *larger.slot);
    larger.taken = calloc(larger.room, sizeof *larger.taken);
    if (!larger.slot || !larger.taken)
        abort();
    for (size_t i = 0; i < set->room; i++)
        if (set->taken[i])
            audit_part_set_add(&larger, &set->slot[i]);
    audit_part_set_free(set);
    *set = larger;
}

void audit_part_set_add(struct audit_part_set *set, const struct hash *stored)
{
    if (2 * set->count >= set->room)
        grow(set);
    size_t at = place_of(set, stored);
    set->count += !set->taken[at];
    set->slot[at] = *stored;
    set->taken[at] = true;
}
