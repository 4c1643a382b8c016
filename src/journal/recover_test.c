#include "base/test.h"
#include "journal/log_reader.h"
#include "journal/signer_file.h"
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
/* And the store, which is made anew of what the bundles have. */
static void spoil_entry(struct world_log *b, struct journal_options *options)
{
    change_file(b, "log/tile/entries/000.p/38", 5000);
    store_close(b->store);
    open_store(&b->store);
    options->store = b->store;
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
    options->log = world_log_signer(b->w, b->disk);
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
    options->log = world_log_signer(b->w, b->disk);
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
        {"an entry is damaged", spoil_entry, "another than the log's tiles say"},
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

/* --- the next term, kept by whoever kept the last one --- */

static void signer_as_it_is(struct world_log *b)
{
    (void)b;
}
static void signer_gone(struct world_log *b)
{
    remove_file(b, "signer");
}
static void put_signer(struct world_log *b, uint64_t size, const struct hash *root)
{
    struct checkpoint other = {.size = size, .root = *root};
    struct err err = {0};

    snprintf(other.origin, sizeof other.origin, WORLD_NAME "/term/1");
    assert_true(signer_file_write(b->disk, &other, &err));
}
/* Others have kept the log since. */
static void signer_behind(struct world_log *b)
{
    struct log_reader *log;
    struct merkle tree;
    struct err err = {0};

    assert_true(log_reader_open(&log, b->disk, 8, &err) &&
                merkle_load(&tree, 5, log_reader_hash, log, &err));
    struct hash root = merkle_root(&tree);
    log_reader_close(log);
    put_signer(b, 5, &root);
}
static void signer_of_another_history(struct world_log *b)
{
    struct hash root = hash_of(SPAN_LIT("x"));

    put_signer(b, 5, &root);
}
static void signer_ahead(struct world_log *b)
{
    struct hash root = hash_of(SPAN_LIT("x"));

    put_signer(b, 500, &root);
}

/* By the key that the world has for the log just now. */
static bool publish_one_more(struct world_log *b, const struct log_keys *keys, struct err *err)
{
    struct journal_options options = world_options(b->w, b->disk, b->store);
    struct submission tick = world_tick(b->w, &arena);
    struct answer answer;

    options.keys = keys;
    journal_close(b->journal);
    b->journal = NULL;
    if (!journal_open(&b->journal, &options, err)) {
        b->journal = NULL;
        return false;
    }
    return journal_append(b->journal, &tick, 1, &answer, &arena, err) &&
           journal_publish(b->journal, err);
}

/* A log of 8 entries, whose second term has a key of its own; *first is that of the first. */
static void hand_over(struct world_log *b, struct log_keys *keys, struct note_signer *first)
{
    struct err err = {0};

    setup(b);
    start(b);
    publish(b);
    *first = b->w->log;
    *keys = (struct log_keys){.at = {note_signer_key(first)}, .count = 1};
    world_key(b->w, &b->w->log, WORLD_NAME "/term/2");
    struct note_key next = note_signer_key(&b->w->log);
    assert_true(log_keys_add(keys, &next, &err));
}

static void test_next_term(void **state)
{
    static const struct {
        const char *name;
        void (*change)(struct world_log *b);
        const char *fault; /* "": its first checkpoint is signed */
    } cases[] = {
        {"what the last term signed last", signer_as_it_is, ""},
        {"nothing was signed here", signer_gone, ""},
        {"others kept the log meanwhile", signer_behind, ""},
        {"another history was signed", signer_of_another_history, "another root was signed"},
        {"more was signed than is here", signer_ahead, "size 500 was signed"},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct world_log b;
        struct log_keys keys;
        struct note_signer first;
        struct checkpoint last;
        struct err err = {0};

        hand_over(&b, &keys, &first);
        cases[i].change(&b);
        bool ok = publish_one_more(&b, &keys, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        if (ok) {
            CHECK_CASE(cases[i].name, signer_file_read(&last, b.disk, &err));
            CHECK_CASE(cases[i].name, strcmp(last.origin, WORLD_NAME "/term/2") == 0);
            CHECK_CASE(cases[i].name, last.size == 9);
            CHECK_CASE(cases[i].name, publish_one_more(&b, &keys, &err));
            remove_file(&b, "signer"); /* once was allowed */
            CHECK_CASE(cases[i].name, !publish_one_more(&b, &keys, &err));
            CHECK_CASE(cases[i].name, strstr(err.text, "signer is missing") != NULL);
        }
        teardown(&b);
    }
}

/* Whoever has signed for a term signs for none before it, whatever the settings say. */
static void test_earlier_term(void **state)
{
    struct world_log b;
    struct log_keys keys;
    struct note_signer first;
    struct err err = {0};
    (void)state;

    hand_over(&b, &keys, &first);
    assert_true(publish_one_more(&b, &keys, &err));
    b.w->log = first;
    assert_false(publish_one_more(&b, &keys, &err));
    assert_non_null(strstr(err.text, "no later term"));
    teardown(&b);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_opening), cmocka_unit_test(test_broken), cmocka_unit_test(test_next_term),
    cmocka_unit_test(test_earlier_term)};
RUN_TESTS(tests)
