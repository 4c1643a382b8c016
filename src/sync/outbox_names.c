#include "sync/outbox_inside.h"

#include "base/limits.h"
#include "record/kind.h"

/* What records name that wait here, by the bytes of the files: those that are damaged, too. */

/* The note stands before the parts: whatever it names stands in so many bytes of a file. */
#define NOTE_WITHIN (OUTBOX_FILE_HEADER + 64u + LIMIT_ENTRY_BYTES)

static bool read_head(struct disk *disk, const struct disk_entry *file, struct span *out,
                      struct arena *arena, struct err *err)
{
    size_t len = file->size < NOTE_WITHIN ? (size_t)file->size : NOTE_WITHIN;

    *out = (struct span){0};
    return disk_read_at(disk, file->path, 0, len, out, arena, err) ||
           err->kind == ERR_MISSING; /* it has left meanwhile */
}

static void look_for(struct span head, const struct hash *stored, size_t count, bool *out)
{
    struct hash named;

    while (part_named_next(&head, &named))
        for (size_t i = 0; i < count; i++)
            out[i] = out[i] || hash_equal(named, stored[i]);
}

bool outbox_names(struct outbox *outbox, const struct hash *stored, size_t count, bool *out,
                  struct err *err)
{
    struct disk *disk = outbox->options.disk;
    struct arena listing = {0}, arena = {0};
    struct disk_entry *file;
    size_t files;
    struct span head;

    bool ok = disk_list(disk, OUTBOX_DIRECTORY, &file, &files, &listing, err);
    for (size_t i = 0; ok && i < files; i++) {
        arena_reset(&arena);
        ok = !file[i].regular || read_head(disk, &file[i], &head, &arena, err);
        if (ok && file[i].regular && head.len > 0)
            look_for(head, stored, count, out);
    }
    arena_free(&arena);
    arena_free(&listing);
    return ok || err_wrap(err, "the outbox, what it names");
}
