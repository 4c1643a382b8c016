#include "journal/stage.h"

#include "base/buf.h"
#include "base/test.h"
#include "crypto/hash.h"
#include "sys/disk_sim.h"

static struct arena arena;

static struct span batch_bytes(uint64_t first, size_t entries, size_t parts)
{
    const struct span texts[] = {SPAN_LIT("first"), SPAN_LIT("second, longer"), SPAN_LIT("third")};
    const struct stage_batch batch = {first, texts, entries, texts, parts};

    return stage_encode(&batch, &arena);
}

/* One that was changed: a byte set, or cut to a length; its hash made anew if asked. */
struct change {
    const char *name;
    size_t at;      /* of the byte */
    int to;         /* -1: none is set */
    size_t len;     /* 0: whole */
    bool hash_anew; /* so that only the form can refuse it */
    const char *fault;
};

static struct span changed(struct span bytes, const struct change *change)
{
    uint8_t *copy = (uint8_t *)arena_text(&arena, bytes);

    if (change->to >= 0)
        copy[change->at] = (uint8_t)change->to;
    if (change->hash_anew) {
        struct hash hash = hash_of(span_make(copy, bytes.len - HASH_BYTES));
        memcpy(copy + bytes.len - HASH_BYTES, hash.bytes, HASH_BYTES);
    }
    return span_make(copy, change->len ? change->len : bytes.len);
}

/* Two entries of 5 and 14 bytes, one part of 5: header 24, payload 2+5+2+14+32+4+5 = 64,
 * hash 32. */
static void test_parse(void **state)
{
    static const struct change cases[] = {
        {"as written", 0, -1, 0, false, ""},
        {"other magic", 3, 'C', 0, true, "not what must stand here"},
        {"more entries than limit", 12, 1, 0, true, "larger than a batch may be"},
        {"more parts than limit", 16, 1, 0, true, "larger than a batch may be"},
        {"payload past the limit", 20, 0x7f, 0, true, "larger than a batch may be"},
        {"payload beyond the bytes", 22, 1, 0, true, "cut short"},
        {"payload shorter than it is", 23, 63, 0, true, "another length"},
        {"payload longer than it is", 23, 65, 0, false, "another length"},
        {"counts beyond the payload", 15, 100, 0, true, "than the payload can hold"},
        {"an entry fewer", 15, 1, 0, true, "cut short"},
        {"an entry more", 15, 3, 0, true, "cut short"},
        {"a part fewer", 19, 0, 0, true, "another length"},
        {"index past the limit", 4, 1, 0, true, "an index past the limit"},
        {"entry changed", 26, 'F', 0, false, "its hash is another"},
        {"entry's length changed", 25, 4, 0, true, "cut short"},
        {"part changed", 24 + 2 + 5 + 2 + 14 + 32 + 4, 'F', 0, true, "not what its hash says"},
        {"part's hash changed", 24 + 2 + 5 + 2 + 14, 0, 0, true, "not what its hash says"},
        {"hash changed", 119, 0, 0, false, "its hash is another"},
        {"empty", 0, -1, 1, false, "not what must stand here"},
        {"header cut", 0, -1, 23, false, "cut short"},
        {"only the header", 0, -1, 24, false, "cut short"},
        {"payload cut", 0, -1, 80, false, "cut short"},
        {"hash cut", 0, -1, 119, false, "cut short"},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span whole = batch_bytes(7, 2, 1);
        struct stage_batch got = {.first = 99};
        struct err err = {0};
        size_t len = 0;
        bool wanted = cases[i].fault[0] == '\0';

        assert_int_equal(whole.len, 24 + 64 + 32);
        bool ok = stage_parse(&got, &len, changed(whole, &cases[i]), &arena, &err);
        CHECK_CASE(cases[i].name, ok == wanted);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, ok || got.first == 99);
    }
    arena_free(&arena);
}

static void test_round_trip(void **state)
{
    static const struct {
        const char *name;
        size_t entries, parts;
    } cases[] = {{"entries only", 3, 0}, {"parts only", 0, 2}, {"both", 2, 3}, {"neither", 0, 0}};
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span bytes = batch_bytes(1 + i, cases[i].entries, cases[i].parts);
        struct stage_batch got;
        struct err err = {0};
        size_t len;

        CHECK_CASE(cases[i].name, stage_parse(&got, &len, bytes, &arena, &err));
        CHECK_CASE(cases[i].name, len == bytes.len && got.first == 1 + i);
        CHECK_CASE(cases[i].name, got.entry_count == cases[i].entries);
        CHECK_CASE(cases[i].name, got.part_count == cases[i].parts);
        CHECK_CASE(cases[i].name, span_equal(stage_encode(&got, &arena), bytes));
    }
    arena_free(&arena);
}

/* Files: what a walk makes of a stage file that ends in one of many ways. */

static void put(struct disk *disk, const char *path, struct span bytes)
{
    struct disk_file *file;
    struct err err = {0};

    assert_true(disk_append_open(disk, path, &file, &err));
    assert_true(disk_append(file, bytes, &err));
    disk_append_close(file);
}

static struct span joined(struct span a, struct span b)
{
    struct buf buf = buf_in(&arena, a.len + b.len);

    buf_put(&buf, a);
    buf_put(&buf, b);
    return buf_span(&buf);
}

static struct span without_end(struct span bytes, size_t cut)
{
    return span_slice(bytes, 0, bytes.len - cut);
}

static void test_walk(void **state)
{
    struct span first = batch_bytes(5, 2, 1), second = batch_bytes(7, 3, 0);
    struct span foreign = batch_bytes(8, 1, 0);
    struct span spoilt = changed(first, &(struct change){"", 30, 'x', 0, false, ""});
    struct span headless = changed(second, &(struct change){"", 0, 0, 0, false, ""});
    const struct {
        const char *name;
        struct span bytes;
        uint64_t count; /* of entries that stand */
        enum stage_next end;
        const char *fault;
    } cases[] = {
        {"nothing yet", {0}, 0, STAGE_END, ""},
        {"one batch", first, 2, STAGE_END, ""},
        {"two", joined(first, second), 5, STAGE_END, ""},
        {"the second cut in its header", joined(first, span_slice(second, 0, 10)), 2, STAGE_TORN,
         ""},
        {"the second cut in its payload", joined(first, without_end(second, 40)), 2, STAGE_TORN,
         ""},
        {"the second cut by a byte", joined(first, without_end(second, 1)), 2, STAGE_TORN, ""},
        {"the second without its start", joined(first, headless), 2, STAGE_TORN, ""},
        {"zeros behind the first", joined(first, span_make((uint8_t[64]){0}, 64)), 2, STAGE_TORN,
         ""},
        {"the only one spoilt", spoilt, 0, STAGE_TORN, ""},
        {"one spoilt that the next follows", joined(spoilt, second), 0, STAGE_END,
         "is damaged, at byte 0"},
        {"one that does not follow", joined(first, foreign), 2, STAGE_END, "where 7 must follow"},
        {"one of another file", second, 0, STAGE_END, "where 5 must follow"},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct stage_walk walk = {.file = {5, cases[i].bytes.len}};
        enum stage_next next = STAGE_BATCH;
        struct stage_batch batch;
        struct err err = {0};
        bool ok = disk_sim_open(&walk.disk, 1);

        assert_true(ok);
        put(walk.disk, "stage/0000000000000005", cases[i].bytes);
        while (ok && next == STAGE_BATCH)
            ok = stage_walk_next(&walk, &next, &batch, &arena, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, !ok || next == cases[i].end);
        CHECK_CASE(cases[i].name, walk.count == cases[i].count);
        disk_close(walk.disk);
    }
    arena_free(&arena);
}

static void test_names(void **state)
{
    static const struct {
        const char *path;
        bool good;
    } cases[] = {
        {"stage/0000000000000000", true},
        {"stage/0000000000000042", true},
        {"stage/9007199254740991", true},
        {"stage/9007199254740992", false},
        {"stage/42", false},
        {"stage/00000000000000042", false},
        {"stage/000000000000004x", false},
        {"stage/0000000000000042/1", false},
        {"stage/readme", false},
        {"stage/-000000000000042", false},
    };
    (void)state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct disk *disk;
        struct stage_file *file;
        struct err err = {0};
        size_t count;

        assert_true(disk_sim_open(&disk, 1));
        put(disk, cases[i].path, SPAN_LIT("x"));
        CHECK_CASE(cases[i].path, stage_list(disk, &file, &count, &arena, &err) == cases[i].good);
        disk_close(disk);
    }
    arena_free(&arena);
}

/* What the answer to a submission costs: one sync a batch. */
static void test_syncs(void **state)
{
    const struct span entry = SPAN_LIT("an entry");
    struct disk *disk;
    struct stage *stage;
    struct err err = {0};
    (void)state;

    assert_true(disk_sim_open(&disk, 1));
    assert_true(stage_open(&stage, disk, 3, &err));
    for (uint64_t i = 0; i < 10; i++) {
        const struct stage_batch batch = {.first = 3 + i, .entry = &entry, .entry_count = 1};
        uint64_t before = disk_syncs(disk);
        assert_true(stage_write(stage, &batch, &arena, &err));
        assert_int_equal(disk_syncs(disk) - before, 1);
    }
    stage_close(stage);
    disk_close(disk);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_parse), cmocka_unit_test(test_round_trip), cmocka_unit_test(test_walk),
    cmocka_unit_test(test_names), cmocka_unit_test(test_syncs),
};
RUN_TESTS(tests)
