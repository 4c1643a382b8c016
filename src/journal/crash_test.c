#include "journal/journal.h"

#include "base/test.h"
#include "journal/audit.h"
#include "journal/log_reader.h"
#include "journal/replay.h"
#include "journal/world.h"
#include "sys/disk_sim.h"

/*
 * The power goes, at every single step and at random ones. Whatever was answered must be
 * there afterwards, at its place; the log must extend the one before; store, replay and
 * audit must say the same.
 */

#define MOST_ANSWERS 4096u
#define MOST_HEADS 512u

struct life { /* of one log, through many crashes */
    struct world *w;
    struct arena arena; /* what was submitted, as long as the log lives */
    struct disk *disk;
    struct store *store;
    struct journal *journal;
    struct submission first[WORLD_START];
    bool started;
    struct { /* what was answered */
        struct span note;
        uint64_t index;
    } answered[MOST_ANSWERS];
    size_t answers;
    struct checkpoint head[MOST_HEADS]; /* what was published */
    size_t heads;
    char name[64]; /* the case, for messages */
};

static void open_store(struct store **out)
{
    struct err err = {0};

    if (!store_open(out, "memory:", &err))
        fail_msg("%s", err.text);
}

static struct life *life_new(uint64_t seed)
{
    struct life *life = calloc(1, sizeof *life);

    assert_non_null(life);
    life->w = world_new(seed);
    assert_true(disk_sim_open(&life->disk, seed));
    open_store(&life->store);
    world_start(life->w, life->first, &life->arena);
    snprintf(life->name, sizeof life->name, "seed %" PRIu64, seed);
    return life;
}

static void life_free(struct life *life)
{
    journal_close(life->journal);
    store_close(life->store);
    disk_close(life->disk);
    arena_free(&life->arena);
    free(life->w);
    free(life);
}

static bool life_open(struct life *life, struct err *err)
{
    struct journal_options options = world_options(life->w, life->disk, life->store);

    return journal_open(&life->journal, &options, err);
}

/* The power goes. Of the store a crash may have kept the last commit or nothing at all. */
static void life_crash(struct life *life)
{
    journal_close(life->journal);
    life->journal = NULL;
    struct disk *after = disk_sim_crash(life->disk, world_chance(life->w));
    disk_close(life->disk);
    life->disk = after;
    if (world_below(life->w, 3) == 0) {
        store_close(life->store);
        open_store(&life->store);
    }
}

static void remember(struct life *life, const struct submission *submission,
                     const struct answer *answer)
{
    CHECK_CASE(life->name, answer->kind != ANSWER_REFUSED);
    assert_true(life->answers < MOST_ANSWERS);
    life->answered[life->answers].note = submission->note;
    life->answered[life->answers++].index = answer->index;
}

static bool life_append(struct life *life, const struct submission *submission, size_t count,
                        struct err *err)
{
    struct answer answers[64];
    struct arena arena = {0};

    assert_true(count <= ARRAY_LEN(answers));
    bool ok = journal_append(life->journal, submission, count, answers, &arena, err);
    for (size_t i = 0; ok && i < count; i++)
        remember(life, &submission[i], &answers[i]);
    arena_free(&arena);
    return ok;
}

static bool life_publish(struct life *life, struct err *err)
{
    struct journal_head head;
    struct arena arena = {0};

    bool ok = journal_publish(life->journal, err);
    journal_head(life->journal, &head, &arena);
    if (ok) {
        assert_true(life->heads < MOST_HEADS);
        life->head[life->heads++] = head.checkpoint;
        CHECK_CASE(life->name, head.checkpoint.size == head.staged);
        life->w->seen_size = head.checkpoint.size;
        if (head.checkpoint.size > 0)
            life->w->seen_root = head.checkpoint.root;
    }
    arena_free(&arena);
    return ok;
}

/* Some records, new or offered before. */
static bool life_step(struct life *life, struct err *err)
{
    struct submission some[12];
    size_t count = 1 + world_below(life->w, ARRAY_LEN(some));

    if (!life->started) {
        life->started = life_append(life, life->first, WORLD_START, err);
        return life->started;
    }
    if (world_below(life->w, 4) == 0)
        return life_publish(life, err);
    for (size_t i = 0; i < count; i++) {
        size_t again = life->answers ? world_below(life->w, life->answers) : 0;
        some[i] = world_any(life->w, &life->arena);
        if (world_below(life->w, 10) == 0)
            some[i] = (struct submission){.note = life->answered[again].note};
    }
    return life_append(life, some, count, err);
}

/* What must hold whenever the log stands open and published. */

static void check_log(struct life *life, uint64_t size)
{
    struct log_reader *reader;
    struct merkle frontier;
    struct err err = {0};
    struct span entry;

    CHECK_CASE(life->name, log_reader_open(&reader, life->disk, size, &err));
    for (size_t i = 0; i < life->answers; i++) {
        CHECK_CASE(life->name, life->answered[i].index < size);
        CHECK_CASE(life->name, log_reader_entry(reader, life->answered[i].index, &entry, &err));
        CHECK_CASE(life->name, span_equal(entry, life->answered[i].note));
    }
    for (size_t i = 0; i < life->heads; i++) {
        const struct checkpoint *head = &life->head[i];
        CHECK_CASE(life->name, head->size <= size);
        CHECK_CASE(life->name, merkle_load(&frontier, head->size, log_reader_hash, reader, &err));
        CHECK_CASE(life->name, head->size == 0 || hash_equal(merkle_root(&frontier), head->root));
    }
    log_reader_close(reader);
}

static void check_audit(struct life *life, uint64_t size, bool settled)
{
    const struct audit_options options = {.disk = life->disk, .store = life->store};
    struct audit_result result;
    struct err err = {0};

    if (size == 0)
        return;
    if (!audit_run(&result, &options, &err) || !result.ok)
        fail_msg("%s: %s%s", life->name, err.text, result.text);
    CHECK_CASE(life->name, !settled || result.entries == size);
    CHECK_CASE(life->name, !settled || !result.to_recover);
    CHECK_CASE(life->name, !settled || result.store_applied == size);
}

static void check_parts(struct life *life)
{
    struct parts *parts = journal_parts(life->journal);
    struct arena arena = {0};

    for (size_t i = 0; i < life->answers; i++) {
        struct record record;
        struct err err = {0};
        struct part part;
        struct hash stored;
        struct span bytes;

        arena_reset(&arena);
        CHECK_CASE(life->name, record_parse(&record, life->answered[i].note, &arena, &err));
        for (size_t n = 0; part_at(record.body, n, &part); n++) {
            CHECK_CASE(life->name, hex_parse(stored.bytes, HASH_BYTES, part.stored));
            CHECK_CASE(life->name, parts_get(parts, &stored, &bytes, &arena, &err));
        }
    }
    arena_free(&arena);
}

/* What audit computes is held against the store; and so is what replay does. */
static void check_replay(struct life *life)
{
    struct replay_options options = {.disk = life->disk};
    struct replay_result result;
    struct store_reader *reader;
    struct hash digest = {0};
    struct err err = {0};

    open_store(&options.store);
    CHECK_CASE(life->name, replay_run(&result, &options, &err));
    CHECK_CASE(life->name, store_reader_open(life->store, &reader, &err));
    CHECK_CASE(life->name, applier_digest_at(&digest, reader, result.entries, &err));
    CHECK_CASE(life->name, hash_equal(digest, result.digest));
    store_reader_close(reader);
    store_close(options.store);
}

/* After the last crash: opened once more, with the power staying on. */
static void check_life(struct life *life)
{
    struct journal_head head;
    struct arena arena = {0};
    struct err err = {0};

    if (!life_open(life, &err) || !life_publish(life, &err))
        fail_msg("%s: %s", life->name, err.text);
    journal_head(life->journal, &head, &arena);
    check_log(life, head.checkpoint.size);
    check_parts(life);
    check_audit(life, head.checkpoint.size, true);
    arena_free(&arena);
}

/* A fixed life, as long as nothing fails: groups, rounds of publishing, a tile that fills.
 * Mostly ticks, which are short and bring no parts. */
#define ROUNDS 11u
#define GROUP 23u
static struct submission scripted[ROUNDS][GROUP];

static void write_script(struct life *life)
{
    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < GROUP; i++)
            scripted[round][i] =
                i < 4 ? world_any(life->w, &life->arena) : world_tick(life->w, &life->arena);
}

static bool run_script(struct life *life, struct err *err)
{
    bool ok = life_open(life, err) && life_append(life, life->first, WORLD_START, err);

    for (size_t round = 0; ok && round < ROUNDS; round++) {
        ok = life_append(life, scripted[round], GROUP, err);
        if (ok && round % 3 != 1)
            ok = life_publish(life, err);
    }
    return ok;
}

/* The script, with the power going at its n-th change, for every n; then, in the recovery
 * from that, once more at one of its first changes. */
static void test_every_step(void **state)
{
    struct life *author = life_new(0), *life = life_new(0);
    struct err err = {0};
    (void)state;

    write_script(author);
    if (!run_script(life, &err))
        fail_msg("%s", err.text);
    uint64_t steps = disk_sim_operations(life->disk);
    life_crash(life);
    check_life(life);
    life_free(life);

    for (uint64_t n = 1; n <= steps; n++) {
        life = life_new(0);
        life->w->chance = n;
        snprintf(life->name, sizeof life->name, "step %" PRIu64 " of %" PRIu64, n, steps);
        disk_sim_fail_after(life->disk, n);
        CHECK_CASE(life->name, !run_script(life, &err));
        life_crash(life);
        disk_sim_fail_after(life->disk, 1 + n % 29);
        if (life_open(life, &err))
            (void)!life_publish(life, &err);
        life_crash(life);
        check_life(life);
        life_free(life);
    }
    life_free(author);
}

/* Random lives, with many crashes each, audited in between as the crash left them. */
static void test_seeds(void **state)
{
    (void)state;

    for (uint64_t seed = 1; seed <= 25; seed++) {
        struct life *life = life_new(seed << 20);
        struct err err = {0};

        for (unsigned crashes = 0; crashes < 8; crashes++) {
            disk_sim_fail_after(life->disk, 1 + world_below(life->w, 150));
            bool ok = life_open(life, &err);
            for (unsigned i = 0; ok && i < 40; i++)
                ok = life_step(life, &err);
            life_crash(life);
            if (life->heads > 0)
                check_audit(life, life->head[life->heads - 1].size, false);
        }
        check_life(life);
        check_replay(life);
        life_free(life);
    }
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_step),
                                          cmocka_unit_test(test_seeds)};
RUN_TESTS(tests)
