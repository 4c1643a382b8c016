#include "api/credential.h"

#include "base/test.h"

static void test_bearer(void **state)
{
    static const struct {
        const char *header, *token;
    } cases[] = {
        {"Bearer abc", "abc"}, {"bearer abc", "abc"}, {"BEARER  abc ", "abc"},
        {"Bearer", ""},        {"Bearer ", ""},       {"", ""},
        {"Bearerabc", ""},     {"Basic abc", ""},     {" Bearer abc", ""},
        {"abc", ""},           {"Bearer a b", "a b"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].header,
                   span_is(credential_bearer(span_of(cases[i].header)), cases[i].token));
}

static void test_cookie(void **state)
{
    static const struct {
        const char *header, *value;
    } cases[] = {
        {"sulh=abc", "abc"},
        {"sulh=abc; other=1", "abc"},
        {"other=1; sulh=abc", "abc"},
        {"other=1;sulh=abc;", "abc"},
        {"sulh=abc; sulh=def", "abc"},
        {"sulh=", ""},
        {"sulh", ""},
        {"", ""},
        {"xsulh=abc", ""},
        {"sulh =abc", ""},
        {"SULH=abc", ""},
        {"other=sulh=abc", ""},
        {"sulh=a=b", "a=b"},
        {"sulh= abc ;", "abc"},
        {";;; sulh=abc", "abc"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].header,
                   span_is(credential_cookie(span_of(cases[i].header), "sulh"), cases[i].value));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_bearer),
    cmocka_unit_test(test_cookie),
};
RUN_TESTS(tests)
