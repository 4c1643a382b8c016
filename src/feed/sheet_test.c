#include "feed/sheet.h"

#include "base/test.h"
#include "feed/test_remarks.h"

enum { A, B, C, D };
static const struct sheet_column columns[] = {
    [A] = {"a", COLUMN_NEEDED},
    [B] = {"b", COLUMN_NEEDED},
    [C] = {"c", COLUMN_MAY_LACK},
    [D] = {"d", COLUMN_PASSED_OVER},
};

/* Every row as "LINE:a/b/c;". */
static bool read_all(const char *text, struct buf *out, struct buf *heard, struct arena *arena,
                     struct err *err)
{
    const struct remarks remarks = {.say = hear, .context = heard};
    struct sheet sheet;
    struct row row;
    bool more = true;

    if (!sheet_open(&sheet, "f.csv", span_of(text), columns, ARRAY_LEN(columns), "a,b,c\n",
                    &remarks, err))
        return false;
    for (;;) {
        if (!sheet_next(&sheet, &row, &more, arena, err))
            return false;
        if (!more)
            return true;
        buf_printf(out, "%" PRIu64 ":%.*s/%.*s/%.*s;", row_line(&row), SPAN_ARG(row_text(&row, A)),
                   SPAN_ARG(row_text(&row, B)), SPAN_ARG(row_text(&row, C)));
    }
}

static void test_read(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *rows, *heard;
    } cases[] = {
        {"no row", "a,b\n", "", ""},
        {"a row", "a,b\n1,2\n", "2:1/2/;", ""},
        {"in any order", "c,b,a\n3,2,1\n", "2:1/2/3;", ""},
        {"CRLF and a mark",
         "\xef\xbb\xbf"
         "a,b\r\n1,2\r\n",
         "2:1/2/;", ""},
        {"not ended", "a,b\n1,2", "2:1/2/;", ""},
        {"empty lines", "a,b\n\n1,2\n\n\n3,4\n\n", "3:1/2/;6:3/4/;", ""},
        {"a row of blanks is a row", "a,b\n,\n", "2://;", ""},
        {"lines in quotes", "a,b\n\"x\ny\",2\n3,4\n", "2:x\ny/2/;4:3/4/;", ""},
        {"a column passed over", "d,a,b\n0,1,2\n", "2:1/2/;", ""},
        {"a column not known", "a,zz,b\n1,0,2\n", "2:1/2/;",
         "f.csv: the column \"zz\" is not known and was passed over|"},
        {"a column without a name", "a,b,\n1,2,\n", "2:1/2/;",
         "f.csv: the column \"\" is not known and was passed over|"},
        {"what would steer a terminal", "a,b,\x1b[2J\n", "",
         "f.csv: the column \"?[2J\" is not known and was passed over|"},
        {"no header, as wide as one of those that lack it", "1,2,3\n4,5,6\n", "1:1/2/3;2:4/5/6;",
         "f.csv: it has no header; its columns are taken in the order in which they are "
         "published|"},
        {"a row of tags", "a,b\n,#x\n1,2\n", "3:1/2/;", ""},
        {"only tags", "a,b\n#x,#y+z\n", "", ""},
        {"tags further down are a row", "a,b\n1,2\n#x,#y\n", "2:1/2/;3:#x/#y/;", ""},
        {"tags once", "a,b\n#x,\n#x,\n", "3:#x//;", ""},
        {"not all of it tags", "a,b\n#x,1\n", "2:#x/1/;", ""},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct buf rows = buf_in(&arena, 1000), heard = buf_in(&arena, 1000);

        CHECK_CASE(cases[i].name, read_all(cases[i].text, &rows, &heard, &arena, &err));
        CHECK_CASE(cases[i].name, span_is(buf_span(&rows), cases[i].rows));
        CHECK_CASE(cases[i].name, span_is(buf_span(&heard), cases[i].heard));
        arena_free(&arena);
    }
}

static void test_refuse(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *fault;
    } cases[] = {
        {"nothing", "", "f.csv: line 1, column 1: the file is empty"},
        {"only a mark", "\xef\xbb\xbf", "f.csv: line 1, column 1: the file is empty"},
        {"a column is missing", "a,c\n", "f.csv: line 1, column 1: \"b\" is missing"},
        {"no header", "1,2\n", "f.csv: line 1, column 1: \"a\" is missing"},
        {"no header, and no number", "x,2,3\n", "f.csv: line 1, column 1: \"a\" is missing"},
        {"no header, and wider", "1,2,3,4\n", "f.csv: line 1, column 1: \"a\" is missing"},
        {"an empty header", "\n", "f.csv: line 1, column 1: \"a\" is missing"},
        {"capitals", "A,b\n", "\"a\" is missing"},
        {"a space", "a, b\n", "\"b\" is missing"},
        {"twice", "a,b,a\n", "f.csv: line 1, column 5: \"a\" is there twice"},
        {"the header is no CSV", "a,\"b\n", "f.csv: line 1, column 3: this quote is not closed"},
        {"too few cells", "a,b,c\n1,2\n", "f.csv: line 2, column 3: the row ends after 2 of 3"},
        {"one cell", "a,b\nx\n", "f.csv: line 2, column 1: the row ends after 1 of 2 cells"},
        {"too many cells", "a,b\n1,2,3\n", "f.csv: line 2, column 5: more than 2 cells"},
        {"too few behind a break", "a,b,c\n1,\"x\ny\"\n", "line 2, column 3: the row ends after 2"},
        {"a quote not closed", "a,b\n1,2\n3,\"4\n5,6\n", "line 3, column 3: this quote is not"},
        {"a quote inside", "a,b\n1,2\"\n", "f.csv: line 2, column 4: a quote inside a cell"},
        {"Latin-1", "a,b\n1,\xe9\n", "f.csv: line 2, column 3: not UTF-8"},
        {"Latin-1 in the tags", "a,b\n#x,\xe9\n", "f.csv: line 2, column 4: not UTF-8"},
        {"too few tags", "a,b\n#x\n", "f.csv: line 2, column 1: the row ends after 1 of 2"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct buf rows = buf_in(&arena, 1000), heard = buf_in(&arena, 1000);

        CHECK_CASE(cases[i].name, !read_all(cases[i].text, &rows, &heard, &arena, &err));
        if (!strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        arena_free(&arena);
    }
}

static bool one_row(struct row *out, const char *text, struct arena *arena)
{
    static struct sheet sheet;
    const struct remarks quiet = {0};
    struct err err = {0};
    bool more;

    return sheet_open(&sheet, "f.csv", span_of(text), columns, ARRAY_LEN(columns), NULL, &quiet,
                      &err) &&
           sheet_next(&sheet, out, &more, arena, &err) && more;
}

/* Straight down a row: the first fault stays, and what is read after it is nothing. */
static void test_row(void **state)
{
    (void)state;
    struct calendar_date date;
    struct arena arena = {0};
    struct err err = {0};
    int64_t number = 7;
    struct row row;
    size_t count;

    assert_true(one_row(&row, "a,b,d\n12,2024-02-29, x ;y;\n", &arena));
    assert_true(row_number(&row, A, &number, 12) && number == 12);
    assert_true(row_date(&row, B, &date) && date.day == 29);
    assert_false(row_number(&row, C, &number, 12)); /* there is no such column: blank */
    assert_true(row_ok(&row, &err));
    assert_null(row_list(&row, C, &count));
    assert_int_equal(count, 0);
    row_list(&row, D, &count);
    assert_false(row_ok(&row, &err));
    assert_non_null(
        strstr(err.text, "f.csv: line 2, column 15: \"d\" has an empty item between semicolons"));
    assert_int_equal(row_text(&row, A).len, 0);
    assert_false(row_number(&row, A, &number, 12));
    row_needed(&row, A);
    row_fail(&row, A, "is late");
    assert_false(row_ok(&row, &err));
    assert_null(strstr(err.text, "is late"));
    arena_free(&arena);
}

static void test_list(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct row row;
    size_t count;

    assert_true(one_row(&row, "a,b\nx; y z ;w,\n", &arena));
    struct span *item = row_list(&row, A, &count);
    assert_int_equal(count, 3);
    assert_true(span_is(item[0], "x") && span_is(item[1], "y z") && span_is(item[2], "w"));
    arena_free(&arena);
}

static void test_cells(void **state)
{
    (void)state;
    static const struct {
        const char *name, *cell;
        char kind; /* n: number to 100, t: date, g: degrees of latitude, !: needed, ;: list */
        const char *fault;
    } cases[] = {
        {"number", "100", 'n', ""},
        {"blank is no number", "", 'n', ""},
        {"beyond its limit", "101", 'n', "must be a whole number from 0 to 100"},
        {"a sign", "-1", 'n', "must be a whole number"},
        {"a fraction", "1.0", 'n', "must be a whole number"},
        {"a leading zero", "007", 'n', "must be a whole number"},
        {"a space", "1 ", 'n', "must be a whole number"},
        {"2^64 and more", "18446744073709551617", 'n', "must be a whole number"},
        {"a date", "2025-10-11", 't', ""},
        {"blank is no date", "", 't', ""},
        {"a day that is not", "2025-02-29", 't', "must be a date that exists"},
        {"a month that is not", "2025-13-01", 't', "must be a date that exists"},
        {"without zeros", "2025-1-1", 't', "must be a date that exists"},
        {"American", "10/11/2025", 't', "must be a date that exists"},
        {"with a time", "2025-10-11T00:00Z", 't', "must be a date that exists"},
        {"degrees", "-90", 'g', ""},
        {"too far north", "90.1", 'g', "must be a decimal number from -90 to 90"},
        {"not degrees", "34N", 'g', "must be a decimal number from -90 to 90"},
        {"needed", "x", '!', ""},
        {"needed and blank", "", '!', "is empty"},
        {"a list", "x;y", ';', ""},
        {"an empty item", "x;;y", ';', "has an empty item"},
        {"a space for an item", "x; ;y", ';', "has an empty item"},
        {"nothing but a semicolon", ";", ';', "has an empty item"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct calendar_date date;
        struct err err = {0};
        struct row row;
        int64_t number;
        size_t count;

        CHECK_CASE(cases[i].name,
                   one_row(&row, arena_printf(&arena, "b,a\nx,%s\n", cases[i].cell), &arena));
        switch (cases[i].kind) {
        case 'n':
            row_number(&row, A, &number, 100);
            break;
        case 't':
            row_date(&row, A, &date);
            break;
        case 'g':
            row_degrees(&row, A, &number, INT64_C(900000000));
            break;
        case '!':
            row_needed(&row, A);
            break;
        default:
            row_list(&row, A, &count);
        }
        CHECK_CASE(cases[i].name, row_ok(&row, &err) == !cases[i].fault[0]);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault));
        CHECK_CASE(cases[i].name,
                   !cases[i].fault[0] || strstr(err.text, "f.csv: line 2, column 3: \"a\" "));
        arena_free(&arena);
    }
}

static void test_keys(void **state)
{
    (void)state;
    static const struct {
        const char *name, *ids; /* a letter each */
        const char *twice;      /* position of the second, position of the first */
    } cases[] = {
        {"none", "", ""},
        {"one", "a", ""},
        {"in order", "abcdefghijklmnopqrstuvwxyz", ""},
        {"in no order", "qwertyuiopasdfghjklzxcvbnm", ""},
        {"two alike", "aa", "10"},
        {"apart", "abcda", "40"},
        {"the first to come again is told", "abcba", "31"},
        {"three alike", "xaxbx", "20"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct keys keys = {0};
        struct csv_cell twice, first;
        size_t count = strlen(cases[i].ids);

        for (size_t j = 0; j < count; j++) {
            struct csv_cell cell = {.text = span_make(cases[i].ids + j, 1), .line = j};
            keys_add(&keys, cell, j, &arena);
        }
        bool once = keys_sort(&keys, &twice, &first);
        CHECK_CASE(cases[i].name, once == !cases[i].twice[0]);
        CHECK_CASE(cases[i].name, once || (twice.line == (uint64_t)(cases[i].twice[0] - '0') &&
                                           first.line == (uint64_t)(cases[i].twice[1] - '0')));
        for (size_t j = 0; once && j < count; j++)
            CHECK_CASE(cases[i].name, keys_find(&keys, span_make(cases[i].ids + j, 1))->row == j);
        CHECK_CASE(cases[i].name, !keys_find(&keys, SPAN_LIT("ab")));
        CHECK_CASE(cases[i].name, !keys_find(&keys, SPAN_LIT("")));
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_read), cmocka_unit_test(test_refuse), cmocka_unit_test(test_row),
    cmocka_unit_test(test_list), cmocka_unit_test(test_cells),  cmocka_unit_test(test_keys),
};

RUN_TESTS(tests)
