#include "base/reader.h"

#include "base/test.h"

#include <stdio.h>

static void test_integers(void **state)
{
    (void)state;
    struct reader r = reader_over(SPAN_LIT("\x01\x02\x03\x04\x05\x06\x07\xff\xfe\xfd\xfc\xfb\xfa"
                                           "\xf9\xf8"));

    assert_int_equal(reader_u8(&r), 0x01);
    assert_int_equal(reader_u16be(&r), 0x0203);
    assert_int_equal(reader_u32be(&r), 0x040506 << 8 | 0x07);
    assert_true(reader_u64be(&r) == UINT64_C(0xfffefdfcfbfaf9f8));
    assert_int_equal(reader_left(&r), 0);
    assert_true(reader_done(&r));
}

static void test_cut_short(void **state)
{
    (void)state;
    struct reader r = reader_over(SPAN_LIT("\x01\x02\x03"));

    assert_int_equal(reader_u16be(&r), 0x0102);
    assert_int_equal(reader_u32be(&r), 0); /* one byte is left: none of it is used */
    assert_true(reader_failed(&r));
    assert_int_equal(reader_offset(&r), 2);
    assert_int_equal(reader_left(&r), 0);
    assert_int_equal(reader_u8(&r), 0); /* and nothing can be read any more */
    assert_int_equal(reader_take(&r, 1).len, 0);
    assert_int_equal(reader_take(&r, 0).len, 0);
    assert_int_equal(reader_line(&r, 9).len, 0);
    assert_false(reader_done(&r));
    assert_string_equal(r.why, "cut short");
}

static void test_take(void **state)
{
    (void)state;
    struct reader r = reader_over(SPAN_LIT("abc"));

    assert_true(span_is(reader_take(&r, 0), ""));
    assert_true(span_is(reader_take(&r, 2), "ab"));
    assert_false(reader_failed(&r));
    assert_int_equal(reader_take(&r, SIZE_MAX).len, 0);
    assert_string_equal(r.why, "cut short");
}

static void test_first_reason_stays(void **state)
{
    (void)state;
    struct reader r = reader_over(SPAN_LIT("abc"));

    reader_fail(&r, "first");
    reader_fail(&r, "second");
    reader_expect(&r, "x");
    reader_take(&r, 9);
    assert_false(reader_done(&r));
    assert_string_equal(r.why, "first");
}

static void test_left_over(void **state)
{
    (void)state;
    struct reader r = reader_over(SPAN_LIT("abc"));

    reader_take(&r, 2);
    assert_false(reader_done(&r));
    assert_string_equal(r.why, "bytes left over");
    assert_int_equal(reader_offset(&r), 2);

    struct reader empty = reader_over((struct span){0});
    assert_true(reader_done(&empty));
}

static void test_line(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        size_t limit;
        const char *line; /* NULL: refused */
        const char *fault;
    } cases[] = {
        {"a line", "abc\ndef\n", 9, "abc", NULL},
        {"the only one", "abc\n", 9, "abc", NULL},
        {"as long as may be", "abc\n", 3, "abc", NULL},
        {"with a CR", "abc\r\n", 9, "abc\r", NULL},
        {"one too long", "abcd\n", 3, NULL, "line too long"},
        {"not ended", "abc", 9, NULL, "line not ended"},
        {"nothing", "", 9, NULL, "line not ended"},
        {"empty", "\nabc\n", 9, NULL, "empty line"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct reader r = reader_over(span_of(cases[i].text));
        struct span line = reader_line(&r, cases[i].limit);

        if (cases[i].line) {
            CHECK_CASE(cases[i].name, span_is(line, cases[i].line));
            CHECK_CASE(cases[i].name, reader_offset(&r) == line.len + 1);
        } else {
            CHECK_CASE(cases[i].name, strcmp(r.why, cases[i].fault) == 0);
            CHECK_CASE(cases[i].name, line.len == 0 && reader_offset(&r) == 0);
        }
    }
}

static void test_expect(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *want;
        bool ok;
    } cases[] = {
        {"abc", "abc", true}, {"abc", "", true}, {"abc", "ab", true},   {"abc", "abd", false},
        {"ab", "abc", false}, {"", "a", false},  {"ABC", "abc", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct reader r = reader_over(span_of(cases[i].text));

        reader_expect(&r, cases[i].want);
        CHECK_CASE(cases[i].want, reader_failed(&r) != cases[i].ok);
        CHECK_CASE(cases[i].want, reader_offset(&r) == (cases[i].ok ? strlen(cases[i].want) : 0));
    }
}

static void test_decimal(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t limit;
        uint64_t value;
        const char *fault; /* NULL: is accepted */
    } cases[] = {
        {"0", 0, 0, NULL},
        {"7", 7, 7, NULL},
        {"10", 10, 10, NULL},
        {"20852163", UINT64_MAX, 20852163, NULL},
        {"18446744073709551615", UINT64_MAX, UINT64_MAX, NULL},
        {"9007199254740991", UINT64_C(9007199254740991), UINT64_C(9007199254740991), NULL},
        {"1", 0, 0, "number larger than allowed"},
        {"8", 7, 0, "number larger than allowed"},
        {"11", 10, 0, "number larger than allowed"},
        {"9007199254740992", UINT64_C(9007199254740991), 0, "number larger than allowed"},
        {"18446744073709551616", UINT64_MAX, 0, "number larger than allowed"},
        {"99999999999999999999", UINT64_MAX, 0, "number larger than allowed"},
        {"00", 9, 0, "leading zero"},
        {"07", 9, 0, "leading zero"},
        {"+7", 9, 0, "not a decimal number"},
        {"-7", 9, 0, "not a decimal number"},
        {"-0", 9, 0, "not a decimal number"},
        {" 7", 9, 0, "not a decimal number"},
        {"7 ", 9, 0, "not a decimal number"},
        {"7\r", 9, 0, "not a decimal number"},
        {"0x7", 9, 0, "leading zero"},
        {"1e1", 99, 0, "not a decimal number"},
        {"٧", 9, 0, "not a decimal number"}, /* seven, in Arabic digits */
        {"1/", 99, 0, "not a decimal number"},
        {"1:", 99, 0, "not a decimal number"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char line[40];
        uint64_t got = 99;
        bool ok = decimal_parse(&got, span_of(cases[i].text), cases[i].limit);

        CHECK_CASE(cases[i].text, ok == (cases[i].fault == NULL));
        CHECK_CASE(cases[i].text, got == (ok ? cases[i].value : 99));

        snprintf(line, sizeof line, "%s\n", cases[i].text);
        struct reader r = reader_over(span_of(line));
        CHECK_CASE(cases[i].text, reader_decimal_line(&r, cases[i].limit) == cases[i].value);
        CHECK_CASE(cases[i].text, reader_done(&r) == (cases[i].fault == NULL));
        CHECK_CASE(cases[i].text, !cases[i].fault || strcmp(r.why, cases[i].fault) == 0);
        CHECK_CASE(cases[i].text, !cases[i].fault || reader_offset(&r) == 0);
    }
    uint64_t untouched = 99;
    assert_false(decimal_parse(&untouched, (struct span){0}, 9));
    assert_int_equal(untouched, 99);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_integers),  cmocka_unit_test(test_cut_short),
    cmocka_unit_test(test_take),      cmocka_unit_test(test_first_reason_stays),
    cmocka_unit_test(test_left_over), cmocka_unit_test(test_line),
    cmocka_unit_test(test_expect),    cmocka_unit_test(test_decimal),
};

RUN_TESTS(tests)
