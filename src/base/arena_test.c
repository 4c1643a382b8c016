#include "base/arena.h"

#include "base/test.h"

static const size_t sizes[] = {0, 1, 15, 16, 17, 100, 4096, 16383, 16384, 16385, 1000000, 3};

static bool all_are(const uint8_t *at, size_t size, uint8_t byte)
{
    for (size_t i = 0; i < size; i++)
        if (at[i] != byte)
            return false;
    return true;
}

/* Each piece is zeroed and aligned, and stays as it was written while others come. */
static void check_pieces(struct arena *arena)
{
    uint8_t *piece[ARRAY_LEN(sizes)];

    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        piece[i] = arena_alloc(arena, sizes[i]);
        assert_int_equal((uintptr_t)piece[i] % _Alignof(max_align_t), 0);
        assert_true(all_are(piece[i], sizes[i], 0));
        if (sizes[i])
            memset(piece[i], (int)i + 1, sizes[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
        assert_true(all_are(piece[i], sizes[i], (uint8_t)(i + 1)));
}

static void test_alloc(void **state)
{
    (void)state;
    struct arena arena = {0};

    for (int i = 0; i < 3; i++) {
        check_pieces(&arena);
        arena_reset(&arena); /* what comes next is zeroed again */
    }
    arena_free(&arena);
    check_pieces(&arena); /* freed is as good as new */
    arena_free(&arena);
    arena_free(&arena);
}

static void test_used(void **state)
{
    (void)state;
    struct arena arena = {0};

    assert_int_equal(arena.used, 0);
    arena_alloc(&arena, 1);
    arena_alloc(&arena, 100000);
    assert_true(arena.used >= 100001 && arena.used < 100100);
    arena_reset(&arena);
    assert_int_equal(arena.used, 0);
    arena_alloc(&arena, 16);
    assert_int_equal(arena.used, 16);
    arena_free(&arena);
}

/* A loop that resets asks malloc once: the same memory comes again. */
static void test_reset_keeps_a_block(void **state)
{
    (void)state;
    struct arena arena = {0};
    const void *first = arena_alloc(&arena, 64);

    for (int i = 0; i < 100; i++) {
        arena_alloc(&arena, 100000);
        arena_reset(&arena);
        assert_ptr_equal(arena_alloc(&arena, 64), first);
    }
    arena_free(&arena);
}

static void test_array(void **state)
{
    (void)state;
    struct arena arena = {0};
    uint64_t *numbers = ARENA_ARRAY(&arena, uint64_t, 1000);

    assert_true(all_are((const uint8_t *)numbers, 8000, 0));
    assert_non_null(ARENA_ARRAY(&arena, uint64_t, 0));
    arena_free(&arena);
}

static void test_copy_and_text(void **state)
{
    (void)state;
    struct arena arena = {0};
    char bytes[] = "a\0b";
    struct span in = span_make(bytes, 3);
    struct span copy = arena_copy(&arena, in);
    const char *text = arena_text(&arena, in);

    bytes[0] = 'x';
    assert_true(span_equal(copy, SPAN_LIT("a\0b")));
    assert_memory_equal(text, "a\0b", 4);
    assert_string_equal(arena_text(&arena, (struct span){0}), "");
    assert_int_equal(arena_copy(&arena, (struct span){0}).len, 0);
    arena_free(&arena);
}

static void test_printf(void **state)
{
    (void)state;
    struct arena arena = {0};

    assert_string_equal(arena_printf(&arena, "%s-%d", "a", 7), "a-7");
    assert_string_equal(arena_printf(&arena, "%s", ""), "");
    assert_int_equal(strlen(arena_printf(&arena, "%100000d", 1)), 100000);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_alloc),
    cmocka_unit_test(test_used),
    cmocka_unit_test(test_reset_keeps_a_block),
    cmocka_unit_test(test_array),
    cmocka_unit_test(test_copy_and_text),
    cmocka_unit_test(test_printf),
};

RUN_TESTS(tests)
