#include "codec/csv.h"

#include "base/test.h"

#define MAX_CELLS 4

/* All records, each cell in [ ], a / behind each record; up to the first fault. */
static bool read_all(struct buf *out, struct span text, struct arena *arena, struct err *err)
{
    struct csv csv = csv_over(text);
    struct csv_record record;

    while (csv_more(&csv)) {
        if (!csv_next(&csv, &record, MAX_CELLS, arena, err))
            return false;
        for (size_t i = 0; i < record.count; i++)
            buf_printf(out, "[%.*s]", SPAN_ARG(record.cell[i].text));
        buf_byte(out, '/');
    }
    return true;
}

static void test_read(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        const char *cells;
    } cases[] = {
        {"nothing", "", ""},
        {"only a byte order mark", "\xef\xbb\xbf", ""},
        {"one cell", "a", "[a]/"},
        {"one cell and its end", "a\n", "[a]/"},
        {"two records", "a,b\nc,d\n", "[a][b]/[c][d]/"},
        {"the last not ended", "a,b\nc,d", "[a][b]/[c][d]/"},
        {"CRLF", "a,b\r\nc,d\r\n", "[a][b]/[c][d]/"},
        {"both line ends", "a\r\nb\nc", "[a]/[b]/[c]/"},
        {"empty cells", ",,\n", "[][][]/"},
        {"empty cell at the end of the file", "a,", "[a][]/"},
        {"empty line", "a\n\nb\n", "[a]/[]/[b]/"},
        {"only an empty line", "\n", "[]/"},
        {"empty line with CR", "\r\n", "[]/"},
        {"space is kept", " a , b \n", "[ a ][ b ]/"},
        {"quoted", "\"a\",\"b\"\n", "[a][b]/"},
        {"quoted and empty", "\"\",\"\"\n", "[][]/"},
        {"comma in quotes", "\"a,b\",c\n", "[a,b][c]/"},
        {"line break in quotes", "\"a\nb\",c\n", "[a\nb][c]/"},
        {"CRLF in quotes", "\"a\r\nb\"\r\n", "[a\r\nb]/"},
        {"doubled quotes", "\"a \"\"b\"\" c\"\n", "[a \"b\" c]/"},
        {"only doubled quotes", "\"\"\"\"\"\"\n", "[\"\"]/"},
        {"quoted at the end of the file", "\"a\"", "[a]/"},
        {"byte order mark and quotes", "\xef\xbb\xbf\"a\",b\n", "[a][b]/"},
        {"byte order mark further on",
         "a,\xef\xbb\xbf"
         "b\n",
         "[a][\xef\xbb\xbf"
         "b]/"},
        {"apostrophe is a letter", "it's,'a\n", "[it's]['a]/"},
        {"semicolon is a letter", "a;b\n", "[a;b]/"},
        {"as many cells as may be", "1,2,3,4\n", "[1][2][3][4]/"},
        {"other languages", "صلح,\"جنگ‌بندی\"\n", "[صلح][جنگ‌بندی]/"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct buf got = buf_in(&arena, 1000);

        CHECK_CASE(cases[i].name, read_all(&got, span_of(cases[i].text), &arena, &err));
        CHECK_CASE(cases[i].name, span_is(buf_span(&got), cases[i].cells));
        arena_free(&arena);
    }
}

static void test_refuse(void **state)
{
    (void)state;
    const struct {
        const char *name;
        struct span text;
        const char *before; /* what is read before the fault */
        const char *fault;
    } cases[] = {
        {"quote inside", SPAN_LIT("a\"b\n"), "", "line 1, column 2: a quote inside a cell"},
        {"quote at the end", SPAN_LIT("a\"\n"), "", "line 1, column 2: a quote inside a cell"},
        {"quote behind a space", SPAN_LIT("x, \"a\"\n"), "", "line 1, column 4: a quote inside"},
        {"text behind a quote", SPAN_LIT("\"a\"b\n"), "", "line 1, column 4: a comma or the end"},
        {"space behind a quote", SPAN_LIT("\"a\" ,b\n"), "", "line 1, column 4: a comma or the"},
        {"not closed", SPAN_LIT("x\ny,\"a\nb\n"), "[x]/", "line 2, column 3: this quote is not"},
        {"closed by doubling", SPAN_LIT("\"a\"\""), "", "line 1, column 1: this quote is not"},
        {"only a quote", SPAN_LIT("\""), "", "line 1, column 1: this quote is not closed"},
        {"bare CR", SPAN_LIT("a\rb\n"), "", "line 1, column 2: a carriage return must be"},
        {"CR at the end", SPAN_LIT("a\n\r"), "[a]/", "line 2, column 1: a carriage return"},
        {"CR twice", SPAN_LIT("a\r\r\n"), "", "line 1, column 2: a carriage return"},
        {"bare CR in quotes", SPAN_LIT("\"a\rb\"\n"), "", "line 1, column 3: a carriage return"},
        {"CR behind a quote", SPAN_LIT("\"a\"\rb"), "", "line 1, column 4: a comma or the end"},
        {"U+0000", SPAN_LIT("a\0b\n"), "", "line 1, column 2: U+0000 is not allowed"},
        {"U+0000 in quotes", SPAN_LIT("\"\0\"\n"), "", "line 1, column 2: U+0000"},
        {"U+0000 in front", SPAN_LIT("\0"), "", "line 1, column 1: U+0000"},
        {"U+0000 behind a quote", SPAN_LIT("\"a\"\0"), "", "line 1, column 4: a comma"},
        {"Latin-1", SPAN_LIT("a\nMill\xe9\n"), "[a]/", "line 2, column 5: not UTF-8"},
        {"Latin-1 in quotes", SPAN_LIT("\"\xe9\"\n"), "", "line 1, column 2: not UTF-8"},
        {"UTF-16",
         SPAN_LIT("\xff\xfe"
                  "a"),
         "", "line 1, column 1: not UTF-8"},
        {"cut within a character", SPAN_LIT("a\xc3"), "", "line 1, column 2: not UTF-8"},
        {"too many cells", SPAN_LIT("1\n1,2,3,4,5\n"), "[1]/",
         "line 2, column 9: more than 4 cells"},
        {"columns count characters", SPAN_LIT("صلح,a\"\n"), "", "line 1, column 6"},
        {"lines count in quotes", SPAN_LIT("\"a\nb\nc\",d\"\n"), "", "line 3, column 5"},
        {"a byte order mark has no column",
         SPAN_LIT("\xef\xbb\xbf"
                  "a\"\n"),
         "", "line 1, column 2"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct buf got = buf_in(&arena, 1000);

        CHECK_CASE(cases[i].name, !read_all(&got, cases[i].text, &arena, &err));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, span_is(buf_span(&got), cases[i].before));
        arena_free(&arena);
    }
}

static void test_places(void **state)
{
    (void)state;
    static const struct {
        uint64_t line, column;
    } want[][3] = {{{1, 1}, {1, 3}, {1, 5}}, {{2, 1}, {2, 3}, {4, 3}}};
    struct csv csv = csv_over(SPAN_LIT("\xef\xbb\xbf"
                                       "é,b,c\r\na,\"\nb\n\",c\n"));
    struct arena arena = {0};
    struct err err = {0};
    struct csv_record record;

    for (size_t row = 0; row < 2; row++) {
        assert_true(csv_next(&csv, &record, 3, &arena, &err));
        assert_int_equal(record.count, 3);
        for (size_t i = 0; i < 3; i++) {
            assert_int_equal(record.cell[i].line, want[row][i].line);
            assert_int_equal(record.cell[i].column, want[row][i].column);
        }
    }
    assert_false(csv_more(&csv));
    arena_free(&arena);
}

static void test_fault_changes_nothing(void **state)
{
    (void)state;
    struct csv csv = csv_over(SPAN_LIT("a,b\nc,d\"\n"));
    struct arena arena = {0};
    struct err err = {0};
    struct csv_record record;

    assert_true(csv_next(&csv, &record, MAX_CELLS, &arena, &err));
    for (int i = 0; i < 2; i++) {
        assert_false(csv_next(&csv, &record, MAX_CELLS, &arena, &err));
        assert_int_equal(csv.at, 4);
        assert_int_equal(csv.line, 2);
        assert_true(span_is(record.cell[0].text, "a"));
    }
    arena_free(&arena);
}

/* The arena is used again for each record: a file of any length needs no more of it. */
static void test_flat_memory(void **state)
{
    (void)state;
    struct arena text = {0}, arena = {0};
    struct buf buf = buf_in(&text, SIZE_MAX);
    struct err err = {0};
    struct csv_record record;
    size_t most = 0, rows = 0;

    for (int i = 0; i < 10000; i++)
        buf_text(&buf, "12,\"a \"\"b\"\"\",c\n");
    for (struct csv csv = csv_over(buf_span(&buf)); csv_more(&csv); rows++) {
        assert_true(csv_next(&csv, &record, MAX_CELLS, &arena, &err));
        assert_true(span_is(record.cell[1].text, "a \"b\""));
        most = arena.used > most ? arena.used : most;
        arena_reset(&arena);
    }
    assert_int_equal(rows, 10000);
    assert_true(most < 4096);
    arena_free(&text);
    arena_free(&arena);
}

static void test_put_cell(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        const char *text;
    } cases[] = {
        {"", ""},
        {"plain text", "plain text"},
        {" space ", " space "},
        {"صلح", "صلح"},
        {"a,b", "\"a,b\""},
        {"a\nb", "\"a\nb\""},
        {"a\r\nb", "\"a\r\nb\""},
        {"\"", "\"\"\"\""},
        {"a\"b\"", "\"a\"\"b\"\"\""},
        {"\xef\xbb\xbf", "\"\xef\xbb\xbf\""}, /* else passed over where a file starts with it */
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct buf buf = buf_in(&arena, 100);

        csv_put_cell(&buf, span_of(cases[i].cell));
        CHECK_CASE(cases[i].cell, span_is(buf_span(&buf), cases[i].text));
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_read),        cmocka_unit_test(test_refuse),
    cmocka_unit_test(test_places),      cmocka_unit_test(test_fault_changes_nothing),
    cmocka_unit_test(test_flat_memory), cmocka_unit_test(test_put_cell),
};

RUN_TESTS(tests)
