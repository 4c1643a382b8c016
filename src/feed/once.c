#include "feed/once.h"

#include "crypto/hash.h"

#include <stdlib.h>

#define FIRST_ROOM 1024u

void once_add(struct once *once, struct span name, uint64_t place)
{
    struct hash hash = hash_of(name);

    if (once->count == once->room) {
        once->room = once->room ? once->room + once->room / 2 : FIRST_ROOM;
        once->at = realloc(once->at, once->room * sizeof *once->at);
        if (!once->at)
            abort(); /* as an arena does */
    }
    struct once_name *to = &once->at[once->count++];
    memcpy(to->hash, hash.bytes, sizeof to->hash);
    to->place = place;
}

bool once_has(const struct once *once, struct span name)
{
    struct hash hash = hash_of(name);

    for (size_t i = 0; i < once->count; i++)
        if (memcmp(once->at[i].hash, hash.bytes, sizeof once->at[i].hash) == 0)
            return true;
    return false;
}

static int compare(const void *a, const void *b)
{
    const struct once_name *left = a, *right = b;
    int order = memcmp(left->hash, right->hash, sizeof left->hash);

    return order ? order : (left->place > right->place) - (left->place < right->place);
}

static bool is_again(const struct once_name *name)
{
    return memcmp(name[-1].hash, name->hash, sizeof name->hash) == 0;
}

bool once_check(struct once *once, uint64_t *twice, uint64_t *first)
{
    const struct once_name *found = NULL;

    if (once->count > 1)
        qsort(once->at, once->count, sizeof *once->at, compare);
    for (size_t i = 1; i < once->count; i++) {
        const struct once_name *name = &once->at[i];

        if (is_again(name) && (!found || name->place < found->place))
            found = name;
    }
    if (!found)
        return true;
    *twice = found->place;
    *first = found[-1].place;
    return false;
}

static int compare_places(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

size_t once_again(const struct once *once, uint64_t **out, struct arena *arena)
{
    size_t count = 0;

    for (size_t i = 1; i < once->count; i++)
        count += is_again(&once->at[i]);
    *out = ARENA_ARRAY(arena, uint64_t, count ? count : 1);
    count = 0;
    for (size_t i = 1; i < once->count; i++)
        if (is_again(&once->at[i]))
            (*out)[count++] = once->at[i].place;
    qsort(*out, count, sizeof **out, compare_places);
    return count;
}

void once_free(struct once *once)
{
    free(once->at);
    *once = (struct once){0};
}
