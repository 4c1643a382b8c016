#include "base/span.h"

#include "base/test.h"

static void test_of(void **state)
{
    (void)state;
    assert_int_equal(span_of("صلح").len, 6);
    assert_int_equal(span_of("").len, 0);
    assert_int_equal(span_of(NULL).len, 0);
    assert_int_equal(SPAN_LIT("a\0b").len, 3);
}

static void test_compare(void **state)
{
    (void)state;
    const struct {
        const char *name;
        struct span a, b;
        int order;
    } cases[] = {
        {"equal", SPAN_LIT("abc"), SPAN_LIT("abc"), 0},
        {"both empty", SPAN_LIT(""), {0}, 0},
        {"empty first", {0}, SPAN_LIT("\0"), -1},
        {"shorter first", SPAN_LIT("ab"), SPAN_LIT("abc"), -1},
        {"first byte decides", SPAN_LIT("abc"), SPAN_LIT("b"), -1},
        {"last byte decides", SPAN_LIT("abc"), SPAN_LIT("abd"), -1},
        {"bytes have no sign", SPAN_LIT("a"), SPAN_LIT("\xc3"), -1},
        {"behind a NUL", SPAN_LIT("a\0a"), SPAN_LIT("a\0b"), -1},
        {"capitals first", SPAN_LIT("B"), SPAN_LIT("a"), -1},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CHECK_CASE(cases[i].name, span_compare(cases[i].a, cases[i].b) == cases[i].order);
        CHECK_CASE(cases[i].name, span_compare(cases[i].b, cases[i].a) == -cases[i].order);
        CHECK_CASE(cases[i].name, span_equal(cases[i].a, cases[i].b) == (cases[i].order == 0));
    }
}

static void test_caseless(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } cases[] = {
        {"", "", true},
        {"GMT", "gmt", true},
        {"gmt", "GMT", true},
        {"q-1", "Q-1", true},
        {"gmt", "gm", false},
        {"gm", "gmt", false},
        {"", "a", false},
        {"[", "{", false},
        {"@", "`", false},
        {"-", "\r", false},
        {"\xc3\x84", "\xc3\xa4", false}, /* Ä, ä */
        {"İ", "i", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].a, span_is_caseless(span_of(cases[i].a), cases[i].b) == cases[i].same);
}

static void test_starts_and_ends(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *part;
        bool starts, ends;
    } cases[] = {
        {"", "", true, true},       {"abc", "", true, true},    {"abc", "abc", true, true},
        {"abc", "ab", true, false}, {"abc", "bc", false, true}, {"abc", "b", false, false},
        {"a", "ab", false, false},  {"", "a", false, false},    {"aba", "a", true, true},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span text = span_of(cases[i].text);
        struct span part = span_of(cases[i].part);

        CHECK_CASE(cases[i].text, span_starts_with(text, part) == cases[i].starts);
        CHECK_CASE(cases[i].text, span_ends_with(text, part) == cases[i].ends);
    }
}

static void test_slice(void **state)
{
    (void)state;
    struct span text = SPAN_LIT("abcdef");
    struct span nothing = {0};

    assert_true(span_is(span_slice(text, 0, 6), "abcdef"));
    assert_true(span_is(span_slice(text, 2, 3), "cde"));
    assert_true(span_is(span_slice(text, 6, 0), ""));
    assert_true(span_is(span_from(text, 4), "ef"));
    assert_true(span_is(span_from(text, 6), ""));
    assert_true(span_is(span_from(nothing, 0), ""));
    assert_false(span_is(text, "abcde"));
}

static void test_cut(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool found;
        const char *out;
        const char *rest;
    } cases[] = {
        {"a,b,c", true, "a", "b,c"}, {",", true, "", ""},        {",a", true, "", "a"},
        {"a,", true, "a", ""},       {"abc", false, "-", "abc"}, {"", false, "-", ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span rest = span_of(cases[i].text);
        struct span out = SPAN_LIT("-");

        CHECK_CASE(cases[i].text, span_cut(&rest, ',', &out) == cases[i].found);
        CHECK_CASE(cases[i].text, span_is(out, cases[i].out));
        CHECK_CASE(cases[i].text, span_is(rest, cases[i].rest));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_of),       cmocka_unit_test(test_compare),
    cmocka_unit_test(test_caseless), cmocka_unit_test(test_starts_and_ends),
    cmocka_unit_test(test_slice),    cmocka_unit_test(test_cut),
};

RUN_TESTS(tests)
