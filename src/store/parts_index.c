#include "store/parts_index.h"

#include <stdlib.h>

#include "sys/entropy.h"

#define FIRST_ROOM 1024u

static struct parts_place *new_places(size_t room)
{
    struct parts_place *place = calloc(room, sizeof *place);

    if (!place)
        abort();
    return place;
}

void parts_index_open(struct parts_index *index)
{
    *index = (struct parts_index){.room = FIRST_ROOM, .place = new_places(FIRST_ROOM)};
    entropy_fill(&index->secret, sizeof index->secret);
}

void parts_index_close(struct parts_index *index)
{
    free(index->place);
    *index = (struct parts_index){0};
}

/* Where it is, or where it would go. */
static struct parts_place *place_of(const struct parts_index *index, const struct hash *stored)
{
    size_t at = (size_t)siphash(&index->secret, hash_span(stored));

    for (;; at++) {
        struct parts_place *place = &index->place[at & (index->room - 1)];

        if (!place->taken || hash_equal(place->stored, *stored))
            return place;
    }
}

struct parts_place *parts_index_find(const struct parts_index *index, const struct hash *stored)
{
    struct parts_place *place = place_of(index, stored);

    return place->taken ? place : NULL;
}

static void grow(struct parts_index *index)
{
    struct parts_place *old = index->place;
    size_t room = index->room;

    index->room *= 2;
    index->place = new_places(index->room);
    for (size_t i = 0; i < room; i++) {
        if (old[i].taken)
            *place_of(index, &old[i].stored) = old[i];
    }
    free(old);
}

void parts_index_set(struct parts_index *index, struct parts_place place)
{
    if (index->count >= index->room / 2)
        grow(index);

    struct parts_place *at = place_of(index, &place.stored);
    index->count += !at->taken;
    *at = place;
    at->taken = true;
}
