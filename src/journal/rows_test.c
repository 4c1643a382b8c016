#include "journal/rows.h"

#include "base/test.h"

#include <stdio.h>

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* Bytes in memory: one row at a time, a few, some hundreds, all of them. */
static const size_t bounds[] = {0, 300, 30000, SIZE_MAX};

static bool is_row(struct rows *rows, const char *table, const char *key, const char *wanted)
{
    struct arena arena = {0};
    struct err err = {0};
    struct span got;

    bool same = rows_get(rows, table, span_of(key), &got, &arena, &err) &&
                (wanted ? got.at && span_is(got, wanted) : !got.at);
    arena_free(&arena);
    return same;
}

static void set(struct rows *rows, const char *table, const char *key, const char *row)
{
    struct err err = {0};

    if (!rows_set(rows, table, span_of(key), row ? span_of(row) : (struct span){0}, &err))
        fail_msg("%s", err.text);
}

static void test_rows(void **state)
{
    static const struct {
        const char *table, *key;
        const char *row;     /* what is set; NULL removes */
        const char *then[4]; /* what stands afterwards: (a, 1) (a, 2) (b, 1) (b, "") */
    } steps[] = {
        {"a", "1", "one", {"one", NULL, NULL, NULL}},
        {"b", "1", "other", {"one", NULL, "other", NULL}},
        {"b", "", "empty key", {"one", NULL, "other", "empty key"}},
        {"a", "2", "two", {"one", "two", "other", "empty key"}},
        {"a", "1", "one again, longer", {"one again, longer", "two", "other", "empty key"}},
        {"a", "2", NULL, {"one again, longer", NULL, "other", "empty key"}},
        {"a", "2", NULL, {"one again, longer", NULL, "other", "empty key"}},
        {"a", "1", NULL, {NULL, NULL, "other", "empty key"}},
        {"a", "2", "back", {NULL, "back", "other", "empty key"}},
    };
    static const char *const asked[][2] = {{"a", "1"}, {"a", "2"}, {"b", "1"}, {"b", ""}};
    (void)state;

    for (size_t b = 0; b < ARRAY_LEN(bounds); b++) {
        struct rows *rows = rows_open(bounds[b]);
        for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
            char name[60];
            snprintf(name, sizeof name, "%zu bytes, step %zu", bounds[b], i);
            set(rows, steps[i].table, steps[i].key, steps[i].row);
            for (size_t n = 0; n < ARRAY_LEN(asked); n++)
                CHECK_CASE(name, is_row(rows, asked[n][0], asked[n][1], steps[i].then[n]));
        }
        rows_close(rows);
    }
}

static void set_many(struct rows *rows, unsigned round, unsigned count)
{
    char key[20], row[60];

    for (unsigned i = 0; i < count; i++) {
        snprintf(key, sizeof key, "%u", i);
        snprintf(row, sizeof row, "%u of %u", i, round);
        set(rows, "t", key, i % 3 == round ? NULL : row);
    }
}

static void test_many(void **state)
{
    const unsigned count = 5000;
    char key[20], row[60];
    (void)state;

    for (size_t b = 1; b < ARRAY_LEN(bounds); b++) {
        struct rows *rows = rows_open(bounds[b]);

        for (unsigned round = 0; round < 3; round++)
            set_many(rows, round, count);
        for (unsigned i = 0; i < count; i++) {
            snprintf(key, sizeof key, "%u", i);
            snprintf(row, sizeof row, "%u of 2", i);
            CHECK_CASE(key, is_row(rows, "t", key, i % 3 == 2 ? NULL : row));
        }
        assert_true(is_row(rows, "u", "1", NULL));
        rows_close(rows);
    }
}

/* --- the file --- */

static char directory[] = "/tmp/rows_test.XXXXXX";

static int make_directory(void **state)
{
    (void)state;
    return !mkdtemp(directory) || setenv("SQLITE_TMPDIR", directory, 1);
}

static int remove_directory(void **state)
{
    (void)state;
    return rmdir(directory); /* which is empty, or this fails */
}

static unsigned names_in_directory(void)
{
    DIR *dir = opendir(directory);
    unsigned count = 0;

    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir));)
        count += entry->d_name[0] != '.';
    closedir(dir);
    return count;
}

/* Of the files that are open in it: bytes, though none has a name. */
static bool is_file_open(void)
{
    char path[60], to[200];

    for (int fd = 3; fd < 64; fd++) {
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        ssize_t len = readlink(path, to, sizeof to - 1);
        if (len > 0 && strncmp(to, directory, strlen(directory)) == 0)
            return true;
    }
    return false;
}

/* So that it is gone however the program ends. */
static void test_no_name(void **state)
{
    struct rows *rows = rows_open(30000);
    (void)state;

    set_many(rows, 0, 5000);
    assert_true(is_file_open());
    assert_int_equal(names_in_directory(), 0);
    rows_close(rows);
    assert_false(is_file_open());
}

static void test_small_writes_nothing(void **state)
{
    struct rows *rows = rows_open(SIZE_MAX);
    (void)state;

    set_many(rows, 0, 5000);
    assert_false(is_file_open());
    rows_close(rows);
}

/* A full disk says nothing about the log: a fault, and no finding. */
static void test_full_disk(void **state)
{
    const struct rlimit small = {.rlim_cur = 100000, .rlim_max = RLIM_INFINITY};
    struct rows *rows = rows_open(30000);
    struct rlimit before;
    struct err err = {0};
    char key[20];
    bool ok = true;
    (void)state;

    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    for (unsigned i = 0; ok && i < 10000; i++) {
        snprintf(key, sizeof key, "%u", i);
        ok = rows_set(rows, "t", span_of(key), span_of("a row"), &err);
    }
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(ok);
    assert_int_equal(err.kind, ERR_IO);
    assert_non_null(strstr(err.text, "temporary file"));
    rows_close(rows);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_rows),      cmocka_unit_test(test_many),
    cmocka_unit_test(test_no_name),   cmocka_unit_test(test_small_writes_nothing),
    cmocka_unit_test(test_full_disk),
};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
