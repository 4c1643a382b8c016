#include "register/apply.h"

const char *move_to(const struct move *moves, size_t count, const char *on, struct span from)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(moves[i].on, on) == 0 && span_is(from, moves[i].from))
            return moves[i].to;
    return NULL;
}
