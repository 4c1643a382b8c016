#pragma once

/*
 * Items in order, found in a logarithm of their number: a skip list (Pugh 1990), whose
 * node heights come from a fixed sequence, so that every run is the same. The items are
 * the caller's.
 */

#include "base/base.h"

#define SKIPLIST_LEVELS 20

struct skiplist_node {
    void *item;
    struct skiplist_node *next[]; /* next[0]: the one after it */
};

struct skiplist {
    int (*compare)(const void *a, const void *b);
    struct skiplist_node *first[SKIPLIST_LEVELS];
    uint64_t chance;
};

void skiplist_open(struct skiplist *list, int (*compare)(const void *a, const void *b));
void skiplist_close(struct skiplist *list);
/* The first that is not before `item`; NULL when all are. */
struct skiplist_node *skiplist_seek(const struct skiplist *list, const void *item);
/* No other may compare as equal. */
void skiplist_insert(struct skiplist *list, void *item);
void skiplist_remove(struct skiplist *list, const void *item); /* it is there */
