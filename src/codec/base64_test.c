#include "codec/base64.h"

#include "base/test.h"

#include <stdlib.h>

/* RFC 4648 §10. */
static const struct {
    const char *bytes;
    const char *text;
} vectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\xfb\xff\xfe", "+//+"},
};

static void test_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
        struct arena arena = {0};
        struct buf buf = buf_in(&arena, 8);
        struct span got;

        base64_put(&buf, span_of(vectors[i].bytes));
        CHECK_CASE(vectors[i].text, span_is(buf_span(&buf), vectors[i].text));
        CHECK_CASE(vectors[i].text,
                   base64_parse(&got, span_of(vectors[i].text), strlen(vectors[i].bytes), &arena));
        CHECK_CASE(vectors[i].text, span_is(got, vectors[i].bytes));
        arena_free(&arena);
    }
}

static void test_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        size_t limit;
    } cases[] = {
        {"one character", "Z", 9},
        {"no padding", "Zg", 9},
        {"half the padding", "Zg=", 9},
        {"three characters", "Zm8", 9},
        {"only padding", "====", 9},
        {"three of padding", "Z===", 9},
        {"padding in front", "=Zm9", 9},
        {"padding inside", "Zg==Zg==", 9},
        {"padding before the last", "Zm=v", 9},
        {"four spare bits", "Zh==", 9},
        {"the lowest spare bit", "Zm9=", 9},
        {"the highest spare bit", "Zo==", 9},
        {"more than the limit", "Zm9v", 2},
        {"more than nothing", "Zg==", 0},
        {"line break", "Zm9v\nYmFy", 9},
        {"line feed behind", "Zm9v\n", 9},
        {"four with a line feed", "Zm9\n", 9},
        {"space", "Zm 9", 9},
        {"URL alphabet, minus", "-__-", 9},
        {"URL alphabet, underscore", "Zm9_", 9},
        {"full stop", "Zm9.", 9},
        {"beyond ASCII", "Zmé=", 9},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct span got = SPAN_LIT("left alone");

        CHECK_CASE(cases[i].name,
                   !base64_parse(&got, span_of(cases[i].text), cases[i].limit, &arena));
        CHECK_CASE(cases[i].name, span_is(got, "left alone"));
        arena_free(&arena);
    }
}

static void test_round_trip(void **state)
{
    (void)state;
    uint8_t bytes[600];

    srand(1);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)rand();
    for (size_t len = 0; len <= sizeof bytes; len++) {
        struct arena arena = {0};
        struct buf buf = buf_in(&arena, (len + 2) / 3 * 4);
        struct span got;

        base64_put(&buf, span_make(bytes, len));
        assert_false(buf.full);
        assert_true(base64_parse(&got, buf_span(&buf), len, &arena));
        assert_true(span_equal(got, span_make(bytes, len)));
        arena_free(&arena);
    }
}

/* One byte has 65,536 conceivable spellings with two of padding; as many hold as there
 * are bytes, and by the round trip each byte has one. */
static void test_one_spelling_each(void **state)
{
    (void)state;
    size_t accepted = 0;

    for (uint32_t word = 0; word < 0x10000; word++) {
        struct arena arena = {0};
        const uint8_t text[] = {(uint8_t)(word >> 8), (uint8_t)word, '=', '='};
        struct span got;
        accepted += base64_parse(&got, span_make(text, sizeof text), 1, &arena);
        arena_free(&arena);
    }
    assert_int_equal(accepted, 256);
}

static void test_raw(void **state)
{
    static const struct {
        const char *text;
        const char *bytes; /* NULL: refused */
    } cases[] = {
        {"", ""},
        {"Zg", "f"},
        {"Zm8", "fo"},
        {"Zm9v", "foo"},
        {"Zm9vYg", "foob"},
        {"Zm9vYmFy", "foobar"},
        {"+//+", "\xfb\xff\xfe"},
        {"Z", NULL},
        {"Zm9vY", NULL},
        {"Zg==", NULL},
        {"Zg=", NULL},
        {"Zm8=", NULL},
        {"=", NULL},
        {"Zh", NULL},
        {"Zo", NULL},
        {"Zm9", NULL},
        {"Zm9v\n", NULL},
        {"Zg\n", NULL},
        {" Zg", NULL},
        {"Z-", NULL},
        {"Zm9vYmFyZ", NULL},
        {"Zm9vYmFyZg", NULL} /* seven bytes */,
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct buf buf = buf_in(&arena, 8);
        uint8_t got[6];
        size_t len = 99;
        bool ok = base64_raw_parse(got, sizeof got, &len, span_of(cases[i].text));

        CHECK_CASE(cases[i].text, ok == (cases[i].bytes != NULL));
        CHECK_CASE(cases[i].text, ok ? span_is(span_make(got, len), cases[i].bytes) : len == 99);
        if (ok)
            base64_raw_put(&buf, span_make(got, len));
        CHECK_CASE(cases[i].text, !ok || span_is(buf_span(&buf), cases[i].text));
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_vectors),    cmocka_unit_test(test_refuses),
    cmocka_unit_test(test_round_trip), cmocka_unit_test(test_one_spelling_each),
    cmocka_unit_test(test_raw),
};

RUN_TESTS(tests)
