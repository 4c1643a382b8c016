#include "journal/inside.h"

#include "journal/anchor.h"
#include "journal/follow.h"
#include "journal/history.h"
#include "journal/log_reader.h"
#include "journal/replay.h"
#include "journal/signer_file.h"

/*
 * What an opening finds is what the last run left, perhaps in the middle of a step. Nothing
 * is changed before it is certain that log, stage and signer tell one history.
 */

/* The checkpoint, signed by this log's key, and the tiles' edge under it. */
static bool read_log(struct journal *journal, struct err *err)
{
    struct journal_head *head = &journal->head;
    struct span bytes;
    struct note note;

    if (log_reader_checkpoint(journal->options.disk, &bytes, &journal->head_arena, err)) {
        head->note = bytes;
        if (!log_keys_open(&journal->keys, &head->checkpoint, &note, bytes, &journal->head_arena,
                           err))
            return err_wrap(err, LOG_CHECKPOINT);
    } else if (err->kind != ERR_MISSING) {
        return false;
    }

    uint64_t size = head->checkpoint.size;
    if (!edge_load(&journal->edge, journal->options.disk, size, err))
        return false;
    return size == 0 || hash_equal(edge_root(&journal->edge), head->checkpoint.root) ||
           err_set(err, ERR_CONFLICT,
                   "the tiles do not have the root of the checkpoint: run \"sulh audit\"");
}

/* A term that takes the log over has signed nothing of it yet. */
static bool has_published(const struct journal *journal)
{
    return strcmp(journal->head.checkpoint.origin, journal->log_key.name) == 0;
}

/* Nothing that was signed may be missing or another. */
static bool check_signer(struct journal *journal, struct err *err)
{
    struct checkpoint *last = &journal->signed_last;
    const struct log_signer *log = journal->options.log;
    struct hash root;

    if (journal_follows(journal))
        return true;
    if (!log->last(log->context, last, err)) {
        if (err->kind != ERR_MISSING)
            return false;
        return !has_published(journal) ||
               err_set(err, ERR_CONFLICT,
                       "the file %s is missing: what was signed last is not known", SIGNER_FILE);
    }
    if (strcmp(last->origin, journal->log_key.name) != 0 && has_published(journal))
        return err_set(err, ERR_CONFLICT, "the file %s is another log's", SIGNER_FILE);
    if (last->size > tree_size(journal->tree))
        return err_set(err, ERR_CONFLICT,
                       "size %" PRIu64 " was signed, log and stage hold only %" PRIu64 " entries",
                       last->size, tree_size(journal->tree));
    if (has_published(journal) && last->size < journal->head.checkpoint.size)
        return err_set(err, ERR_CONFLICT, "the file %s is older than the checkpoint", SIGNER_FILE);
    return tree_root(journal->tree, last->size, &root, err) &&
           (hash_equal(root, last->root) ||
            err_set(err, ERR_CONFLICT, "another root was signed at size %" PRIu64, last->size));
}

static bool check_anchor(struct journal *journal, struct history *history, struct err *err)
{
    const struct journal_options *options = &journal->options;
    bool has_promise = options->promise && journal->keys.count == 1;
    struct note_key promise;
    struct anchor anchor;
    struct span entry;

    if (history_size(history) == 0)
        return true;
    if (has_promise)
        promise = note_signer_key(options->promise);
    return history_entry(history, 0, &entry, err) && anchor_parse(&anchor, entry, err) &&
           anchor_check(&anchor, options->agreement, &journal->keys.at[0],
                        has_promise ? &promise : NULL, err);
}

/* A batch that was cut short was never answered. */
static bool cut_stage(struct journal *journal, struct history *history, struct err *err)
{
    size_t count;
    const struct stage_file *file = history_stage(history, &count);
    char path[STAGE_PATH];

    if (count == 0 || history_whole_bytes(history) == file[count - 1].bytes)
        return true;
    stage_path(path, file[count - 1].first);
    return disk_truncate(journal->options.disk, path, history_whole_bytes(history), err);
}

/* Tiles that were written for a size never published, and files never finished: all of it is
 * made again. And partial tiles that the last round did not come to clearing away. */
static bool is_leftover(const char *path, uint64_t published, uint64_t size)
{
    struct span span = span_of(path);
    struct tile tile;

    if (span_ends_with(span, SPAN_LIT(DISK_UNFINISHED)))
        return true;
    if (!tile_path_parse(&tile, span_from(span, strlen("log/"))))
        return false; /* not ours: for audit to name */
    unsigned width = tile_width_at(tile.level, tile.index, published);
    if (width == TILE_WIDTH)
        return tile.width < width;
    return tile.width > width && tile.width <= tile_width_at(tile.level, tile.index, size);
}

/* Durably: a torn tile that came back later would have nothing to explain it. */
static bool drop(struct disk *disk, const char *path, struct arena *arena, struct err *err)
{
    char *directory = arena_text(arena, span_of(path));

    *strrchr(directory, '/') = '\0';
    return disk_remove(disk, path, err) && disk_sync_directory(disk, directory, err);
}

bool recover_drop_leftovers(struct disk *disk, uint64_t published, uint64_t size, struct err *err)
{
    struct arena arena = {0};
    struct disk_entry *entry;
    size_t count;

    bool ok = disk_list(disk, "log", &entry, &count, &arena, err);
    for (size_t i = 0; ok && i < count; i++)
        if (is_leftover(entry[i].path, published, size))
            ok = drop(disk, entry[i].path, &arena, err);
    arena_free(&arena);
    return ok;
}

static bool drop_leftovers(struct journal *journal, struct err *err)
{
    struct disk *disk = journal->options.disk;

    if (journal_follows(journal))
        return follow_recover(journal, err);
    return disk_remove(disk, SIGNER_FILE DISK_UNFINISHED, err) &&
           recover_drop_leftovers(disk, journal->edge.size, tree_size(journal->tree), err);
}

static bool add_part(void *context, struct span stored, struct err *err)
{
    struct journal *journal = context;

    journal->parts_unsynced = true;
    return parts_add(journal->parts, stored, err);
}

static bool catch_up(struct journal *journal, struct history *history, struct err *err)
{
    if (!replay_catch_up(journal->options.store, history, &journal->applier,
                         journal->options.progress, err))
        return false;
    journal->committed = history_size(history);
    return true;
}

/* What is staged only the key of the log can publish. */
static bool check_stage(const struct journal *journal, const struct history *history,
                        struct err *err)
{
    uint64_t published = journal->edge.size, size = history_size(history);

    return !journal_follows(journal) || size == published ||
           err_set(err, ERR_CONFLICT,
                   "the stage holds entries from %" PRIu64 " on, and the log's key is not here",
                   published);
}

static bool take_history(struct journal *journal, struct history *history, struct err *err)
{
    journal->head.staged = history_size(history);
    return check_stage(journal, history, err) && check_signer(journal, err) &&
           check_anchor(journal, history, err) && cut_stage(journal, history, err) &&
           history_parts(history, add_part, journal, err) && drop_leftovers(journal, err) &&
           catch_up(journal, history, err);
}

bool journal_recover(struct journal *journal, struct err *err)
{
    struct history *history;

    if (!read_log(journal, err) ||
        !tree_open(&journal->tree, journal->options.disk, journal->edge.size, err))
        return false;
    journal->applier = (struct applier){.root = tree_root,
                                        .root_context = journal->tree,
                                        .view = journal->options.view,
                                        .parts = journal->parts};
    if (!history_open(&history, journal->options.disk, journal->tree, false, err))
        return false;
    bool ok = take_history(journal, history, err);
    history_close(history);
    return ok;
}

bool recover_catch_up(struct journal *journal, struct err *err)
{
    struct history *history;

    if (!history_open(&history, journal->options.disk, journal->tree, false, err))
        return false;
    bool ok = catch_up(journal, history, err);
    history_close(history);
    return ok;
}
