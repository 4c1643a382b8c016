#include "base/test.h"

#include "forms/flash_near.h"
#include "forms/test_flash.h"

static bool is_near(const struct flash_book *book, const char *typed, const char *name)
{
    const struct flash_entry **near;
    struct arena arena = {0};
    struct span key = flash_fold(span_of(name), &arena);
    bool found = false;

    size_t count = flash_near(&near, book, flash_fold(span_of(typed), &arena), &arena);
    for (size_t i = 0; i < count; i++)
        found = found || span_equal(near[i]->key, key);
    arena_free(&arena);
    return found;
}

static void test_near(void **state)
{
    static const struct {
        const char *name, *typed, *meant;
        bool near;
    } cases[] = {
        {"itself", "Torkham", "Torkham", true},
        {"another first letter", "dorkham", "Torkham", true},
        {"another second letter", "tarkham", "Torkham", true},
        {"another in the middle", "tor7ham", "Torkham", true},
        {"another last letter", "torkhan", "Torkham", true},
        {"without the first", "orkham", "Torkham", true},
        {"without the second", "trkham", "Torkham", true},
        {"without one in the middle", "tokham", "Torkham", true},
        {"without the last", "torkha", "Torkham", true},
        {"one before it", "atorkham", "Torkham", true},
        {"one behind the first", "teorkham", "Torkham", true},
        {"one in the middle", "torrkham", "Torkham", true},
        {"one behind it", "torkhama", "Torkham", true},
        {"of five, one of two bytes, the first", "خورخم", "طورخم", true},
        {"of five, the third", "طوخخم", "طورخم", true},
        {"two others", "dorkhan", "Torkham", false},
        {"two others beside one another", "tirgham", "Torkham", false},
        {"two changed places", "tokrham", "Torkham", false},
        {"two less", "torkh", "Torkham", false},
        {"one less and one more", "orkhama", "Torkham", false},
        {"two bytes of one letter are no two letters", "طورخن", "طورخم", true},
        {"begins and ends alike", "tor kh xxham", "Torkham", false},
    };

    struct flash_book book;
    struct arena kept = {0};
    struct err err = {0};

    (void)state;
    assert_true(flash_case_book(&book, &kept, &err));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name, is_near(&book, cases[i].typed, cases[i].meant) == cases[i].near);
    arena_free(&kept);
}

/* Whatever letter is left out of a word that is long enough, it is found again. */
static void test_every_word(void **state)
{
    struct flash_book book;
    struct arena kept = {0};
    struct err err = {0};
    size_t tried = 0;

    (void)state;
    assert_true(flash_case_book(&book, &kept, &err));
    for (size_t i = 0; i < book.count; i++) {
        struct span key = book.entry[i].key;

        for (size_t from = 0, to = 0; book.entry[i].letters > FLASH_NEAR_LETTERS && to < key.len;
             from = to) {
            struct arena arena = {0};

            for (to = from + 1; to < key.len && (key.at[to] & 0xc0) == 0x80;)
                to++;
            const char *name = arena_text(&arena, key);
            CHECK_CASE(name,
                       is_near(&book,
                               arena_printf(&arena, "%.*s%.*s", SPAN_ARG(span_slice(key, 0, from)),
                                            SPAN_ARG(span_from(key, to))),
                               name));
            arena_free(&arena);
            tried++;
        }
    }
    assert_true(tried > 1000);
    arena_free(&kept);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_near),
    cmocka_unit_test(test_every_word),
};

RUN_TESTS(tests)
