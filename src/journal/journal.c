#include "journal/inside.h"

#include <stdlib.h>

static void must(int failed)
{
    if (failed)
        abort();
}

static struct journal *journal_new(const struct journal_options *options)
{
    struct journal *journal = calloc(1, sizeof *journal);

    if (!journal)
        abort();
    journal->options = *options;
    if (options->log)
        journal->log_key = options->log->key;
    if (options->keys)
        journal->keys = *options->keys;
    else
        journal->keys = (struct log_keys){.at = {journal->log_key}, .count = 1};
    journal->last = &journal->first;
    must(pthread_mutex_init(&journal->lock, NULL));
    must(pthread_cond_init(&journal->changed, NULL));
    return journal;
}

bool journal_open(struct journal **out, const struct journal_options *options, struct err *err)
{
    struct journal *journal = journal_new(options);

    assert(options->keys || options->log);
    bool ok = parts_open(&journal->parts, options->disk, err);
    ok = ok && journal_recover(journal, err) && journal_publish(journal, err);
    ok = ok && publish_drop_stage(options->disk, journal->edge.size, err);
    if (!ok) {
        journal_close(journal);
        return err_wrap(err, "open the journal");
    }
    *out = journal;
    return true;
}

void journal_close(struct journal *journal)
{
    struct err ignored;

    if (!journal)
        return;
    assert(!journal->writing && !journal->first);
    /* What is lost of the store is applied again at the next opening. */
    if (journal->broken.kind != ERR_NONE || !journal->tx || !store_commit(&journal->tx, &ignored))
        store_rollback(journal->tx);
    while (journal->reader_count > 0)
        store_reader_close(journal->reader[--journal->reader_count]);
    stage_close(journal->stage);
    tree_close(journal->tree);
    parts_close(journal->parts);
    quota_close(&journal->quota);
    arena_free(&journal->head_arena);
    pthread_cond_destroy(&journal->changed);
    pthread_mutex_destroy(&journal->lock);
    free(journal);
}

void journal_head(struct journal *journal, struct journal_head *out, struct arena *arena)
{
    pthread_mutex_lock(&journal->lock);
    *out = journal->head;
    out->note = arena_copy(arena, journal->head.note);
    pthread_mutex_unlock(&journal->lock);
}

bool journal_works(struct journal *journal, struct err *err)
{
    pthread_mutex_lock(&journal->lock);
    bool works = journal->broken.kind == ERR_NONE;
    if (!works)
        *err = journal->broken;
    pthread_mutex_unlock(&journal->lock);
    return works;
}

bool journal_follows(const struct journal *journal)
{
    return journal->options.log == NULL;
}

const struct log_keys *journal_keys(const struct journal *journal)
{
    return &journal->keys;
}

struct parts *journal_parts(struct journal *journal)
{
    return journal->parts;
}

bool journal_keep_part(struct journal *journal, struct span stored, struct err *err)
{
    struct hash hash = hash_of(stored);

    return journal_works(journal, err) &&
           (parts_add_large(journal->parts, &hash, stored, err) || err_wrap(err, "keep a part"));
}

/* Where another keeps the log, whoever follows is the one that adds parts, and calls this; and what
 * is erased already only asks. */
bool journal_erase_part(struct journal *journal, const struct hash *stored, bool *out_held,
                        struct err *err)
{
    if (journal_follows(journal) || parts_erased(journal->parts, stored))
        return parts_erase(journal->parts, stored, out_held, err) || journal_break(journal, err);
    if (!journal_writer_enter(journal, true, err))
        return false;
    bool ok = parts_erase(journal->parts, stored, out_held, err) || journal_break(journal, err);
    journal_writer_leave(journal);
    return ok;
}

static bool clear_part(struct journal *journal, const struct hash *stored, uint64_t size,
                       bool *out_cleared, struct err *err)
{
    *out_cleared = false;
    return tree_size(journal->tree) != size ||
           parts_clear(journal->parts, stored, out_cleared, err) || journal_break(journal, err);
}

/* No entry is staged meanwhile. */
bool journal_clear_part(struct journal *journal, const struct hash *stored, uint64_t size,
                        bool *out_cleared, struct err *err)
{
    if (journal_follows(journal))
        return clear_part(journal, stored, size, out_cleared, err);
    if (!journal_writer_enter(journal, true, err))
        return false;
    bool ok = clear_part(journal, stored, size, out_cleared, err);
    journal_writer_leave(journal);
    return ok;
}

static bool commit_and_tidy(struct journal *journal, bool *out, struct err *err)
{
    return journal_commit(journal, err) && store_tidy(journal->options.store, out, err);
}

bool journal_tidy(struct journal *journal, bool *out, struct err *err)
{
    if (journal_follows(journal))
        return commit_and_tidy(journal, out, err) || journal_break(journal, err);
    if (!journal_writer_enter(journal, true, err))
        return false;
    bool ok = commit_and_tidy(journal, out, err) || journal_break(journal, err);
    journal_writer_leave(journal);
    return ok;
}

struct disk *journal_disk(struct journal *journal)
{
    return journal->options.disk;
}

bool journal_writer_enter(struct journal *journal, bool publisher, struct err *err)
{
    pthread_mutex_lock(&journal->lock);
    journal->publishers += publisher;
    while (journal->writing || (!publisher && journal->publishers > 0))
        pthread_cond_wait(&journal->changed, &journal->lock);
    journal->publishers -= publisher;
    bool ok = journal->broken.kind == ERR_NONE;
    if (ok) {
        journal->writing = true;
        tree_publish(journal->tree, journal->head.checkpoint.size);
    } else {
        *err = journal->broken;
    }
    pthread_mutex_unlock(&journal->lock);
    return ok;
}

void journal_writer_leave(struct journal *journal)
{
    pthread_mutex_lock(&journal->lock);
    journal->writing = false;
    journal->head.staged = tree_size(journal->tree);
    pthread_cond_broadcast(&journal->changed);
    pthread_mutex_unlock(&journal->lock);
}

bool journal_tx(struct journal *journal, struct err *err)
{
    return journal->tx || store_begin(journal->options.store, &journal->tx, err);
}

bool journal_commit(struct journal *journal, struct err *err)
{
    if (!journal->tx)
        return true;
    if (!store_commit(&journal->tx, err))
        return false;
    pthread_mutex_lock(&journal->lock);
    journal->committed = tree_size(journal->tree);
    pthread_mutex_unlock(&journal->lock);
    return true;
}

bool journal_break(struct journal *journal, struct err *err)
{
    err_wrap(err, "the journal has stopped and must be opened anew");
    pthread_mutex_lock(&journal->lock);
    if (journal->broken.kind == ERR_NONE)
        journal->broken = *err;
    pthread_cond_broadcast(&journal->changed);
    pthread_mutex_unlock(&journal->lock);
    return false;
}
