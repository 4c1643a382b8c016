#include "forms/collect.h"

#include "base/test.h"

static void test_settings(void **state)
{
    static const struct {
        const char *language, *has;
    } cases[] = {
        {"ps", "\"app_language\":\"ps\""},
        {"prs", "\"app_language\":\"fa\""},
        {"en", "\"server_url\":\"https://x/openrosa/key/0\""},
        {"en", "\"delete_send\":true"},
        {"en", "\"admin\":{\"change_server\":false"},
        {"ur", "\"project\":{\"name\":\"a \\\"b\\\"\",\"icon\":\"س\",\"color\":\"#00695c\"}}"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct collect_settings settings = {"https://x/openrosa/key/0", cases[i].language,
                                            "a \"b\"", "س", "#00695c"};
        struct arena arena = {0};
        const char *json = arena_text(&arena, collect_settings_json(&settings, &arena));
        struct span code = collect_settings_code(&settings, &arena);

        CHECK_CASE(cases[i].has, strstr(json, cases[i].has) != NULL);
        /* zlib at its best, in base64; tests/forms unpacks it. */
        CHECK_CASE(cases[i].has, span_starts_with(code, SPAN_LIT("eN")));
        CHECK_CASE(cases[i].has, code.len < strlen(json));
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_settings),
};
RUN_TESTS(tests)
