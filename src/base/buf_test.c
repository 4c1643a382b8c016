#include "base/buf.h"

#include "base/test.h"

static void put_bytes(struct buf *buf)
{
    buf_put(buf, SPAN_LIT("ab\0c"));
}

static void put_nothing(struct buf *buf)
{
    buf_put(buf, (struct span){0});
}

static void put_text(struct buf *buf)
{
    buf_text(buf, "صلح");
}

static void put_byte(struct buf *buf)
{
    buf_byte(buf, 0xff);
}

static void put_u16(struct buf *buf)
{
    buf_u16be(buf, 0x0102);
}

static void put_u32(struct buf *buf)
{
    buf_u32be(buf, 0x01020304);
}

static void put_u64(struct buf *buf)
{
    buf_u64be(buf, UINT64_C(0xfffefdfcfbfaf9f8));
}

static void put_formatted(struct buf *buf)
{
    buf_printf(buf, "%d-%s", 42, "x");
}

static void put_long_formatted(struct buf *buf) /* longer than what it tries first */
{
    buf_printf(buf, "%0300d", 1);
}

#define ZEROS_50 "00000000000000000000000000000000000000000000000000"

/* Each writer once with just enough room, and once with one byte less. */
static void test_writers(void **state)
{
    (void)state;
    const struct {
        const char *name;
        void (*put)(struct buf *buf);
        struct span bytes;
    } cases[] = {
        {"bytes", put_bytes, SPAN_LIT("ab\0c")},
        {"nothing", put_nothing, SPAN_LIT("")},
        {"text", put_text, SPAN_LIT("صلح")},
        {"byte", put_byte, SPAN_LIT("\xff")},
        {"u16", put_u16, SPAN_LIT("\x01\x02")},
        {"u32", put_u32, SPAN_LIT("\x01\x02\x03\x04")},
        {"u64", put_u64, SPAN_LIT("\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8")},
        {"formatted", put_formatted, SPAN_LIT("42-x")},
        {"long formatted", put_long_formatted,
         SPAN_LIT(ZEROS_50 ZEROS_50 ZEROS_50 ZEROS_50 ZEROS_50
                  "0000000000000000000000000000000000000000000000000"
                  "1")},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct buf exact = buf_in(&arena, cases[i].bytes.len);

        cases[i].put(&exact);
        CHECK_CASE(cases[i].name, !exact.full);
        CHECK_CASE(cases[i].name, span_equal(buf_span(&exact), cases[i].bytes));
        if (cases[i].bytes.len > 0) {
            struct buf small = buf_in(&arena, cases[i].bytes.len - 1);
            cases[i].put(&small);
            CHECK_CASE(cases[i].name, small.full && small.len == 0);
        }
        arena_free(&arena);
    }
}

/* After the first piece that does not fit nothing is added, however small it is: what
 * is held is a prefix of what was meant. */
static void test_full_stays_full(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct buf buf = buf_in(&arena, 4);

    buf_text(&buf, "abc");
    assert_false(buf.full);
    buf_text(&buf, "de");
    assert_true(buf.full);
    buf_byte(&buf, 'f');
    assert_true(buf.full);
    assert_true(span_is(buf_span(&buf), "abc"));
    arena_free(&arena);
}

static void test_growth(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct buf buf = buf_in(&arena, SIZE_MAX);

    for (unsigned i = 0; i < 100000; i++)
        buf_byte(&buf, (uint8_t)(i * 7));
    assert_int_equal(buf.len, 100000);
    for (unsigned i = 0; i < 100000; i++)
        assert_int_equal(buf.at[i], (uint8_t)(i * 7));
    assert_true(arena.used < 400000); /* doubling: less than four times what is held */
    arena_free(&arena);
}

static void test_reserve(void **state)
{
    struct arena arena = {0};
    struct buf buf = buf_in(&arena, 1000);

    (void)state;
    buf_text(&buf, "kept");
    buf_reserve(&buf, 996);
    const uint8_t *at = buf.at;
    for (size_t i = 0; i < 996; i++)
        buf_byte(&buf, 'x');
    assert_true(buf.at == at && !buf.full && buf.len == 1000);
    assert_memory_equal(buf.at, "kept", 4);
    buf_reserve(&buf, 0);
    assert_false(buf.full);
    buf_reserve(&buf, 1);
    assert_true(buf.full && buf.len == 1000);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_writers),
    cmocka_unit_test(test_full_stays_full),
    cmocka_unit_test(test_growth),
    cmocka_unit_test(test_reserve),
};

RUN_TESTS(tests)
