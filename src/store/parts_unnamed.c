#include "store/parts_inside.h"

/*
 * Large parts come before their records, or beside some that are never logged. Which of them no
 * record names, nobody here knows: whoever has read the log says which are named (parts_name), and
 * the rest can be cleared. What is brought again at that moment stays: who brought it was told that
 * it is here.
 */

bool parts_ask(struct parts *parts, const struct hash *stored, uint64_t *out)
{
    pthread_rwlock_wrlock(&parts->lock);
    struct parts_place *place = parts_index_find(&parts->index, stored);
    bool here = place && !place->damaged && !place->erased;
    if (here) {
        place->brought = true;
        *out = place->len;
    }
    pthread_rwlock_unlock(&parts->lock);
    return here;
}

void parts_name(struct parts *parts, const struct hash *stored)
{
    pthread_rwlock_wrlock(&parts->lock);
    struct parts_place *place = parts_index_find(&parts->index, stored);
    if (place)
        place->named = true;
    pthread_rwlock_unlock(&parts->lock);
}

static bool is_unnamed(const struct parts_place *place)
{
    return place->taken && place->pack == 0 && !place->damaged && !place->erased && !place->named;
}

void parts_unnamed(struct parts *parts, struct parts_unnamed **out, size_t *out_count,
                   struct arena *arena)
{
    size_t count = 0;

    pthread_rwlock_wrlock(&parts->lock);
    for (size_t i = 0; i < parts->index.room; i++)
        count += is_unnamed(&parts->index.place[i]);
    *out = ARENA_ARRAY(arena, struct parts_unnamed, count);
    *out_count = 0;
    for (size_t i = 0; i < parts->index.room; i++) {
        struct parts_place *place = &parts->index.place[i];

        if (!is_unnamed(place))
            continue;
        (*out)[(*out_count)++] = (struct parts_unnamed){place->stored, place->brought};
        place->brought = false;
    }
    pthread_rwlock_unlock(&parts->lock);
}

/* From here on it is as good as missing, and can be brought again. */
static bool give_up(struct parts *parts, const struct hash *stored)
{
    pthread_rwlock_wrlock(&parts->lock);
    struct parts_place *place = parts_index_find(&parts->index, stored);
    bool ok = place && is_unnamed(place) && !place->brought;
    if (ok)
        place->damaged = true;
    pthread_rwlock_unlock(&parts->lock);
    return ok;
}

bool parts_clear(struct parts *parts, const struct hash *stored, bool *out_cleared, struct err *err)
{
    pthread_mutex_t *hand = &parts->hand[stored->bytes[0] % PARTS_HANDS];
    char path[PARTS_PATH];

    assert(!parts->read_only);
    pthread_mutex_lock(hand);
    *out_cleared = give_up(parts, stored);
    bool ok = !*out_cleared || disk_remove(parts->disk, parts_large_path(path, stored), err);
    pthread_mutex_unlock(hand);
    return ok || err_wrap(err, "clear a part");
}
