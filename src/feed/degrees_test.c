#include "feed/degrees.h"

#include "base/test.h"

static void test_parse(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        int64_t limit_e7, want;
    } cases[] = {
        {"whole", "34", DEGREES_LAT_E7, 340000000},
        {"as in GED", "34.821865", DEGREES_LAT_E7, 348218650},
        {"seven decimals", "71.0023801", DEGREES_LON_E7, 710023801},
        {"no binary fraction is exact here", "0.1", DEGREES_LAT_E7, 1000000},
        {"south", "-33.950961", DEGREES_LAT_E7, -339509610},
        {"a plus", "+1.5", DEGREES_LAT_E7, 15000000},
        {"zero", "0", DEGREES_LAT_E7, 0},
        {"minus zero", "-0.0", DEGREES_LAT_E7, 0},
        {"leading zeros", "007.5", DEGREES_LAT_E7, 75000000},
        {"the eighth rounds down", "1.00000004", DEGREES_LAT_E7, 10000000},
        {"the eighth rounds up", "1.00000005", DEGREES_LAT_E7, 10000001},
        {"away from zero", "-1.00000005", DEGREES_LAT_E7, -10000001},
        {"what is behind it does not count", "1.0000000499999999999999", DEGREES_LAT_E7, 10000000},
        {"it carries", "0.99999999", DEGREES_LAT_E7, 10000000},
        {"pole", "90", DEGREES_LAT_E7, 900000000},
        {"other pole", "-90.0000000", DEGREES_LAT_E7, -900000000},
        {"date line", "180.000", DEGREES_LON_E7, 1800000000},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t got = -1;

        CHECK_CASE(cases[i].name, degrees_parse(&got, span_of(cases[i].text), cases[i].limit_e7));
        CHECK_CASE(cases[i].name, got == cases[i].want);
    }
}

static void test_refuse(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
    } cases[] = {
        {"nothing", ""},
        {"a sign", "-"},
        {"two signs", "--1"},
        {"a point", "."},
        {"no digit before the point", ".5"},
        {"no digit behind it", "5."},
        {"two points", "1.2.3"},
        {"a comma", "34,5"},
        {"an exponent", "1e1"},
        {"hexadecimal", "0x10"},
        {"a space before", " 1"},
        {"a space behind", "1 "},
        {"a letter", "34N"},
        {"a degree sign", "34°"},
        {"Arabic digits", "٣٤"},
        {"not a number", "nan"},
        {"beyond the pole", "90.0000001"},
        {"beyond it by rounding", "90.00000005"},
        {"beyond the other", "-90.0000001"},
        {"far beyond", "100000000000000000000000000000"},
        {"far beyond, with decimals", "99999999999999999999.9999999999"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t got = 99;

        CHECK_CASE(cases[i].name, !degrees_parse(&got, span_of(cases[i].text), DEGREES_LAT_E7));
        CHECK_CASE(cases[i].name, got == 99);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_parse),
    cmocka_unit_test(test_refuse),
};

RUN_TESTS(tests)
