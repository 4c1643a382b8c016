#include "base/test.h"
#include "store/siphash.h"

/* The reference implementation's vectors_sip64: key 00..0f, input 00, 00 01, and so on. */
static const struct {
    const char *name;
    size_t len;
    uint64_t hash;
} cases[] = {
    {"0 bytes", 0, UINT64_C(0x726fdb47dd0e0e31)},   {"1 byte", 1, UINT64_C(0x74f839c593dc67fd)},
    {"7 bytes", 7, UINT64_C(0xab0200f58b01d137)},   {"8 bytes", 8, UINT64_C(0x93f5f5799a932462)},
    {"9 bytes", 9, UINT64_C(0x9e0082df0ba9e4b0)},   {"15 bytes", 15, UINT64_C(0xa129ca6149be45e5)},
    {"63 bytes", 63, UINT64_C(0x958a324ceb064572)},
};

static void test_vectors(void **state)
{
    const struct siphash_key key = {{UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)}};
    uint8_t in[64];

    (void)state;
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (uint8_t)i;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name, siphash(&key, span_make(in, cases[i].len)) == cases[i].hash);
}

static void test_key_matters(void **state)
{
    const struct siphash_key a = {{1, 2}}, b = {{1, 3}}, c = {{2, 2}};

    (void)state;
    assert_true(siphash(&a, SPAN_LIT("x")) != siphash(&b, SPAN_LIT("x")));
    assert_true(siphash(&a, SPAN_LIT("x")) != siphash(&c, SPAN_LIT("x")));
    assert_true(siphash(&a, (struct span){0}) == siphash(&a, SPAN_LIT("")));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_vectors),
    cmocka_unit_test(test_key_matters),
};
RUN_TESTS(tests)
