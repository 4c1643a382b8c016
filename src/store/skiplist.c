#include "store/skiplist.h"

#include <stdlib.h>

void skiplist_open(struct skiplist *list, int (*compare)(const void *a, const void *b))
{
    *list = (struct skiplist){.compare = compare, .chance = UINT64_C(0x9e3779b97f4a7c15)};
}

void skiplist_close(struct skiplist *list)
{
    struct skiplist_node *node = list->first[0];

    while (node) {
        struct skiplist_node *next = node->next[0];
        free(node);
        node = next;
    }
    *list = (struct skiplist){0};
}

struct skiplist_node *skiplist_seek(const struct skiplist *list, const void *item)
{
    struct skiplist_node *const *links = list->first;

    for (size_t level = SKIPLIST_LEVELS; level-- > 0;) {
        while (links[level] && list->compare(links[level]->item, item) < 0)
            links = links[level]->next;
    }
    return links[0];
}

/* For each level, the link that leads to the first node not before `item`. */
static void find_links(struct skiplist *list, const void *item,
                       struct skiplist_node **out[SKIPLIST_LEVELS])
{
    struct skiplist_node **links = list->first;

    for (size_t level = SKIPLIST_LEVELS; level-- > 0;) {
        while (links[level] && list->compare(links[level]->item, item) < 0)
            links = links[level]->next;
        out[level] = &links[level];
    }
}

/* One node in four reaches the level above. */
static size_t draw_height(struct skiplist *list)
{
    size_t height = 1;

    list->chance ^= list->chance << 13;
    list->chance ^= list->chance >> 7;
    list->chance ^= list->chance << 17;
    for (uint64_t bits = list->chance; height < SKIPLIST_LEVELS && (bits & 3) == 0; bits >>= 2)
        height++;
    return height;
}

void skiplist_insert(struct skiplist *list, void *item)
{
    struct skiplist_node **link[SKIPLIST_LEVELS];
    size_t height = draw_height(list);
    struct skiplist_node *node = malloc(sizeof *node + height * sizeof *node->next);

    if (!node)
        abort();
    find_links(list, item, link);
    assert(!*link[0] || list->compare((*link[0])->item, item) != 0);
    node->item = item;
    for (size_t level = 0; level < height; level++) {
        node->next[level] = *link[level];
        *link[level] = node;
    }
}

void skiplist_remove(struct skiplist *list, const void *item)
{
    struct skiplist_node **link[SKIPLIST_LEVELS];

    find_links(list, item, link);
    struct skiplist_node *node = *link[0];
    assert(node && list->compare(node->item, item) == 0);
    for (size_t level = 0; level < SKIPLIST_LEVELS && *link[level] == node; level++)
        *link[level] = node->next[level];
    free(node);
}
