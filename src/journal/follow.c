#include "journal/follow.h"

#include "journal/anchor.h"
#include "journal/inside.h"
#include "journal/log_reader.h"
#include "journal/tile_writer.h"

#include <stdlib.h>

struct follow {
    struct journal *journal;
    struct checkpoint target;
    struct span note; /* of it, in the arena */
    struct edge edge;
    bool explained;             /* the file `following` is there */
    struct tile_writer *writer; /* NULL: no entry has come */
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

/* Only the log's own line: which witnesses count is known when the entries are applied. */
static struct span bare_note(const struct follow *follow, const struct note *note,
                             struct arena *arena)
{
    struct buf buf = buf_in(arena, LIMIT_CHECKPOINT_BYTES);
    const struct note_line *line =
        note_find(note, log_keys_find(&follow->journal->keys, span_of(follow->target.origin)));

    buf_put(&buf, note->text);
    buf_byte(&buf, '\n');
    note_put_line(&buf, line->name, line->key_id, line->signature);
    assert(!buf.full);
    return buf_span(&buf);
}

/* A term ends for good: its operator can sign on, but nothing that follows the next one's. */
static bool check_term(const struct follow *follow, struct err *err)
{
    const struct log_keys *keys = &follow->journal->keys;
    const char *present = follow->journal->head.checkpoint.origin;

    return !present[0] ||
           log_keys_find(keys, span_of(follow->target.origin)) >=
               log_keys_find(keys, span_of(present)) ||
           err_set(err, ERR_CONFLICT, "the term of %s has ended", follow->target.origin);
}

static bool take_target(struct follow *follow, struct span bytes, struct err *err)
{
    const struct checkpoint *head = &follow->journal->head.checkpoint;
    struct note note;

    if (!log_keys_open(&follow->journal->keys, &follow->target, &note, bytes, &follow->arena, err))
        return false;
    follow->note = bare_note(follow, &note, &follow->arena);
    if (follow->target.size <= head->size)
        return err_set(err, ERR_CONFLICT, "size %" PRIu64 " is not beyond %" PRIu64,
                       follow->target.size, head->size);
    return check_term(follow, err);
}

static struct follow *follow_new(struct journal *journal)
{
    struct follow *follow = calloc(1, sizeof *follow);

    if (!follow)
        abort();
    assert(journal_follows(journal));
    follow->journal = journal;
    follow->edge = journal->edge;
    return follow;
}

static bool is_whole(const struct journal *journal, struct err *err)
{
    if (journal->broken.kind != ERR_NONE)
        *err = journal->broken;
    return journal->broken.kind == ERR_NONE;
}

bool follow_begin(struct follow **out, struct journal *journal, struct span note, struct err *err)
{
    struct follow *follow = follow_new(journal);

    if (!is_whole(journal, err) || !take_target(follow, note, err)) {
        follow_free(follow);
        return err_wrap(err, "follow");
    }
    *out = follow;
    return true;
}

bool follow_begin_parts(struct follow **out, struct journal *journal, struct err *err)
{
    const struct journal_head *head = &journal->head; /* only this thread changes it */

    if (!is_whole(journal, err))
        return err_wrap(err, "follow");
    if (head->checkpoint.size == 0)
        return err_set(err, ERR_MISSING, "follow: there is no entry yet that could name a part");
    struct follow *follow = follow_new(journal);
    follow->target = head->checkpoint;
    follow->note = arena_copy(&follow->arena, head->note);
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

/* What is not in its place yet must never be without an explanation. */
static bool explain(struct follow *follow, struct err *err)
{
    if (!follow->explained)
        follow->explained = disk_replace(disk_of(follow), FOLLOWING_FILE, follow->note, true, err);
    return follow->explained;
}

/* Of an empty directory all that is known of the log is its key. */
static bool check_anchor(const struct follow *follow, struct span entry, struct err *err)
{
    const struct journal *journal = follow->journal;
    struct anchor anchor;

    if (follow->edge.size > 0 ||
        (anchor_parse(&anchor, entry, err) &&
         anchor_check(&anchor, journal->options.agreement, &journal->keys.at[0], NULL, err)))
        return true;
    err->kind = ERR_REFUSED;
    return err_wrap(err, "follow: entry 0");
}

/* Whatever it says, it is our own disk that does not do as it should. */
static bool stop(const struct follow *follow, struct err *err)
{
    err->kind = ERR_IO;
    return journal_break(follow->journal, err);
}

static bool write_entry(struct follow *follow, struct span entry, struct err *err)
{
    return explain(follow, err) &&
           (follow->writer ||
            tile_writer_open(&follow->writer, disk_of(follow), &follow->edge, err)) &&
           tile_writer_add(follow->writer, entry, err);
}

bool follow_entry(struct follow *follow, struct span entry, struct err *err)
{
    assert(follow->edge.size < follow->target.size && entry.len <= LIMIT_ENTRY_BYTES);
    return check_anchor(follow, entry, err) &&
           (write_entry(follow, entry, err) || stop(follow, err));
}

bool follow_part(struct follow *follow, struct span stored, struct err *err)
{
    assert(stored.len <= LIMIT_PART_BYTES);
    return (explain(follow, err) && parts_add(follow->journal->parts, stored, err)) ||
           stop(follow, err);
}

/* What was written beyond the checkpoint goes again, durably, then what explained it. */
static bool drop(struct journal *journal, uint64_t size, struct err *err)
{
    struct disk *disk = journal->options.disk;

    return parts_sync(journal->parts, err) &&
           recover_drop_leftovers(disk, journal->edge.size, size, err) &&
           disk_remove(disk, FOLLOWING_FILE, err);
}

void follow_abandon(struct follow *follow)
{
    struct err err = {0};

    if (!follow)
        return;
    struct journal *journal = follow->journal;
    if (follow->explained && journal->broken.kind == ERR_NONE &&
        !drop(journal, follow->target.size, &err))
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

/* The terms up to that of this checkpoint. */
static struct log_keys keys_until(const struct journal *journal, const struct checkpoint *last)
{
    struct log_keys keys = journal->keys;

    keys.count = (size_t)(log_keys_find(&keys, span_of(last->origin)) - keys.at) + 1;
    return keys;
}

/* Before the checkpoint, which nobody could read without; `following` explains the other order. */
static bool write_keys(const struct follow *follow, struct err *err)
{
    struct journal *journal = follow->journal;
    struct log_keys keys = keys_until(journal, &follow->target);

    return strcmp(follow->target.origin, journal->head.checkpoint.origin) == 0 ||
           log_keys_write(&keys, journal->options.disk, err);
}

static bool publish(struct follow *follow, struct err *err)
{
    struct journal *journal = follow->journal;
    uint64_t from = journal->edge.size, size = follow->target.size;

    if (!tile_writer_end(follow->writer, err) || !disk_sync_all(disk_of(follow), err) ||
        !publish_check_tiles(disk_of(follow), &journal->edge, &follow->target, err) ||
        !write_keys(follow, err) ||
        !disk_replace(disk_of(follow), LOG_CHECKPOINT, follow->note, true, err))
        return false;
    journal->edge = follow->edge;
    publish_show(journal, &follow->target, follow->note);
    tree_grow(journal->tree, size);
    return publish_drop_partials(disk_of(follow), from, size, err);
}

static bool end(struct follow *follow, struct err *err)
{
    struct journal *journal = follow->journal;

    return (!follow->explained || parts_sync(journal->parts, err)) &&
           (!follow->writer || publish(follow, err)) &&
           (!follow->explained || disk_remove(disk_of(follow), FOLLOWING_FILE, err)) &&
           (!follow->writer || recover_catch_up(journal, err));
}

bool follow_end(struct follow *follow, struct err *err)
{
    if (!is_whole(follow->journal, err) || !check_root(follow, err)) {
        follow_abandon(follow);
        return err_wrap(err, "follow");
    }
    bool ok = end(follow, err) || stop(follow, err);
    follow_free(follow);
    return ok || err_wrap(err, "follow");
}

bool follow_term(struct journal *journal, const struct note_key *key, struct err *err)
{
    const struct note_key *known = log_keys_find(&journal->keys, span_of(key->name));

    if (!known)
        return log_keys_add(&journal->keys, key, err);
    return memcmp(&known->key, &key->key, sizeof key->key) == 0 ||
           err_set(err, ERR_CONFLICT, "the term of %s has another key", key->name);
}

bool follow_read(uint64_t *out, struct disk *disk, struct err *err)
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

/* A key that was written for a checkpoint which did not come to its place. */
static bool drop_keys(struct journal *journal, struct err *err)
{
    size_t count = journal->keys.count;

    if (journal->edge.size == 0)
        return true;
    journal->keys = keys_until(journal, &journal->head.checkpoint);
    return journal->keys.count == count ||
           log_keys_write(&journal->keys, journal->options.disk, err);
}

bool follow_recover(struct journal *journal, struct err *err)
{
    struct disk *disk = journal->options.disk;
    uint64_t size, published = journal->edge.size;

    return follow_read(&size, disk, err) && drop_keys(journal, err) &&
           drop(journal, size > published ? size : published, err) &&
           disk_remove(disk, FOLLOWING_FILE DISK_UNFINISHED, err);
}
