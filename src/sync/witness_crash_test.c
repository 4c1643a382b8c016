#include "sync/witness.h"

#include "base/test.h"
#include "sync/witness_world.h"

/*
 * The power goes, at every single step. Whatever had left before, the witness that stands up
 * afterwards contradicts none of it: not by a smaller size, not by another tree, not by a
 * frozen term; even where the log held beside it has meanwhile become another one.
 */

#define NEVER WITNESS_WORLD_TRUE
#define MOST_LINES 64u

struct life {
    struct witness_world w;
    struct disk *disk;
    struct witness *witness;
    struct arena arena;
    struct checkpoint left[MOST_LINES]; /* cosigned, and out in the world */
    size_t count;
    int64_t left_ms;    /* when the last did */
    struct span frozen; /* the freeze note, if it has left */
    char name[64];
};

/* Contradictions. */

static bool contradict(const struct checkpoint *earlier, const struct checkpoint *later)
{
    return strcmp(earlier->origin, later->origin) == 0 &&
           (later->size < earlier->size ||
            (later->size == earlier->size && !hash_equal(later->root, earlier->root)));
}

static void leaves(struct life *life, const struct checkpoint *checkpoint)
{
    for (size_t i = 0; i < life->count; i++)
        CHECK_CASE(life->name, !contradict(&life->left[i], checkpoint));
    CHECK_CASE(life->name,
               life->frozen.len == 0 || strcmp(checkpoint->origin, life->w.log[0].name) != 0);
    assert_true(life->count < MOST_LINES);
    life->left[life->count++] = *checkpoint;
    life->left_ms = life->w.now_ms;
}

/* What it is asked. */

static bool cosign(struct life *life, unsigned term, uint64_t size, uint64_t lies_from)
{
    struct checkpoint checkpoint = witness_world_checkpoint(&life->w, term, size, lies_from);
    struct span line, note = witness_world_note(&checkpoint, &life->w.log[term - 1], &life->arena);
    struct err err = {0};

    bool ok = witness_cosign(life->witness, &checkpoint, note, &line, &life->arena, &err);
    if (ok)
        leaves(life, &checkpoint);
    return ok;
}

/* As a client does that is told the size by a 409. */
static int ask(struct life *life, unsigned term, uint64_t size, uint64_t lies_from)
{
    struct checkpoint checkpoint = witness_world_checkpoint(&life->w, term, size, lies_from);
    struct span note = witness_world_note(&checkpoint, &life->w.log[term - 1], &life->arena);
    struct witness_reply reply = {.status = 409};
    uint64_t old = 0;

    for (int i = 0; i < 2 && reply.status == 409; i++) {
        struct span body = witness_world_body(old, size, lies_from, note, &life->arena);
        witness_add_checkpoint(life->witness, body, &reply, &life->arena);
        if (reply.status == 409)
            old = strtoull(arena_text(&life->arena, reply.body), NULL, 10);
    }
    if (reply.status == 200)
        leaves(life, &checkpoint);
    return reply.status;
}

static bool freeze(struct life *life, uint64_t size, struct span *out)
{
    struct checkpoint checkpoint = witness_world_checkpoint(&life->w, 1, size, NEVER);
    const struct note_key log = note_signer_key(&life->w.log[1]);
    const struct note_key promise = note_signer_key(&life->w.promise);
    const struct freeze freeze = {&checkpoint, log.name, note_key_text(&log, &life->arena),
                                  note_key_text(&promise, &life->arena)};
    struct err err = {0};

    return witness_freeze(life->witness, &freeze, &life->w.node, out, &life->arena, &err);
}

/* A peer shows what this witness has cosigned in another life. */
static void recall(struct life *life)
{
    struct checkpoint checkpoint = witness_world_checkpoint(&life->w, 2, 40, NEVER);
    struct span text = witness_world_text(&checkpoint, &life->arena);
    struct buf note = buf_in(&life->arena, 10000);
    struct err err = {0};

    buf_put(&note, witness_world_note(&checkpoint, &life->w.log[1], &life->arena));
    cosignature_put_line(&note, text, 7, &life->w.witness, &life->arena);
    if (witness_recall(life->witness, buf_span(&note), &err))
        leaves(life, &checkpoint);
}

/* Goes on where something failed, as no program should. */
static void run_script(struct life *life)
{
    struct span note;

    cosign(life, 1, 3, NEVER);
    life->w.now_ms += 1000;
    ask(life, 1, 9, NEVER);
    ask(life, 1, 9, 4);
    life->w.now_ms += 100000;
    ask(life, 1, 9, NEVER);
    cosign(life, 1, 5, NEVER);
    ask(life, 1, 20, 15);
    ask(life, 1, 20, NEVER);
    if (freeze(life, 25, &note))
        life->frozen = note;
    ask(life, 1, 30, NEVER);
    life->w.terms = 2;
    cosign(life, 2, 31, NEVER);
    ask(life, 1, 32, NEVER);
    recall(life);
    cosign(life, 2, 39, NEVER);
    ask(life, 2, 41, NEVER);
}

/* Afterwards. */

static bool life_open(struct life *life)
{
    const struct witness_options options = witness_world_options(&life->w, life->disk);
    struct err err = {0};

    return witness_open(&life->witness, &options, &err);
}

static void life_crash(struct life *life, uint64_t seed)
{
    witness_close(life->witness);
    life->witness = NULL;
    struct disk *after = disk_sim_crash(life->disk, seed);
    disk_close(life->disk);
    life->disk = after;
}

static void check_files(struct life *life)
{
    struct disk_entry *entry;
    struct err err = {0};
    size_t count;

    CHECK_CASE(life->name, disk_list(life->disk, "", &entry, &count, &life->arena, &err));
    for (size_t i = 0; i < count; i++)
        CHECK_CASE(life->name, !span_ends_with(span_of(entry[i].path), SPAN_LIT(DISK_UNFINISHED)));
}

/* Logs that part from the one cosigned just before its end, and hold more. */
static void check_lies(struct life *life, unsigned term, uint64_t cosigned)
{
    if (cosigned == 0)
        return;
    life->w.lies_from = cosigned - 1;
    for (uint64_t size = cosigned; size < cosigned + 3; size++) {
        CHECK_CASE(life->name, !cosign(life, term, size, life->w.lies_from));
        CHECK_CASE(life->name, ask(life, term, size, life->w.lies_from) != 200);
    }
    life->w.lies_from = NEVER;
    for (uint64_t size = cosigned; size < cosigned + 3; size++)
        CHECK_CASE(life->name, ask(life, term, size, cosigned - 1) != 200);
}

/* A clock that was set back meanwhile. */
static void check_clock(struct life *life, unsigned term)
{
    if (life->count == 0)
        return;
    life->w.now_ms = life->left_ms - 1000;
    CHECK_CASE(life->name, !cosign(life, term, 60, NEVER) && ask(life, term, 60, NEVER) != 200);
    life->w.now_ms = life->left_ms + 1000000;
}

static void check_freeze(struct life *life)
{
    struct span note;

    if (life->frozen.len == 0)
        return;
    CHECK_CASE(life->name, !freeze(life, 26, &note));
    CHECK_CASE(life->name, freeze(life, 25, &note) && span_equal(note, life->frozen));
    life->w.terms = 1; /* a journal that has not heard of the hand-over yet */
    CHECK_CASE(life->name, !cosign(life, 1, 50, NEVER) && ask(life, 1, 50, NEVER) == 404);
    life->w.terms = 2;
}

static void check_life(struct life *life)
{
    uint64_t cosigned[2] = {0};

    life->w.terms = 2;
    for (size_t i = 0; i < life->count; i++) {
        const struct checkpoint *c = &life->left[i];
        cosigned[strcmp(c->origin, life->w.log[0].name) != 0] = c->size;
    }
    check_files(life);
    check_clock(life, 2);
    check_freeze(life);
    check_lies(life, 2, cosigned[1]);
    if (cosigned[1] == 0) {
        life->w.terms = 1;
        check_lies(life, 1, cosigned[0]);
        CHECK_CASE(life->name, cosigned[0] == 0 || !cosign(life, 1, cosigned[0] - 1, NEVER));
    } else {
        CHECK_CASE(life->name, !cosign(life, 2, cosigned[1] - 1, NEVER));
    }
    life->w.terms = 2;
    CHECK_CASE(life->name, !cosign(life, 1, 60, NEVER));
    CHECK_CASE(life->name, ask(life, 2, 60, NEVER) == 200); /* and it goes on */
}

static struct life *life_new(void)
{
    struct life *life = calloc(1, sizeof *life);

    assert_non_null(life);
    life->w = witness_world_make();
    assert_true(disk_sim_open(&life->disk, 1));
    return life;
}

static void life_free(struct life *life)
{
    witness_close(life->witness);
    disk_close(life->disk);
    arena_free(&life->arena);
    free(life);
}

static uint64_t count_steps(void)
{
    struct life *life = life_new();

    assert_true(life_open(life));
    run_script(life);
    assert_int_equal(life->count, 7);
    assert_true(life->frozen.len > 0);
    uint64_t steps = disk_sim_operations(life->disk);
    life_free(life);
    return steps;
}

/* The script, with the power going at its n-th change, for every n and some chances; then, in
 * the next life, once more. */
static void test_every_step(void **state)
{
    uint64_t steps = count_steps();
    (void)state;

    assert_true(steps > 20);
    for (uint64_t n = 1; n <= steps; n++)
        for (uint64_t seed = 0; seed < 12; seed++) {
            struct life *life = life_new();
            snprintf(life->name, sizeof life->name,
                     "step %" PRIu64 " of %" PRIu64 ", seed %" PRIu64, n, steps, seed);
            disk_sim_fail_after(life->disk, n);
            if (life_open(life))
                run_script(life);
            life_crash(life, seed);
            disk_sim_fail_after(life->disk, 1 + (n + seed) % 7);
            life->w.terms = life->count > 4 ? 2 : 1;
            if (life_open(life))
                ask(life, life->w.terms, 45, NEVER);
            life_crash(life, seed + 100);
            CHECK_CASE(life->name, life_open(life));
            check_life(life);
            life_free(life);
        }
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_step)};
RUN_TESTS(tests)
