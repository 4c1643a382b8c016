#include "forms/words.h"

#include "base/test.h"

/* The terms of a few languages, and an item of them. */
static struct json terms_of(const char *text, struct arena *arena)
{
    struct json terms;
    struct err err = {0};

    if (!json_parse(&terms, span_of(text), arena, &err))
        fail_msg("%s", err.text);
    return terms;
}

static void test_languages(void **state)
{
    static const struct {
        const char *name, *terms, *languages;
    } cases[] = {
        {"in the agreement's order", "{\"language\":[{\"id\":\"ps\"},{\"id\":\"en\"}]}", "ps en "},
        {"one that the program lacks", "{\"language\":[{\"id\":\"fr\"},{\"id\":\"ar\"}]}", "ar "},
        {"none that the program has", "{\"language\":[{\"id\":\"fr\"}]}", "en "},
        {"none at all", "{}", "en "},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct json terms = terms_of(cases[i].terms, &arena);
        struct words words = words_of_agreement(&terms, &arena);
        struct buf buf = buf_in(&arena, 100);

        for (size_t l = 0; l < words.count; l++)
            buf_printf(&buf, "%.*s ", SPAN_ARG(words.language[l].id));
        CHECK_CASE(cases[i].name, span_is(buf_span(&buf), cases[i].languages));
        arena_free(&arena);
    }
}

static void test_language(void **state)
{
    struct arena arena = {0};
    struct json terms = terms_of("{\"language\":[{\"id\":\"ur\",\"name\":\"U\",\"dir\":\"rtl\"},"
                                 "{\"id\":\"tr\",\"dir\":\"ltr\"}]}",
                                 &arena);
    struct words words = words_of_agreement(&terms, &arena);
    const struct words_language *urdu = words_language(&words, SPAN_LIT("ur"));
    const struct words_language *turkish = words_language(&words, SPAN_LIT("tr"));

    (void)state;
    assert_true(span_is(urdu->name, "U") && urdu->rtl);
    assert_true(span_is(turkish->name, "tr") && !turkish->rtl);
    assert_null(words_language(&words, SPAN_LIT("en")));
    assert_true(span_is(words_get(&words, turkish, "choice.yes"), "Evet"));
    /* One that Turkish lacks is said in English; one that nobody has is its key. */
    assert_false(words_have(turkish, "list.title"));
    assert_true(words_have(urdu, "list.title"));
    assert_true(span_is(words_get(&words, turkish, "list.title"), "Incidents"));
    assert_true(span_is(words_get(&words, turkish, "no.such"), "no.such"));
    arena_free(&arena);
}

static void test_items(void **state)
{
    static const struct {
        const char *name, *item, *in_turkish;
    } cases[] = {
        {"its label", "{\"id\":\"a\",\"label\":{\"en\":\"E\",\"tr\":\"T\"}}", "T"},
        {"its name", "{\"id\":\"a\",\"name\":{\"en\":\"E\",\"tr\":\"T\"}}", "T"},
        {"the label before the name",
         "{\"id\":\"a\",\"label\":{\"tr\":\"L\"},\"name\":{\"tr\":\"T\"}}", "L"},
        {"in English", "{\"id\":\"a\",\"label\":{\"en\":\"E\",\"ur\":\"U\"}}", "E"},
        {"its id", "{\"id\":\"a\",\"label\":{\"ur\":\"U\"}}", "a"},
        {"its id, for it has no label", "{\"id\":\"a\"}", "a"},
        {"its id, for the label is no text", "{\"id\":\"a\",\"label\":{\"tr\":1}}", "a"},
        {"its id, for the label is no table", "{\"id\":\"a\",\"label\":\"L\"}", "a"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct words words = words_all(&arena);
        struct json item = terms_of(cases[i].item, &arena);

        CHECK_CASE(cases[i].name,
                   span_is(words_of_item(&item, words_language(&words, SPAN_LIT("tr"))),
                           cases[i].in_turkish));
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_languages),
    cmocka_unit_test(test_language),
    cmocka_unit_test(test_items),
};

RUN_TESTS(tests)
