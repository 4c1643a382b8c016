#include "journal/history.h"

#include "journal/log_reader.h"

#include <stdlib.h>

struct staged {    /* where an entry stands */
    uint64_t file; /* of the stage, by the number in its name */
    uint64_t at;
    size_t len;
    const uint8_t *kept; /* or NULL: it is read when it is asked for */
};

struct history {
    struct disk *disk;
    struct tree *tree;
    struct log_reader *log;
    uint64_t published;
    bool keep;
    struct staged *staged;
    size_t staged_count, staged_room;
    struct stage_file *file;
    size_t file_count;
    uint64_t whole_bytes;
    struct arena arena; /* the files' list, and what is kept */
    struct arena entry_arena;
};

static void note_staged(struct history *history, struct staged staged)
{
    if (history->staged_count == history->staged_room) {
        history->staged_room = history->staged_room ? 2 * history->staged_room : 256;
        history->staged =
            reallocarray(history->staged, history->staged_room, sizeof *history->staged);
        if (!history->staged)
            abort();
    }
    history->staged[history->staged_count++] = staged;
}

/* An entry of the stage is either in the log already, and the same, or the next. */
static bool take_entry(struct history *history, uint64_t index, struct span entry,
                       struct staged where, struct err *err)
{
    struct hash leaf = merkle_leaf(entry);
    struct hash there;

    if (index < history->published) {
        if (!log_reader_hash(history->log, 0, index, &there, err))
            return false;
        return hash_equal(leaf, there) ||
               err_set(err, ERR_CONFLICT, "entry %" PRIu64 " is another in the log than staged",
                       index);
    }
    if (index != tree_size(history->tree))
        return err_set(err, ERR_CONFLICT,
                       "the stage goes on with entry %" PRIu64 " where %" PRIu64 " must follow",
                       index, tree_size(history->tree));
    if (history->keep)
        where.kept = arena_copy(&history->arena, entry).at;
    note_staged(history, where);
    return tree_push(history->tree, leaf, err);
}

static bool take_batch(struct history *history, const struct stage_walk *walk, uint64_t start,
                       const struct stage_batch *batch, struct err *err)
{
    uint64_t at = start + STAGE_HEADER_BYTES;
    bool ok = true;

    for (size_t i = 0; ok && i < batch->entry_count; i++) {
        struct span entry = batch->entry[i];
        struct staged where = {walk->file.first, at + stage_entry_bytes(entry) - entry.len,
                               entry.len, NULL};
        ok = take_entry(history, batch->first + i, entry, where, err);
        at += stage_entry_bytes(entry);
    }
    return ok;
}

/* Only the last file may end torn: the next was begun when all before was durable. */
static bool take_file(struct history *history, size_t n, struct err *err)
{
    struct stage_walk walk = {.disk = history->disk, .file = history->file[n]};
    enum stage_next next = STAGE_BATCH;
    struct stage_batch batch;
    struct arena arena = {0};
    bool ok = true;

    while (ok && next == STAGE_BATCH) {
        uint64_t start = walk.at;
        arena_reset(&arena);
        ok = stage_walk_next(&walk, &next, &batch, &arena, err);
        if (ok && next == STAGE_BATCH)
            ok = take_batch(history, &walk, start, &batch, err);
    }
    arena_free(&arena);
    history->whole_bytes = walk.at;
    if (ok && next == STAGE_TORN && n + 1 < history->file_count) {
        char path[STAGE_PATH];
        stage_path(path, walk.file.first);
        ok = err_set(err, ERR_CONFLICT, "%s is damaged, at byte %" PRIu64, path, walk.at);
    }
    return ok;
}

bool history_open(struct history **out, struct disk *disk, struct tree *tree, bool keep,
                  struct err *err)
{
    struct history *history = calloc(1, sizeof *history);
    bool ok = true;

    if (!history)
        abort();
    history->disk = disk;
    history->tree = tree;
    history->keep = keep;
    history->published = tree_size(tree);
    assert(tree_published(tree) == history->published);

    ok = log_reader_open(&history->log, disk, history->published, err);
    ok = ok && stage_list(disk, &history->file, &history->file_count, &history->arena, err);
    for (size_t i = 0; ok && i < history->file_count; i++)
        ok = take_file(history, i, err);
    if (!ok) {
        history_close(history);
        return err_wrap(err, "read the stage");
    }
    *out = history;
    return true;
}

void history_close(struct history *history)
{
    if (!history)
        return;
    log_reader_close(history->log);
    free(history->staged);
    arena_free(&history->arena);
    arena_free(&history->entry_arena);
    free(history);
}

uint64_t history_size(const struct history *history)
{
    return history->published + history->staged_count;
}

/* Of a disk that turns bits the register must not be made: it would be another than everybody's. */
static bool read_published(struct history *history, uint64_t index, struct span *out,
                           struct err *err)
{
    struct hash leaf;

    if (!log_reader_entry(history->log, index, out, err) ||
        !log_reader_hash(history->log, 0, index, &leaf, err))
        return false;
    return hash_equal(merkle_leaf(*out), leaf) ||
           err_set(err, ERR_CONFLICT,
                   "entry %" PRIu64 " is another than the log's tiles say: run \"sulh audit\"",
                   index);
}

bool history_entry(struct history *history, uint64_t index, struct span *out, struct err *err)
{
    char path[STAGE_PATH];

    assert(index < history_size(history));
    if (index < history->published)
        return read_published(history, index, out, err);
    const struct staged *where = &history->staged[index - history->published];
    if (where->kept) {
        *out = span_make(where->kept, where->len);
        return true;
    }
    stage_path(path, where->file);
    arena_reset(&history->entry_arena);
    return disk_read_at(history->disk, path, where->at, where->len, out, &history->entry_arena,
                        err);
}

const struct stage_file *history_stage(const struct history *history, size_t *out_count)
{
    *out_count = history->file_count;
    return history->file;
}

uint64_t history_whole_bytes(const struct history *history)
{
    return history->whole_bytes;
}

static bool parts_of_file(struct history *history, struct stage_file file, history_part *each,
                          void *context, struct err *err)
{
    struct stage_walk walk = {.disk = history->disk, .file = file};
    enum stage_next next = STAGE_BATCH;
    struct stage_batch batch;
    struct arena arena = {0};
    bool ok = true;

    while (ok && next == STAGE_BATCH) {
        arena_reset(&arena);
        ok = stage_walk_next(&walk, &next, &batch, &arena, err);
        for (size_t i = 0; ok && next == STAGE_BATCH && i < batch.part_count; i++)
            ok = each(context, batch.part[i], err);
    }
    arena_free(&arena);
    return ok;
}

bool history_parts(struct history *history, history_part *each, void *context, struct err *err)
{
    for (size_t i = 0; i < history->file_count; i++) {
        struct stage_file file = history->file[i];

        if (i + 1 == history->file_count)
            file.bytes = history->whole_bytes; /* what is torn may have been cut since */
        if (!parts_of_file(history, file, each, context, err))
            return false;
    }
    return true;
}
