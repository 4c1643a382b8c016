#pragma once

/* A set of paths, kept in order. Zeroed it is empty; it owns its paths. */

#include "base/base.h"

struct path_set {
    char **at;
    size_t count, room;
};

void path_set_add(struct path_set *set, const char *path);
/* After this, and until the next path_set_add, at[0] to at[count - 1] are sorted bytewise and
 * each there once. */
void path_set_settle(struct path_set *set);
void path_set_free(struct path_set *set);
