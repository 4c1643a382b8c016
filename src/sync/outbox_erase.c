#include "sync/outbox_inside.h"

#include "base/limits.h"

/*
 * What was ordered to be destroyed may wait here still, on its way to those who keep the log. Its
 * bytes are overwritten where they are, and then the file is written anew without it. Cut off
 * between the two the file is damaged, which is told: its record is in the log by then, else nobody
 * could have ordered it.
 */

/* Those of the file's parts that are another's; *out_there: there is one that is not. */
static struct submission others(const struct outbox_file *file, const struct hash *stored,
                                bool *out_there, struct arena *arena)
{
    const struct submission *from = &file->submission;
    struct span *part = ARENA_ARRAY(arena, struct span, from->part_count);
    struct submission out = {.note = from->note, .part = part};

    for (size_t i = 0; i < from->part_count; i++)
        if (!hash_equal(hash_of(from->part[i]), *stored))
            part[out.part_count++] = from->part[i];
    *out_there = out.part_count < from->part_count;
    return out;
}

static bool blank(struct outbox *outbox, const char *path, const struct outbox_file *file,
                  const struct hash *stored, struct arena *arena, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < file->submission.part_count; i++) {
        struct span part = file->submission.part[i];
        uint64_t at = OUTBOX_FILE_HEADER + (uint64_t)(part.at - file->payload.at);

        if (!hash_equal(hash_of(part), *stored))
            continue;
        uint8_t *zeros = arena_alloc(arena, part.len);
        memset(zeros, 0, part.len);
        ok = disk_overwrite(outbox->options.disk, path, at, span_make(zeros, part.len), err);
    }
    return ok;
}

/* As it is from now on; who keeps the log need not be brought what is no more. */
static void take(struct outbox *outbox, struct outbox_entry *entry, const struct outbox_file *file,
                 size_t bytes)
{
    struct outbox_entry now;

    outbox_entry_fill(&now, file);
    entry->payload = now.payload;
    entry->has_parts = now.has_parts;
    entry->handed = entry->handed || (entry->known && !now.has_large);
    entry->has_large = now.has_large;
    outbox->bytes = outbox->bytes - entry->bytes + bytes;
    entry->bytes = bytes;
}

static bool erase_in(struct outbox *outbox, struct outbox_entry *entry, const struct hash *stored,
                     bool *out_held, struct arena *arena, struct err *err)
{
    struct outbox_file file, less;
    char path[OUTBOX_PATH];
    struct span bytes;
    bool there;

    if (!outbox_read(outbox, entry, &file, arena)) /* damaged, and told */
        return true;
    struct submission kept = others(&file, stored, &there, arena);
    if (!there)
        return true;
    *out_held = true;
    outbox_path(path, entry->number, "");
    if (!outbox_file_encode(&bytes, &kept, file.since_ms, arena, err) ||
        !outbox_file_parse(&less, bytes, arena, err) ||
        !blank(outbox, path, &file, stored, arena, err) ||
        !disk_replace(outbox->options.disk, path, bytes, true, err))
        return false;
    take(outbox, entry, &less, bytes.len);
    return true;
}

bool outbox_erase(struct outbox *outbox, const struct hash *stored, bool *out_held, struct err *err)
{
    struct arena arena = {0};
    bool ok = true;

    *out_held = false;
    pthread_mutex_lock(&outbox->lock);
    for (size_t i = 0; ok && i < outbox->count; i++) {
        if (!outbox->at[i]->has_parts || outbox->at[i]->gone)
            continue;
        arena_reset(&arena);
        ok = erase_in(outbox, outbox->at[i], stored, out_held, &arena, err);
    }
    outbox_sweep(outbox);
    pthread_mutex_unlock(&outbox->lock);
    arena_free(&arena);
    return ok || err_wrap(err, "the outbox, erasing");
}
