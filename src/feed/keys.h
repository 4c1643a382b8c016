#pragma once

/* The names that the rows of a file go by: each once, found by halving. */

#include "codec/csv.h"

struct keys {
    struct key {
        struct csv_cell cell; /* the name, and where it stands */
        size_t row;           /* what the caller finds by it */
    } * at;
    size_t count;
};

void keys_add(struct keys *keys, struct csv_cell cell, size_t row, struct arena *arena);
/* After the last was added. False when a name stands twice: *twice is the second of them in
 * the file, *first the one before. */
MUST_CHECK bool keys_sort(struct keys *keys, struct csv_cell *twice, struct csv_cell *first);
const struct key *keys_find(const struct keys *keys, struct span name); /* NULL: none */

/* For lists that grow one by one in an arena: room for one more behind `count` items. */
void *list_room(void *at, size_t item_bytes, size_t count, struct arena *arena);
