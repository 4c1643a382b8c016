/* Audit and replay, held against bare SHA-256 and bare Ed25519 over the same log. */

#include "journal/ahead.h"
#include "journal/audit.h"
#include "journal/bench.h"
#include "journal/pool.h"
#include "journal/replay.h"
#include "journal/tile_check.h"

#define RECORDS 20000u
#define ROWS_BYTES ((size_t)4 << 20) /* a fraction of what they make */

static struct history *open_history(struct bench *b, struct tree **out_tree)
{
    struct journal_head head;
    struct history *history = NULL;
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

static void check_log(struct bench *b, uint64_t size)
{
    struct tile_check *check = ARENA_NEW(&b->arena, struct tile_check);
    struct err err = {0};

    check->disk = b->disk;
    check->size = size;
    must(tile_check(check, &err) && !check->path[0], &err);
}

static void bench_hashes(struct bench *b, struct history *history)
{
    struct span bytes = all_entries(b, history);
    uint64_t size = history_size(history);
    struct rate bare = {0}, rate = {0};

    for (unsigned i = 0; i < ROUNDS; i++) {
        struct stopwatch start = stopwatch_start();
        (void)hash_of(bytes);
        stopwatch_best(&bare, start, (double)size);
        start = stopwatch_start();
        check_log(b, size);
        stopwatch_best(&rate, start, (double)size);
    }
    line("bytes of an entry", (double)bytes.len / (double)size, "bytes");
    line("bare SHA-256 over the same bytes, one core", bare.wall, "entries/s");
    line_ratio(arena_printf(&b->arena, "audit, hashes only, %u cores", pool_cores()), rate,
               "entries/s", bare, "bare SHA-256");
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
static struct rate bench_signatures(struct bench *b, struct history *history)
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
    struct rate rate = {0};
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct stopwatch start = stopwatch_start();
        pool_start(pool, verify, job, jobs, 8);
        pool_wait(pool);
        stopwatch_best(&rate, start, (double)jobs);
    }
    pool_close(pool);
    for (size_t i = 0; i < jobs; i++)
        assert(job[i].holds);
    line(arena_printf(&b->arena, "bare Ed25519 verify on %u cores", pool_cores()), rate.wall,
         "signatures/s");
    return rate;
}

/* Every hash and every author's signature, by the keys that the store knows already. */
static void audit_signed(struct bench *b, struct history *history, struct rate *rate)
{
    struct applier_lookup rows = {.as_of = STORE_LATEST};
    uint64_t count = history_size(history), hold = 0;
    struct register_entry entry;
    struct err err = {0};

    must(store_reader_open(b->store, &rows.reader, &err), &err);
    struct register_lookup lookup = applier_lookup(&rows);
    struct stopwatch start = stopwatch_start();
    check_log(b, count);
    struct ahead *ahead = ahead_open(history, 0, &lookup);
    for (uint64_t i = 0; i < count; i++) {
        must(ahead_next(ahead, &entry, &err), &err);
        hold += entry.author_verified;
    }
    stopwatch_best(rate, start, (double)count);
    ahead_close(ahead);
    store_reader_close(rows.reader);
    assert(hold == count);
}

static void audit_whole(struct bench *b, size_t rows_bytes, struct rate *rate)
{
    const struct audit_options options = {.disk = b->disk, .rows_bytes = rows_bytes};
    struct audit_result result;
    struct err err = {0};

    struct stopwatch start = stopwatch_start();
    must(audit_run(&result, &options, &err), &err);
    stopwatch_best(rate, start, (double)result.entries);
    must(result.ok || err_set(&err, ERR_CONFLICT, "%s", result.text), &err);
}

static void bench_audit(struct bench *b, struct history *history)
{
    struct rate bare = bench_signatures(b, history), hashed = {0}, whole = {0};
    struct rate in_file = {0};

    for (unsigned i = 0; i < ROUNDS; i++) {
        audit_signed(b, history, &hashed);
        audit_whole(b, SIZE_MAX, &whole);
        audit_whole(b, ROWS_BYTES, &in_file);
    }
    line_ratio("audit, hashes and signatures", hashed, "entries/s", bare, "bare Ed25519");
    line_ratio("audit, whole: and every verdict", whole, "entries/s", bare, "bare Ed25519");
    line_ratio("the same, most rows in a file", in_file, "entries/s", whole, "in memory");
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

static void fill(struct bench *b)
{
    struct submission first[WORLD_START];

    world_start(b->w, first, &b->arena);
    append(b, first, WORLD_START);
    for (unsigned done = 0; done < RECORDS; done += 1000)
        append(b, records(b, 1000), 1000);
    publish(b);
}

int main(void)
{
    struct bench b;
    struct tree *tree;

    open_all(&b);
    fill(&b);
    struct history *history = open_history(&b, &tree);
    bench_hashes(&b, history);
    bench_audit(&b, history);
    history_close(history);
    tree_close(tree);
    bench_replay(&b, "replay into memory", "memory:");
    bench_replay(&b, "replay into SQLite",
                 arena_printf(&b.arena, "sqlite:%s/replay.db", b.directory));
    close_all(&b);
    return 0;
}
