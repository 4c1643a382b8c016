#include "journal/journal.h"

#include "base/test.h"
#include "codec/hex.h"
#include "journal/log_reader.h"
#include "journal/replay.h"
#include "journal/world.h"
#include "sys/disk_sim.h"

#include <pthread.h>

static struct arena arena; /* of the test that runs */

struct bench { /* one log, its disk and its store */
    struct world *w;
    struct disk *disk;
    struct store *store;
    struct journal *journal;
};

static void open_store(struct store **out)
{
    struct err err = {0};

    if (!store_open(out, "memory:", &err))
        fail_msg("%s", err.text);
}

static void reopen(struct bench *b)
{
    struct journal_options options = world_options(b->w, b->disk, b->store);
    struct err err = {0};

    journal_close(b->journal);
    b->journal = NULL;
    if (!journal_open(&b->journal, &options, &err))
        fail_msg("%s", err.text);
}

static void setup(struct bench *b)
{
    *b = (struct bench){.w = world_new(1)};
    assert_true(disk_sim_open(&b->disk, 1));
    open_store(&b->store);
    reopen(b);
}

static void teardown(struct bench *b)
{
    journal_close(b->journal);
    store_close(b->store);
    disk_close(b->disk);
    free(b->w);
    arena_free(&arena);
}

static void append(struct bench *b, const struct submission *submission, size_t count,
                   struct answer *answers)
{
    struct err err = {0};

    if (!journal_append(b->journal, submission, count, answers, &arena, &err))
        fail_msg("%s", err.text);
}

static struct answer append_one(struct bench *b, struct submission submission)
{
    struct answer answer;

    append(b, &submission, 1, &answer);
    return answer;
}

static void publish(struct bench *b)
{
    struct err err = {0};

    if (!journal_publish(b->journal, &err))
        fail_msg("%s", err.text);
}

static void start(struct bench *b)
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

static uint64_t applied(struct store *store)
{
    struct store_reader *reader;
    struct err err = {0};
    uint64_t out = 0;

    assert_true(store_reader_open(store, &reader, &err) && store_applied(reader, &out, &err));
    store_reader_close(reader);
    return out;
}

static struct hash digest_of(struct store *store)
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

/* The verdict's word of an entry, for which the register must have a row. */
static struct span verdict_of(struct store *store, uint64_t index)
{
    struct store_reader *reader;
    struct err err = {0};
    struct span row;
    struct json value;
    char key[REGISTER_INDEX_TEXT];

    register_index_key(key, index);
    assert_true(store_reader_open(store, &reader, &err));
    assert_true(store_get(reader, "verdict", span_of(key), STORE_LATEST, &row, NULL, &arena, &err));
    store_reader_close(reader);
    assert_true(row.len > 0 && json_parse(&value, row, &arena, &err));
    return json_get_string(&value, "verdict", (struct span){0});
}

/* What any reader would compute: the log replayed into an empty store. */
static void check_replay(struct bench *b)
{
    struct store *fresh;
    struct replay_result result;
    struct err err = {0};

    open_store(&fresh);
    const struct replay_options options = {.disk = b->disk, .store = fresh};
    if (!replay_run(&result, &options, &err))
        fail_msg("%s", err.text);
    assert_int_equal(result.entries, applied(b->store));
    assert_true(hash_equal(result.digest, digest_of(b->store)));
    assert_true(hash_equal(result.digest, digest_of(fresh)));
    store_close(fresh);
}

/* Appending, answering, publishing. */

static void test_life_of_a_log(void **state)
{
    struct bench b;
    struct journal_head head;
    (void)state;

    setup(&b);
    journal_head(b.journal, &head, &arena);
    assert_int_equal(head.checkpoint.size, 0);
    assert_int_equal(head.note.len, 0);
    start(&b);
    for (size_t i = 0; i < 600; i++) {
        struct answer answer = append_one(&b, world_any(b.w, &arena));
        assert_int_equal(answer.kind, ANSWER_LOGGED);
        assert_int_equal(answer.index, WORLD_START + i);
        if (i % 97 == 0)
            publish(&b);
    }
    journal_head(b.journal, &head, &arena);
    assert_int_equal(head.staged, WORLD_START + 600);
    assert_true(head.checkpoint.size < head.staged);
    publish(&b);
    journal_head(b.journal, &head, &arena);
    assert_int_equal(head.checkpoint.size, head.staged);
    for (uint64_t i = 0; i < head.staged; i++)
        assert_true(span_is(verdict_of(b.store, i), "holds"));
    check_replay(&b);
    reopen(&b);
    check_replay(&b);
    teardown(&b);
}

static void check_promise(struct bench *b, struct span note, const struct answer *answer,
                          const struct submission *submission)
{
    struct note_key key = note_signer_key(&b->w->promise);
    struct hash leaf = merkle_leaf(submission->note);
    char leaf_text[65];
    struct note parsed;
    struct err err = {0};

    hex_text(leaf_text, hash_span(&leaf));
    assert_true(note_parse(&parsed, note, &arena, &err));
    assert_true(note_line_verify(&parsed, &parsed.line[0], &key));
    int64_t at_ms = b->w->now_ms; /* the clock moves only when it is asked */
    char *text =
        arena_printf(&arena,
                     WORLD_NAME "\npromise\n{\"at_ms\":%" PRId64 ",\"id\":\"%s\",\"index\":%" PRIu64
                                ",\"leaf\":\"%s\",\"origin\":\"" WORLD_NAME "/term/1\"}\n",
                     at_ms, answer->id, answer->index, leaf_text);
    assert_true(span_is(parsed.text, text));
}

static void test_answers(void **state)
{
    struct bench b;
    struct err err = {0};
    struct note note;
    (void)state;

    setup(&b);
    start(&b);
    struct submission incident = world_incident(b.w, &arena);
    struct answer first = append_one(&b, incident);
    assert_int_equal(first.kind, ANSWER_LOGGED);
    check_promise(&b, first.promise, &first, &incident);

    struct answer again = append_one(&b, incident);
    assert_int_equal(again.kind, ANSWER_REPEATED);
    assert_int_equal(again.index, first.index);
    assert_string_equal(again.id, first.id);
    assert_int_equal(again.promise.len, 0);

    struct submission report = world_report(b.w, &arena);
    struct submission twice[] = {report, incident, report};
    struct answer answers[3];
    append(&b, twice, 3, answers);
    assert_int_equal(answers[0].kind, ANSWER_LOGGED);
    assert_int_equal(answers[1].kind, ANSWER_REPEATED);
    assert_int_equal(answers[2].kind, ANSWER_REPEATED);
    assert_int_equal(answers[2].index, answers[0].index);

    struct answer junk = append_one(&b, (struct submission){.note = SPAN_LIT("no record\n")});
    struct hash junk_hash = hash_of(SPAN_LIT("no record\n"));
    char junk_id[65];
    hex_text(junk_id, hash_span(&junk_hash));
    assert_int_equal(junk.kind, ANSWER_REFUSED);
    assert_string_equal(junk.reason, "not a record");
    assert_string_equal(junk.id, junk_id);
    struct note_key node = note_signer_key(&b.w->node.signer);
    assert_true(note_parse(&note, junk.refusal, &arena, &err));
    assert_true(note_line_verify(&note, &note.line[0], &node));
    char *text = arena_printf(&arena,
                              WORLD_NAME "\nrefusal\n{\"at_ms\":%" PRId64
                                         ",\"id\":\"%s\",\"origin\":\"" WORLD_NAME
                                         "/term/1\",\"reason\":\"not a record\",\"size\":%u}\n",
                              b.w->now_ms, junk_id, WORLD_START + 2);
    assert_true(span_is(note.text, text));
    teardown(&b);
}

/* Bytes that the door turns away, each with its reason, and none of them logged. */
static void test_refused(void **state)
{
    struct bench b;
    (void)state;

    setup(&b);
    start(&b);
    struct submission good = world_incident(b.w, &arena);
    struct world *stranger = world_new(7);
    memcpy(stranger->id, b.w->id, sizeof stranger->id);
    struct submission by_stranger = world_incident(stranger, &arena); /* same name, other key */
    char *changed = arena_text(&arena, good.note);
    changed[good.note.len - 10] = changed[good.note.len - 10] == 'A' ? 'B' : 'A';
    snprintf(stranger->author[0].signer.name, 104, "nobody/1");
    for (size_t i = 1; i < WORLD_AUTHORS; i++)
        stranger->author[i] = stranger->author[0];
    struct submission by_nobody = world_incident(stranger, &arena);
    char *huge =
        arena_text(&arena, span_make(memset(arena_alloc(&arena, 70000), 'x', 70000), 70000));
    const struct {
        const char *name;
        struct span note;
        const char *reason;
    } cases[] = {
        {"nothing", {0}, "not a record"},
        {"text", SPAN_LIT("hello\n"), "not a record"},
        {"two thirds of a record", span_slice(good.note, 0, good.note.len * 2 / 3), "not a record"},
        {"a checkpoint", SPAN_LIT("test.invalid/truce/term/1\n1\nAAAA\n\n"), "not a record"},
        {"too large", span_make(huge, 70000), "too large"},
        {"a bit of the signature", span_make(changed, good.note.len), "signature does not hold"},
        {"another's key under a known name", by_stranger.note, "signature does not hold"},
        {"a name never admitted", by_nobody.note, "unknown key"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct answer answer = append_one(&b, (struct submission){.note = cases[i].note});
        CHECK_CASE(cases[i].name, answer.kind == ANSWER_REFUSED);
        CHECK_CASE(cases[i].name, strcmp(answer.reason, cases[i].reason) == 0);
    }
    assert_int_equal(append_one(&b, good).index, WORLD_START);
    free(stranger);
    teardown(&b);
}

static void test_first_entry(void **state)
{
    static const struct {
        const char *name;
        const char *fault; /* of the whole call, or the reason of the refusal */
    } cases[] = {
        {"not an adoption", "another agreement"},
        {"another log's key", "names another log key"},
        {"another promise key", "names another promise key"},
        {"another agreement", "of the agreement"},
        {"pieces out of order", "would not hold"},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct bench b;
        struct answer answer = {0};
        struct err err = {0};

        setup(&b);
        struct world *signs = world_new(1);
        if (i == 1)
            world_key(signs, &signs->log, WORLD_NAME "/term/1");
        if (i == 2)
            world_key(signs, &signs->promise, "obs/promise");
        if (i == 3) {
            struct journal_options options = world_options(b.w, b.disk, b.store);
            options.agreement = "test.invalid/other";
            journal_close(b.journal);
            assert_true(journal_open(&b.journal, &options, &err));
        }
        struct submission submission = i == 0   ? world_tick(signs, &arena)
                                       : i == 4 ? world_adopt_of(signs, "zzz.txt", &arena)
                                                : world_adopt(signs, &arena);
        bool ok = journal_append(b.journal, &submission, 1, &answer, &arena, &err);
        CHECK_CASE(cases[i].name, ok == (i == 0));
        CHECK_CASE(cases[i].name, strstr(i == 0 ? answer.reason : err.text, cases[i].fault));
        CHECK_CASE(cases[i].name, applied(b.store) == 0);
        free(signs);
        teardown(&b);
    }
}

/* Parts: found at once, kept through a crash, taken later for a record that lacks them. */

static struct hash stored_of(struct submission s)
{
    return hash_of(s.part[0]);
}

static void test_parts(void **state)
{
    static const struct span foreign_part = {(const uint8_t *)"not named by the record", 23};
    struct bench b;
    struct err err = {0};
    struct span got;
    (void)state;

    setup(&b);
    start(&b);
    struct submission with = world_incident(b.w, &arena);
    struct submission without = world_incident(b.w, &arena), late = without;
    struct hash stored = stored_of(with), stored_late = stored_of(without);
    without.part_count = 0;
    append_one(&b, with);
    append_one(&b, without);
    assert_true(parts_have(journal_parts(b.journal), &stored));
    assert_false(parts_have(journal_parts(b.journal), &stored_late));

    const struct span both[] = {foreign_part, late.part[0]};
    struct submission again = {.note = late.note, .part = both, .part_count = 2};
    assert_int_equal(append_one(&b, again).kind, ANSWER_REPEATED);
    struct hash foreign = hash_of(foreign_part);
    assert_true(parts_have(journal_parts(b.journal), &stored_late));
    assert_false(parts_have(journal_parts(b.journal), &foreign));

    for (uint64_t seed = 0; seed < 2; seed++) { /* staged only; then published */
        journal_close(b.journal);
        b.journal = NULL;
        struct disk *after = disk_sim_crash(b.disk, seed);
        disk_close(b.disk);
        b.disk = after;
        reopen(&b);
        assert_true(parts_get(journal_parts(b.journal), &stored, &got, &arena, &err));
        assert_true(span_equal(got, with.part[0]));
        assert_true(parts_get(journal_parts(b.journal), &stored_late, &got, &arena, &err));
        assert_true(span_equal(got, late.part[0]));
    }
    teardown(&b);
}

/* What it costs. */

static void test_syncs(void **state)
{
    struct bench b;
    uint64_t before;
    struct submission some[50];
    struct answer answers[50];
    (void)state;

    setup(&b);
    start(&b);
    append_one(&b, world_incident(b.w, &arena)); /* the first part makes its directories */
    publish(&b);
    for (size_t i = 0; i < 20; i++) {
        struct submission one = world_any(b.w, &arena);
        before = disk_syncs(b.disk);
        append_one(&b, one);
        assert_int_equal(disk_syncs(b.disk) - before, 1); /* the stage */
    }
    for (size_t i = 0; i < ARRAY_LEN(some); i++)
        some[i] = world_any(b.w, &arena);
    before = disk_syncs(b.disk);
    append(&b, some, ARRAY_LEN(some), answers);
    assert_int_equal(disk_syncs(b.disk) - before, 1);

    /* Publishing within one tile: the names of the stage (1); the pack of parts (1); the
     * partial bundle and the partial tile of leaves with a directory each (4); signer and
     * checkpoint, each bytes and name (4). */
    before = disk_syncs(b.disk);
    publish(&b);
    assert_int_equal(disk_syncs(b.disk) - before, 10);
    before = disk_syncs(b.disk);
    publish(&b);
    assert_int_equal(disk_syncs(b.disk) - before, 0);
    teardown(&b);
}

/* What opening refuses: it would sign something false, or lose something promised. */

static void remove_file(struct bench *b, const char *path)
{
    struct err err = {0};

    assert_true(disk_remove(b->disk, path, &err));
}

static void change_file(struct bench *b, const char *path, size_t at)
{
    struct span bytes;
    struct err err = {0};

    assert_true(disk_read(b->disk, path, 1u << 30, &bytes, &arena, &err));
    char *copy = arena_text(&arena, bytes);
    copy[at] ^= 1;
    assert_true(disk_replace(b->disk, path, span_make(copy, bytes.len), true, &err));
}

static void keep_all(struct bench *b, struct journal_options *options)
{
    (void)b;
    (void)options;
}
static void lose_stage(struct bench *b, struct journal_options *options)
{
    (void)options;
    remove_file(b, "stage/0000000000000038");
}
static void lose_signer(struct bench *b, struct journal_options *options)
{
    (void)options;
    remove_file(b, "signer");
}
static void spoil_signer(struct bench *b, struct journal_options *options)
{
    (void)options;
    change_file(b, "signer", 30);
}
static void lose_tile(struct bench *b, struct journal_options *options)
{
    (void)options;
    remove_file(b, "log/tile/0/000.p/38");
}
static void spoil_tile(struct bench *b, struct journal_options *options)
{
    (void)options;
    change_file(b, "log/tile/0/000.p/38", 50);
}
static void spoil_checkpoint(struct bench *b, struct journal_options *options)
{
    (void)options;
    change_file(b, "log/checkpoint", 30);
}
static void lose_checkpoint(struct bench *b, struct journal_options *options)
{
    (void)options;
    remove_file(b, "log/checkpoint");
}
static void spoil_stage(struct bench *b, struct journal_options *options)
{
    (void)options;
    change_file(b, "stage/0000000000000038", 100); /* the first of two batches */
}
static void take_other_log_key(struct bench *b, struct journal_options *options)
{
    world_key(b->w, &b->w->log, WORLD_NAME "/term/1");
    (void)options;
}
static void take_other_promise_key(struct bench *b, struct journal_options *options)
{
    world_key(b->w, &b->w->promise, "obs/promise");
    (void)options;
}
static void take_other_agreement(struct bench *b, struct journal_options *options)
{
    (void)b;
    options->agreement = "test.invalid/other";
}
static void take_store_of_another(struct bench *b, struct journal_options *options)
{
    struct bench other;

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
static void put_old_log_back(struct bench *b, struct journal_options *options);

static void test_opening(void **state)
{
    static const struct {
        const char *name;
        void (*change)(struct bench *b, struct journal_options *options);
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
        struct bench b;
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

/* Everything but the signer's file as it was when 8 entries were published. */
static void put_old_log_back(struct bench *b, struct journal_options *options)
{
    struct bench old;
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

/* A fault behind the stage is final; in front of it it is not. */
static void test_broken(void **state)
{
    struct bench b;
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

/* Many threads at once on one disk, with the publisher beside them. */

#define THREADS 4u
#define EACH 150u

struct sender {
    struct journal *journal;
    struct submission *submission;
    struct answer answers[EACH];
    struct arena arena;
    pthread_t thread;
};

static void *send_all(void *context)
{
    struct sender *sender = context;

    for (size_t i = 0; i < EACH; i++) {
        struct err err = {0};
        bool ok = journal_append(sender->journal, &sender->submission[i], 1, &sender->answers[i],
                                 &sender->arena, &err);
        assert(ok);
    }
    return NULL;
}

static void *publish_all(void *context)
{
    struct bench *b = context;
    struct journal_head head;
    struct arena mine = {0};

    do {
        struct err err = {0};
        bool ok = journal_publish(b->journal, &err);
        assert(ok);
        journal_head(b->journal, &head, &mine);
    } while (head.staged < WORLD_START + 1 + THREADS * EACH || head.checkpoint.size < head.staged);
    arena_free(&mine);
    return NULL;
}

static void test_threads(void **state)
{
    static struct sender sender[THREADS];
    static struct submission submissions[THREADS][EACH];
    static bool taken[WORLD_START + 1 + THREADS * EACH];
    struct bench b;
    pthread_t publisher;
    (void)state;

    setup(&b);
    start(&b);
    append_one(&b, world_incident(b.w, &arena));
    for (size_t i = 0; i < EACH; i++)
        for (size_t t = 0; t < THREADS; t++)
            submissions[t][i] = world_claim(b.w, &arena);
    uint64_t before = disk_syncs(b.disk);
    for (size_t t = 0; t < THREADS; t++) {
        sender[t].journal = b.journal;
        sender[t].submission = submissions[t];
        assert_int_equal(pthread_create(&sender[t].thread, NULL, send_all, &sender[t]), 0);
    }
    assert_int_equal(pthread_create(&publisher, NULL, publish_all, &b), 0);
    for (size_t t = 0; t < THREADS; t++)
        assert_int_equal(pthread_join(sender[t].thread, NULL), 0);
    assert_int_equal(pthread_join(publisher, NULL), 0);
    assert_true(disk_syncs(b.disk) > before);
    for (size_t t = 0; t < THREADS; t++) {
        for (size_t i = 0; i < EACH; i++) {
            const struct answer *answer = &sender[t].answers[i];
            assert_int_equal(answer->kind, ANSWER_LOGGED);
            assert_true(answer->index < ARRAY_LEN(taken) && !taken[answer->index]);
            taken[answer->index] = true;
        }
        arena_free(&sender[t].arena);
    }
    check_replay(&b);
    teardown(&b);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_life_of_a_log), cmocka_unit_test(test_answers),
    cmocka_unit_test(test_refused),       cmocka_unit_test(test_first_entry),
    cmocka_unit_test(test_parts),         cmocka_unit_test(test_syncs),
    cmocka_unit_test(test_opening),       cmocka_unit_test(test_broken),
    cmocka_unit_test(test_threads),
};
RUN_TESTS(tests)
