#include "feed/keys.h"

#include <stdlib.h>

#define LIST_ROOM 16u /* a power of two, like every room after it */

void *list_room(void *at, size_t item_bytes, size_t count, struct arena *arena)
{
    if (count != 0 && (count < LIST_ROOM || (count & (count - 1)) != 0))
        return at;
    void *out = arena_array(arena, item_bytes, count ? 2 * count : LIST_ROOM);
    if (count)
        memcpy(out, at, item_bytes * count);
    return out;
}

void keys_add(struct keys *keys, struct csv_cell cell, size_t row, struct arena *arena)
{
    keys->at = list_room(keys->at, sizeof *keys->at, keys->count, arena);
    keys->at[keys->count++] = (struct key){.cell = cell, .row = row};
}

/* Rows stand in the order of the file. */
static int compare(const void *a, const void *b)
{
    const struct key *left = a, *right = b;
    int order = span_compare(left->cell.text, right->cell.text);

    return order ? order : (left->row > right->row) - (left->row < right->row);
}

bool keys_sort(struct keys *keys, struct csv_cell *twice, struct csv_cell *first)
{
    const struct key *found = NULL;

    if (keys->count > 1)
        qsort(keys->at, keys->count, sizeof *keys->at, compare);
    for (size_t i = 1; i < keys->count; i++) {
        const struct key *key = &keys->at[i];

        if (span_equal(key[-1].cell.text, key->cell.text) && (!found || key->row < found->row))
            found = key;
    }
    if (!found)
        return true;
    *twice = found->cell;
    *first = found[-1].cell;
    return false;
}

const struct key *keys_find(const struct keys *keys, struct span name)
{
    size_t low = 0, high = keys->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = span_compare(keys->at[middle].cell.text, name);

        if (order == 0)
            return &keys->at[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
