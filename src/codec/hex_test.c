#include "codec/hex.h"

#include "base/test.h"

static void test_parse(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        size_t len;
        const char *bytes; /* NULL: refused */
    } cases[] = {
        {"nothing", "", 0, ""},
        {"one byte", "0a", 1, "\x0a"},
        {"the ends of the digits", "09af90fa", 4, "\x09\xaf\x90\xfa"},
        {"too short", "0a", 2, NULL},
        {"too long", "0a0b", 1, NULL},
        {"odd", "0a0", 1, NULL},
        {"odd and too long for nothing", "0", 0, NULL},
        {"capital", "0A", 1, NULL},
        {"capital in front", "A0", 1, NULL},
        {"not hex", "0g", 1, NULL},
        {"before the digits", "/0", 1, NULL},
        {"behind the digits", "0:", 1, NULL},
        {"before the letters", "`0", 1, NULL},
        {"space", "0 ", 1, NULL},
        {"prefix", "0x", 1, NULL},
        {"line feed", "0a\n", 1, NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint8_t out[4] = {99, 99, 99, 99};
        bool ok = hex_parse(out, cases[i].len, span_of(cases[i].text));

        CHECK_CASE(cases[i].name, ok == (cases[i].bytes != NULL));
        CHECK_CASE(cases[i].name, !ok || memcmp(out, cases[i].bytes, cases[i].len) == 0);
        CHECK_CASE(cases[i].name, ok || (out[0] == 99 && out[3] == 99)); /* left alone */
    }
}

static void test_round_trip(void **state)
{
    (void)state;
    uint8_t bytes[200];
    char text[2 * sizeof bytes + 1];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 37);
    for (size_t len = 0; len <= sizeof bytes; len++) {
        struct arena arena = {0};
        struct buf buf = buf_in(&arena, 2 * len);
        uint8_t back[sizeof bytes];
        struct span in = span_make(bytes, len);

        hex_put(&buf, in);
        hex_text(text, in);
        assert_false(buf.full);
        assert_true(span_is(buf_span(&buf), text));
        assert_true(hex_parse(back, len, span_of(text)));
        assert_true(span_equal(span_make(back, len), in));
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_parse),
    cmocka_unit_test(test_round_trip),
};

RUN_TESTS(tests)
