#include "journal/journal.h"

#include "base/test.h"
#include "codec/hex.h"
#include "journal/replay.h"
#include "journal/world_log.h"

#include <pthread.h>

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
static void check_replay(struct world_log *b)
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
    struct world_log b;
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

static void check_promise(struct world_log *b, struct span note, const struct answer *answer,
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
    struct world_log b;
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
    struct world_log b;
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

/* A key and what it signs in one call, in the right order and in the wrong one. */
static void test_admitted_in_the_same_call(void **state)
{
    static const enum answer_kind expected[2][2] = {{ANSWER_LOGGED, ANSWER_LOGGED},
                                                    {ANSWER_REFUSED, ANSWER_LOGGED}};
    (void)state;

    for (size_t order = 0; order < 2; order++) {
        struct world_log b;
        struct json body = json_object();
        struct answer answers[2];

        setup(&b);
        start(&b);
        struct world_signer *late = &b.w->author[0];
        *late = (struct world_signer){0};
        world_key(b.w, &late->signer, "obs/late");
        struct submission admit = world_admit(b.w, 0, &arena);
        json_set(&body, "title", json_text("An incident"), &arena);
        struct submission incident = world_sign(b.w, late, "incident.open", &body, &arena);
        struct submission both[2] = {order == 0 ? admit : incident, order == 0 ? incident : admit};
        append(&b, both, 2, answers);
        for (size_t i = 0; i < 2; i++)
            assert_int_equal(answers[i].kind, expected[order][i]);
        publish(&b);
        assert_true(span_is(verdict_of(b.store, WORLD_START + 1 - order), "holds"));
        teardown(&b);
    }
}

/* A commit costs as much as many records: readers see rows when they are published. */
static void test_rows_are_committed(void **state)
{
    struct world_log b;
    struct answer answers[2];
    (void)state;

    setup(&b);
    start(&b);
    publish(&b);
    uint64_t before = applied(b.store);
    struct submission one = world_any(b.w, &arena);
    append(&b, &one, 1, answers);
    append(&b, &one, 1, answers + 1);
    assert_int_equal(answers[0].kind, ANSWER_LOGGED);
    assert_int_equal(answers[1].kind, ANSWER_REPEATED); /* the door knows it all the same */
    assert_int_equal(answers[1].index, answers[0].index);
    assert_int_equal(applied(b.store), before);
    publish(&b);
    assert_int_equal(applied(b.store), before + 1);
    check_replay(&b);
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
        struct world_log b;
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

/* The agreement's quota: three records an hour of a key, five of all. */

/* 'i': an incident, 'm': what is exempt, 't': a node's tick, '=': the first again, '?': no
 * record, '!': the last that was put off; by the author whose digit stands behind it. */
static struct submission quota_submission(struct world_log *b, const char *what,
                                          const struct submission *first,
                                          const struct submission *put_off)
{
    struct json body = json_object(), admit = json_object();
    struct world_signer *by = &b->w->author[what[1] - '0'];

    if (what[0] == 't')
        return world_tick(b->w, &arena);
    if (what[0] == '=')
        return *first;
    if (what[0] == '!')
        return *put_off;
    if (what[0] == '?')
        return (struct submission){.note = SPAN_LIT("no record")};
    if (what[0] == 'i') {
        json_set(&body, "title", json_text("An incident"), &arena);
        return world_sign(b->w, by, "incident.open", &body, &arena);
    }
    json_set_string(&admit, "key", world_vkey(&b->w->node.signer, &arena), &arena);
    json_set(&admit, "job", json_text("node"), &arena);
    json_set(&admit, "org", json_text("obs"), &arena);
    return world_sign(b->w, by, "member.admit", &admit, &arena);
}

/* 'l': logged, 'r': repeated, 'x': refused, 'q': over the quota, 'b': behind. */
static char quota_answer(const struct answer *answer)
{
    static const char letters[] = {[ANSWER_LOGGED] = 'l',
                                   [ANSWER_REPEATED] = 'r',
                                   [ANSWER_REFUSED] = 'x',
                                   [ANSWER_LATER] = 'q'};

    if (answer->kind == ANSWER_LATER)
        assert_true(strstr(answer->why.text, "the quota") && answer->later_ms >= 1000 &&
                    answer->later_ms <= 3600000 + 225000 && strlen(answer->id) == 64);
    return answer->kind == ANSWER_LATER && answer->later_ms == 1000 ? 'b' : letters[answer->kind];
}

static void test_quota(void **state)
{
    static const struct {
        const char *name;
        struct {
            int64_t after_ms;
            const char *submitted, *answered; /* one call */
        } call[6];
    } cases[] = {
        {"one key, in one call", {{0, "i0i0i0i0", "lllq"}}},
        {"one key, in several", {{0, "i0i0", "ll"}, {0, "i0", "l"}, {0, "i0", "q"}}},
        {"another key has its own", {{0, "i0i0i0", "lll"}, {0, "i0", "q"}, {0, "i1", "l"}}},
        {"all keys of an organisation",
         {{0, "i0i0i1i1i2", "lllll"}, {0, "i3", "q"}, {0, "i0", "q"}}},
        {"what stands behind it", {{0, "i0i0i0i0i1i2", "lllqbb"}, {0, "i1", "l"}}},
        {"nothing gets in behind it",
         {{0, "i0i0i0", "lll"}, {0, "i0=0?0t0m1", "qbbbb"}, {0, "=0", "r"}, {0, "?0", "x"}}},
        {"what is exempt", {{0, "i0i0i0", "lll"}, {0, "i0", "q"}, {0, "m0m0m0m0", "llll"}}},
        {"what is exempt is not counted", {{0, "m0m0m0m0", "llll"}, {0, "i0i0i0", "lll"}}},
        {"a node's tick", {{0, "i0i0i0", "lll"}, {0, "i0", "q"}, {0, "t0t0t0t0", "llll"}}},
        {"the same again is not counted",
         {{0, "i0i0", "ll"}, {0, "=0=0=0", "rrr"}, {0, "i0i0", "lq"}}},
        {"what is put off is not counted",
         {{0, "i0i0i0", "lll"}, {0, "i0", "q"}, {0, "!0", "q"}, {0, "i1i1", "ll"}}},
        {"it comes later", {{0, "i0i0i0", "lll"}, {0, "i0", "q"}, {3900000, "!0", "l"}}},
        {"not soon", {{0, "i0i0i0", "lll"}, {0, "i0", "q"}, {3000000, "!0", "q"}}},
    };
    (void)state;

    world_quota = WORLD_QUOTA;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct submission first = {0}, put_off = {0}, some[8];
        struct world_log b;
        struct answer answers[8];
        char got[9];

        setup(&b);
        start(&b);
        for (size_t k = 0; k < ARRAY_LEN(cases[i].call) && cases[i].call[k].submitted; k++) {
            size_t count = strlen(cases[i].call[k].submitted) / 2;

            b.w->now_ms += cases[i].call[k].after_ms;
            for (size_t n = 0; n < count; n++)
                some[n] =
                    quota_submission(&b, cases[i].call[k].submitted + 2 * n, &first, &put_off);
            first = first.note.at ? first : some[0];
            append(&b, some, count, answers);
            for (size_t n = 0; n < count; n++) {
                got[n] = quota_answer(&answers[n]);
                if (got[n] == 'q')
                    put_off = some[n];
            }
            got[count] = '\0';
            if (strcmp(got, cases[i].call[k].answered) != 0)
                fail_msg("%s: call %zu is answered %s", cases[i].name, k, got);
        }
        publish(&b);
        check_replay(&b);
        teardown(&b);
    }
    world_quota = "";
}

/* A call of more than one batch; and who comes again when told is let in. */
static void test_quota_across_batches(void **state)
{
    enum { COUNT = LIMIT_BATCH_RECORDS + 2 };
    struct submission *some = ARENA_ARRAY(&arena, struct submission, COUNT);
    struct answer *answers = ARENA_ARRAY(&arena, struct answer, COUNT);
    struct world_log b;
    (void)state;

    world_quota = WORLD_QUOTA;
    setup(&b);
    start(&b);
    for (size_t i = 0; i < COUNT; i++)
        some[i] = quota_submission(&b, "i0", NULL, NULL);
    append(&b, some, COUNT, answers);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(quota_answer(&answers[i]), i < 3 ? 'l' : i == 3 ? 'q' : 'b');
    b.w->now_ms += answers[3].later_ms;
    assert_int_equal(append_one(&b, some[3]).kind, ANSWER_LOGGED);
    teardown(&b);
    world_quota = "";
}

/* Parts: found at once, kept through a crash, taken later for a record that lacks them. */

static struct hash stored_of(struct submission s)
{
    return hash_of(s.part[0]);
}

static void test_parts(void **state)
{
    static const struct span foreign_part = {(const uint8_t *)"not named by the record", 23};
    struct world_log b;
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

/* One that no record names is cleared only by who has read every entry, those that are staged
 * among them. */
static void test_clear_part(void **state)
{
    static uint8_t bytes[LIMIT_SMALL_PART_BYTES + 1];
    const struct span large = {bytes, sizeof bytes};
    const struct hash stored = hash_of(large);
    struct parts_unnamed *list;
    struct world_log b;
    struct journal_head head;
    struct err err = {0};
    size_t count;
    bool cleared;
    (void)state;

    setup(&b);
    start(&b);
    assert_true(journal_keep_part(b.journal, large, &err));
    assert_true(journal_publish(b.journal, &err));
    journal_head(b.journal, &head, &arena);
    parts_unnamed(journal_parts(b.journal), &list, &count, &arena);
    assert_int_equal(count, 1);
    append_one(&b, world_incident(b.w, &arena));
    assert_true(journal_clear_part(b.journal, &stored, head.staged, &cleared, &err));
    assert_false(cleared); /* the one that was staged may name it */
    assert_true(parts_have(journal_parts(b.journal), &stored));
    assert_true(journal_clear_part(b.journal, &stored, head.staged + 1, &cleared, &err));
    assert_true(cleared);
    assert_false(parts_have(journal_parts(b.journal), &stored));
    teardown(&b);
}

/* What it costs. */

static void test_syncs(void **state)
{
    struct world_log b;
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
    struct world_log *b = context;
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
    struct world_log b;
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
    cmocka_unit_test(test_life_of_a_log),
    cmocka_unit_test(test_answers),
    cmocka_unit_test(test_refused),
    cmocka_unit_test(test_first_entry),
    cmocka_unit_test(test_admitted_in_the_same_call),
    cmocka_unit_test(test_rows_are_committed),
    cmocka_unit_test(test_quota),
    cmocka_unit_test(test_quota_across_batches),
    cmocka_unit_test(test_parts),
    cmocka_unit_test(test_clear_part),
    cmocka_unit_test(test_syncs),
    cmocka_unit_test(test_threads),
};
RUN_TESTS(tests)
