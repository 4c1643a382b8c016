#include "journal/journal.h"

#include "base/test.h"
#include "codec/hex.h"
#include "journal/log_reader.h"
#include "journal/replay.h"
#include "journal/world.h"
#include "sys/disk_sim.h"

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
    uint64_t out;

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

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_life_of_a_log), cmocka_unit_test(test_answers),
    cmocka_unit_test(test_refused),       cmocka_unit_test(test_first_entry),
    cmocka_unit_test(test_parts),         cmocka_unit_test(test_syncs),
};
RUN_TESTS(tests)
