#include <stdlib.h>

#include "sys/disk_backend.h"

void disk_listing_add(struct disk_listing *listing, struct disk_entry entry)
{
    if (listing->count == listing->room) {
        size_t room = listing->room ? listing->room * 2 : 64;
        struct disk_entry *at = ARENA_ARRAY(listing->arena, struct disk_entry, room);

        if (listing->count > 0)
            memcpy(at, listing->entry, listing->count * sizeof *at);
        listing->entry = at;
        listing->room = room;
    }
    listing->entry[listing->count++] = entry;
}

static int compare_entries(const void *a, const void *b)
{
    const struct disk_entry *x = a;
    const struct disk_entry *y = b;

    return strcmp(x->path, y->path);
}

bool disk_list(struct disk *disk, const char *path, struct disk_entry **out, size_t *out_count,
               struct arena *arena, struct err *err)
{
    struct disk_listing listing = {.arena = arena};
    bool ok = path[0] == '\0' || disk_check_path(path, err);

    ok = ok && disk->backend->list(disk->state, path, &listing, err);
    if (!ok)
        return err_wrap(err, "list \"%s\"", path);
    if (listing.count > 0)
        qsort(listing.entry, listing.count, sizeof *listing.entry, compare_entries);
    *out = listing.entry;
    *out_count = listing.count;
    return true;
}
