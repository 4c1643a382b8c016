#pragma once

/* For tests only: one log of the world of world.h, with its disk and store, that fails the
 * test where anything does not go well. Behind base/test.h. */

#include "journal/world.h"
#include "sys/disk_sim.h"

static struct arena arena; /* of the test that runs */

struct world_log { /* one log, its disk and its store */
    struct world *w;
    struct disk *disk;
    struct store *store;
    struct journal *journal;
};

static inline void open_store(struct store **out)
{
    struct err err = {0};

    if (!store_open(out, "memory:", &err))
        fail_msg("%s", err.text);
}

static inline void reopen(struct world_log *b)
{
    struct journal_options options = world_options(b->w, b->disk, b->store);
    struct err err = {0};

    journal_close(b->journal);
    b->journal = NULL;
    if (!journal_open(&b->journal, &options, &err))
        fail_msg("%s", err.text);
}

static inline void setup(struct world_log *b)
{
    *b = (struct world_log){.w = world_new(1)};
    assert_true(disk_sim_open(&b->disk, 1));
    open_store(&b->store);
    reopen(b);
}

static inline void teardown(struct world_log *b)
{
    journal_close(b->journal);
    store_close(b->store);
    disk_close(b->disk);
    free(b->w);
    arena_free(&arena);
}

static inline void append(struct world_log *b, const struct submission *submission, size_t count,
                          struct answer *answers)
{
    struct err err = {0};

    if (!journal_append(b->journal, submission, count, answers, &arena, &err))
        fail_msg("%s", err.text);
}

static inline struct answer append_one(struct world_log *b, struct submission submission)
{
    struct answer answer;

    append(b, &submission, 1, &answer);
    return answer;
}

static inline void publish(struct world_log *b)
{
    struct err err = {0};

    if (!journal_publish(b->journal, &err))
        fail_msg("%s", err.text);
}

static inline void start(struct world_log *b)
{
    struct submission first[WORLD_START];
    struct answer answers[WORLD_START];

    world_start(b->w, first, &arena);
    append(b, first, WORLD_START, answers);
    for (size_t i = 0; i < WORLD_START; i++) {
        assert_int_equal(answers[i].kind, ANSWER_LOGGED);
        assert_int_equal(answers[i].index, i);
    }
}

static inline uint64_t applied(struct store *store)
{
    struct store_reader *reader;
    struct err err = {0};
    uint64_t out = 0;

    assert_true(store_reader_open(store, &reader, &err) && store_applied(reader, &out, &err));
    store_reader_close(reader);
    return out;
}

static inline struct hash digest_of(struct store *store)
{
    struct store_reader *reader;
    struct err err = {0};
    uint64_t count = applied(store);
    struct hash out = {0};

    assert_true(store_reader_open(store, &reader, &err));
    assert_true(applier_digest_at(&out, reader, count, &err));
    store_reader_close(reader);
    return out;
}
