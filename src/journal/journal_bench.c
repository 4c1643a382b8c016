/*
 * What the journal does in a second, on records of the real kinds. Each line is a name, a
 * value, its unit and, where a goal stands on one, the ratio to what the same machine does
 * in the same run without us. Works in a directory of its own below TMPDIR or /var/tmp.
 */

#include "journal/ahead.h"
#include "journal/audit.h"
#include "journal/pool.h"
#include "journal/promise.h"
#include "journal/replay.h"
#include "journal/stage.h"
#include "journal/tile_check.h"
#include "journal/world.h"

#include <pthread.h>
#include <unistd.h>

#define RECORDS 20000u /* of the log that is audited and replayed */
#define SINGLE 300u    /* appends of one record each */
#define STAGES 3000u   /* records taken through each stage by itself */
#define THREADS 8u

static void must(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "%s\n", err->text);
    exit(1);
}

static double seconds_since(uint64_t start_ns)
{
    return (double)(clock_ticks_ns() - start_ns) / 1e9;
}

static void line(const char *name, double value, const char *unit)
{
    printf("%-40s %12.1f %s\n", name, value, unit);
    fflush(stdout);
}

static void line_ratio(const char *name, double value, const char *unit, double ratio,
                       const char *of)
{
    printf("%-40s %12.1f %s (%.2f of %s)\n", name, value, unit, ratio, of);
    fflush(stdout);
}

struct bench {
    struct world *w;
    struct arena arena;
    char directory[200];
    struct disk *disk;
    struct store *store;
    struct journal *journal;
};

static void open_all(struct bench *b)
{
    const char *above = getenv("TMPDIR");
    struct err err = {0};

    *b = (struct bench){.w = world_new(1)};
    snprintf(b->directory, sizeof b->directory, "%s/sulh-bench-XXXXXX", above ? above : "/var/tmp");
    if (!mkdtemp(b->directory)) {
        perror(b->directory);
        exit(1);
    }
    must(disk_open(&b->disk, b->directory, false, &err), &err);
    must(store_open(&b->store, arena_printf(&b->arena, "sqlite:%s/store.db", b->directory), &err),
         &err);
    struct journal_options options = world_options(b->w, b->disk, b->store);
    must(journal_open(&b->journal, &options, &err), &err);
}

static void close_all(struct bench *b)
{
    journal_close(b->journal);
    store_close(b->store);
    disk_close(b->disk);
    const char *command = arena_printf(&b->arena, "rm -r '%s'", b->directory);
    if (system(command) != 0)
        perror(command);
    arena_free(&b->arena);
    free(b->w);
}

static void append(struct bench *b, const struct submission *submission, size_t count)
{
    struct arena arena = {0};
    struct answer *answers = ARENA_ARRAY(&arena, struct answer, count);
    struct err err = {0};

    must(journal_append(b->journal, submission, count, answers, &arena, &err), &err);
    for (size_t i = 0; i < count; i++)
        assert(answers[i].kind == ANSWER_LOGGED);
    arena_free(&arena);
}

static void publish(struct bench *b)
{
    struct err err = {0};

    must(journal_publish(b->journal, &err), &err);
}

static struct submission *records(struct bench *b, size_t count)
{
    struct submission *out = ARENA_ARRAY(&b->arena, struct submission, count);

    for (size_t i = 0; i < count; i++)
        out[i] = world_any(b->w, &b->arena);
    return out;
}

/* Durable appends. */

static void bench_single(struct bench *b)
{
    struct submission *some = records(b, SINGLE);
    uint64_t start = clock_ticks_ns();

    for (size_t i = 0; i < SINGLE; i++)
        append(b, &some[i], 1);
    line("append, one at a time", SINGLE / seconds_since(start), "records/s");
}

static void bench_groups(struct bench *b, size_t group, size_t count)
{
    struct submission *some = records(b, count);
    uint64_t start = clock_ticks_ns();

    for (size_t i = 0; i < count; i += group)
        append(b, &some[i], group);
    line(arena_printf(&b->arena, "append, %zu in a call", group),
         (double)count / seconds_since(start), "records/s");
}

struct sender {
    struct bench *b;
    struct submission *submission;
    size_t count;
    pthread_t thread;
};

static void *send_all(void *context)
{
    struct sender *sender = context;

    for (size_t i = 0; i < sender->count; i++)
        append(sender->b, &sender->submission[i], 1);
    return NULL;
}

static void bench_threads(struct bench *b)
{
    struct sender sender[THREADS];

    for (size_t i = 0; i < THREADS; i++)
        sender[i] = (struct sender){.b = b, .submission = records(b, SINGLE), .count = SINGLE};
    uint64_t syncs = disk_syncs(b->disk), start = clock_ticks_ns();
    for (size_t i = 0; i < THREADS; i++)
        if (pthread_create(&sender[i].thread, NULL, send_all, &sender[i]))
            abort();
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(sender[i].thread, NULL);
    double count = THREADS * SINGLE;
    line(arena_printf(&b->arena, "append, %u threads, one in a call", THREADS),
         count / seconds_since(start), "records/s");
    line("records that shared a sync", count / (double)(disk_syncs(b->disk) - syncs), "records");
}

/* The stages that one submission goes through, each by itself. */

static struct register_lookup lookup_over(struct applier_lookup *rows, struct store_tx *tx)
{
    *rows = (struct applier_lookup){.reader = store_tx_reader(tx), .as_of = STORE_LATEST};
    return applier_lookup(rows);
}

static bool no_root(void *context, uint64_t size, struct hash *out, struct err *err)
{
    (void)context;
    (void)size;
    (void)err;
    *out = merkle_empty(); /* the world's authors have seen nothing yet */
    return true;
}

static void bench_stages(struct bench *b)
{
    struct submission *some = records(b, STAGES);
    struct arena arena = {0};
    struct err err = {0};
    struct record *parsed = ARENA_ARRAY(&b->arena, struct record, STAGES);
    struct applier applier = {.root = no_root};
    struct applier_lookup rows;
    struct store_tx *tx;
    struct journal_head head;
    double us = 1e6 / STAGES;

    uint64_t start = clock_ticks_ns();
    for (size_t i = 0; i < STAGES; i++)
        must(record_parse(&parsed[i], some[i].note, &b->arena, &err), &err);
    line("submission: parse", seconds_since(start) * us, "us");

    journal_head(b->journal, &head, &arena);
    must(store_begin(b->store, &tx, &err), &err);
    struct register_lookup lookup = lookup_over(&rows, tx);
    struct note_key *key = ARENA_ARRAY(&b->arena, struct note_key, STAGES);
    start = clock_ticks_ns();
    for (size_t i = 0; i < STAGES; i++) {
        const struct json *row;
        bool found;
        arena_reset(&arena);
        must(register_key(&key[i], &found, &lookup, parsed[i].by, &arena, &err) && found &&
                 lookup.get(lookup.context, "record", span_of(parsed[i].id_text), &row, &arena,
                            &err),
             &err);
    }
    line("submission: door, its look-ups", seconds_since(start) * us, "us");

    start = clock_ticks_ns();
    for (size_t i = 0; i < STAGES; i++)
        must(record_verify(&parsed[i], &key[i]), &err);
    line("submission: verify", seconds_since(start) * us, "us");

    start = clock_ticks_ns();
    for (size_t i = 0; i < STAGES; i++) {
        struct register_entry entry = {head.staged + i, some[i].note, true};
        struct effects effects;
        arena_reset(&arena);
        must(applier_apply(&applier, tx, &entry, &effects, &arena, &err), &err);
    }
    line("submission: apply", seconds_since(start) * us, "us");
    store_rollback(tx);

    start = clock_ticks_ns();
    for (size_t i = 0; i < STAGES; i++) {
        arena_reset(&arena);
        const struct promise promise = {WORLD_NAME,  WORLD_NAME "/term/1",      parsed[i].id_text,
                                        head.staged, merkle_leaf(some[i].note), world_now(b->w)};
        must(promise_sign(&promise, &b->w->promise, &arena).len > 0, &err);
    }
    line("submission: promise", seconds_since(start) * us, "us");
    arena_free(&arena);
}

static void bench_stage_write(struct bench *b, size_t group)
{
    struct submission *some = records(b, group);
    struct span *entry = ARENA_ARRAY(&b->arena, struct span, group);
    struct stage *stage;
    struct arena arena = {0};
    struct err err = {0};
    const size_t rounds = 50;

    for (size_t i = 0; i < group; i++)
        entry[i] = some[i].note;
    must(stage_open(&stage, b->disk, 1000000000 + group, &err), &err);
    uint64_t start = clock_ticks_ns();
    for (size_t i = 0; i < rounds; i++) {
        struct stage_batch batch = {
            .first = 1000000000 + group + i * group, .entry = entry, .entry_count = group};
        arena_reset(&arena);
        must(stage_write(stage, &batch, &arena, &err), &err);
    }
    line(arena_printf(&b->arena, "submission: stage and sync, by %zu", group),
         seconds_since(start) * 1e6 / (double)(rounds * group), "us");
    stage_close(stage);
    arena_free(&arena);
}

/* Audit and replay. */

static struct history *open_history(struct bench *b, struct tree **out_tree)
{
    struct journal_head head;
    struct history *history;
    struct err err = {0};

    journal_head(b->journal, &head, &b->arena);
    must(tree_open(out_tree, b->disk, head.checkpoint.size, &err) &&
             history_open(&history, b->disk, *out_tree, false, &err),
         &err);
    return history;
}

/* All entries one after another, as one text. */
static struct span all_entries(struct bench *b, struct history *history)
{
    struct buf buf = buf_in(&b->arena, SIZE_MAX / 4);
    struct err err = {0};
    struct span entry;

    for (uint64_t i = 0; i < history_size(history); i++) {
        must(history_entry(history, i, &entry, &err), &err);
        buf_put(&buf, entry);
    }
    return buf_span(&buf);
}

static void bench_hashes(struct bench *b, struct history *history)
{
    struct span bytes = all_entries(b, history);
    struct tile_check *check = ARENA_NEW(&b->arena, struct tile_check);
    double count = (double)history_size(history);
    struct err err = {0};

    uint64_t start = clock_ticks_ns();
    (void)hash_of(bytes);
    double bare = count / seconds_since(start);
    line("bare SHA-256 over the same bytes", bare, "entries/s");
    line("bytes of an entry", (double)bytes.len / count, "bytes");

    check->disk = b->disk;
    check->size = history_size(history);
    start = clock_ticks_ns();
    must(tile_check(check, &err) && !check->path[0], &err);
    double rate = count / seconds_since(start);
    line_ratio("audit, hashes only", rate, "entries/s", rate / bare, "bare SHA-256");
}

struct verify_job {
    struct note note;
    struct note_key key;
    bool holds;
};

static void verify(void *context, size_t piece)
{
    struct verify_job *job = (struct verify_job *)context + piece;

    job->holds = note_line_verify(&job->note, &job->note.line[0], &job->key);
}

/* What the signatures alone cost on all cores. */
static double bench_signatures(struct bench *b, struct history *history)
{
    size_t count = (size_t)history_size(history), jobs = 0;
    struct verify_job *job = ARENA_ARRAY(&b->arena, struct verify_job, count);
    struct pool *pool = pool_open(pool_cores());
    struct note_key keys[WORLD_AUTHORS];
    struct err err = {0};
    struct span entry;

    for (size_t i = 0; i < WORLD_AUTHORS; i++)
        keys[i] = note_signer_key(&b->w->author[i].signer);
    for (uint64_t i = 0; i < count; i++) {
        must(history_entry(history, i, &entry, &err) &&
                 note_parse(&job[jobs].note, arena_copy(&b->arena, entry), &b->arena, &err),
             &err);
        for (size_t k = 0; k < WORLD_AUTHORS; k++)
            if (note_find(&job[jobs].note, &keys[k])) {
                job[jobs++].key = keys[k];
                break;
            }
    }
    uint64_t start = clock_ticks_ns();
    pool_start(pool, verify, job, jobs, 8);
    pool_wait(pool);
    double rate = (double)jobs / seconds_since(start);
    pool_close(pool);
    for (size_t i = 0; i < jobs; i++)
        assert(job[i].holds);
    line(arena_printf(&b->arena, "bare Ed25519 verify on %u cores", pool_cores()), rate,
         "signatures/s");
    return rate;
}

/* Every hash and every author's signature, by the keys that the store knows already. */
static void bench_signed_audit(struct bench *b, struct history *history, double verify_rate)
{
    struct tile_check *check = ARENA_NEW(&b->arena, struct tile_check);
    struct applier_lookup rows = {.as_of = STORE_LATEST};
    uint64_t count = history_size(history), hold = 0;
    struct register_entry entry;
    struct err err = {0};

    must(store_reader_open(b->store, &rows.reader, &err), &err);
    struct register_lookup lookup = applier_lookup(&rows);
    check->disk = b->disk;
    check->size = count;
    uint64_t start = clock_ticks_ns();
    must(tile_check(check, &err) && !check->path[0], &err);
    struct ahead *ahead = ahead_open(history, 0, &lookup);
    for (uint64_t i = 0; i < count; i++) {
        must(ahead_next(ahead, &entry, &err), &err);
        hold += entry.author_verified;
    }
    double rate = (double)count / seconds_since(start);
    ahead_close(ahead);
    store_reader_close(rows.reader);
    assert(hold == count);
    line_ratio("audit, hashes and signatures", rate, "entries/s", rate / verify_rate,
               "bare Ed25519");
}

static void bench_audit(struct bench *b, double verify_rate)
{
    const struct audit_options options = {.disk = b->disk};
    struct audit_result result;
    struct err err = {0};

    uint64_t start = clock_ticks_ns();
    must(audit_run(&result, &options, &err), &err);
    double rate = (double)result.entries / seconds_since(start);
    if (!result.ok) {
        fprintf(stderr, "%s\n", result.text);
        exit(1);
    }
    line_ratio("audit, whole: and every verdict", rate, "entries/s", rate / verify_rate,
               "bare Ed25519");
}

static void bench_replay(struct bench *b, const char *name, const char *url)
{
    struct replay_options options = {.disk = b->disk};
    struct replay_result result;
    struct err err = {0};

    must(store_open(&options.store, url, &err), &err);
    uint64_t start = clock_ticks_ns();
    must(replay_run(&result, &options, &err), &err);
    line(name, (double)result.entries / seconds_since(start), "records/s");
    store_close(options.store);
}

int main(void)
{
    struct bench b;
    struct submission first[WORLD_START];
    struct tree *tree;

    open_all(&b);
    world_start(b.w, first, &b.arena);
    append(&b, first, WORLD_START);
    bench_groups(&b, 1000, RECORDS);
    uint64_t start = clock_ticks_ns();
    publish(&b);
    line("publish what was staged", RECORDS / seconds_since(start), "records/s");

    struct history *history = open_history(&b, &tree);
    bench_hashes(&b, history);
    double verify_rate = bench_signatures(&b, history);
    bench_signed_audit(&b, history, verify_rate);
    bench_audit(&b, verify_rate);
    history_close(history);
    tree_close(tree);
    bench_replay(&b, "replay into memory", "memory:");
    bench_replay(&b, "replay into SQLite",
                 arena_printf(&b.arena, "sqlite:%s/replay.db", b.directory));

    bench_single(&b);
    bench_groups(&b, 10, 1000);
    bench_groups(&b, 100, 3000);
    bench_threads(&b);
    publish(&b);
    bench_stages(&b);
    bench_stage_write(&b, 1);
    bench_stage_write(&b, 100);
    close_all(&b);
    return 0;
}
