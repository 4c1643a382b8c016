#include "base/err.h"

#include "base/test.h"

#include <errno.h>
#include <stdio.h>

#define TEXT_BYTES sizeof((struct err *)NULL)->text

static void test_set(void **state)
{
    (void)state;
    struct err err = {0};

    assert_false(err_set(&err, ERR_LIMIT, "more than %d of %s", 7, "those"));
    assert_int_equal(err.kind, ERR_LIMIT);
    assert_string_equal(err.text, "more than 7 of those");
    assert_false(err_set(&err, ERR_IO, "another"));
    assert_int_equal(err.kind, ERR_IO);
    assert_string_equal(err.text, "another");
}

static void test_wrap(void **state)
{
    (void)state;
    struct err err = {0};

    err_set(&err, ERR_MISSING, "no such entry");
    assert_false(err_wrap(&err, "read entry %d", 7));
    assert_false(err_wrap(&err, "audit"));
    assert_int_equal(err.kind, ERR_MISSING);
    assert_string_equal(err.text, "audit: read entry 7: no such entry");
}

static void test_errno(void **state)
{
    (void)state;
    struct err err = {0};

    errno = ENOENT;
    assert_false(err_errno(&err, "open %s", "log/checkpoint"));
    assert_int_equal(err.kind, ERR_IO);
    assert_string_equal(err.text, "open log/checkpoint: No such file or directory");
}

/* Well-formed UTF-8 of our own letters: lead bytes followed by what they announce. */
static bool whole_characters(const char *text)
{
    size_t owed = 0;

    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        bool continuation = (*at & 0xc0) == 0x80;
        if (continuation != (owed > 0))
            return false;
        owed = continuation ? owed - 1 : *at >= 0xf0 ? 3 : *at >= 0xe0 ? 2 : *at >= 0xc0 ? 1 : 0;
    }
    return owed == 0;
}

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), end_len = strlen(end);

    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* `len` bytes: `shift` letters of one byte, then as many of `letter` as fit, then dots. */
static void fill(char *out, size_t len, size_t shift, const char *letter)
{
    size_t at = 0, width = strlen(letter);

    memset(out, '.', len);
    while (at < shift && at < len)
        out[at++] = 'a';
    for (; at + width <= len; at += width)
        memcpy(out + at, letter, width);
    out[len] = '\0';
}

/* `text` was given to be shown: a message that fits is whole, one that does not says so,
 * between two characters and no earlier than it must. */
static void check_cut(const char *name, const char *shown, const char *text)
{
    if (strlen(text) < TEXT_BYTES) {
        CHECK_CASE(name, strcmp(shown, text) == 0);
        return;
    }
    CHECK_CASE(name, ends_with(shown, "…"));
    CHECK_CASE(name, whole_characters(shown));
    CHECK_CASE(name, strncmp(shown, text, strlen(shown) - strlen("…")) == 0);
    CHECK_CASE(name, strlen(shown) + 4 >= TEXT_BYTES); /* a letter of four did not fit */
}

/* Letters of every width, at every offset, around the end of what there is room for. */
static void test_cut(void **state)
{
    (void)state;
    static const char *const letters[] = {"x", "é", "€", "😀"};
    static const char doing[] = "doing: ";
    char text[TEXT_BYTES + 20] = "doing: ";
    char *what = text + strlen(doing);

    for (size_t l = 0; l < ARRAY_LEN(letters); l++) {
        for (size_t shift = 0; shift < 4; shift++) {
            for (size_t len = TEXT_BYTES - 10; len < TEXT_BYTES + 10; len++) {
                struct err err = {0};

                fill(what, len - strlen(doing), shift, letters[l]);
                err_set(&err, ERR_IO, "%s", text);
                check_cut(letters[l], err.text, text);

                err_set(&err, ERR_IO, "%s", what);
                err_wrap(&err, "doing");
                check_cut(letters[l], err.text, text);
            }
        }
    }
}

/* What is being done may itself be too long; it is then cut, and what went wrong is lost,
 * but nothing is written beyond the text. */
static void test_wrap_with_a_long_text(void **state)
{
    (void)state;
    char text[2 * TEXT_BYTES];
    struct err err = {0};

    fill(text, sizeof text - 1, 1, "€");
    err_set(&err, ERR_CONFLICT, "why");
    assert_false(err_wrap(&err, "%s", text));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_true(ends_with(err.text, "…"));
    assert_true(whole_characters(err.text));
    for (int i = 0; i < 1000; i++)
        err_wrap(&err, "again");
    assert_true(whole_characters(err.text));
    assert_true(ends_with(err.text, "…"));

    errno = EIO;
    assert_false(err_errno(&err, "%s", text));
    assert_true(whole_characters(err.text));
    assert_true(ends_with(err.text, "…"));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_set),
    cmocka_unit_test(test_wrap),
    cmocka_unit_test(test_errno),
    cmocka_unit_test(test_cut),
    cmocka_unit_test(test_wrap_with_a_long_text),
};

RUN_TESTS(tests)
