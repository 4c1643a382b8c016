#include "api/blur_text.h"

#include "base/test.h"

static void test_tells(void **state)
{
    static const struct {
        const char *name, *text;
        bool tells;
    } cases[] = {
        {"degrees with decimals", "at 34.52612, 69.17", true},
        {"with three", "34.526 N", true},
        {"behind a minus sign", "(-34.526)", true},
        {"with a comma", "34,5261 / 69,1712", true},
        {"in Persian digits", "۳۴٫۵۲۶ شمال", true},
        {"in Arabic digits, with a stop", "٣٤.٥٢٦", true},
        {"of full width", "３４．５２６", true},
        {"with marks of direction between",
         "34.\xe2\x80\x8e"
         "526",
         true},
        {"degrees and minutes", "34° 31' N", true},
        {"with the mark of an ordinal", "34º31", true},
        {"in letters", "34 deg 31 min", true},
        {"with a letter between", "34N31'", true},
        {"the military grid", "42S WD 12345 67890", true},
        {"in one word", "42SWD1234567890", true},
        {"to a kilometre", "42S WD 12 67", true},
        {"metres of a projection", "512345 E, 3765432 N", true},
        {"side by side", "512345, 3765432", true},
        {"a plus code", "8J2XQ7+5C", true},
        {"in small letters", "near 8j2xq7+5c", true},
        {"three words", "///mill.river.stone", true},
        {"an address of a map", "https://maps.example/?q=34,69", true},
        {"an address of the kind geo", "geo:34,69", true},

        {"nothing", "", false},
        {"words", "Shells fell behind the mill", false},
        {"a count", "Between 12 and 99 impacts", false},
        {"thousands", "1,000 people, 20,000 more", false},
        {"a time", "at 14:30, until 15.45", false},
        {"a date", "2025-10-19", false},
        {"a telephone number", "+93 700 123 456", false},
        {"a calibre", "82 mm and 7.62 mm", false},
        {"a distance", "3.5 km north", false},
        {"a count of men at an hour", "killed 2 men 1200 hours", false},
        {"in Persian digits", "۱۲ تن کشته", false},
        {"of a name with a plus", "A+B", false},
        {"no UTF-8 behind it", "34\377.526", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};

        CHECK_CASE(cases[i].name,
                   blur_text_tells(span_of(cases[i].text), &arena) == cases[i].tells);
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_tells),
};
RUN_TESTS(tests)
