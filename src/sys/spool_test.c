#include "sys/spool.h"

#include "base/test.h"
#include "sys/scratch.h"

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>

static unsigned names_in(const char *directory)
{
    DIR *dir = opendir(directory);
    unsigned count = 0;

    assert_non_null(dir);
    for (const struct dirent *at; (at = readdir(dir)) != NULL;)
        count += at->d_name[0] != '.';
    closedir(dir);
    return count;
}

/* Byte `at` of what the tests write. */
static uint8_t byte_at(size_t at)
{
    return (uint8_t)(at * 7 + at / 251);
}

static void test_pieces(void **state)
{
    static const struct {
        const char *name;
        size_t bytes, piece;
    } cases[] = {
        {"nothing", 0, 1},
        {"one byte", 1, 1},
        {"less than a page, by the byte", 4095, 1},
        {"a page", 4096, 4096},
        {"a page and a byte", 4097, 4096},
        {"5 MiB in pieces of an odd length", 5 << 20, 32749},
        {"5 MiB in one", 5 << 20, 5 << 20},
    };
    struct scratch scratch = scratch_make();
    static uint8_t bytes[5 << 20];

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = byte_at(i);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct spool *spool = NULL;
        struct err err = {0};
        struct span got = {0}, again = {0};

        CHECK_CASE(cases[i].name, spool_open(&spool, scratch.path, &err));
        CHECK_CASE(cases[i].name, names_in(scratch.path) == 0);
        for (size_t at = 0, len; at < cases[i].bytes; at += len) {
            len = cases[i].bytes - at < cases[i].piece ? cases[i].bytes - at : cases[i].piece;
            CHECK_CASE(cases[i].name, spool_put(spool, span_make(bytes + at, len), &err));
            CHECK_CASE(cases[i].name, spool_bytes(spool) == at + len);
        }
        CHECK_CASE(cases[i].name, spool_map(spool, &got, &err));
        CHECK_CASE(cases[i].name, span_equal(got, span_make(bytes, cases[i].bytes)));
        CHECK_CASE(cases[i].name, spool_map(spool, &again, &err) && again.at == got.at);
        spool_close(spool);
    }
    spool_close(NULL);
    scratch_remove(&scratch);
}

/* Each has its own bytes. */
static void test_side_by_side(void **state)
{
    struct scratch scratch = scratch_make();
    struct spool *spool[8];
    struct span got;
    struct err err = {0};

    (void)state;
    for (uint8_t i = 0; i < ARRAY_LEN(spool); i++)
        assert_true(spool_open(&spool[i], scratch.path, &err));
    for (unsigned round = 0; round < 100; round++)
        for (uint8_t i = 0; i < ARRAY_LEN(spool); i++)
            assert_true(spool_put(spool[i], span_make(&i, 1), &err));
    for (uint8_t i = 0; i < ARRAY_LEN(spool); i++) {
        assert_true(spool_map(spool[i], &got, &err));
        assert_int_equal(got.len, 100);
        assert_int_equal(got.at[0], i);
        assert_int_equal(got.at[99], i);
    }
    for (size_t i = 0; i < ARRAY_LEN(spool); i++)
        spool_close(spool[i]);
    scratch_remove(&scratch);
}

static void test_refuse(void **state)
{
    struct scratch scratch = scratch_make();
    char missing[100];
    struct spool *spool = NULL;
    struct err err = {0};
    struct rlimit before, small;

    (void)state;
    snprintf(missing, sizeof missing, "%s/none", scratch.path);
    assert_false(spool_open(&spool, missing, &err));
    assert_int_equal(err.kind, ERR_IO);
    assert_null(spool);

    /* The disk takes no more. */
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){.rlim_cur = 8192, .rlim_max = before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_true(spool_open(&spool, scratch.path, &err));
    static const uint8_t bytes[8192];
    bool first = spool_put(spool, span_make(bytes, 8192), &err);
    bool second = spool_put(spool, span_make(bytes, 1), &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(first);
    assert_false(second);
    assert_int_equal(err.kind, ERR_IO);
    spool_close(spool);
    assert_int_equal(names_in(scratch.path), 0);
    scratch_remove(&scratch);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_pieces),
    cmocka_unit_test(test_side_by_side),
    cmocka_unit_test(test_refuse),
};

RUN_TESTS(tests)
