#include "journal/inside.h"

#include "journal/log_reader.h"
#include "journal/tile_check.h"
#include "journal/tile_writer.h"

/* One round: what is staged becomes tiles, and a checkpoint over them. */
struct round {
    struct disk *disk;
    uint64_t from;                /* what is published already */
    struct checkpoint checkpoint; /* over what will be */
    struct edge edge;
    struct arena arena;
};

/* The stage's file is left behind: what comes meanwhile goes to the next. Parts are synced
 * here, for they have one writer. */
static bool leave_stage(struct journal *journal, uint64_t size, struct err *err)
{
    bool ok = !journal->parts_unsynced || parts_sync(journal->parts, err);

    if (ok)
        journal->parts_unsynced = false;
    ok = ok && journal_commit(journal, err);
    stage_close(journal->stage);
    journal->stage = NULL;
    return ok && stage_open(&journal->stage, journal->options.disk, size, err);
}

/* False in *out_any when there is nothing to do. */
static bool begin(struct journal *journal, struct round *round, bool *out_any, struct err *err)
{
    struct checkpoint *checkpoint = &round->checkpoint;

    if (!journal_writer_enter(journal, true, err))
        return false;
    checkpoint->size = tree_size(journal->tree);
    *out_any = checkpoint->size > round->from;
    bool ok = tree_root(journal->tree, checkpoint->size, &checkpoint->root, err);
    if (ok)
        ok = *out_any || !journal->stage ? leave_stage(journal, checkpoint->size, err)
                                         : journal_commit(journal, err);
    if (!ok)
        journal_break(journal, err);
    journal_writer_leave(journal);
    return ok;
}

/* Tiles. */

static bool add_batch(struct round *round, struct tile_writer *writer,
                      const struct stage_batch *batch, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < batch->entry_count; i++)
        if (batch->first + i == round->edge.size)
            ok = tile_writer_add(writer, batch->entry[i], err);
    return ok;
}

static bool add_file(struct round *round, struct tile_writer *writer, struct stage_file file,
                     struct err *err)
{
    struct stage_walk walk = {.disk = round->disk, .file = file};
    enum stage_next next = STAGE_BATCH;
    struct stage_batch batch;
    struct arena arena = {0};
    bool ok = true;

    while (ok && next == STAGE_BATCH) {
        arena_reset(&arena);
        ok = stage_walk_next(&walk, &next, &batch, &arena, err);
        if (ok && next == STAGE_BATCH)
            ok = add_batch(round, writer, &batch, err);
    }
    arena_free(&arena);
    return ok;
}

/* From the stage's files, all but the one that has been begun since. */
static bool write_tiles(struct round *round, struct err *err)
{
    struct tile_writer *writer;
    struct stage_file *file;
    size_t count;

    if (!stage_list(round->disk, &file, &count, &round->arena, err) ||
        !tile_writer_open(&writer, round->disk, &round->edge, err))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < count && file[i].first < round->checkpoint.size; i++)
        ok = add_file(round, writer, file[i], err);
    if (ok && round->edge.size != round->checkpoint.size)
        ok = err_set(err, ERR_CONFLICT, "the stage holds no entry %" PRIu64, round->edge.size);
    ok = ok && tile_writer_end(writer, err);
    tile_writer_close(writer);
    return ok && disk_sync_all(round->disk, err);
}

/* The first path are the leaf hashes of what came in. */
bool publish_check_tiles(struct disk *disk, const struct edge *before,
                         const struct checkpoint *checkpoint, struct err *err)
{
    struct tile_check check = {.disk = disk, .edge = *before, .size = checkpoint->size};

    edge_align(&check.edge);
    if (!tile_check(&check, err))
        return false;
    if (check.path[0])
        return err_set(err, ERR_CONFLICT, "%s was written wrongly: %s", check.path, check.why.text);
    return hash_equal(edge_root(&check.edge), checkpoint->root) ||
           err_set(err, ERR_CONFLICT, "the tiles have another root than the checkpoint");
}

/* Signing. */

/* From the tiles that were just written, as they stand on the disk. */
static bool prove_growth(struct round *round, uint64_t from, struct merkle_proof *out,
                         struct err *err)
{
    uint64_t size = round->checkpoint.size;
    struct log_reader *log;

    if (!log_reader_open(&log, round->disk, size, err))
        return false;
    bool ok = merkle_prove_consistency(out, from, size, log_reader_hash, log, err);
    log_reader_close(log);
    return ok;
}

static bool sign(struct journal *journal, struct round *round, struct span *out, struct err *err)
{
    const struct log_signer *log = journal->options.log;
    struct merkle_proof extends;

    if (!prove_growth(round, journal->signed_last.size, &extends, err) ||
        !log->sign(log->context, &round->checkpoint, &extends, out, &round->arena, err))
        return false;
    journal->signed_last = round->checkpoint;
    return true;
}

void publish_show(struct journal *journal, const struct checkpoint *checkpoint, struct span note)
{
    pthread_mutex_lock(&journal->lock);
    arena_reset(&journal->head_arena);
    journal->head.checkpoint = *checkpoint;
    journal->head.note = arena_copy(&journal->head_arena, note);
    if (journal->head.staged < checkpoint->size)
        journal->head.staged = checkpoint->size; /* where it follows, nothing is staged */
    pthread_mutex_unlock(&journal->lock);
}

static struct span gather(struct journal *journal, struct round *round, struct span note)
{
    const struct journal_options *options = &journal->options;

    return options->cosign ? options->cosign(options->cosign_context, note, &round->arena) : note;
}

/* Afterwards. */

static bool is_stale(const char *path, uint64_t size)
{
    struct span span = span_of(path);
    struct tile tile;

    return span_starts_with(span, SPAN_LIT("log/")) && tile_path_parse(&tile, span_from(span, 4)) &&
           tile.width < TILE_WIDTH && tile_width_at(tile.level, tile.index, size) == TILE_WIDTH;
}

static bool drop_partials_of(struct disk *disk, struct tile full, uint64_t size, struct err *err)
{
    char directory[LOG_PATH];
    struct arena arena = {0};
    struct disk_entry *entry;
    size_t count, dropped = 0;

    log_tile_path(directory, full);
    strcat(directory, ".p");
    bool ok = disk_list(disk, directory, &entry, &count, &arena, err);
    for (size_t i = 0; ok && i < count; i++)
        if (is_stale(entry[i].path, size)) {
            ok = disk_remove(disk, entry[i].path, err);
            dropped++;
        }
    /* Else a crash might bring one back after the stage, which explains it, is gone. */
    ok = ok && (dropped == 0 || disk_sync_directory(disk, directory, err));
    arena_free(&arena);
    return ok;
}

/* Of a place that was partial at `from` and is full now; the other full ones never had any. */
bool publish_drop_partials(struct disk *disk, uint64_t from, uint64_t size, struct err *err)
{
    struct tile_walk walk = {.old_size = from, .size = size};
    struct tile tile;
    bool ok = true;

    while (ok && tile_walk_next(&walk, &tile))
        if (tile.width == TILE_WIDTH && tile_width_at(tile.level, tile.index, from) > 0)
            ok = drop_partials_of(disk, tile, size, err);
    return ok;
}

/* Not synced: a file that comes back holds only what is published, and goes again. */
bool publish_drop_stage(struct disk *disk, uint64_t size, struct err *err)
{
    struct arena arena = {0};
    struct stage_file *file;
    size_t count;
    char path[STAGE_PATH];

    bool ok = stage_list(disk, &file, &count, &arena, err);
    for (size_t i = 0; ok && i < count && file[i].first < size; i++) {
        stage_path(path, file[i].first);
        ok = disk_remove(disk, path, err);
    }
    arena_free(&arena);
    return ok;
}

static bool run(struct journal *journal, struct round *round, struct err *err)
{
    uint64_t size = round->checkpoint.size;
    struct span note;

    round->edge = journal->edge;
    if (!write_tiles(round, err) ||
        !publish_check_tiles(round->disk, &journal->edge, &round->checkpoint, err) ||
        !sign(journal, round, &note, err))
        return false;
    note = gather(journal, round, note);
    if (!disk_replace(round->disk, LOG_CHECKPOINT, note, true, err))
        return false;
    journal->edge = round->edge;
    publish_show(journal, &round->checkpoint, note);
    return publish_drop_partials(round->disk, round->from, size, err) &&
           publish_drop_stage(round->disk, size, err);
}

bool journal_publish(struct journal *journal, struct err *err)
{
    struct round round = {.disk = journal->options.disk, .from = journal->edge.size};
    bool any = false;

    if (journal_follows(journal))
        return true; /* whoever keeps the log publishes */
    memcpy(round.checkpoint.origin, journal->log_key.name, sizeof round.checkpoint.origin);
    bool ok = begin(journal, &round, &any, err);
    if (ok && any && !run(journal, &round, err))
        ok = journal_break(journal, err);
    arena_free(&round.arena);
    return ok || err_wrap(err, "publish");
}

bool journal_put_lines(struct journal *journal, struct span note, struct err *err)
{
    struct checkpoint checkpoint;
    struct note parsed;
    struct arena arena = {0};
    const struct checkpoint *head = &journal->head.checkpoint; /* only this thread changes it */

    bool ok = log_keys_open(&journal->keys, &checkpoint, &parsed, note, &arena, err);
    if (ok && (strcmp(checkpoint.origin, head->origin) != 0 || checkpoint.size != head->size ||
               !hash_equal(checkpoint.root, head->root)))
        ok = err_set(err, ERR_CONFLICT, "the lines are of another checkpoint");
    if (ok && !disk_replace(journal->options.disk, LOG_CHECKPOINT, note, true, err))
        ok = journal_break(journal, err);
    if (ok)
        publish_show(journal, &checkpoint, note);
    arena_free(&arena);
    return ok || err_wrap(err, "add cosignatures");
}
