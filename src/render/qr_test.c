#include "render/qr.h"

#include "base/test.h"

/* "1", version 1: its corners are what every reader looks for. */
static void test_shape(void **state)
{
    static const char *const corner[] = {"1111111", "1000001", "1011101", "1011101",
                                         "1011101", "1000001", "1111111"};
    struct arena arena = {0};
    struct err err = {0};
    struct qr qr;

    (void)state;
    assert_true(qr_make(&qr, SPAN_LIT("1"), QR_SCREEN, &arena, &err));
    assert_int_equal(qr.width, 21);
    for (unsigned y = 0; y < 7; y++)
        for (unsigned x = 0; x < 7; x++) {
            bool black = corner[y][x] == '1';
            assert_int_equal(qr.black[y * 21 + x], black);        /* left above */
            assert_int_equal(qr.black[y * 21 + 20 - x], black);   /* right above */
            assert_int_equal(qr.black[(20 - y) * 21 + x], black); /* left below */
        }
    arena_free(&arena);
}

static void test_sizes(void **state)
{
    static const struct {
        const char *name;
        size_t len;
        enum qr_repair repair;
        bool fits;
    } cases[] = {
        {"a byte", 1, QR_PAPER, true},
        {"the largest for a screen", 2953, QR_SCREEN, true},
        {"one more", 2954, QR_SCREEN, false},
        {"the largest for paper", 1663, QR_PAPER, true},
        {"one more for paper", 1664, QR_PAPER, false},
        {"nothing", 0, QR_SCREEN, false},
    };
    static uint8_t bytes[4096]; /* zeros, which a text would end at */

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct qr qr = {.width = 7};
        struct arena arena = {0};
        struct err err = {0};
        bool ok = qr_make(&qr, span_make(bytes, cases[i].len), cases[i].repair, &arena, &err);

        CHECK_CASE(cases[i].name, ok == cases[i].fits);
        CHECK_CASE(cases[i].name, ok || (err.kind == ERR_LIMIT && qr.width == 7));
        arena_free(&arena);
    }
}

/* Every module stands in each picture, with white around it; tests/forms reads them back. */
static void test_pictures(void **state)
{
    struct arena arena = {0};
    struct err err = {0};
    struct qr qr;

    (void)state;
    assert_true(qr_make(&qr, SPAN_LIT("sulh"), QR_PAPER, &arena, &err));
    struct span text = qr_text(&qr, &arena), svg = qr_svg(&qr, &arena);
    struct span png = qr_png(&qr, 3, &arena);

    size_t lines = 0, black = 0, drawn = 0;
    for (size_t i = 0; i < text.len; i++)
        lines += text.at[i] == '\n';
    assert_int_equal(lines, (21 + 8 + 1) / 2);
    for (size_t i = 0; i < 21 * 21; i++)
        black += qr.black[i];
    for (size_t i = 0; i < svg.len; i++)
        drawn += svg.at[i] == 'M';
    assert_int_equal(drawn, black);
    assert_true(span_starts_with(png, SPAN_LIT("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x57")));
    assert_true(span_ends_with(png, SPAN_LIT("IEND\xae\x42\x60\x82")));
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_shape),
    cmocka_unit_test(test_sizes),
    cmocka_unit_test(test_pictures),
};
RUN_TESTS(tests)
