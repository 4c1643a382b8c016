#include "base/test.h"
#include "journal/world_log.h"

/* What opening refuses: it would sign something false, or lose something promised. */

static void remove_file(struct world_log *b, const char *path)
{
    struct err err = {0};

    assert_true(disk_remove(b->disk, path, &err));
}

static void change_file(struct world_log *b, const char *path, size_t at)
{
    struct span bytes;
    struct err err = {0};

    assert_true(disk_read(b->disk, path, 1u << 30, &bytes, &arena, &err));
    char *copy = arena_text(&arena, bytes);
    copy[at] ^= 1;
    assert_true(disk_replace(b->disk, path, span_make(copy, bytes.len), true, &err));
}

static void keep_all(struct world_log *b, struct journal_options *options)
{
    (void)b;
    (void)options;
}
static void lose_stage(struct world_log *b, struct journal_options *options)
{
    (void)options;
    remove_file(b, "stage/0000000000000038");
}
static void lose_signer(struct world_log *b, struct journal_options *options)
{
    (void)options;
    remove_file(b, "signer");
}
static void spoil_signer(struct world_log *b, struct journal_options *options)
{
    (void)options;
    change_file(b, "signer", 30);
}
static void lose_tile(struct world_log *b, struct journal_options *options)
{
    (void)options;
    remove_file(b, "log/tile/0/000.p/38");
}
static void spoil_tile(struct world_log *b, struct journal_options *options)
{
    (void)options;
    change_file(b, "log/tile/0/000.p/38", 50);
}
static void spoil_checkpoint(struct world_log *b, struct journal_options *options)
{
    (void)options;
    change_file(b, "log/checkpoint", 30);
}
static void lose_checkpoint(struct world_log *b, struct journal_options *options)
{
    (void)options;
    remove_file(b, "log/checkpoint");
}
static void spoil_stage(struct world_log *b, struct journal_options *options)
{
    (void)options;
    change_file(b, "stage/0000000000000038", 100); /* the first of two batches */
}
static void take_other_log_key(struct world_log *b, struct journal_options *options)
{
    world_key(b->w, &b->w->log, WORLD_NAME "/term/1");
    (void)options;
}
static void take_other_promise_key(struct world_log *b, struct journal_options *options)
{
    world_key(b->w, &b->w->promise, "obs/promise");
    (void)options;
}
static void take_other_agreement(struct world_log *b, struct journal_options *options)
{
    (void)b;
    options->agreement = "test.invalid/other";
}
static void take_store_of_another(struct world_log *b, struct journal_options *options)
{
    struct world_log other;

    setup(&other);
    free(other.w);
    other.w = world_new(99);
    journal_close(other.journal);
    other.journal = NULL;
    reopen(&other);
    start(&other);
    journal_close(other.journal);
    store_close(b->store);
    b->store = options->store = other.store;
    disk_close(other.disk);
    free(other.w);
}
/* Everything but the signer's file as it was when 8 entries were published. */
static void put_old_log_back(struct world_log *b, struct journal_options *options)
{
    struct world_log old;
    struct span signer;
    struct err err = {0};

    setup(&old);
    start(&old);
    publish(&old);
    journal_close(old.journal);
    assert_true(disk_read(b->disk, "signer", 1000, &signer, &arena, &err));
    assert_true(disk_replace(old.disk, "signer", signer, true, &err));
    disk_close(b->disk);
    store_close(b->store);
    b->disk = options->disk = old.disk;
    b->store = options->store = old.store;
    free(old.w);
}

static void test_opening(void **state)
{
    static const struct {
        const char *name;
        void (*change)(struct world_log *b, struct journal_options *options);
        const char *fault; /* "": opens */
    } cases[] = {
        {"as it was left", keep_all, ""},
        {"the stage is lost", lose_stage, "sulh replay"},
        {"the first of two staged batches is damaged", spoil_stage, "is damaged, at byte 0"},
        {"the signer's file is lost", lose_signer, "signer is missing"},
        {"the signer's file is damaged", spoil_signer, "not the hash of the others"},
        {"a tile is lost", lose_tile, "000.p/38"},
        {"a tile is damaged", spoil_tile, "sulh audit"},
        {"the checkpoint is damaged", spoil_checkpoint, "log/checkpoint"},
        {"the checkpoint is lost", lose_checkpoint, "must follow"},
        {"another log key", take_other_log_key, "not signed by the log's key"},
        {"another promise key", take_other_promise_key, "another promise key"},
        {"another agreement", take_other_agreement, "of the agreement"},
        {"a store of another log", take_store_of_another, "sulh replay"},
        {"an older log put back", put_old_log_back, "was signed"},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct world_log b;
        struct err err = {0};

        setup(&b);
        start(&b);
        for (size_t n = 0; n < 30; n++)
            append_one(&b, world_any(b.w, &arena));
        publish(&b);
        append_one(&b, world_any(b.w, &arena));
        append_one(&b, world_any(b.w, &arena));
        journal_close(b.journal);
        b.journal = NULL;
        struct journal_options options = world_options(b.w, b.disk, b.store);
        cases[i].change(&b, &options);
        bool ok = journal_open(&b.journal, &options, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        if (!ok)
            b.journal = NULL;
        teardown(&b);
    }
}

/* A fault behind the stage is final; in front of it it is not. */
static void test_broken(void **state)
{
    struct world_log b;
    struct answer answer;
    struct err err = {0};
    (void)state;

    setup(&b);
    start(&b);
    struct submission one = world_incident(b.w, &arena), two = world_incident(b.w, &arena);
    disk_sim_fail_after(b.disk, disk_sim_operations(b.disk) + 1);
    assert_false(journal_append(b.journal, &one, 1, &answer, &arena, &err));
    disk_sim_fail_after(b.disk, 0);
    assert_false(journal_append(b.journal, &two, 1, &answer, &arena, &err));
    assert_non_null(strstr(err.text, "opened anew"));
    assert_false(journal_publish(b.journal, &err));
    teardown(&b);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_opening),
                                          cmocka_unit_test(test_broken)};
RUN_TESTS(tests)
