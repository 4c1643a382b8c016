#include "journal/batch.h"

#include "codec/hex.h"
#include "journal/promise.h"

/*
 * Appending. The calling thread judges what it brings by the committed register, which is
 * where signatures are verified, and queues it. Whoever finds no writer becomes it and works
 * for all that wait, so that they share a batch and its sync. Promises are signed by the
 * calling threads again.
 */

struct request {
    struct item *item;
    size_t count;
    struct arena *arena; /* the calling thread's, which waits */
    uint64_t size;       /* of the log when it was done */
    bool done, ok;
    struct err err;
    struct request *next;
};

/* Before the queue. */

static bool reader_take(struct journal *journal, struct store_reader **out, uint64_t *out_committed,
                        bool *out_whole, struct err *err)
{
    struct store_reader *reader = NULL;

    pthread_mutex_lock(&journal->lock);
    if (journal->reader_count > 0)
        reader = journal->reader[--journal->reader_count];
    *out_committed = journal->committed;
    *out_whole = journal->committed == journal->head.staged && !journal->writing;
    pthread_mutex_unlock(&journal->lock);
    if (!reader)
        return store_reader_open(journal->options.store, out, err);
    if (!store_reader_refresh(reader, err)) {
        store_reader_close(reader);
        return false;
    }
    *out = reader;
    return true;
}

/* At rest: else the one that is seldom taken would keep the store's journal from being tidied
 * away, and every commit would try in vain. */
static void reader_give_back(struct journal *journal, struct store_reader *reader)
{
    store_reader_rest(reader);
    pthread_mutex_lock(&journal->lock);
    bool keep = journal->reader_count < JOURNAL_READERS;
    if (keep)
        journal->reader[journal->reader_count++] = reader;
    pthread_mutex_unlock(&journal->lock);
    if (!keep)
        store_reader_close(reader);
}

/* Names are bound for ever, so what is judged here stays judged; but for what is logged
 * meanwhile, and for a key that is not known here and may be by what is not committed yet,
 * or by what comes before it. An empty register knows nothing: the first records are all
 * the writer's. */
static bool judge_ahead(struct journal *journal, struct request *request, struct arena *arena,
                        struct err *err)
{
    struct store_reader *reader;
    uint64_t committed;
    bool knows_all; /* what has been logged when this item's turn comes */

    if (!reader_take(journal, &reader, &committed, &knows_all, err))
        return false;
    struct applier_lookup rows = {.reader = reader, .as_of = STORE_LATEST};
    struct register_lookup lookup = applier_lookup(&rows);
    bool ok = true;
    for (size_t i = 0; ok && committed > 0 && i < request->count; i++) {
        struct item *item = &request->item[i];
        ok = item_judge(item, &lookup, committed, arena, err);
        item->judged = ok && (knows_all || !item_is_unknown(item));
        knows_all = knows_all && !item_may_admit(item);
    }
    request->size = committed;
    reader_give_back(journal, reader);
    return ok;
}

/* Before anything is staged, and by each thread for itself: so neither the batch nor the others
 * wait for the photographs of one. What the door turns away brings none. */
static bool keep_large(struct journal *journal, struct request *request, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < request->count; i++) {
        struct item *item = &request->item[i];

        if (item->judged && item->door.door != DOOR_REFUSED)
            ok = item_keep_large(item, journal, err);
    }
    return ok;
}

/* Else all of it is answered already. */
static bool needs_writer(const struct request *request)
{
    for (size_t i = 0; i < request->count; i++) {
        const struct item *item = &request->item[i];
        if (!item->judged || item->door.door == DOOR_OPEN || item->part_count > 0)
            return true;
    }
    return false;
}

/* The queue. */

/* As many as fit into one batch; at least one. */
static struct request *take_requests(struct journal *journal)
{
    struct request *taken = journal->first, *last = taken;
    size_t count = taken->count;

    while (last->next && count + last->next->count <= LIMIT_BATCH_RECORDS) {
        last = last->next;
        count += last->count;
    }
    journal->first = last->next;
    if (!journal->first)
        journal->last = &journal->first;
    last->next = NULL;
    return taken;
}

/* None is logged before what it names: behind one that is to come later, all are. */
static bool take_all(struct batch *batch, struct request *request, struct err *err)
{
    bool behind = false;

    for (size_t i = 0; i < request->count; i++) {
        struct item *item = &request->item[i];

        if (behind)
            item_put_behind(item, request->arena);
        else if (!batch_take(batch, item, err))
            return false;
        behind = item->later_ms > 0;
    }
    return true;
}

static bool run(struct journal *journal, struct request *requests, struct err *err)
{
    struct batch batch = {.journal = journal};
    bool ok = true;

    for (struct request *r = requests; ok && r; r = r->next)
        ok = take_all(&batch, r, err);
    ok = ok && batch_flush(&batch, err);
    arena_free(&batch.arena);
    return ok;
}

/* A commit takes as long as many records, and what is staged is safe without one: so the
 * store's transaction stays open until journal_publish, which no reader looks beyond, but for
 * so many entries. */
#define COMMIT_ENTRIES 4096u

/* When nobody waits for the writer. */
static bool commit_if_due(struct journal *journal, struct err *err)
{
    pthread_mutex_lock(&journal->lock);
    bool due = !journal->first && tree_size(journal->tree) - journal->committed >= COMMIT_ENTRIES;
    pthread_mutex_unlock(&journal->lock);
    return !due || journal_commit(journal, err) || journal_break(journal, err);
}

/* The lock is held, on entry and on return, and nobody writes. */
static void lead(struct journal *journal)
{
    struct request *requests = take_requests(journal);
    struct err err = journal->broken;
    bool ok = err.kind == ERR_NONE;

    journal->writing = true;
    tree_publish(journal->tree, journal->head.checkpoint.size);
    pthread_mutex_unlock(&journal->lock);

    ok = ok && run(journal, requests, &err) && commit_if_due(journal, &err);
    pthread_mutex_lock(&journal->lock);
    journal->writing = false;
    journal->head.staged = tree_size(journal->tree);
    for (struct request *r = requests, *next; r; r = next) {
        next = r->next; /* done: its thread may take it away */
        r->size = journal->head.staged;
        r->ok = ok;
        r->err = err;
        r->done = true;
    }
    pthread_cond_broadcast(&journal->changed);
}

static bool enqueue(struct journal *journal, struct request *request, struct err *err)
{
    pthread_mutex_lock(&journal->lock);
    *journal->last = request;
    journal->last = &request->next;
    while (!request->done) {
        if (journal->writing || journal->publishers > 0)
            pthread_cond_wait(&journal->changed, &journal->lock);
        else
            lead(journal);
    }
    pthread_mutex_unlock(&journal->lock);
    if (!request->ok)
        *err = request->err;
    return request->ok;
}

/* Answers. */

static struct span sign_promise(const struct journal *journal, const struct item *item,
                                struct arena *arena)
{
    const struct promise promise = {
        .agreement = journal->options.agreement,
        .origin = journal->log_key.name,
        .id = item->record.id_text,
        .index = item->door.index,
        .leaf = item->leaf,
        .at_ms = clock_now_ms(journal->options.clock),
    };

    return promise_sign(&promise, journal->options.promise, arena);
}

static struct span sign_refusal(const struct journal *journal, const struct item *item,
                                uint64_t size, struct arena *arena)
{
    const struct refusal refusal = {
        .agreement = journal->options.agreement,
        .origin = journal->log_key.name,
        .offered = item->submission->note,
        .reason = item->door.reason,
        .size = size,
        .at_ms = clock_now_ms(journal->options.clock),
    };

    if (!journal->options.node)
        return (struct span){0};
    return refusal_sign(&refusal, journal->options.node, arena);
}

static void put_id(struct answer *answer, const struct item *item)
{
    struct hash offered;

    if (item->record.id_text[0]) {
        memcpy(answer->id, item->record.id_text, sizeof answer->id);
        return;
    }
    offered = hash_of(item->submission->note);
    hex_text(answer->id, hash_span(&offered));
}

static void answer(struct answer *out, const struct journal *journal, const struct item *item,
                   uint64_t size, struct arena *arena)
{
    static const enum answer_kind kinds[] = {
        [DOOR_OPEN] = ANSWER_LOGGED,
        [DOOR_REPEATED] = ANSWER_REPEATED,
        [DOOR_REFUSED] = ANSWER_REFUSED,
    };

    *out = (struct answer){.kind = kinds[item->door.door]};
    put_id(out, item);
    if (item->later_ms > 0) {
        out->kind = ANSWER_LATER;
        out->later_ms = item->later_ms;
        out->why = item->door.why;
        return;
    }
    if (out->kind == ANSWER_REFUSED) {
        out->reason = item->door.reason;
        out->why = item->door.why;
        out->refusal = sign_refusal(journal, item, size, arena);
        return;
    }
    out->index = item->door.index;
    if (out->kind == ANSWER_LOGGED)
        out->promise = sign_promise(journal, item, arena);
}

/* One record and its parts must fit into one batch of the stage. */
static bool check_size(const struct submission *submission, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bytes = LIMIT_ENTRY_BYTES;

        for (size_t j = 0; j < submission[i].part_count; j++)
            bytes += stage_part_bytes(submission[i].part[j]);
        if (bytes > STAGE_PAYLOAD_BYTES)
            return err_set(err, ERR_LIMIT, "%" PRIu64 " bytes of parts with one record, of %u",
                           bytes, STAGE_PAYLOAD_BYTES);
    }
    return true;
}

static bool append_some(struct journal *journal, const struct submission *submission, size_t count,
                        struct answer *answers, struct arena *arena, struct err *err)
{
    struct request request = {
        .item = ARENA_ARRAY(arena, struct item, count), .count = count, .arena = arena};

    for (size_t i = 0; i < count; i++)
        request.item[i].submission = &submission[i];
    if (!judge_ahead(journal, &request, arena, err) || !keep_large(journal, &request, err))
        return false;
    if (needs_writer(&request) && !enqueue(journal, &request, err))
        return false;
    for (size_t i = 0; i < count; i++)
        answer(&answers[i], journal, &request.item[i], request.size, arena);
    return true;
}

static void answer_behind(const struct journal *journal, const struct submission *submission,
                          size_t count, struct answer *answers, struct arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        struct item item = {.submission = &submission[i]};
        item_put_behind(&item, arena);
        answer(&answers[i], journal, &item, 0, arena);
    }
}

bool journal_append(struct journal *journal, const struct submission *submission, size_t count,
                    struct answer *answers, struct arena *arena, struct err *err)
{
    if (journal_follows(journal))
        return err_set(err, ERR_REFUSED, "this node follows the log, another one keeps it");
    if (!check_size(submission, count, err))
        return err_wrap(err, "append");
    for (size_t done = 0; done < count;) {
        size_t some = count - done < LIMIT_BATCH_RECORDS ? count - done : LIMIT_BATCH_RECORDS;
        bool behind = done > 0 && answers[done - 1].kind == ANSWER_LATER;
        if (behind)
            answer_behind(journal, submission + done, some, answers + done, arena);
        else if (!append_some(journal, submission + done, some, answers + done, arena, err))
            return err_wrap(err, "append");
        done += some;
    }
    return true;
}
