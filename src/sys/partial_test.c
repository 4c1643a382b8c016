#include "sys/partial.h"

#include "base/test.h"
#include "sys/scratch.h"

#include <fcntl.h>
#include <sys/stat.h>

struct place {
    struct scratch scratch;
    char directory[100];
};

static struct place make(void)
{
    struct place place = {.scratch = scratch_make()};

    snprintf(place.directory, sizeof place.directory, "%s/upload", place.scratch.path);
    return place;
}

static struct partial *open_one(const struct place *place, const char *name)
{
    struct partial *partial = NULL;
    struct err err = {0};

    if (!partial_open(&partial, place->directory, name, &err))
        fail_msg("%s", err.text);
    return partial;
}

static void test_pieces(void **state)
{
    struct place place = make();
    struct err err = {0};
    struct span got;

    (void)state;
    assert_int_equal(partial_size(place.directory, "a"), 0);
    assert_int_equal(partial_clear(place.directory, INT64_MAX), 0);
    for (unsigned i = 0; i < 3; i++) { /* another connection each time */
        struct partial *partial = open_one(&place, "a");
        assert_int_equal(partial_bytes(partial), i * 5);
        assert_true(partial_append(partial, SPAN_LIT("abcde"), &err));
        assert_int_equal(partial_bytes(partial), i * 5 + 5);
        partial_close(partial);
        assert_int_equal(partial_size(place.directory, "a"), i * 5 + 5);
    }
    struct partial *partial = open_one(&place, "a");
    assert_true(partial_append(partial, SPAN_LIT(""), &err));
    assert_true(partial_map(partial, &got, &err));
    assert_true(span_is(got, "abcdeabcdeabcde"));
    partial_close_remove(partial);
    assert_int_equal(partial_size(place.directory, "a"), 0);

    partial = open_one(&place, "a"); /* from the start */
    assert_int_equal(partial_bytes(partial), 0);
    assert_true(partial_map(partial, &got, &err) && got.len == 0);
    partial_close(partial);
    partial_close(NULL);
    scratch_remove(&place.scratch);
}

static void test_alone(void **state)
{
    struct place place = make();
    struct partial *first = open_one(&place, "a"), *other = open_one(&place, "b");
    struct partial *second = NULL;
    struct err err = {0};

    (void)state;
    assert_false(partial_open(&second, place.directory, "a", &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_null(second);
    partial_close(first);
    second = open_one(&place, "a");
    partial_close(second);
    partial_close(other);
    scratch_remove(&place.scratch);
}

static void test_refuse(void **state)
{
    struct place place = make();
    char path[200];
    struct partial *partial = NULL;
    struct err err = {0};

    (void)state;
    partial_close(open_one(&place, "a"));
    snprintf(path, sizeof path, "%s/link", place.directory);
    assert_int_equal(symlink("a", path), 0);
    assert_false(partial_open(&partial, place.directory, "link", &err)); /* is not followed */
    assert_int_equal(err.kind, ERR_IO);
    snprintf(path, sizeof path, "%s/none/upload", place.scratch.path);
    assert_false(partial_open(&partial, path, "a", &err));
    assert_int_equal(err.kind, ERR_IO);
    assert_null(partial);
    scratch_remove(&place.scratch);
}

static void test_clear(void **state)
{
    static const struct {
        const char *name;
        int64_t s;
        bool stays;
    } cases[] = {{"old", 1000, false}, {"older", 1, false}, {"new", 2000, true}};
    struct place place = make();
    char path[200];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct partial *partial = open_one(&place, cases[i].name);
        struct err err = {0};
        assert_true(partial_append(partial, SPAN_LIT("x"), &err));
        partial_close(partial);
        const struct timespec times[2] = {{.tv_sec = cases[i].s}, {.tv_sec = cases[i].s}};
        snprintf(path, sizeof path, "%s/%s", place.directory, cases[i].name);
        assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    }
    struct partial *open = open_one(&place, "older"); /* about to be gone on with */
    assert_int_equal(partial_clear(place.directory, 1500000), 1);
    assert_int_equal(partial_size(place.directory, "older"), 1);
    partial_close(open);
    assert_int_equal(partial_clear(place.directory, 1500000), 1);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name,
                   (partial_size(place.directory, cases[i].name) == 1) == cases[i].stays);
    scratch_remove(&place.scratch);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_pieces),
    cmocka_unit_test(test_alone),
    cmocka_unit_test(test_refuse),
    cmocka_unit_test(test_clear),
};

RUN_TESTS(tests)
