#include "codec/charset.h"

#include "base/test.h"
#include "codec/utf8.h"

static void test_decode(void **state)
{
    (void)state;
    static const struct {
        const char *name, *charset, *bytes, *want; /* NULL: is none */
    } cases[] = {
        {"ASCII is itself", "windows-1256", "FLASH 14:20\n", "FLASH 14:20\n"},
        {"nothing", "windows-1256", "", ""},
        {"Arabic of Windows", "Windows-1256", "\xc8\xdb\xcf\xc7\xcf", "بغداد"},
        {"Urdu's letters", "windows-1256", "\x81\x8d\x90\x9f\xc0\xff", "پچگںہے"},
        {"more of Urdu's, and Persian's", "cp1256", "\x8a\x8f\x98\x9a\x8e", "ٹڈکڑژ"},
        {"a joiner that is not seen", "windows-1256", "\x9d", "\xe2\x80\x8c"},
        {"Arabic of ISO", "iso-8859-6", "\xe5\xe2\xc7\xe4\xac", "مقال،"},
        {"Turkish", "ISO-8859-9", "Diyarbak\xfdr \xde\xf0", "Diyarbakır Şğ"},
        {"Turkish of Windows", "windows-1254", "\xdd\x80\x93", "İ€“"},
        {"Western", "iso-8859-1", "caf\xe9", "café"},
        {"the same under its other name", "Latin1", "\xdf", "ß"},
        {"Western of Windows", "windows-1252", "\x92\xe9\x80", "’é€"},
        {"a control character of ISO", "iso-8859-1", "\x92", NULL},
        {"a byte that Windows leaves out", "windows-1252", "a\x81", NULL},
        {"one that ISO has no letter for", "iso-8859-6", "\xff", NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct charset *charset = charset_find(span_of(cases[i].charset));
        struct span got = SPAN_LIT("untouched");
        struct arena arena = {0};

        CHECK_CASE(cases[i].name, charset != NULL);
        bool ok = charset_decode(&got, charset, span_of(cases[i].bytes), &arena);
        CHECK_CASE(cases[i].name, ok == (cases[i].want != NULL));
        CHECK_CASE(cases[i].name, span_is(got, ok ? cases[i].want : "untouched"));
        arena_free(&arena);
    }
}

static void test_find(void **state)
{
    (void)state;
    static const char *const none[] = {
        "",       "utf-8",    "us-ascii", "windows-125", "windows-12566",
        "utf-16", "utf-16le", "koi8-r",   "iso-8859-6-e"};

    for (size_t i = 0; i < ARRAY_LEN(none); i++)
        CHECK_CASE(none[i], charset_find(span_of(none[i])) == NULL);
}

/* Every byte of every set is one character, or none. */
static void test_every_byte(void **state)
{
    (void)state;
    static const char *const names[] = {"iso-8859-1",   "iso-8859-6",   "iso-8859-9",
                                        "windows-1252", "windows-1254", "windows-1256"};
    static const size_t characters[] = {224, 179, 224, 251, 249, 256};

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct arena arena = {0};
        size_t count = 0;

        for (unsigned byte = 0; byte < 256; byte++) {
            uint8_t one = (uint8_t)byte;
            struct span text;
            uint32_t character;

            if (!charset_decode(&text, charset_find(span_of(names[i])), span_make(&one, 1), &arena))
                continue;
            count++;
            CHECK_CASE(names[i], utf8_next(&text, &character) && text.len == 0);
            CHECK_CASE(names[i], character < 0x80 || character >= 0xa0);
        }
        CHECK_CASE(names[i], count == characters[i]);
        arena_free(&arena);
    }
}

static void test_pairs(void **state)
{
    (void)state;
    const struct {
        const char *name;
        struct span bytes;
        const char *want; /* NULL: is none */
    } cases[] = {
        {"nothing", SPAN_LIT(""), ""},
        {"letters", SPAN_LIT("\x00\x41\x06\x37\x06\x48"), "Aطو"},
        {"two units for one", SPAN_LIT("\xd8\x3d\xde\x00"), "\xf0\x9f\x98\x80"},
        {"the last there is", SPAN_LIT("\xdb\xff\xdf\xff"), "\xf4\x8f\xbf\xbf"},
        {"half a unit", SPAN_LIT("\x06\x37\x06"), NULL},
        {"one byte", SPAN_LIT("A"), NULL},
        {"the second of two alone", SPAN_LIT("\xde\x00\x00\x41"), NULL},
        {"the first of two alone", SPAN_LIT("\xd8\x3d\x00\x41"), NULL},
        {"the first at the end", SPAN_LIT("\xd8\x3d"), NULL},
        {"the first and half of the second", SPAN_LIT("\xd8\x3d\xde"), NULL},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct charset *charset = charset_find(SPAN_LIT("UTF-16BE"));
        struct span got = SPAN_LIT("untouched");
        struct arena arena = {0};

        CHECK_CASE(cases[i].name, charset != NULL);
        bool ok = charset_decode(&got, charset, cases[i].bytes, &arena);
        CHECK_CASE(cases[i].name, ok == (cases[i].want != NULL));
        CHECK_CASE(cases[i].name, span_is(got, ok ? cases[i].want : "untouched"));
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_pairs),
    cmocka_unit_test(test_decode),
    cmocka_unit_test(test_find),
    cmocka_unit_test(test_every_byte),
};

RUN_TESTS(tests)
