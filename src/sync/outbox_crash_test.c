#include "base/test.h"
#include "sync/outbox_world.h"

/*
 * The power goes, at every single step and at random ones. What outbox_put answered is there
 * afterwards, in its order and without a hole; so is a promise that was taken, beside its own
 * record and no other; what left or was dropped stays gone; evidence is where it was said to be.
 */

#define MOST 600u

enum did { NO, TRIED, DONE }; /* begun: it may have happened, or not */

struct one {
    struct submission submission;
    char id[65];
    unsigned batch; /* put together */
    enum did put, promised, gone;
    uint64_t index; /* promised */
    bool in_log;    /* at `index`, or somewhere if it was never promised */
};

struct life {
    struct outbox_world *w;
    struct one one[MOST];
    size_t count;
    unsigned batches;
    uint64_t next;    /* index that the log will promise */
    uint64_t reached; /* its size as this node knows it */
    struct {
        const char *path;
        uint64_t index;
    } evidence[MOST];
    size_t evidence_count;
    uint64_t chance;
    char name[64];
};

static uint64_t chance(struct life *life, uint64_t limit) /* splitmix64 */
{
    uint64_t z = life->chance += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (z ^ z >> 31) % limit;
}

static struct life *life_new(uint64_t seed)
{
    struct life *life = calloc(1, sizeof *life);

    assert_non_null(life);
    life->w = outbox_world_new(seed);
    life->chance = seed;
    snprintf(life->name, sizeof life->name, "seed %" PRIu64, seed);
    return life;
}

static void life_free(struct life *life)
{
    outbox_world_free(life->w);
    free(life);
}

/* --- what is done --- */

static bool do_put(struct life *life, struct err *err)
{
    struct submission some[3];
    size_t count = 1 + (size_t)chance(life, 3);

    assert_true(life->count + count <= MOST);
    life->batches++;
    for (size_t i = 0; i < count; i++) {
        struct one *one = &life->one[life->count + i];

        some[i] = outbox_world_any(life->w, (unsigned)chance(life, WORLD_KEYS));
        if (chance(life, 3) == 0)
            some[i] = outbox_world_with_part(life->w, some[i], "a part");
        *one = (struct one){.submission = some[i], .batch = life->batches, .put = TRIED};
        memcpy(one->id, outbox_world_id(life->w, &some[i]), sizeof one->id);
    }
    life->count += count;
    bool ok = outbox_put(life->w->outbox, some, count, life->w->now_ms, err);
    for (size_t i = 0; ok && i < count; i++)
        life->one[life->count - count + i].put = DONE;
    return ok;
}

/* One that waits, by what is known here; NULL: the chosen one does not. */
static struct one *choose(struct life *life)
{
    struct one *one = &life->one[life->count ? chance(life, life->count) : 0];

    return life->count && one->put == DONE && one->gone == NO ? one : NULL;
}

static uint64_t number_of(struct life *life, const struct one *one)
{
    const struct outbox_item *item;
    size_t count;

    outbox_list(life->w->outbox, 0, SIZE_MAX, &item, &count, &life->w->arena);
    for (size_t i = 0; i < count; i++)
        if (strcmp(item[i].id, one->id) == 0)
            return item[i].number;
    fail_msg("%s: a record is not here", life->name);
    return 0;
}

static bool do_answer(struct life *life, struct err *err)
{
    struct one *one = choose(life);

    if (!one || one->promised != NO)
        return true;
    bool refuse = chance(life, 3) == 0;
    struct answer answer = refuse ? outbox_world_refusal(life->w, &one->submission)
                                  : outbox_world_promise(life->w, &one->submission, life->next);
    if (!refuse) {
        one->promised = TRIED;
        one->index = life->next++;
    }
    bool ok = outbox_answered(life->w->outbox, number_of(life, one), &answer, life->w->now_ms, err);
    if (ok && !refuse)
        one->promised = DONE;
    return ok;
}

static bool do_drop(struct life *life, struct err *err)
{
    struct one *one = choose(life);

    if (!one || one->promised != NO || chance(life, 3) != 0)
        return true;
    uint64_t number = number_of(life, one);
    one->gone = TRIED;
    bool ok = outbox_drop(life->w->outbox, number, err);
    if (ok)
        one->gone = DONE;
    return ok;
}

static bool find(void *context, const char *id, bool *out_there, uint64_t *out_index,
                 struct err *err)
{
    struct life *life = context;
    (void)err;

    *out_there = false;
    for (size_t i = 0; i < life->count; i++)
        if (life->one[i].in_log && strcmp(life->one[i].id, id) == 0) {
            *out_there = true;
            *out_index = life->one[i].promised != NO ? life->one[i].index : 1000000 + i;
        }
    return true;
}

static bool leaf(void *context, uint64_t index, bool *out_there, struct hash *out, struct err *err)
{
    struct life *life = context;
    (void)err;

    *out_there = index < life->reached;
    *out = merkle_empty();
    for (size_t i = 0; i < life->count; i++)
        if (life->one[i].in_log && life->one[i].promised != NO && life->one[i].index == index)
            *out = merkle_leaf(life->one[i].submission.note);
    return true;
}

/* The log grows: it keeps most of its promises, and has some that it did not make. */
static bool do_settle(struct life *life, struct err *err)
{
    const struct outbox_log log = {find, leaf, life};
    struct outbox_settled settled;

    life->reached = life->next;
    for (size_t i = 0; i < life->count; i++) {
        struct one *one = &life->one[i];

        if (one->put != DONE || one->gone != NO)
            continue;
        one->in_log = one->in_log || chance(life, one->promised == NO ? 8 : 2) == 0;
        if (one->in_log && (one->promised != NO || one->submission.part_count == 0))
            one->gone = TRIED;
        if (!one->in_log && one->promised == DONE)
            one->promised = TRIED; /* broken */
    }
    if (!outbox_settle(life->w->outbox, &log, &settled, &life->w->arena, err))
        return false;
    for (size_t i = 0; i < life->count; i++) {
        struct one *one = &life->one[i];

        if (one->in_log && one->gone == TRIED)
            one->gone = DONE;
        if (one->promised == TRIED && one->gone == NO)
            one->promised = NO; /* it waits again */
    }
    for (size_t i = 0; i < settled.broken_count; i++) {
        assert_true(life->evidence_count < MOST);
        life->evidence[life->evidence_count].path = settled.broken[i].path;
        life->evidence[life->evidence_count++].index = settled.broken[i].index;
    }
    return true;
}

static bool do_any(struct life *life, struct err *err)
{
    switch (chance(life, 8)) {
    case 0:
        return do_settle(life, err);
    case 1:
        return do_drop(life, err);
    case 2:
    case 3:
    case 4:
        return do_answer(life, err);
    default:
        return do_put(life, err);
    }
}

static bool live(struct life *life, unsigned steps, struct err *err)
{
    bool ok = outbox_world_open(life->w, err);

    for (unsigned i = 0; ok && i < steps; i++)
        ok = do_any(life, err);
    return ok;
}

/* --- what must hold --- */

static const struct outbox_item *item_of(const struct one *one, const struct outbox_item *item,
                                         size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(item[i].id, one->id) == 0)
            return &item[i];
    return NULL;
}

static void check_one(struct life *life, const struct one *one, const struct outbox_item *item)
{
    CHECK_CASE(life->name, item || one->put != DONE || one->gone != NO);
    CHECK_CASE(life->name, !item || one->gone != DONE);
    if (!item)
        return;
    bool promised = item->state == OUTBOX_PROMISED;
    CHECK_CASE(life->name, promised || one->promised != DONE || one->gone == TRIED);
    CHECK_CASE(life->name, !promised || one->promised != NO);
    CHECK_CASE(life->name, !promised || item->index == one->index);
}

/* In the order in which they were put, and of one batch the first. */
static void check_order(struct life *life, const struct outbox_item *item, size_t count)
{
    uint64_t last = 0;

    for (size_t i = 0; i < life->count; i++) {
        const struct outbox_item *at = item_of(&life->one[i], item, count);

        if (at)
            CHECK_CASE(life->name, at->number > last);
        if (at)
            last = at->number;
        if (at && i > 0 && life->one[i - 1].batch == life->one[i].batch)
            CHECK_CASE(life->name,
                       life->one[i - 1].gone != NO || item_of(&life->one[i - 1], item, count));
    }
}

static void check_evidence(struct life *life)
{
    struct note_key key = note_signer_key(&life->w->promise);

    for (size_t i = 0; i < life->evidence_count; i++) {
        struct promise promise;
        struct span note;
        struct err err = {0};

        CHECK_CASE(life->name, disk_read(life->w->disk, life->evidence[i].path, 1 << 16, &note,
                                         &life->w->arena, &err));
        CHECK_CASE(life->name, promise_parse(&promise, note, &life->w->arena, &err));
        CHECK_CASE(life->name, promise_verify(note, &key, &promise));
        CHECK_CASE(life->name, promise.index == life->evidence[i].index);
    }
}

/* What was begun has happened, or not; now it is known. */
static void take_stock(struct life *life, const struct outbox_item *item, size_t count)
{
    for (size_t i = 0; i < life->count; i++) {
        struct one *one = &life->one[i];
        const struct outbox_item *at = item_of(one, item, count);

        if (one->put == DONE && one->gone == TRIED)
            one->gone = at ? NO : DONE;
        if (one->put == TRIED)
            one->put = at ? DONE : NO;
        if (at)
            one->promised = at->state == OUTBOX_PROMISED ? DONE : NO;
        if (at)
            one->in_log = false; /* a log may lag, as this one does */
    }
}

static void crash(struct life *life)
{
    outbox_close(life->w->outbox);
    life->w->outbox = NULL;
    struct disk *after = disk_sim_crash(life->w->disk, chance(life, UINT64_MAX));
    disk_close(life->w->disk);
    life->w->disk = after;
}

static void check_life(struct life *life)
{
    const struct outbox_item *item;
    const struct outbox_damage *damage;
    struct outbox_offer *offer;
    struct err err = {0};
    size_t count, damages;

    if (!outbox_world_open(life->w, &err))
        fail_msg("%s: %s", life->name, err.text);
    outbox_damaged(life->w->outbox, &damage, &damages, &life->w->arena);
    if (damages > 0)
        fail_msg("%s: %s: %s", life->name, damage->path, damage->why);
    outbox_list(life->w->outbox, 0, SIZE_MAX, &item, &count, &life->w->arena);
    for (size_t i = 0; i < life->count; i++)
        check_one(life, &life->one[i], item_of(&life->one[i], item, count));
    check_order(life, item, count);
    check_evidence(life);
    take_stock(life, item, count);
    count =
        outbox_next(life->w->outbox, SIZE_MAX, SIZE_MAX, life->w->now_ms, &offer, &life->w->arena);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < life->count; j++)
            if (strcmp(offer[i].id, life->one[j].id) == 0)
                CHECK_CASE(life->name,
                           span_equal(offer[i].submission.note, life->one[j].submission.note));
}

/* One life, with the power going at its n-th change, for every n; then once more at one of the
 * first changes of what follows. */
static void test_every_step(void **state)
{
    enum { STEPS = 60 };
    struct life *life = life_new(7);
    struct err err = {0};
    (void)state;

    if (!live(life, STEPS, &err))
        fail_msg("%s", err.text);
    uint64_t changes = disk_sim_operations(life->w->disk);
    assert_true(life->evidence_count > 0 && life->count > 20);
    crash(life);
    check_life(life);
    life_free(life);

    for (uint64_t n = 1; n <= changes; n++) {
        life = life_new(7);
        snprintf(life->name, sizeof life->name, "change %" PRIu64 " of %" PRIu64, n, changes);
        disk_sim_fail_after(life->w->disk, n);
        CHECK_CASE(life->name, !live(life, STEPS, &err));
        life->chance = n;
        crash(life);
        check_life(life);
        disk_sim_fail_after(life->w->disk, 1 + n % 13);
        (void)!live(life, STEPS, &err);
        crash(life);
        check_life(life);
        life_free(life);
    }
}

static void test_seeds(void **state)
{
    size_t evidence = 0, left = 0;
    (void)state;

    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct life *life = life_new(seed << 20);
        struct err err = {0};

        for (unsigned crashes = 0; crashes < 6; crashes++) {
            disk_sim_fail_after(life->w->disk,
                                disk_sim_operations(life->w->disk) + 1 + chance(life, 200));
            (void)!live(life, 40, &err);
            crash(life);
            check_life(life);
        }
        evidence += life->evidence_count;
        for (size_t i = 0; i < life->count; i++)
            left += life->one[i].gone == DONE;
        life_free(life);
    }
    assert_true(evidence > 20 && left > 100); /* it was worth something */
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_step),
                                          cmocka_unit_test(test_seeds)};
RUN_TESTS(tests)
