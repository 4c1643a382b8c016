#include "base/buf.h"
#include "base/test.h"
#include "cli/hotline_slip.h"

#define ONE "sulh-slip 1/1 2cf24dba aGVsbG8=\n" /* "hello" */

static void test_parse(void **state)
{
    static const struct {
        const char *name, *text, *bytes, *fault; /* "": is accepted */
    } cases[] = {
        {"one line", ONE, "hello", ""},
        {"no newline", "sulh-slip 1/1 2cf24dba aGVsbG8=", "hello", ""},
        {"lines of another system", "\r\nsulh-slip 1/1 2cf24dba aGVsbG8= \r\n\r\n", "hello", ""},
        {"read twice", ONE ONE, "hello", ""},
        {"out of order", "sulh-slip 2/2 2cf24dba bG8=\nsulh-slip 1/2 2cf24dba aGVs\n", "hello", ""},

        {"nothing", "", NULL, "no line of a slip"},
        {"only empty lines", "\n\r\n \n", NULL, "no line of a slip"},
        {"another code", "sulh-form flash 1 1\n", NULL, "a line of a slip is"},
        {"something else beside it", ONE "hello\n", NULL, "a line of a slip is"},
        {"no number", "sulh-slip 1 2cf24dba aGVsbG8=\n", NULL, "a line of a slip is"},
        {"line 0", "sulh-slip 0/1 2cf24dba aGVsbG8=\n", NULL, "a line of a slip is"},
        {"a leading zero", "sulh-slip 01/1 2cf24dba aGVsbG8=\n", NULL, "a line of a slip is"},
        {"beyond the last", "sulh-slip 2/1 2cf24dba aGVsbG8=\n", NULL, "a line of a slip is"},
        {"a hundred", "sulh-slip 1/100 2cf24dba aGVsbG8=\n", NULL, "a line of a slip is"},
        {"a tag too short", "sulh-slip 1/1 2cf24db aGVsbG8=\n", NULL, "a line of a slip is"},
        {"a tag in capitals", "sulh-slip 1/1 2CF24DBA aGVsbG8=\n", NULL, "a line of a slip is"},
        {"no base64", "sulh-slip 1/1 2cf24dba aGVsbG8\n", NULL, "a line of a slip is"},
        {"no bytes", "sulh-slip 1/1 2cf24dba \n", NULL, "a line of a slip is"},
        {"the first is missing", "sulh-slip 2/2 2cf24dba bG8=\n", NULL, "line 1 of 2 is missing"},
        {"the last is missing", "sulh-slip 1/2 2cf24dba aGVs\n", NULL, "line 2 of 2 is missing"},
        {"lines of two", ONE "sulh-slip 1/2 2cf24dba aGVs\n", NULL, "lines of two slips"},
        {"of two alike", ONE "sulh-slip 1/1 2cf24dbb aGVsbG8=\n", NULL, "lines of two slips"},
        {"a line that changed", ONE "sulh-slip 1/1 2cf24dba aGVsbG9=\n", NULL,
         "a line of a slip is"},
        {"twice, another", ONE "sulh-slip 1/1 2cf24dba aGVsbHA=\n", NULL, "not the same"},
        {"other bytes", "sulh-slip 1/1 2cf24dba aGVsbHA=\n", NULL, "do not fit together"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct span got = SPAN_LIT("as it was");
        struct err err = {0};
        bool ok = hotline_slip_parse(&got, span_of(cases[i].text), &arena, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, span_is(got, ok ? cases[i].bytes : "as it was"));
        arena_free(&arena);
    }
}

static void test_lines(void **state)
{
    static uint8_t bytes[HOTLINE_SLIP_LINES * HOTLINE_SLIP_BYTES + 1];
    static const struct {
        size_t bytes, lines; /* 0: refused */
    } cases[] = {{1, 1},
                 {HOTLINE_SLIP_BYTES, 1},
                 {HOTLINE_SLIP_BYTES + 1, 2},
                 {sizeof bytes - 1, HOTLINE_SLIP_LINES},
                 {0, 0},
                 {sizeof bytes, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 251);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct buf text = buf_in(&arena, SIZE_MAX);
        struct span whole = span_make(bytes, cases[i].bytes), got, *line;
        struct err err = {0};
        size_t count = 0;
        bool ok = hotline_slip_lines(&line, &count, whole, &arena, &err);

        assert_int_equal(ok, cases[i].lines > 0);
        assert_int_equal(count, cases[i].lines);
        assert_true(ok || err.kind == ERR_LIMIT);
        for (size_t n = count; n > 0; n--) {
            assert_true(line[n - 1].len < 950);
            buf_put(&text, line[n - 1]);
            buf_byte(&text, '\n');
        }
        assert_true(!ok || hotline_slip_parse(&got, buf_span(&text), &arena, &err));
        assert_true(!ok || span_equal(got, whole));
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_parse),
    cmocka_unit_test(test_lines),
};

RUN_TESTS(tests)
