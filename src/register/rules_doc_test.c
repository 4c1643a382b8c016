#include "register/rules_doc.h"

#include "base/test.h"

#include <stdio.h>

#define PATH "doc/rules.md"
#define MOST_BYTES (1u << 20)

/* The page that is committed is the one that is printed: who adds a field, a move or a
 * reason prints it anew, with `sulh rules`. Tests run in the root of the checkout. */
static void test_page_is_as_printed(void **state)
{
    struct arena arena = {0};
    struct buf printed = buf_in(&arena, MOST_BYTES);
    uint8_t *bytes = arena_alloc(&arena, MOST_BYTES);
    FILE *file = fopen(PATH, "rb");

    (void)state;
    if (!file)
        fail_msg("%s cannot be opened; run this in the root of the checkout", PATH);
    struct span page = span_make(bytes, fread(bytes, 1, MOST_BYTES, file));
    fclose(file);
    rules_doc_put(&printed);
    assert_false(printed.full);
    struct span line, was;
    struct span now = buf_span(&printed);
    for (size_t n = 1; span_cut(&now, '\n', &line); n++)
        if (!span_cut(&page, '\n', &was) || !span_equal(line, was))
            fail_msg("%s, line %zu is not: %.*s", PATH, n, SPAN_ARG(line));
    assert_int_equal(now.len, 0);
    assert_int_equal(page.len, 0);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_page_is_as_printed),
};

RUN_TESTS(tests)
