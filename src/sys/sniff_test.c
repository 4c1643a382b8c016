#include "sys/sniff.h"

#include "base/test.h"

#include <pthread.h>

static void test_types(void **state)
{
    static const struct {
        const char *name, *bytes;
        size_t len;
        const char *type;
    } cases[] = {
#define BYTES(text) text, sizeof(text) - 1
        {"JPEG", BYTES("\xff\xd8\xff\xe0\0\20JFIF\0\1\1\0\0\1\0\1\0\0"), "image/jpeg"},
        {"PNG", BYTES("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\2\0\0\0"), "image/png"},
        {"WebP", BYTES("RIFF\20\0\0\0WEBPVP8 "), "image/webp"},
        {"PDF", BYTES("%PDF-1.7\n"), "application/pdf"},
        {"a program", BYTES("\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\x3e\0\1\0\0\0"),
         "application/x-executable"},
        {"a page that calls itself a picture", BYTES("<!DOCTYPE html><html><script>"), "text/html"},
        {"a script", BYTES("#!/bin/sh\nrm -rf x\n"), "text/x-shellscript"},
        {"an archive, not opened", BYTES("\x1f\x8b\10\0\0\0\0\0\0\3"), "application/gzip"},
        {"nothing known", BYTES("\1\2\3\4\5\6\7\0\xff\xfe\xfd"), "application/octet-stream"},
        {"nothing", BYTES(""), "application/x-empty"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct span type;

        CHECK_CASE(cases[i].name,
                   sniff_type(&type, span_make(cases[i].bytes, cases[i].len), &arena, &err));
        if (!span_is(type, cases[i].type))
            fail_msg("case \"%s\": %.*s", cases[i].name, SPAN_ARG(type));
        arena_free(&arena);
    }
}

static void *ask_often(void *wrong)
{
    struct arena arena = {0};
    struct err err = {0};
    struct span type;

    for (size_t i = 0; i < 100; i++)
        if (!sniff_type(&type, SPAN_LIT("%PDF-1.7\n"), &arena, &err) ||
            !span_is(type, "application/pdf"))
            *(bool *)wrong = true;
    arena_free(&arena);
    return NULL;
}

static void test_threads(void **state)
{
    bool wrong[4] = {false};
    pthread_t thread[4];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(thread); i++)
        assert_int_equal(pthread_create(&thread[i], NULL, ask_often, &wrong[i]), 0);
    for (size_t i = 0; i < ARRAY_LEN(thread); i++) {
        pthread_join(thread[i], NULL);
        assert_false(wrong[i]);
    }
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(test_types),
                                          cmocka_unit_test(test_threads)};
RUN_TESTS(tests)
