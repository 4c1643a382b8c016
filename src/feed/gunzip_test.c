#include "feed/gunzip.h"

#include "base/buf.h"
#include "base/test.h"
#include "codec/hex.h"

/* By gzip -n9, in hex. */
#define HEAD "1f8b0800000000000203" /* deflate, no name, no time */
#define AB HEAD "4bd449e20200c510972404000000"
#define CD HEAD "4bd649e10200c87fc4d804000000"
#define EMPTY HEAD "03000000000000000000"
/* 100,000 zero bytes: more than one piece of output. */
#define ZEROS                                                                                      \
    HEAD "edc13101000000c2a0f54f6d0d0fa0000000000000000000000000000000000000000000000000000000"    \
         "000000000000000000000000000000000000000000000000000000000000000000000000000000000000"    \
         "0000000000000000000000000000000000000000000000000000008057037d9511d4a0860100"

#define LIMIT 200000u

static struct span bytes_of(const char *hex, struct arena *arena)
{
    size_t len = strlen(hex) / 2;
    uint8_t *bytes = arena_alloc(arena, len + 1);

    if (!hex_parse(bytes, len, span_of(hex)))
        fail_msg("not hex: %s", hex);
    return span_make(bytes, len);
}

static void test_unpack(void **state)
{
    (void)state;
    static const struct {
        const char *name, *packed;
        const char *want;
    } cases[] = {
        {"one member", AB, "a,b\n"},
        {"two members", AB CD, "a,b\nc,d\n"},
        {"an empty member", EMPTY, ""},
        {"an empty member between", AB EMPTY CD, "a,b\nc,d\n"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct span got, packed = bytes_of(cases[i].packed, &arena);

        CHECK_CASE(cases[i].name, gunzip_needed(packed));
        CHECK_CASE(cases[i].name, gunzip(&got, packed, LIMIT, &arena, &err));
        CHECK_CASE(cases[i].name, span_is(got, cases[i].want));
        arena_free(&arena);
    }
}

static void test_large(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = {0};
    struct span got, packed = bytes_of(ZEROS, &arena);

    assert_true(gunzip(&got, packed, 100000, &arena, &err));
    assert_int_equal(got.len, 100000);
    for (size_t i = 0; i < got.len; i++)
        assert_int_equal(got.at[i], 0);
    assert_false(gunzip(&got, packed, 99999, &arena, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    assert_non_null(strstr(err.text, "more than may be unpacked"));
    arena_free(&arena);
}

static void test_refuse(void **state)
{
    (void)state;
    static const struct {
        const char *name, *packed;
        const char *fault;
    } cases[] = {
        {"nothing", "", "cut short, at byte 0 of 0"},
        {"only the two first bytes", "1f8b", "cut short, at byte 2 of 2"},
        {"only the head", HEAD, "cut short, at byte 10 of 10"},
        {"without its sums", HEAD "4bd449e20200", "cut short"},
        {"without its last byte", HEAD "4bd449e20200c5109724040000", "cut short, at byte 23 of 23"},
        {"the second member cut", AB HEAD "4bd6", "cut short, at byte 36 of 36"},
        {"another sum", HEAD "4bd449e20200c510972504000000", "incorrect data check"},
        {"another length", HEAD "4bd449e20200c510972405000000", "incorrect length check"},
        {"another byte of the data", HEAD "4bd549e20200c510972404000000", "incorrect data check"},
        {"no gzip", "1f8c0800000000000203", "incorrect header check"},
        {"zlib without gzip", "789c4bd449e20200", "incorrect header check"},
        {"another method", "1f8b0700000000000203", "unknown compression method"},
        {"bytes behind the last member", AB "00", "cut short"},
        {"text behind the last member", AB "612c620a", "incorrect header check"},
        {"a block of no kind", HEAD "07", "invalid block type"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct span got = SPAN_LIT("untouched");

        CHECK_CASE(cases[i].name,
                   !gunzip(&got, bytes_of(cases[i].packed, &arena), LIMIT, &arena, &err));
        if (!strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, span_is(got, "untouched"));
        arena_free(&arena);
    }
}

static void test_needed(void **state)
{
    (void)state;
    assert_false(gunzip_needed((struct span){0}));
    assert_false(gunzip_needed(SPAN_LIT("\x1f")));
    assert_false(gunzip_needed(SPAN_LIT("id,relid\n")));
    assert_true(gunzip_needed(SPAN_LIT("\x1f\x8b")));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_unpack),
    cmocka_unit_test(test_large),
    cmocka_unit_test(test_refuse),
    cmocka_unit_test(test_needed),
};

RUN_TESTS(tests)
