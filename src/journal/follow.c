#include "journal/follow.h"

#include "journal/inside.h"
#include "journal/log_reader.h"
#include "journal/tile_writer.h"

#include <stdlib.h>

struct follow {
    struct journal *journal;
    struct checkpoint target;
    struct span note; /* of it, in the arena */
    struct edge edge;
    struct tile_writer *writer;
    struct arena arena;
};

static struct disk *disk_of(const struct follow *follow)
{
    return follow->journal->options.disk;
}

static void follow_free(struct follow *follow)
{
    tile_writer_close(follow->writer);
    arena_free(&follow->arena);
    free(follow);
}

static bool take_target(struct follow *follow, struct span bytes, struct err *err)
{
    const struct checkpoint *head = &follow->journal->head.checkpoint;
    struct note note;

    follow->note = arena_copy(&follow->arena, bytes);
    if (!log_keys_open(&follow->journal->keys, &follow->target, &note, follow->note, &follow->arena,
                       err))
        return false;
    return follow->target.size > head->size ||
           err_set(err, ERR_CONFLICT, "size %" PRIu64 " is not beyond %" PRIu64,
                   follow->target.size, head->size);
}

/* In this order: what is beyond the checkpoint must never be without an explanation. */
static bool start_writing(struct follow *follow, struct err *err)
{
    return (disk_replace(disk_of(follow), FOLLOWING_FILE, follow->note, true, err) &&
            tile_writer_open(&follow->writer, disk_of(follow), &follow->edge, err)) ||
           journal_break(follow->journal, err);
}

bool follow_begin(struct follow **out, struct journal *journal, struct span note, struct err *err)
{
    struct follow *follow = calloc(1, sizeof *follow);

    if (!follow)
        abort();
    assert(journal_follows(journal));
    follow->journal = journal;
    follow->edge = journal->edge;
    bool ok = journal->broken.kind == ERR_NONE;
    if (!ok)
        *err = journal->broken;
    if (!ok || !take_target(follow, note, err) || !start_writing(follow, err)) {
        follow_free(follow);
        return err_wrap(err, "follow");
    }
    *out = follow;
    return true;
}

uint64_t follow_next(const struct follow *follow)
{
    return follow->edge.size;
}

const struct checkpoint *follow_target(const struct follow *follow)
{
    return &follow->target;
}

const struct edge *follow_edge(const struct follow *follow)
{
    return &follow->edge;
}

bool follow_entry(struct follow *follow, struct span entry, struct err *err)
{
    assert(follow->edge.size < follow->target.size && entry.len <= LIMIT_ENTRY_BYTES);
    return tile_writer_add(follow->writer, entry, err) || journal_break(follow->journal, err);
}

/* What was written beyond the checkpoint goes again, then what explained it. */
static bool drop(struct disk *disk, uint64_t published, uint64_t size, struct err *err)
{
    return disk_sync_all(disk, err) && recover_drop_leftovers(disk, published, size, err) &&
           disk_remove(disk, FOLLOWING_FILE, err);
}

void follow_abandon(struct follow *follow)
{
    struct err err = {0};

    if (!follow)
        return;
    struct journal *journal = follow->journal;
    if (journal->broken.kind == ERR_NONE &&
        !drop(disk_of(follow), journal->edge.size, follow->target.size, &err))
        journal_break(journal, &err);
    follow_free(follow);
}

static bool check_root(const struct follow *follow, struct err *err)
{
    if (follow->edge.size == follow->target.size &&
        hash_equal(edge_root(&follow->edge), follow->target.root))
        return true;
    return err_set(err, ERR_CONFLICT, "%" PRIu64 " entries do not have the root of size %" PRIu64,
                   follow->edge.size, follow->target.size);
}

static bool publish(struct follow *follow, struct err *err)
{
    struct journal *journal = follow->journal;
    uint64_t from = journal->edge.size, size = follow->target.size;

    if (!tile_writer_end(follow->writer, err) || !disk_sync_all(disk_of(follow), err) ||
        !publish_check_tiles(disk_of(follow), &journal->edge, &follow->target, err) ||
        !disk_replace(disk_of(follow), LOG_CHECKPOINT, follow->note, true, err))
        return false;
    journal->edge = follow->edge;
    publish_show(journal, &follow->target, follow->note);
    tree_grow(journal->tree, size);
    return publish_drop_partials(disk_of(follow), from, size, err) &&
           disk_remove(disk_of(follow), FOLLOWING_FILE, err) && recover_catch_up(journal, err);
}

bool follow_end(struct follow *follow, struct err *err)
{
    if (!check_root(follow, err)) {
        follow_abandon(follow);
        return err_wrap(err, "follow");
    }
    bool ok = publish(follow, err) || journal_break(follow->journal, err);
    follow_free(follow);
    return ok || err_wrap(err, "follow");
}

bool follow_term(struct journal *journal, const struct note_key *key, struct err *err)
{
    return log_keys_add(&journal->keys, key, err) &&
           (log_keys_write(&journal->keys, journal->options.disk, err) ||
            journal_break(journal, err));
}

/* The size that was being followed to, as the file says, which is our own. */
static bool read_following(uint64_t *out, struct disk *disk, struct err *err)
{
    struct arena arena = {0};
    struct checkpoint checkpoint = {0};
    struct note note;
    struct span bytes;
    bool ok = disk_read(disk, FOLLOWING_FILE, LIMIT_CHECKPOINT_BYTES, &bytes, &arena, err);

    if (ok)
        ok = note_parse(&note, bytes, &arena, err) && checkpoint_parse(&checkpoint, note.text, err);
    else
        ok = err->kind == ERR_MISSING;
    *out = checkpoint.size;
    arena_free(&arena);
    return ok || err_wrap(err, FOLLOWING_FILE);
}

bool follow_recover(struct journal *journal, struct err *err)
{
    struct disk *disk = journal->options.disk;
    uint64_t size, published = journal->edge.size;

    if (!read_following(&size, disk, err))
        return false;
    if (size == 0)
        return disk_remove(disk, FOLLOWING_FILE DISK_UNFINISHED, err);
    return drop(disk, published, size > published ? size : published, err);
}
