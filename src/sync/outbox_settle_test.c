#include "base/test.h"
#include "sync/outbox_world.h"

/* What leaves when it is in the log, and what was promised and is not there. */

#define NOWHERE UINT64_MAX

/* A log that has the record at some indexes, and others' everywhere else. */
struct fake_log {
    uint64_t size;
    uint64_t at[2]; /* NOWHERE, or below size */
    struct hash leaf;
    uint64_t asked;
    bool fails;
};

static struct fake_log a_log(uint64_t size, uint64_t at, uint64_t again)
{
    return (struct fake_log){.size = size, .at = {at, again}};
}

static bool fake_find(void *context, const char *id, bool *out_there, uint64_t *out_index,
                      struct err *err)
{
    struct fake_log *log = context;

    log->asked++;
    assert_int_equal(strlen(id), 64);
    *out_there = log->at[0] != NOWHERE;
    *out_index = log->at[0];
    return !log->fails || err_set(err, ERR_IO, "the store is gone");
}

static bool fake_leaf(void *context, uint64_t index, bool *out_there, struct hash *out,
                      struct err *err)
{
    struct fake_log *log = context;
    (void)err;

    *out_there = index < log->size;
    *out = index == log->at[0] || index == log->at[1] ? log->leaf : merkle_empty();
    return true;
}

static struct outbox_log log_of(struct fake_log *fake)
{
    return (struct outbox_log){fake_find, fake_leaf, fake};
}

static struct outbox_settled settle(struct outbox_world *w, struct fake_log *fake)
{
    struct outbox_log log = log_of(fake);
    struct outbox_settled out;
    struct err err = {0};

    if (!outbox_settle(w->outbox, &log, &out, &w->arena, &err))
        fail_msg("%s", err.text);
    return out;
}

static size_t listed(struct outbox_world *w, const struct outbox_item **out)
{
    size_t count;

    outbox_list(w->outbox, 0, 99, out, &count, &w->arena);
    return count;
}

static size_t files(struct outbox_world *w, const char *below)
{
    struct disk_entry *entry;
    size_t count;
    struct err err = {0};

    assert_true(disk_list(w->disk, below, &entry, &count, &w->arena, &err));
    return count;
}

static void open_again(struct outbox_world *w)
{
    struct err err = {0};

    if (!outbox_world_open(w, &err))
        fail_msg("%s", err.text);
}

enum said { NOTHING, REPEATED, PROMISED };

/* One record, of which `said` was said (promised: entry 7). */
static struct outbox_world *one_record(bool with_part, enum said said, struct fake_log *fake)
{
    struct outbox_world *w = outbox_world_new(1);
    struct submission record = outbox_world_any(w, 0);
    struct answer promise = outbox_world_promise(w, &record, 7),
                  repeated = {.kind = ANSWER_REPEATED, .index = 7};
    struct err err = {0};

    open_again(w);
    if (with_part)
        record = outbox_world_with_part(w, record, "a part");
    assert_true(outbox_put(w->outbox, &record, 1, w->now_ms, &err));
    if (said != NOTHING)
        assert_true(outbox_answered(w->outbox, 1, said == PROMISED ? &promise : &repeated,
                                    w->now_ms, &err));
    if (fake)
        fake->leaf = merkle_leaf(record.note);
    return w;
}

static void check_evidence(const char *name, struct outbox_world *w,
                           const struct outbox_broken *broken)
{
    struct promise promise;
    struct note_key key = note_signer_key(&w->promise);
    struct span note;
    struct err err = {0};

    CHECK_CASE(name, disk_read(w->disk, broken->path, 1 << 16, &note, &w->arena, &err));
    CHECK_CASE(name, promise_parse(&promise, note, &w->arena, &err));
    CHECK_CASE(name, promise_verify(note, &key, &promise));
    CHECK_CASE(name, promise.index == 7 && broken->index == 7);
    CHECK_CASE(name, strcmp(promise.id, broken->id) == 0);
}

static void test_settle(void **state)
{
    enum { HERE = 1, BROKEN = 2, UNREACHED = 4 }; /* it stays here; the promise is broken */
    static const struct {
        const char *name;
        bool with_part;
        enum said said;
        uint64_t size, at, again; /* of the log, and where it has the record */
        unsigned comes;
        enum outbox_state then; /* where it stays */
    } cases[] = {
        {"not yet there", false, NOTHING, 9, NOWHERE, NOWHERE, HERE, OUTBOX_WAITING},
        {"there", false, NOTHING, 9, 3, NOWHERE, 0, 0},
        {"there by another's hand, its part here", true, NOTHING, 9, 3, NOWHERE, HERE,
         OUTBOX_LOGGED},
        {"there, its part handed over", true, REPEATED, 9, 3, NOWHERE, 0, 0},
        {"said to be there, and is not", false, REPEATED, 9, NOWHERE, NOWHERE, HERE,
         OUTBOX_WAITING},
        {"the log is not that long", false, PROMISED, 7, NOWHERE, NOWHERE, HERE, OUTBOX_PROMISED},
        {"an empty log", false, PROMISED, 0, NOWHERE, NOWHERE, HERE, OUTBOX_PROMISED},
        {"as promised", false, PROMISED, 8, 7, NOWHERE, 0, 0},
        {"as promised, with a part", true, PROMISED, 8, 7, NOWHERE, 0, 0},
        {"as promised, and once more before", false, PROMISED, 8, 3, 7, 0, 0},
        {"as promised, and not applied yet", false, PROMISED, 8, NOWHERE, 7, HERE, OUTBOX_PROMISED},
        {"another there", false, PROMISED, 8, NOWHERE, NOWHERE, HERE | BROKEN, OUTBOX_WAITING},
        {"another there, and it before", false, PROMISED, 8, 3, NOWHERE, BROKEN, 0},
        {"another there, and it behind", false, PROMISED, 12, 9, NOWHERE, BROKEN, 0},
        {"it before, and that not reached", false, PROMISED, 5, 3, NOWHERE, BROKEN | UNREACHED, 0},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct fake_log fake = a_log(cases[i].size, cases[i].at, cases[i].again);
        const bool here = cases[i].comes & HERE, broken = cases[i].comes & BROKEN;
        struct outbox_world *w = one_record(cases[i].with_part, cases[i].said, &fake);
        const struct outbox_item *item;

        struct outbox_settled got = settle(w, &fake);
        CHECK_CASE(cases[i].name, got.left == !here);
        CHECK_CASE(cases[i].name, got.broken_count == broken);
        CHECK_CASE(cases[i].name,
                   !broken || got.broken[0].reached == !(cases[i].comes & UNREACHED));
        CHECK_CASE(cases[i].name, files(w, "evidence") == broken);
        if (broken)
            check_evidence(cases[i].name, w, &got.broken[0]);
        CHECK_CASE(cases[i].name, listed(w, &item) == here);
        CHECK_CASE(cases[i].name, !here || item->state == cases[i].then);
        CHECK_CASE(cases[i].name, here || files(w, "outbox") == 0);

        /* Once more it is the same; and what was broken is not told twice. */
        got = settle(w, &fake);
        CHECK_CASE(cases[i].name, got.left == 0 && got.broken_count == 0);
        open_again(w);
        CHECK_CASE(cases[i].name, listed(w, &item) == here);
        CHECK_CASE(cases[i].name,
                   !here || cases[i].then == OUTBOX_LOGGED || item->state == cases[i].then);
        outbox_world_free(w);
    }
}

/* What waits in the log for its part to be handed over is offered, and named by no attest. */
static void test_part_handed_over(void **state)
{
    struct fake_log fake = a_log(9, 3, NOWHERE);
    struct outbox_world *w = one_record(true, NOTHING, &fake);
    struct answer repeated = {.kind = ANSWER_REPEATED, .index = 3};
    struct outbox_overdue overdue;
    struct outbox_offer *offer;
    struct err err = {0};
    (void)state;

    assert_int_equal(outbox_next(w->outbox, 9, 9999, w->now_ms, &offer, &w->arena), 1);
    outbox_offered(w->outbox, offer, 1, w->now_ms);
    assert_int_equal(settle(w, &fake).left, 0);
    assert_int_equal(outbox_overdue(w->outbox, w->now_ms + 60000, 60000, &overdue, 1), 0);
    assert_int_equal(outbox_next(w->outbox, 9, 9999, w->now_ms, &offer, &w->arena), 1);
    assert_true(outbox_answered(w->outbox, 1, &repeated, w->now_ms, &err));
    assert_int_equal(outbox_next(w->outbox, 9, 9999, w->now_ms + 60000, &offer, &w->arena), 0);
    assert_int_equal(settle(w, &fake).left, 1);
    outbox_world_free(w);
}

/* Where the promise was broken, the record is offered anew; and so when its term has ended. */
static void test_again(void **state)
{
    static const struct {
        const char *name, *origin;
        uint64_t size;
        bool lapses;
    } cases[] = {
        {"ended before it", WORLD_ORIGIN, 7, true},
        {"ended at the start", WORLD_ORIGIN, 0, true},
        {"ended behind it", WORLD_ORIGIN, 8, false},
        {"another term", WORLD_AGREEMENT "/term/2", 0, false},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct outbox_world *w = one_record(false, PROMISED, NULL);
        struct outbox_offer *offer;
        struct err err = {0};

        CHECK_CASE(cases[i].name, outbox_lapse(w->outbox, cases[i].origin, cases[i].size, &err));
        for (unsigned again = 0; again < 2; again++) {
            CHECK_CASE(cases[i].name, outbox_next(w->outbox, 9, 9999, w->now_ms, &offer,
                                                  &w->arena) == cases[i].lapses);
            open_again(w);
        }
        CHECK_CASE(cases[i].name, files(w, "evidence") == 0);
        outbox_world_free(w);
    }

    struct fake_log fake = a_log(8, NOWHERE, NOWHERE);
    struct outbox_world *w = one_record(false, PROMISED, &fake);
    struct outbox_offer *offer;
    assert_int_equal(outbox_next(w->outbox, 9, 9999, w->now_ms, &offer, &w->arena), 0);
    assert_int_equal(settle(w, &fake).broken_count, 1);
    assert_int_equal(outbox_next(w->outbox, 9, 9999, w->now_ms, &offer, &w->arena), 1);
    outbox_world_free(w);
}

/* A log that cannot be asked changes nothing. */
static void test_no_log(void **state)
{
    struct fake_log fake = a_log(9, 3, NOWHERE);
    struct outbox_world *w = one_record(false, PROMISED, &fake);
    struct outbox_log log = log_of(&fake);
    struct outbox_settled got = {.left = 99};
    const struct outbox_item *item;
    struct err err = {0};
    (void)state;

    fake.fails = true;
    assert_false(outbox_settle(w->outbox, &log, &got, &w->arena, &err));
    assert_non_null(strstr(err.text, "the store is gone"));
    assert_int_equal(got.left, 99);
    assert_int_equal(listed(w, &item), 1);
    assert_int_equal(item->state, OUTBOX_PROMISED);
    outbox_world_free(w);
}

/* A promise that rots is told when it is needed, and keeps nothing else from being settled. */
static void test_rotten_promise(void **state)
{
    struct fake_log fake = a_log(8, NOWHERE, NOWHERE);
    struct outbox_world *w = one_record(false, PROMISED, &fake);
    const struct outbox_damage *damage;
    const struct outbox_item *item;
    size_t count;
    struct err err = {0};
    (void)state;

    assert_true(
        disk_replace(w->disk, "outbox/0000000000000001.promise", SPAN_LIT("rot"), true, &err));
    assert_int_equal(settle(w, &fake).broken_count, 0);
    outbox_damaged(w->outbox, &damage, &count, &w->arena);
    assert_int_equal(count, 1);
    assert_false(damage->is_record);
    assert_int_equal(listed(w, &item), 1);
    assert_int_equal(item->state, OUTBOX_WAITING);
    fake.at[0] = 7;
    assert_int_equal(settle(w, &fake).left, 1);
    outbox_world_free(w);
}

/* Of many, those that are there. */
static void test_many(void **state)
{
    struct outbox_world *w = outbox_world_new(1);
    struct fake_log fake = a_log(0, NOWHERE, NOWHERE);
    struct err err = {0};
    (void)state;

    open_again(w);
    for (unsigned i = 0; i < 600; i++) {
        struct submission one = outbox_world_any(w, i % WORLD_KEYS);
        assert_true(outbox_put(w->outbox, &one, 1, w->now_ms, &err));
    }
    assert_int_equal(settle(w, &fake).left, 0);
    assert_int_equal(fake.asked, 600);
    fake.at[0] = 3;
    assert_int_equal(settle(w, &fake).left, 600);
    assert_int_equal(files(w, "outbox"), 0);
    outbox_world_free(w);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_settle),         cmocka_unit_test(test_part_handed_over),
    cmocka_unit_test(test_again),          cmocka_unit_test(test_no_log),
    cmocka_unit_test(test_rotten_promise), cmocka_unit_test(test_many),
};
RUN_TESTS(tests)
