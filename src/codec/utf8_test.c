#include "codec/utf8.h"

#include "base/test.h"

static void test_valid(void **state)
{
    (void)state;
    const struct {
        const char *name;
        struct span text;
        bool valid;
    } cases[] = {
        {"nothing", SPAN_LIT(""), true},
        {"ASCII with NUL and delete", SPAN_LIT("a\0\x7f"), true},
        {"two bytes, first and last", SPAN_LIT("\xc2\x80\xdf\xbf"), true},
        {"three bytes, first and last", SPAN_LIT("\xe0\xa0\x80\xef\xbf\xbf"), true},
        {"around the surrogates", SPAN_LIT("\xed\x9f\xbf\xee\x80\x80"), true},
        {"four bytes, first and last", SPAN_LIT("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"), true},
        {"eight of ASCII and more", SPAN_LIT("aaaaaaaaaaaaaaaaصلحaaaaaaaaa"), true},
        {"a continuation alone", SPAN_LIT("\x80"), false},
        {"overlong in two", SPAN_LIT("\xc0\x80"), false},
        {"overlong slash", SPAN_LIT("\xc1\xbf"), false},
        {"overlong in three", SPAN_LIT("\xe0\x9f\xbf"), false},
        {"overlong in four", SPAN_LIT("\xf0\x8f\xbf\xbf"), false},
        {"first surrogate", SPAN_LIT("\xed\xa0\x80"), false},
        {"last surrogate", SPAN_LIT("\xed\xbf\xbf"), false},
        {"first beyond Unicode", SPAN_LIT("\xf4\x90\x80\x80"), false},
        {"f5", SPAN_LIT("\xf5\x80\x80\x80"), false},
        {"five bytes", SPAN_LIT("\xf8\x88\x80\x80\x80"), false},
        {"ff", SPAN_LIT("\xff"), false},
        {"two cut", SPAN_LIT("\xc2"), false},
        {"three cut to one", SPAN_LIT("\xe2"), false},
        {"three cut to two", SPAN_LIT("\xe2\x82"), false},
        {"four cut", SPAN_LIT("\xf0\x9f\x98"), false},
        {"broken off by ASCII",
         SPAN_LIT("\xe2\x82"
                  "a"),
         false},
        {"broken off by another", SPAN_LIT("\xe2\x82\xe2\x82\xac"), false},
        {"one continuation too many", SPAN_LIT("é\x80"), false},
        {"behind eight of ASCII", SPAN_LIT("aaaaaaaa\xff"), false},
        {"as the eighth", SPAN_LIT("aaaaaaa\xff"), false},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct span rest = cases[i].text;
        uint32_t character;

        CHECK_CASE(cases[i].name, utf8_valid(cases[i].text) == cases[i].valid);
        while (utf8_next(&rest, &character))
            ;
        CHECK_CASE(cases[i].name, (rest.len == 0) == cases[i].valid);
    }
}

static void test_next(void **state)
{
    (void)state;
    static const uint32_t want[] = {'a', 0xe9, 0x635, 0x20ac, 0x1f600, 0x10ffff};
    struct span rest = SPAN_LIT("aéص€😀\xf4\x8f\xbf\xbf\xff");
    uint32_t got = 0;

    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        assert_true(utf8_next(&rest, &got));
        assert_int_equal(got, want[i]);
    }
    assert_false(utf8_next(&rest, &got)); /* at ff, where it stays */
    assert_int_equal(rest.len, 1);
    assert_int_equal(got, 0x10ffff);
}

/* Every character there is, out and back. */
static void test_round_trip(void **state)
{
    (void)state;
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        uint8_t bytes[4];
        uint32_t back;

        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        struct span text = span_make(bytes, utf8_encode(bytes, c));
        assert_true(utf8_valid(text));
        assert_true(utf8_next(&text, &back));
        assert_int_equal(text.len, 0);
        assert_int_equal(back, c);
    }
}

/* Of all sequences of `len` bytes, how many are one character. */
static size_t count_characters(size_t len)
{
    size_t count = 0;

    for (uint32_t word = 0; word < 1u << (8 * len); word++) {
        uint8_t bytes[3];
        struct span text = span_make(bytes, len);
        uint32_t character;

        for (size_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)(word >> (8 * i));
        count += utf8_next(&text, &character) && text.len == 0;
    }
    return count;
}

/* As many as there are characters of that length; so by the round trip above, no
 * character has a second spelling. */
static void test_no_other_spelling(void **state)
{
    (void)state;
    assert_int_equal(count_characters(1), 0x80);
    assert_int_equal(count_characters(2), 0x800 - 0x80);
    assert_int_equal(count_characters(3), 0x10000 - 0x800 - 0x800);
}

static void test_prefix(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t limit;
        const char *prefix;
    } cases[] = {
        {"", 0, ""},    {"abc", 3, "abc"}, {"abc", 9, "abc"}, {"abc", 2, "ab"}, {"abc", 0, ""},
        {"é", 2, "é"},  {"é", 1, ""},      {"aé", 2, "a"},    {"a€b", 3, "a"},  {"a€b", 4, "a€"},
        {"😀😀", 7, "😀"}, {"😀😀", 4, "😀"},    {"😀😀", 3, ""},     {"صلح", 5, "صل"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].text,
                   span_is(utf8_prefix(span_of(cases[i].text), cases[i].limit), cases[i].prefix));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_valid),      cmocka_unit_test(test_next),
    cmocka_unit_test(test_round_trip), cmocka_unit_test(test_no_other_spelling),
    cmocka_unit_test(test_prefix),
};

RUN_TESTS(tests)
