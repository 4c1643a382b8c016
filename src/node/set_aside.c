#include "node/inside.h"

#include "codec/hex.h"
#include "journal/history.h"
#include "record/kind.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

/*
 * A directory that went on with a term beyond its end (doc/handover.md): what is beyond waits in
 * the outbox to be submitted again, the log as it was is kept aside, and the node follows from
 * the start. Done twice it is done once: what moves the log comes last.
 */

struct aside {
    const char *directory;
    struct disk *disk;
    struct settings settings;
    struct parts *parts;
    struct outbox *outbox;
    uint64_t size, records;
};

/* The record with what is here of its parts. */
static bool put_record(struct aside *aside, struct span entry, int64_t now, struct arena *arena,
                       struct err *err)
{
    struct span *stored = ARENA_ARRAY(arena, struct span, LIMIT_RECORD_PARTS);
    struct submission submission = {.note = arena_copy(arena, entry), .part = stored};
    struct record record;
    struct part part;
    struct hash hash;
    struct err missing = {0};

    if (!record_parse(&record, submission.note, arena, &missing))
        return true; /* it stays aside */
    for (size_t i = 0; part_at(record.body, i, &part); i++)
        if (hex_parse(hash.bytes, sizeof hash.bytes, part.stored) &&
            parts_get(aside->parts, &hash, &stored[submission.part_count], arena, &missing))
            submission.part_count++;
    aside->records++;
    return outbox_put(aside->outbox, &submission, 1, now, err);
}

/* Whoever kept the log and went no further than its end has only to keep it no more. */
static bool is_beyond(const struct aside *aside, uint64_t size)
{
    return aside->size < size || (aside->size == size && aside->settings.origin[0]);
}

static bool put_records(struct aside *aside, struct history *history, int64_t now, struct err *err)
{
    struct arena arena = {0};
    struct span entry;
    bool ok =
        is_beyond(aside, history_size(history)) ||
        err_set(err, ERR_USAGE, "the log here has %" PRIu64 " entries: nothing is beyond %" PRIu64,
                history_size(history), aside->size);

    for (uint64_t i = aside->size; ok && i < history_size(history); i++) {
        arena_reset(&arena);
        ok = history_entry(history, i, &entry, err) && put_record(aside, entry, now, &arena, err);
    }
    arena_free(&arena);
    return ok;
}

static bool read_log(struct aside *aside, int64_t now, struct err *err)
{
    struct arena arena = {0};
    struct checkpoint checkpoint = {0};
    struct history *history = NULL;
    struct tree *tree = NULL;
    struct note note;
    struct span bytes;

    bool ok = log_reader_checkpoint(aside->disk, &bytes, &arena, err) &&
              note_parse(&note, bytes, &arena, err) &&
              checkpoint_parse(&checkpoint, note.text, err) &&
              tree_open(&tree, aside->disk, checkpoint.size, err) &&
              history_open(&history, aside->disk, tree, false, err) &&
              put_records(aside, history, now, err);
    history_close(history);
    tree_close(tree);
    arena_free(&arena);
    return ok;
}

static bool move(const struct aside *aside, const char *what, int64_t now, struct err *err)
{
    struct arena arena = {0};
    const char *from = arena_printf(&arena, "%s/%s", aside->directory, what);
    const char *to = arena_printf(&arena, "%s/aside/%" PRId64 "/%s", aside->directory, now, what);
    bool ok = rename(from, to) == 0 || errno == ENOENT || err_errno(err, "move %s", from);

    arena_free(&arena);
    return ok;
}

/* The settings before the log: a keeper without its log would begin another. */
static bool move_all(struct aside *aside, int64_t now, struct err *err)
{
    static const char *const moved[] = {"store.db", "store.db-wal", "store.db-shm", "following",
                                        "stage",    "signer",       "log"};
    struct arena arena = {0};
    const char *folder = arena_printf(&arena, "%s/aside", aside->directory);
    const char *of_now = arena_printf(&arena, "%s/%" PRId64, folder, now);
    bool ok = (mkdir(folder, 0750) == 0 || errno == EEXIST || err_errno(err, "make %s", folder)) &&
              (mkdir(of_now, 0750) == 0 || errno == EEXIST || err_errno(err, "make %s", of_now));

    aside->settings.origin[0] = aside->settings.promise[0] = '\0';
    ok = ok && settings_write(&aside->settings, aside->disk, err);
    for (size_t i = 0; ok && i < ARRAY_LEN(moved); i++)
        ok = move(aside, moved[i], now, err);
    arena_free(&arena);
    return ok && disk_sync_directory(aside->disk, "", err);
}

bool node_set_aside(const char *directory, uint64_t size, uint64_t *out_records, struct err *err)
{
    struct aside aside = {.directory = directory, .size = size};
    struct outbox_options outbox = {0};
    int64_t now = clock_now_ms(clock_system());

    bool ok = disk_open(&aside.disk, directory, false, err) && disk_lock(aside.disk, err);
    outbox.disk = aside.disk;
    ok = ok && settings_read(&aside.settings, aside.disk, err) &&
         parts_open(&aside.parts, aside.disk, err) &&
         outbox_open(&aside.outbox, &outbox, now, err) && read_log(&aside, now, err);
    outbox_close(aside.outbox);
    parts_close(aside.parts);
    ok = ok && move_all(&aside, now, err);
    disk_close(aside.disk);
    *out_records = aside.records;
    return ok || err_wrap(err, "%s", directory);
}
