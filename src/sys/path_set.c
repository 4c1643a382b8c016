#include "sys/path_set.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void path_set_settle(struct path_set *set)
{
    size_t kept = 0;

    if (set->count > 0)
        qsort(set->at, set->count, sizeof *set->at, compare);
    for (size_t i = 0; i < set->count; i++) {
        if (kept > 0 && strcmp(set->at[kept - 1], set->at[i]) == 0)
            free(set->at[i]);
        else
            set->at[kept++] = set->at[i];
    }
    set->count = kept;
}

/* One path may be added ten times a second for days, so what recurs is dropped before the
 * memory grows; it grows while more than half is in use, so that sorting stays rare. */
static void make_room(struct path_set *set)
{
    path_set_settle(set);
    if (set->count < set->room / 2)
        return;
    set->room = set->room ? set->room * 2 : 64;
    set->at = realloc(set->at, set->room * sizeof *set->at);
    if (!set->at)
        abort();
}

void path_set_add(struct path_set *set, const char *path)
{
    char *copy = strdup(path);

    if (!copy)
        abort();
    if (set->count == set->room)
        make_room(set);
    set->at[set->count++] = copy;
}

void path_set_free(struct path_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        free(set->at[i]);
    free(set->at);
    *set = (struct path_set){0};
}
