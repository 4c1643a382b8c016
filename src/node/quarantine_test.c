#include "node/quarantine.h"

#include "base/test.h"
#include "codec/hex.h"
#include "codec/json.h"
#include "sys/disk_sim.h"
#include "sys/scratch.h"

#include <inttypes.h>
#include <stdio.h>

static struct note_signer signer_of(void)
{
    static const uint8_t seed[SIGN_SEED_BYTES] = {7};
    struct note_signer signer;

    note_signer_make(&signer, SPAN_LIT("o/node"), NOTE_TYPE_ED25519, seed);
    return signer;
}

/* The third line of a note whose signature holds. */
static struct json read_note(struct span bytes, const struct note_signer *signer,
                             struct arena *arena)
{
    struct note_key key = note_signer_key(signer);
    struct note note;
    struct json value;
    struct span line, rest;
    struct err err = {0};

    assert_true(note_parse(&note, bytes, arena, &err));
    assert_true(note_line_verify(&note, &note.line[0], &key));
    rest = note.text;
    assert_true(span_cut(&rest, '\n', &line) && span_is(line, "demo.invalid/x"));
    assert_true(span_cut(&rest, '\n', &line) && span_is(line, "quarantine"));
    assert_true(span_cut(&rest, '\n', &line));
    assert_true(json_parse_canonical(&value, line, arena, &err));
    return value;
}

static void test_kept_and_noted(void **state)
{
    const struct quarantine_why why = {.via = "form",
                                       .word = "conflict",
                                       .device = "seven",
                                       .form = SPAN_LIT("report"),
                                       .instance = SPAN_LIT("uuid:1"),
                                       .reason = "other XML",
                                       .at_ms = 1000};
    struct note_signer signer = signer_of();
    struct scratch scratch = scratch_make();
    struct arena arena = {0};
    struct quarantine *q;
    struct disk *disk;
    struct err err = {0};
    struct quarantine_noted *notes;
    struct span body;
    size_t count;
    char path[96], hex[65];

    (void)state;
    assert_true(disk_open(&disk, scratch.path, false, &err));
    assert_true(quarantine_open(&q, disk, "demo.invalid/x", &signer, &err));
    assert_true(quarantine_keep(q, SPAN_LIT("one"), &why, &err));
    assert_true(quarantine_keep(q, SPAN_LIT("one"), &why, &err)); /* once more: noted once */
    quarantine_close(q);
    assert_true(quarantine_open(&q, disk, "demo.invalid/x", &signer, &err));
    assert_true(quarantine_keep(q, SPAN_LIT("two"), &why, &err));
    assert_true(quarantine_keep(q, SPAN_LIT("one"), &why, &err));
    quarantine_close(q);

    assert_true(quarantine_list(disk, &notes, &count, &arena, &err));
    assert_int_equal(count, 2);
    struct json first = read_note(notes[0].note, &signer, &arena);
    struct json second = read_note(notes[1].note, &signer, &arena);
    assert_true(span_is(json_get_text(&first, "reason"), "other XML"));
    assert_true(span_is(json_get_text(&first, "device"), "seven"));
    assert_true(span_is(json_get_text(&first, "word"), "conflict"));
    assert_true(span_is(json_get_text(&first, "prev"), ""));
    struct hash hash = hash_of(notes[0].note);
    hex_text(hex, hash_span(&hash));
    assert_true(span_is(json_get_text(&second, "prev"), hex));
    snprintf(path, sizeof path, "quarantine/%.*s", SPAN_ARG(json_get_text(&second, "body")));
    assert_true(disk_read(disk, path, 16, &body, &arena, &err));
    assert_true(span_is(body, "two"));

    disk_close(disk);
    arena_free(&arena);
    scratch_remove(&scratch);
}

/* --- what is recorded --- */

#define ID_A "000000000000000000000000000000000000000000000000000000000000000a"
#define ID_B "000000000000000000000000000000000000000000000000000000000000000b"
#define ID_C "000000000000000000000000000000000000000000000000000000000000000c"

struct house {
    struct note_signer signer;
    struct disk *disk;
    struct quarantine *q;
};

static bool open_quarantine(struct house *house, struct err *err)
{
    return quarantine_open(&house->q, house->disk, "demo.invalid/x", &house->signer, err);
}

static void reopen(struct house *house)
{
    struct err err = {0};

    quarantine_close(house->q);
    assert_true(open_quarantine(house, &err));
}

static void open_house(struct house *house, uint64_t seed)
{
    struct err err = {0};

    *house = (struct house){.signer = signer_of()};
    assert_true(disk_sim_open(&house->disk, seed));
    assert_true(open_quarantine(house, &err));
}

static void close_house(struct house *house)
{
    quarantine_close(house->q);
    disk_close(house->disk);
}

static bool keep(struct house *house, const char *device, const char *word, const char *body,
                 struct err *err)
{
    const struct quarantine_why why = {
        .via = "form", .word = word, .device = device, .reason = "x", .at_ms = 1};

    return quarantine_keep(house->q, span_of(body), &why, err);
}

/* What is due, and as it is recorded: its device, word, how many, and its last body. */
static const char *record(struct house *house, int64_t now_ms, const char *id, struct arena *arena)
{
    struct quarantine_batch batch;
    struct err err = {0};
    struct hash hash;
    char hex[65];

    if (!quarantine_due(house->q, now_ms, &batch))
        return "";
    assert_true(quarantine_signing(house->q, &batch, id, now_ms, &err));
    assert_true(quarantine_signed(house->q, id, true, now_ms, &err));
    for (char c = 'a'; c <= 'z'; c++) {
        hash = hash_of(span_make(&c, 1));
        hex_text(hex, hash_span(&hash));
        if (strcmp(hex, batch.body) == 0)
            return arena_printf(arena, "%s %s %zu %c", batch.device, batch.word, batch.count, c);
    }
    return "another";
}

/* Each at once, but those of one device and word no oftener than every ten minutes: they say how
 * many. And so after every step when it was opened anew. */
static void test_recorded(void **state)
{
    static const struct {
        const char *device, *word, *body; /* kept before */
        int64_t at_ms;
        const char *records;
    } steps[] = {
        {NULL, NULL, NULL, 0, ""},
        {"one", "stale", "a", 0, "one stale 1 a"},
        {NULL, NULL, NULL, 1000000, ""}, /* and not again */
        {"one", "stale", "a", 1000000, ""},
        {"one", "stale", "b", 1000000, "one stale 1 b"},
        {"one", "stale", "c", 1000001, ""},
        {"one", "conflict", "d", 1000002, "one conflict 1 d"},
        {"two", "stale", "e", 1000003, "two stale 1 e"},
        {"one", "stale", "f", 1000004, ""},
        {"one", "stale", "g", 1599999, ""},
        {NULL, NULL, NULL, 1600000, "one stale 3 g"},
        {NULL, NULL, NULL, 9000000, ""},
    };

    (void)state;
    for (int anew = 0; anew < 2; anew++) {
        struct arena arena = {0};
        struct house house;

        open_house(&house, 1);
        for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
            struct err err = {0};
            char id[65], name[40];

            snprintf(id, sizeof id, "%064zu", i);
            snprintf(name, sizeof name, "step %zu, %s", i, anew ? "opened anew" : "one process");
            if (steps[i].body)
                CHECK_CASE(name, keep(&house, steps[i].device, steps[i].word, steps[i].body, &err));
            if (anew)
                reopen(&house);
            CHECK_CASE(name,
                       strcmp(record(&house, steps[i].at_ms, id, &arena), steps[i].records) == 0);
            if (anew)
                reopen(&house);
        }
        close_house(&house);
        arena_free(&arena);
    }
}

/* What was signed and is not in the log is due again; what is there is not. */
static void test_unsure(void **state)
{
    struct quarantine_batch batch;
    struct quarantine_noted *noted;
    struct arena arena = {0};
    struct house house;
    struct err err = {0};
    size_t count;
    char id[65];

    (void)state;
    open_house(&house, 1);
    assert_true(keep(&house, "one", "stale", "a", &err));
    assert_true(quarantine_due(house.q, 0, &batch));
    assert_false(quarantine_unsure(house.q, id));
    assert_true(quarantine_signing(house.q, &batch, ID_A, 0, &err));
    for (int i = 0; i < 2; i++) { /* in the same process, and in the next */
        assert_true(quarantine_unsure(house.q, id) && strcmp(id, ID_A) == 0);
        assert_false(quarantine_due(house.q, INT64_MAX / 2, &batch));
        reopen(&house);
    }
    assert_true(quarantine_signed(house.q, ID_A, false, 77, &err));
    reopen(&house);
    assert_false(quarantine_unsure(house.q, id));
    assert_true(quarantine_due(house.q, 0, &batch) && batch.count == 1);
    assert_true(quarantine_signing(house.q, &batch, ID_B, 0, &err));
    assert_true(quarantine_list(house.disk, &noted, &count, &arena, &err) && count == 1);
    assert_int_equal(noted[0].record.len, 0);
    assert_true(quarantine_signed(house.q, ID_B, true, 0, &err));
    assert_false(quarantine_unsure(house.q, id));
    reopen(&house);
    assert_false(quarantine_unsure(house.q, id));
    assert_false(quarantine_due(house.q, INT64_MAX / 2, &batch));
    assert_true(quarantine_list(house.disk, &noted, &count, &arena, &err) && count == 1);
    assert_true(span_is(noted[0].record, ID_B));
    close_house(&house);
    arena_free(&arena);
}

/* A device that sends without end: all is kept, and one record says how many; of strangers so much
 * is kept, and no more. */
static void test_flood(void **state)
{
    struct quarantine_batch batch;
    struct house house;
    struct err err = {0};
    char body[16];

    (void)state;
    open_house(&house, 1);
    for (int i = 0; i < 500; i++) {
        snprintf(body, sizeof body, "%d", i);
        assert_true(keep(&house, "one", "malformed", body, &err));
    }
    assert_true(quarantine_due(house.q, 0, &batch));
    assert_int_equal(batch.count, 500);
    assert_true(quarantine_signing(house.q, &batch, ID_C, 0, &err));
    assert_false(quarantine_due(house.q, 599999, &batch));
    for (unsigned i = 0; i < QUARANTINE_NOTES_OF_STRANGERS; i++) {
        snprintf(body, sizeof body, "x%u", i);
        assert_true(keep(&house, QUARANTINE_STRANGER, "malformed", body, &err));
    }
    assert_false(keep(&house, QUARANTINE_STRANGER, "malformed", "one more", &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    reopen(&house);
    assert_false(keep(&house, QUARANTINE_STRANGER, "malformed", "one more", &err));
    assert_true(keep(&house, "one", "malformed", "one more", &err));
    close_house(&house);
}

/* The machine goes down after so many operations of the disk, and whatever was said to be kept is
 * recorded in the end, by one record that is in the log. */
static void test_crashes(void **state)
{
    (void)state;
    for (uint64_t after = 0; after < 30; after++) {
        const char *log = ""; /* what was handed in */
        struct quarantine_batch batch;
        struct arena arena = {0};
        struct house house;
        struct err err = {0};
        char name[32], id[65];

        snprintf(name, sizeof name, "after %" PRIu64, after);
        open_house(&house, after + 1);
        disk_sim_fail_after(house.disk, after);
        bool kept = keep(&house, "one", "stale", "a", &err);
        if (kept && quarantine_due(house.q, 0, &batch) &&
            quarantine_signing(house.q, &batch, ID_A, 0, &err)) {
            log = after % 2 ? ID_A : ""; /* it was killed before it was handed in, or behind */
            if (log[0] && !quarantine_signed(house.q, ID_A, true, 0, &err))
                log = ID_A;
        }
        quarantine_close(house.q);
        struct disk *crashed = house.disk;
        house.disk = disk_sim_crash(crashed, after + 7);
        disk_close(crashed);
        assert_true(open_quarantine(&house, &err));
        CHECK_CASE(name, keep(&house, "one", "stale", "a", &err)); /* the phone tries again */
        while (quarantine_unsure(house.q, id))
            CHECK_CASE(name, quarantine_signed(house.q, id, strcmp(id, log) == 0, 0, &err));
        bool due = quarantine_due(house.q, INT64_MAX / 2, &batch);
        CHECK_CASE(name, due == !log[0]);
        CHECK_CASE(name, !due || batch.count == 1);
        close_house(&house);
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_kept_and_noted), cmocka_unit_test(test_recorded),
    cmocka_unit_test(test_unsure),         cmocka_unit_test(test_flood),
    cmocka_unit_test(test_crashes),
};
RUN_TESTS(tests)
