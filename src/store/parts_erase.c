#include "store/parts_inside.h"

#include <stdlib.h>

/*
 * Destroying for good. First, durably, a name in parts/erased says so; then the bytes are
 * overwritten where they are. In a pack they become as many zeros, and the hash before them
 * that of zeros: so the pack is as whole as before, and nothing else in it has moved. Cut off
 * anywhere, the next opening finds the name, and the rest of the bytes by the hash before them.
 */

void parts_keep_copy(struct parts *parts, struct parts_place place)
{
    if (parts->copy_count == parts->copy_room) {
        parts->copy_room = parts->copy_room ? 2 * parts->copy_room : 8;
        parts->copy = realloc(parts->copy, parts->copy_room * sizeof *parts->copy);
        if (!parts->copy)
            abort();
    }
    parts->copy[parts->copy_count++] = place;
}

static struct span zeros(size_t len, struct arena *arena)
{
    uint8_t *at = arena_alloc(arena, len);

    memset(at, 0, len);
    return span_make(at, len);
}

/* It may have been cut off since, with what stood behind a tear, and something else come there. One
 * of the two may have rotted, or be blank already. */
static bool stands_there(struct parts *parts, const struct parts_place *place, const char *path,
                         bool *out, struct arena *arena, struct err *err)
{
    struct span all;

    *out = false;
    if (!disk_read_at(parts->disk, path, place->offset - PACK_HEAD_BYTES,
                      PACK_HEAD_BYTES + place->len, &all, arena, err))
        return err->kind == ERR_MISSING;
    struct hash hash = hash_of(span_from(all, PACK_HEAD_BYTES));
    *out = hash_equal(hash, place->stored) || span_starts_with(all, hash_span(&place->stored));
    return true;
}

static bool destroy_small(struct parts *parts, const struct parts_place *place, struct arena *arena,
                          struct err *err)
{
    char path[PARTS_PATH];
    struct span blank = zeros(place->len, arena);
    struct hash hash = hash_of(blank);
    bool there;

    parts_pack_path(path, place->pack);
    if (!stands_there(parts, place, path, &there, arena, err))
        return false;
    return !there || (disk_overwrite(parts->disk, path, place->offset, blank, err) &&
                      disk_overwrite(parts->disk, path, place->offset - PACK_HEAD_BYTES,
                                     hash_span(&hash), err));
}

static bool destroy_large(struct parts *parts, const struct hash *stored, struct arena *arena,
                          struct err *err)
{
    char path[PARTS_PATH];
    uint64_t size;

    parts_large_path(path, stored);
    if (!disk_size(parts->disk, path, &size, err))
        return err->kind == ERR_MISSING;
    return disk_overwrite(parts->disk, path, 0, zeros((size_t)size, arena), err) &&
           disk_remove(parts->disk, path, err) &&
           disk_sync_directory(parts->disk, PARTS_LARGE, err);
}

static bool destroy(struct parts *parts, const struct parts_place *place, struct err *err)
{
    struct arena arena = {0};
    bool ok = place->pack == 0 ? destroy_large(parts, &place->stored, &arena, err)
                               : destroy_small(parts, place, &arena, err);

    arena_free(&arena);
    return ok;
}

/* Takes a copy of what was erased off those kept aside; false when none is left. */
static bool take_copy(struct parts *parts, struct parts_place *out)
{
    bool found = false;

    pthread_rwlock_wrlock(&parts->lock);
    for (size_t i = 0; !found && i < parts->copy_count; i++) {
        const struct parts_place *now = parts_index_find(&parts->index, &parts->copy[i].stored);

        found = now->erased;
        if (found) {
            *out = parts->copy[i];
            parts->copy[i] = parts->copy[--parts->copy_count];
        }
    }
    pthread_rwlock_unlock(&parts->lock);
    return found;
}

bool parts_end_erasing(struct parts *parts, struct err *err)
{
    struct parts_place place;

    while (take_copy(parts, &place))
        if (!destroy(parts, &place, err))
            return false;
    return true;
}

/* From here on nobody reads it or adds it again; where it stands is aside. */
static void mark(struct parts *parts, const struct hash *stored, bool held)
{
    pthread_rwlock_wrlock(&parts->lock);
    const struct parts_place *place = parts_index_find(&parts->index, stored);
    if (place)
        parts_keep_copy(parts, *place);
    parts_index_set(&parts->index,
                    (struct parts_place){.stored = *stored, .erased = true, .held = held});
    pthread_rwlock_unlock(&parts->lock);
}

static bool erase(struct parts *parts, const struct hash *stored, bool *out_held, struct err *err)
{
    struct parts_place place = {0};
    bool known = parts_find(parts, stored, &place);
    char path[PARTS_PATH];

    *out_held = known && (place.held || !place.erased);
    if (place.erased)
        return true;
    if (!disk_replace(parts->disk, parts_hash_path(path, PARTS_ERASED, stored),
                      *out_held ? SPAN_LIT("held\n") : SPAN_LIT(""), true, err))
        return false;
    mark(parts, stored, *out_held);
    return parts_end_erasing(parts, err);
}

bool parts_erase(struct parts *parts, const struct hash *stored, bool *out_held, struct err *err)
{
    pthread_mutex_t *hand = &parts->hand[stored->bytes[0] % PARTS_HANDS];

    assert(!parts->read_only);
    pthread_mutex_lock(hand);
    bool ok = erase(parts, stored, out_held, err);
    pthread_mutex_unlock(hand);
    return ok || err_wrap(err, "erase a part");
}
