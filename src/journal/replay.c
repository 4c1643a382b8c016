#include "journal/replay.h"

#include "journal/ahead.h"
#include "journal/log_reader.h"

#define COMMIT_ENTRIES 100000u /* larger is faster: doc/decisions/0004-sqlite.md */
#define TELL_ENTRIES 1000u
#define REPLAY_HINT "run \"sulh replay\" to make the store anew"

static bool check_store(uint64_t *out_applied, struct store *store, struct history *history,
                        struct applier *applier, struct err *err)
{
    struct store_reader *reader;
    uint64_t size = history_size(history);
    uint64_t applied = 0;
    bool agrees = true;
    struct span entry;

    if (!store_reader_open(store, &reader, err))
        return false;
    bool ok = store_applied(reader, &applied, err);
    if (ok && applied > size)
        ok = err_set(err, ERR_CONFLICT,
                     "the store has applied %" PRIu64 " entries, log and stage hold %" PRIu64
                     ": answered records may be lost; restore them, or " REPLAY_HINT,
                     applied, size);
    if (ok && applied > 0)
        ok = history_entry(history, applied - 1, &entry, err) &&
             applier_agrees(&agrees, applier, reader, applied - 1, entry, err);
    if (ok && !agrees)
        ok = err_set(err, ERR_CONFLICT,
                     "the store says otherwise about entry %" PRIu64 " than the log: " REPLAY_HINT,
                     applied - 1);
    ok = ok && applier_digest_at(&applier->digest, reader, applied, err);
    store_reader_close(reader);
    *out_applied = applied;
    return ok;
}

struct run {
    struct store *store;
    struct history *history;
    struct applier *applier;
    struct journal_progress progress;
    struct store_tx *tx;
    struct applier_lookup rows; /* of tx */
    uint64_t next, size;
    int64_t lacks_rules; /* in force from `next` on: this program applies no more */
};

/* One transaction's worth. */
static bool run_stretch(struct run *run, struct ahead *ahead, struct err *err)
{
    uint64_t end = run->size - run->next < COMMIT_ENTRIES ? run->size : run->next + COMMIT_ENTRIES;
    struct arena arena = {0};
    struct register_entry entry;
    struct effects effects;
    bool ok = true;

    while (ok && run->next < end) {
        arena_reset(&arena);
        ok = ahead_next(ahead, &entry, err) &&
             applier_apply(run->applier, run->tx, &entry, &effects, &arena, err);
        run->lacks_rules = ok ? effects.lacks_rules : 0;
        if (run->lacks_rules)
            break;
        if (ok)
            run->next++;
        if (run->next % TELL_ENTRIES == 0 || run->next == run->size)
            journal_tell(run->progress, "apply", run->next, run->size);
    }
    arena_free(&arena);
    return ok;
}

static bool run_all(struct run *run, struct err *err)
{
    struct register_lookup lookup = applier_lookup(&run->rows);
    struct ahead *ahead = ahead_open(run->history, run->next, &lookup);
    bool ok = true;

    while (ok && run->next < run->size && !run->lacks_rules) {
        ok = store_begin(run->store, &run->tx, err);
        if (!ok)
            break;
        run->rows =
            (struct applier_lookup){.reader = store_tx_reader(run->tx), .as_of = STORE_LATEST};
        ok = run_stretch(run, ahead, err) && store_commit(&run->tx, err);
        if (!ok)
            store_rollback(run->tx);
    }
    ahead_close(ahead);
    return ok;
}

static bool catch_up(struct run *run, struct err *err)
{
    run->size = history_size(run->history);
    return check_store(&run->next, run->store, run->history, run->applier, err) &&
           (run->next == run->size || run_all(run, err));
}

bool replay_catch_up(struct store *store, struct history *history, struct applier *applier,
                     struct journal_progress progress, struct err *err)
{
    struct run run = {.store = store, .history = history, .applier = applier, .progress = progress};

    return catch_up(&run, err);
}

/* What the checkpoint says of itself; 0 entries where there is none yet. */
static bool read_size(uint64_t *out, struct disk *disk, struct err *err)
{
    struct arena arena = {0};
    struct checkpoint checkpoint;
    struct note note;
    struct span bytes;

    bool ok = log_reader_checkpoint(disk, &bytes, &arena, err);
    if (!ok && err->kind == ERR_MISSING) {
        *out = 0;
        ok = true;
    } else if (ok) {
        ok = note_parse(&note, bytes, &arena, err) && checkpoint_parse(&checkpoint, note.text, err);
        if (ok)
            *out = checkpoint.size;
    }
    arena_free(&arena);
    return ok || err_wrap(err, LOG_CHECKPOINT);
}

static bool run_history(struct replay_result *out, const struct replay_options *options,
                        struct tree *tree, struct err *err)
{
    struct applier applier = {
        .root = tree_root, .root_context = tree, .view = options->view, .parts = options->parts};
    struct run run = {.store = options->store, .applier = &applier, .progress = options->progress};

    if (!history_open(&run.history, options->disk, tree, false, err))
        return false;
    bool ok = catch_up(&run, err);
    if (ok)
        *out = (struct replay_result){run.next, applier.digest, run.lacks_rules};
    history_close(run.history);
    return ok;
}

bool replay_run(struct replay_result *out, const struct replay_options *options, struct err *err)
{
    struct tree *tree;
    uint64_t size = 0;

    if (!read_size(&size, options->disk, err) || !tree_open(&tree, options->disk, size, err))
        return err_wrap(err, "replay");
    bool ok = run_history(out, options, tree, err);
    tree_close(tree);
    return ok || err_wrap(err, "replay");
}
