/* Durable appends a second, and what each stage of one submission takes. */

#include "journal/applier.h"
#include "journal/bench.h"
#include "journal/promise.h"
#include "journal/stage.h"

#include <pthread.h>

#define SINGLE 300u  /* appends of one record each */
#define STAGES 3000u /* records taken through each stage by itself */
#define THREADS 8u

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

/* What the door asks of the register, as it asks it: a reader of its own. */
static void bench_door(struct bench *b, const struct record *record, struct note_key *key)
{
    struct applier_lookup rows = {.as_of = STORE_LATEST};
    struct register_lookup lookup = applier_lookup(&rows);
    struct arena arena = {0};
    struct err err = {0};
    const struct json *row;

    must(store_reader_open(b->store, &rows.reader, &err), &err);
    uint64_t start = clock_ticks_ns();
    for (size_t i = 0; i < STAGES; i++) {
        bool found;
        arena_reset(&arena);
        must(lookup.get(lookup.context, "agreement", SPAN_LIT("1"), &row, &arena, &err) &&
                 lookup.get(lookup.context, "record", span_of(record[i].id_text), &row, &arena,
                            &err) &&
                 register_key(&key[i], &found, &lookup, record[i].by, &arena, &err) && found,
             &err);
    }
    line("submission: door, its look-ups", seconds_since(start) * 1e6 / STAGES, "us");
    store_reader_close(rows.reader);
    arena_free(&arena);
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
    struct store_tx *tx;
    struct journal_head head;
    double us = 1e6 / STAGES;

    uint64_t start = clock_ticks_ns();
    for (size_t i = 0; i < STAGES; i++)
        must(record_parse(&parsed[i], some[i].note, &b->arena, &err), &err);
    line("submission: parse", seconds_since(start) * us, "us");

    journal_head(b->journal, &head, &arena);
    struct note_key *key = ARENA_ARRAY(&b->arena, struct note_key, STAGES);
    bench_door(b, parsed, key);

    start = clock_ticks_ns();
    for (size_t i = 0; i < STAGES; i++)
        must(record_verify(&parsed[i], &key[i]), &err);
    line("submission: verify", seconds_since(start) * us, "us");

    must(store_begin(b->store, &tx, &err), &err);
    start = clock_ticks_ns();
    for (size_t i = 0; i < STAGES; i++) {
        struct register_entry entry = {head.staged + i, some[i].note, true};
        struct effects effects;
        arena_reset(&arena);
        must(applier_apply(&applier, tx, &entry, &effects, &arena, &err), &err);
    }
    line("submission: apply", seconds_since(start) * us, "us");
    start = clock_ticks_ns();
    must(store_commit(&tx, &err), &err);
    line(arena_printf(&b->arena, "submission: commit, by %u", STAGES), seconds_since(start) * us,
         "us");

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

int main(void)
{
    struct bench b;
    struct submission first[WORLD_START];

    open_all(&b);
    world_start(b.w, first, &b.arena);
    append(&b, first, WORLD_START);
    bench_single(&b);
    bench_groups(&b, 10, 1000);
    bench_groups(&b, 100, 3000);
    bench_groups(&b, 1000, 10000);
    bench_threads(&b);
    uint64_t staged = SINGLE + 14000 + THREADS * SINGLE, start = clock_ticks_ns();
    publish(&b);
    line("publish what was staged", (double)staged / seconds_since(start), "records/s");
    bench_stages(&b);
    bench_stage_write(&b, 1);
    bench_stage_write(&b, 100);
    close_all(&b);
    return 0;
}
