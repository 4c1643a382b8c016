#include "codec/place.h"

#include "base/test.h"

static void test_place_of(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t offset;
        uint64_t line, column;
    } cases[] = {
        {"", 0, 1, 1},     {"abc", 0, 1, 1},  {"abc", 2, 1, 3},     {"abc", 3, 1, 4},
        {"a\nb", 1, 1, 2}, {"a\nb", 2, 2, 1}, {"a\n\nb", 3, 3, 1},  {"a\r\nb", 3, 2, 1},
        {"صلح!", 6, 1, 4}, {"😀x", 4, 1, 2},   {"a\né\nx", 5, 3, 1}, {"\n", 1, 2, 1},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct place got = place_of(span_of(cases[i].text), cases[i].offset);

        CHECK_CASE(cases[i].text, got.line == cases[i].line);
        CHECK_CASE(cases[i].text, got.column == cases[i].column);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_place_of),
};

RUN_TESTS(tests)
