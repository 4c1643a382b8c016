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

bool once_check(struct once *once, uint64_t *twice, uint64_t *first)
{
    const struct once_name *found = NULL;

    if (once->count > 1)
        qsort(once->at, once->count, sizeof *once->at, compare);
    for (size_t i = 1; i < once->count; i++) {
        const struct once_name *name = &once->at[i];

        if (memcmp(name[-1].hash, name->hash, sizeof name->hash) == 0 &&
            (!found || name->place < found->place))
            found = name;
    }
    if (!found)
        return true;
    *twice = found->place;
    *first = found[-1].place;
    return false;
}

void once_free(struct once *once)
{
    free(once->at);
    *once = (struct once){0};
}
