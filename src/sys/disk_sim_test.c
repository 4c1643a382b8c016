/* The simulated disk must lose things, or every test upon it proves nothing: for each case
 * all that a power cut can leave is listed, and over many seeds all of it must be met, and
 * nothing else. */

#include <stdio.h>
#include <stdlib.h>

#include "base/test.h"
#include "sys/disk_sim.h"

#define SEEDS 4000u
#define OUTCOMES 16

/* Opens a file, appends, and syncs where `sync` says so. */
static void append(struct disk *disk, const char *path, const char *text, bool sync)
{
    struct disk_file *file;
    struct err err;

    assert_true(disk_append_open(disk, path, &file, &err));
    assert_true(disk_append(file, span_of(text), &err));
    assert_true(!sync || disk_sync(file, &err));
    disk_append_close(file);
}

static void sync_top(struct disk *disk)
{
    struct err err;

    assert_true(disk_sync_directory(disk, "", &err));
}

static void write_file(struct disk *disk, const char *path, const char *text, bool durable)
{
    struct err err;

    assert_true(disk_replace(disk, path, span_of(text), durable, &err));
}

static void remove_file(struct disk *disk, const char *path)
{
    struct err err;

    assert_true(disk_remove(disk, path, &err));
}

static void do_durable(struct disk *disk)
{
    write_file(disk, "a", "AA", true);
}

static void do_append_synced(struct disk *disk)
{
    append(disk, "a", "AA", true);
    sync_top(disk);
    append(disk, "a", "bc", true);
}

static void do_append(struct disk *disk)
{
    append(disk, "a", "AA", true);
    sync_top(disk);
    append(disk, "a", "bc", false);
}

static void do_two_appends(struct disk *disk)
{
    append(disk, "a", "A", true);
    sync_top(disk);
    append(disk, "a", "b", false);
    append(disk, "a", "c", false);
}

static void do_append_unnamed(struct disk *disk)
{
    append(disk, "a", "AA", true);
}

static void do_named_unsynced(struct disk *disk)
{
    append(disk, "a", "b", false);
    sync_top(disk);
}

static void do_replace_later(struct disk *disk)
{
    write_file(disk, "a", "AA", true);
    write_file(disk, "a", "bc", false);
}

static void do_replace_later_synced(struct disk *disk)
{
    struct err err;

    do_replace_later(disk);
    assert_true(disk_sync_all(disk, &err));
}

static void do_replace_twice(struct disk *disk)
{
    write_file(disk, "a", "b", false);
    write_file(disk, "a", "c", false);
}

static void do_remove(struct disk *disk)
{
    write_file(disk, "a", "AA", true);
    remove_file(disk, "a");
}

static void do_remove_synced(struct disk *disk)
{
    do_remove(disk);
    sync_top(disk);
}

static void do_cut(struct disk *disk)
{
    struct err err;

    write_file(disk, "a", "AAA", true);
    assert_true(disk_truncate(disk, "a", 1, &err));
}

static void do_cut_without_power(struct disk *disk)
{
    struct err err;

    write_file(disk, "a", "AAA", true);
    disk_sim_fail_after(disk, disk_sim_operations(disk) + 1);
    assert_false(disk_truncate(disk, "a", 1, &err));
}

static void do_overwrite(struct disk *disk)
{
    struct err err;

    write_file(disk, "a", "AAAA", true);
    assert_true(disk_overwrite(disk, "a", 1, SPAN_LIT("xy"), &err));
}

static void do_overwrite_without_power(struct disk *disk)
{
    struct err err;

    write_file(disk, "a", "AAAA", true);
    disk_sim_fail_after(disk, disk_sim_operations(disk) + 1);
    assert_false(disk_overwrite(disk, "a", 1, SPAN_LIT("xy"), &err));
}

static void do_file_in_new_directory(struct disk *disk)
{
    write_file(disk, "d/a", "x", true);
    write_file(disk, "a", "AA", true);
}

static void do_sync_of_other_directory(struct disk *disk)
{
    struct err err;

    write_file(disk, "d/b", "x", true);
    append(disk, "a", "AA", true);
    assert_true(disk_sync_directory(disk, "d", &err));
}

/* NUL is shown as '.', no file as "-". */
static const struct {
    const char *name;
    void (*act)(struct disk *disk);
    const char *outcome[OUTCOMES];
} cases[] = {
    {"written durably", do_durable, {"AA"}},
    {"appended and synced", do_append_synced, {"AAbc"}},
    {"appended", do_append, {"AA", "AAbc", "AAb", "AAb.", "AA.."}},
    {"appended twice", do_two_appends, {"A", "Ab", "Abc", "A.c", "A.", "A..", "Ab."}},
    {"synced, its name not", do_append_unnamed, {"-", "AA"}},
    {"named, not synced", do_named_unsynced, {"", "b", "."}},
    {"replaced, to be synced later", do_replace_later, {"AA", "bc", "", "b", "b.", ".."}},
    {"replaced, and all synced", do_replace_later_synced, {"bc"}},
    {"replaced twice", do_replace_twice, {"-", "", "b", "c", "."}},
    {"removed", do_remove, {"-", "AA"}},
    {"removed and synced", do_remove_synced, {"-"}},
    {"cut", do_cut, {"A"}},
    {"cut while the power goes", do_cut_without_power, {"A", "AAA"}},
    {"overwritten", do_overwrite, {"AxyA"}},
    {"overwritten while the power goes", do_overwrite_without_power, {"AAAA", "AxyA", "AxAA"}},
    {"in a directory that was made", do_file_in_new_directory, {"AA"}},
    {"the sync of another directory", do_sync_of_other_directory, {"-", "AA"}},
};

static void read_shown(struct disk *disk, const char *path, char *out, size_t size)
{
    struct arena arena = {0};
    struct span got;
    struct err err;

    snprintf(out, size, "-");
    if (disk_read(disk, path, size - 1, &got, &arena, &err)) {
        for (size_t i = 0; i < got.len; i++)
            out[i] = got.at[i] ? (char)got.at[i] : '.';
        out[got.len] = '\0';
    } else {
        assert_int_equal(err.kind, ERR_MISSING);
    }
    arena_free(&arena);
}

static void test_what_a_power_cut_leaves(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        unsigned met[OUTCOMES] = {0};
        size_t count = 0;

        while (count < OUTCOMES && cases[i].outcome[count])
            count++;
        for (uint64_t seed = 0; seed < SEEDS; seed++) {
            struct disk *disk;
            char got[20];
            size_t k = 0;

            assert_true(disk_sim_open(&disk, seed));
            cases[i].act(disk);
            struct disk *after = disk_sim_crash(disk, seed);
            read_shown(after, "a", got, sizeof got);
            disk_close(disk);
            disk_close(after);
            while (k < count && strcmp(got, cases[i].outcome[k]) != 0)
                k++;
            if (k == count)
                fail_msg("%s: seed %d left \"%s\"", cases[i].name, (int)seed, got);
            met[k]++;
        }
        for (size_t k = 0; k < count; k++) {
            if (met[k] == 0)
                fail_msg("%s: never left \"%s\"", cases[i].name, cases[i].outcome[k]);
        }
    }
}

/* Whatever step the power goes at, a durable file is the old or the new one, whole; and
 * where disk_replace said that it holds, the new one. */
static void test_replace_is_one_step(void **state)
{
    unsigned old = 0, unfinished = 0;
    uint64_t steps = 0;

    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct disk *disk;
        struct err err;
        char got[20], left[20];

        assert_true(disk_sim_open(&disk, seed));
        write_file(disk, "a", "old", true);
        uint64_t before = disk_sim_operations(disk);
        disk_sim_fail_after(disk, before + 1 + seed % 6);
        bool held = disk_replace(disk, "a", SPAN_LIT("new"), true, &err);
        steps = held ? disk_sim_operations(disk) - before : steps;
        struct disk *after = disk_sim_crash(disk, seed);
        read_shown(after, "a", got, sizeof got);
        read_shown(after, "a" DISK_UNFINISHED, left, sizeof left);
        bool is_new = strcmp(got, "new") == 0;
        assert_true(is_new || (!held && strcmp(got, "old") == 0));
        old += !is_new;
        unfinished += strcmp(left, "-") != 0;

        /* What is left over is in nobody's way. */
        write_file(after, "a", "newer", true);
        read_shown(after, "a", got, sizeof got);
        assert_string_equal(got, "newer");
        disk_close(disk);
        disk_close(after);
    }
    assert_int_equal(steps, 5); /* create, write, sync, rename, sync the directory */
    assert_true(old > 0 && unfinished > 0);
}

static void test_power(void **state)
{
    struct disk_entry *entry;
    struct arena arena = {0};
    struct disk *disk;
    struct span got;
    struct err err;
    uint64_t size;
    size_t count;

    (void)state;
    assert_true(disk_sim_open(&disk, 1));
    write_file(disk, "a", "x", true);
    disk_sim_fail_after(disk, disk_sim_operations(disk) + 1);
    assert_true(disk_read(disk, "a", 9, &got, &arena, &err)); /* nothing changed: still there */
    assert_false(disk_replace(disk, "b", SPAN_LIT("x"), false, &err));
    assert_int_equal(err.kind, ERR_IO);
    uint64_t operations = disk_sim_operations(disk);
    assert_false(disk_read(disk, "a", 9, &got, &arena, &err));
    assert_int_equal(err.kind, ERR_IO);
    assert_false(disk_size(disk, "a", &size, &err));
    assert_false(disk_list(disk, "", &entry, &count, &arena, &err));
    assert_false(disk_remove(disk, "a", &err));
    assert_int_equal(disk_sim_operations(disk), operations);

    disk_sim_fail_after(disk, 0);
    assert_true(disk_read(disk, "a", 9, &got, &arena, &err));
    write_file(disk, "b", "x", true);
    disk_close(disk);
    arena_free(&arena);
}

/* Linux marks pages clean when a sync fails, and the next sync says that all is well. */
static void test_failed_sync_is_final(void **state)
{
    struct disk_file *file;
    struct disk *disk;
    struct err err;

    (void)state;
    assert_true(disk_sim_open(&disk, 1));
    write_file(disk, "b", "x", false);
    assert_true(disk_append_open(disk, "a", &file, &err));
    assert_true(disk_append(file, SPAN_LIT("x"), &err));
    disk_sim_fail_after(disk, disk_sim_operations(disk) + 1);
    assert_false(disk_sync(file, &err));
    disk_sim_fail_after(disk, 0);
    assert_false(disk_sync(file, &err));
    assert_false(disk_append(file, SPAN_LIT("y"), &err));
    assert_false(disk_replace(disk, "b", SPAN_LIT("x"), true, &err));
    assert_false(disk_sync_directory(disk, "", &err));
    assert_false(disk_sync_all(disk, &err));
    assert_false(disk_remove(disk, "b", &err));
    assert_false(disk_truncate(disk, "b", 0, &err));
    assert_false(disk_overwrite(disk, "b", 0, SPAN_LIT("y"), &err));
    disk_append_close(file);
    disk_close(disk);
}

static void test_failed_append(void **state)
{
    struct disk_file *file;
    struct disk *disk;
    struct err err;

    (void)state;
    assert_true(disk_sim_open(&disk, 1));
    assert_true(disk_append_open(disk, "a", &file, &err));
    disk_sim_fail_after(disk, disk_sim_operations(disk) + 1);
    assert_false(disk_append(file, SPAN_LIT("x"), &err));
    disk_sim_fail_after(disk, 0);
    assert_false(disk_append(file, SPAN_LIT("x"), &err));
    assert_false(disk_sync(file, &err));
    disk_append_close(file);
    assert_true(disk_truncate(disk, "a", 0, &err));
    append(disk, "a", "y", true);
    disk_close(disk);
}

static void test_one_seed_one_crash(void **state)
{
    char first[20], again[20];

    (void)state;
    for (uint64_t seed = 0; seed < 100; seed++) {
        struct disk *disk;

        assert_true(disk_sim_open(&disk, 7));
        do_two_appends(disk);
        struct disk *a = disk_sim_crash(disk, seed);
        struct disk *b = disk_sim_crash(disk, seed);
        read_shown(a, "a", first, sizeof first);
        read_shown(b, "a", again, sizeof again);
        assert_string_equal(first, again);
        disk_close(disk);
        disk_close(a);
        disk_close(b);
    }
}

static void test_rot(void **state)
{
    struct arena arena = {0};
    unsigned places = 0;

    (void)state;
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct disk *disk;
        struct span got;
        struct err err;
        unsigned bits = 0;

        assert_true(disk_sim_open(&disk, 1));
        write_file(disk, "a", "AAAA", true);
        disk_sim_rot(disk, "a", seed);
        assert_true(disk_read(disk, "a", 4, &got, &arena, &err));
        for (size_t i = 0; i < 4; i++) {
            bits += (unsigned)__builtin_popcount((unsigned)(got.at[i] ^ 'A'));
            places |= got.at[i] != 'A' ? 1u << i : 0;
        }
        assert_int_equal(bits, 1);
        disk_close(disk);
    }
    assert_int_equal(places, 15);
    arena_free(&arena);
}

/* What takes room fails and changes nothing; the rest goes on, and so does all of it later. */
static void test_full(void **state)
{
    struct arena arena = {0};
    struct disk *disk;
    struct disk_file *file;
    struct span got;
    struct err err = {0};
    (void)state;

    assert_true(disk_sim_open(&disk, 1));
    write_file(disk, "a", "AAAA", true);
    assert_true(disk_append_open(disk, "a", &file, &err));
    disk_sim_fill(disk, true);
    assert_false(disk_append(file, SPAN_LIT("b"), &err));
    assert_int_equal(err.kind, ERR_IO);
    disk_append_close(file);
    assert_false(disk_replace(disk, "b", SPAN_LIT("b"), true, &err));
    assert_int_equal(err.kind, ERR_IO);
    assert_true(disk_read(disk, "a", 9, &got, &arena, &err));
    assert_true(span_is(got, "AAAA"));
    assert_false(disk_read(disk, "b", 9, &got, &arena, &err));
    disk_sim_fill(disk, false);
    write_file(disk, "b", "b", true);
    assert_true(disk_read(disk, "b", 9, &got, &arena, &err));
    disk_close(disk);
    arena_free(&arena);
}

/* A copy has everything, durably, and goes its own way. */
static void test_copy(void **state)
{
    struct arena arena = {0};
    struct disk *disk, *copy, *after;
    struct span got;
    struct err err = {0};
    (void)state;

    assert_true(disk_sim_open(&disk, 1));
    write_file(disk, "a", "AAAA", false);
    append(disk, "d/b", "bb", false);
    copy = disk_sim_copy(disk);
    write_file(disk, "a", "changed", true);
    remove_file(disk, "d/b");
    for (uint64_t seed = 1; seed <= 20; seed++) {
        after = disk_sim_crash(copy, seed);
        assert_true(disk_read(after, "a", 9, &got, &arena, &err));
        assert_true(span_is(got, "AAAA"));
        assert_true(disk_read(after, "d/b", 9, &got, &arena, &err));
        assert_true(span_is(got, "bb"));
        disk_close(after);
    }
    disk_close(copy);
    disk_close(disk);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_what_a_power_cut_leaves),
    cmocka_unit_test(test_replace_is_one_step),
    cmocka_unit_test(test_power),
    cmocka_unit_test(test_failed_sync_is_final),
    cmocka_unit_test(test_failed_append),
    cmocka_unit_test(test_one_seed_one_crash),
    cmocka_unit_test(test_rot),
    cmocka_unit_test(test_full),
    cmocka_unit_test(test_copy),
};
RUN_TESTS(tests)
