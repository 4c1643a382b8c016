#include "node/inside.h"

#include "codec/hex.h"
#include "journal/history.h"
#include "journal/log_keys.h"
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
    const struct node_aside *world;
    struct disk *disk; /* the world's */
    struct settings settings;
    struct log_keys keys; /* of the terms that were opened below `size` */
    struct parts *parts;
    struct outbox *outbox;
    uint64_t size, records;
};

/* A term that was opened beyond the end is none of the log's. */
static void drop_key(struct aside *aside, const struct record *opening)
{
    struct span name = json_get_string(opening->body, "log_key", (struct span){0});
    struct note_key key;
    struct err unfit = {0};

    if (!note_key_parse(&key, name, &unfit))
        return;
    const struct note_key *known = log_keys_find(&aside->keys, span_of(key.name));
    if (known && known > aside->keys.at)
        aside->keys.count = (size_t)(known - aside->keys.at);
}

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
    if (span_is(record.kind, "term.open"))
        drop_key(aside, &record);
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
    struct err damaged = {0};
    struct span entry;
    bool ok =
        is_beyond(aside, history_size(history)) ||
        err_set(err, ERR_USAGE, "the log here has %" PRIu64 " entries: nothing is beyond %" PRIu64,
                history_size(history), aside->size);

    for (uint64_t i = aside->size; ok && i < history_size(history); i++) {
        arena_reset(&arena);
        if (history_entry(history, i, &entry, &damaged))
            ok = put_record(aside, entry, now, &arena, err);
        else if (damaged.kind != ERR_CONFLICT) { /* else it stays aside */
            *err = damaged;
            ok = false;
        }
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

/* The settings before the log: a keeper without its log would begin another. */
static bool move_all(struct aside *aside, struct err *err)
{
    static const char *const moved[] = {"store.db", "store.db-wal", "store.db-shm", "following",
                                        "stage",    "signer",       "log"};

    aside->settings.origin[0] = aside->settings.promise[0] = '\0';
    bool ok = log_keys_write(&aside->keys, aside->disk, err) &&
              settings_write(&aside->settings, aside->disk, err);
    for (size_t i = 0; ok && i < ARRAY_LEN(moved); i++)
        ok = aside->world->move(aside->world->context, moved[i], err);
    return ok && disk_sync_directory(aside->disk, "", err);
}

bool node_set_aside_in(const struct node_aside *world, uint64_t size, uint64_t *out_records,
                       struct err *err)
{
    struct aside aside = {.world = world, .disk = world->disk, .size = size};
    /* What was in the log is bounded by the log. Half of it in the outbox would be stuck there: the
     * node cannot bring it anywhere before all is set aside. */
    const struct outbox_options outbox = {
        .disk = world->disk, .records = SIZE_MAX, .bytes = UINT64_MAX};

    bool ok = settings_read(&aside.settings, aside.disk, err) &&
              log_keys_read(&aside.keys, aside.disk, err) &&
              parts_open(&aside.parts, aside.disk, err) &&
              outbox_open(&aside.outbox, &outbox, world->now_ms, err) &&
              read_log(&aside, world->now_ms, err);
    outbox_close(aside.outbox);
    parts_close(aside.parts);
    ok = ok && move_all(&aside, err);
    *out_records = aside.records;
    return ok;
}

/* --- in a directory --- */

struct directory {
    const char *path;
    int64_t now_ms;
};

static bool make(const char *path, struct err *err)
{
    return mkdir(path, 0750) == 0 || errno == EEXIST || err_errno(err, "make %s", path);
}

static bool move(void *context, const char *what, struct err *err)
{
    const struct directory *directory = context;
    struct arena arena = {0};
    const char *folder = arena_printf(&arena, "%s/aside", directory->path);
    const char *of_now = arena_printf(&arena, "%s/%" PRId64, folder, directory->now_ms);
    const char *from = arena_printf(&arena, "%s/%s", directory->path, what);
    const char *to = arena_printf(&arena, "%s/%s", of_now, what);
    bool ok = make(folder, err) && make(of_now, err) &&
              (rename(from, to) == 0 || errno == ENOENT || err_errno(err, "move %s", from));

    arena_free(&arena);
    return ok;
}

bool node_set_aside(const char *path, uint64_t size, uint64_t *out_records, struct err *err)
{
    struct directory directory = {path, clock_now_ms(clock_system())};
    struct node_aside world = {.now_ms = directory.now_ms, .move = move, .context = &directory};

    *out_records = 0;
    bool ok = disk_open(&world.disk, path, false, err) && disk_lock(world.disk, err) &&
              node_set_aside_in(&world, size, out_records, err);
    disk_close(world.disk);
    return ok || err_wrap(err, "%s", path);
}
