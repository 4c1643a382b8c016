#include "codec/multipart.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/test.h"

#define TYPE "multipart/form-data; boundary=b"
#define FORM "Content-Disposition: form-data; "
#define CONTENT(headers, bytes) "--b\r\n" headers "\r\n\r\n" bytes "\r\n"
#define NAMED(name, bytes) CONTENT(FORM "name=\"" name "\"", bytes)
#define END "--b--\r\n"

/* Every part: its name, its file name, if any, behind a colon, its type behind a |, its bytes. */
static struct span show(const struct multipart_part *part, size_t count, struct arena *arena)
{
    struct buf buf = buf_in(arena, 100000);

    for (size_t i = 0; i < count; i++) {
        buf_byte(&buf, '[');
        buf_put(&buf, part[i].name);
        if (part[i].has_filename) {
            buf_byte(&buf, ':');
            buf_put(&buf, part[i].filename);
        }
        if (part[i].type.len) {
            buf_byte(&buf, '|');
            buf_put(&buf, part[i].type);
        }
        buf_byte(&buf, ']');
        buf_put(&buf, part[i].bytes);
    }
    return buf_span(&buf);
}

static void test_read(void **state)
{
    static const struct {
        const char *name;
        const char *type;
        const char *body;
        const char *parts;
    } cases[] = {
        {"one part", TYPE, NAMED("a", "x") END, "[a]x"},
        {"two parts", TYPE, NAMED("a", "x") NAMED("b", "y") END, "[a]x[b]y"},
        {"no part, as browsers send an empty form", TYPE, "--b--\r\n", ""},
        {"no line end at the very end", TYPE, NAMED("a", "x") "--b--", "[a]x"},
        {"an empty part", TYPE, NAMED("a", "") NAMED("b", "") END, "[a][b]"},
        {"no content: the headers' last CRLF is the boundary's", TYPE,
         "--b\r\n" FORM "name=a\r\n\r\n" END, "[a]"},
        {"an empty line first, as hand-written clients send it", TYPE, "\r\n" NAMED("a", "x") END,
         "[a]x"},
        {"empty lines at the end", TYPE, NAMED("a", "x") END "\r\n\r\n", "[a]x"},
        {"an empty line and no part", TYPE, "\r\n" END, ""},
        {"line ends inside", TYPE, NAMED("a", "x\r\ny\nz\r") END, "[a]x\r\ny\nz\r"},
        {"line ends around", TYPE, NAMED("a", "\r\n\r\n") END, "[a]\r\n\r\n"},
        {"the boundary inside a line", TYPE, NAMED("a", "x--b\r\n-b--b--") END,
         "[a]x--b\r\n-b--b--"},
        {"the boundary behind a bare LF", TYPE, NAMED("a", "x\n--b\n--b--") END,
         "[a]x\n--b\n--b--"},
        {"the boundary in another case", TYPE, NAMED("a", "x\r\n--B--") END, "[a]x\r\n--B--"},
        {"one dash too few", TYPE, NAMED("a", "x\r\n-b--") END, "[a]x\r\n-b--"},
        {"a dash more", TYPE, NAMED("a", "x\r\n---b--") END, "[a]x\r\n---b--"},
        {"padding behind a boundary", TYPE, "--b \t\r\n" FORM "name=a\r\n\r\nx\r\n--b--  \r\n",
         "[a]x"},
        {"the same name twice", TYPE, NAMED("a", "x") NAMED("a", "y") END, "[a]x[a]y"},
        {"quoted boundary, other parameters", "Multipart/Form-Data;charset=utf-8 ; boundary=\"b\"",
         NAMED("a", "x") END, "[a]x"},
        {"the longest boundary",
         "multipart/form-data; "
         "boundary=1234567890123456789012345678901234567890123456789012345678901234567890",
         "--1234567890123456789012345678901234567890123456789012345678901234567890--", ""},
        {"a boundary with a space and a colon", "multipart/form-data; boundary=\"a b:c\"",
         "--a b:c--\r\n", ""},

        {"a file, as okhttp sends it", TYPE,
         CONTENT(FORM "name=\"xml_submission_file\"; filename=\"form.xml\"\r\n"
                      "Content-Type: text/xml\r\nContent-Transfer-Encoding: binary\r\n"
                      "Content-Length: 4",
                 "<a/>") END,
         "[xml_submission_file:form.xml|text/xml]<a/>"},
        {"the mark of a split submission", TYPE, NAMED("*isIncomplete*", "yes") END,
         "[*isIncomplete*]yes"},
        {"no file chosen in a browser", TYPE,
         CONTENT(FORM "name=\"f\"; filename=\"\"\r\nContent-Type: application/octet-stream", "")
             END,
         "[f:|application/octet-stream]"},
        {"a Persian name", TYPE, CONTENT(FORM "name=\"عکس.jpg\"; filename=\"عکس.jpg\"", "x") END,
         "[عکس.jpg:عکس.jpg]x"},
        {"a Pashto name with a mark that joins nothing", TYPE,
         CONTENT(FORM "name=\"f\"; filename=\"د\xe2\x80\x8cپولې پېښه ۱.jpg\"", "x") END,
         "[f:د\xe2\x80\x8cپولې پېښه ۱.jpg]x"},
        {"by RFC 8187", TYPE,
         CONTENT(FORM "name=\"f\"; filename=\"x\"; filename*=UTF-8''%D8%B9%DA%A9%D8%B3%20a.jpg",
                 "x") END,
         "[f:عکس a.jpg]x"},
        {"the extended one first, a language, small letters", TYPE,
         CONTENT(FORM "filename*=utf-8'fa'%da%a9; filename=x; name=f", "x") END, "[f:ک]x"},
        {"a name by RFC 8187", TYPE, CONTENT(FORM "name*=utf-8''%d8%b9", "x") END, "[ع]x"},
        {"a percent sign by RFC 8187", TYPE, CONTENT(FORM "name*=utf-8''%2522", "x") END, "[%22]x"},
        {"a quote as browsers write it", TYPE, CONTENT(FORM "name=\"a%22b\"", "x") END, "[a\"b]x"},
        {"other %XX are themselves", TYPE, CONTENT(FORM "name=\"50%20%D8%\"", "x") END,
         "[50%20%D8%]x"},
        {"a quote with a backslash", TYPE, CONTENT(FORM "name=\"a\\\"b\\\\c\"", "x") END,
         "[a\"b\\c]x"},
        {"another backslash is itself", TYPE,
         CONTENT(FORM "name=f; filename=\"C:\\fakepath\\new.jpg\"", "x") END,
         "[f:C:\\fakepath\\new.jpg]x"},
        {"a semicolon in quotes", TYPE, CONTENT(FORM "name=\"a; filename=b\"", "x") END,
         "[a; filename=b]x"},
        {"an empty parameter passed over", TYPE, CONTENT(FORM "size=3; name=a", "x") END, "[a]x"},
        {"names of headers in any case, no space", TYPE,
         CONTENT("content-type:text/plain\r\nCONTENT-DISPOSITION:FORM-DATA;NAME=a", "x") END,
         "[a|text/plain]x"},
        {"a header that is not known", TYPE, CONTENT("X-Y: z\r\n" FORM "name=a", "x") END, "[a]x"},
        {"a path is given as it is sent", TYPE,
         CONTENT(FORM "name=f; filename=\"../../etc/passwd\"", "x") END, "[f:../../etc/passwd]x"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct multipart_part *part = NULL;
        size_t count = 0;
        bool ok = multipart_parse(&part, &count, span_of(cases[i].type), span_of(cases[i].body),
                                  &arena, &err);

        if (!ok)
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, span_is(show(part, count, &arena), cases[i].parts));
        arena_free(&arena);
    }
}

static void test_refuse(void **state)
{
    static const struct {
        const char *name;
        const char *type;
        const char *body;
        const char *fault;
    } cases[] = {
        {"no content type", "", END, "not multipart/form-data"},
        {"another type", "multipart/mixed; boundary=b", END, "not multipart/form-data"},
        {"a longer type", "multipart/form-data2; boundary=b", END, "not multipart/form-data"},
        {"no boundary", "multipart/form-data", END, "no boundary"},
        {"an empty boundary", "multipart/form-data; boundary=\"\"", END, "no boundary"},
        {"a boundary of 71",
         "multipart/form-data; "
         "boundary=12345678901234567890123456789012345678901234567890123456789012345678901",
         END, "no boundary"},
        {"a boundary that ends in a space", "multipart/form-data; boundary=\"b \"", END,
         "no boundary"},
        {"a boundary with a line end", "multipart/form-data; boundary=\"b\r\nc\"", END,
         "no boundary"},
        {"two boundaries", "multipart/form-data; boundary=b; boundary=b", END, "given twice"},
        {"a quote that does not end", "multipart/form-data; boundary=\"b", END, "does not end"},
        {"no semicolon", "multipart/form-data; boundary=b c", END, "; is missing"},
        {"no value", "multipart/form-data; boundary=", END, "without a value"},
        {"a ; at the end", TYPE ";", END, "without a name"},

        {"nothing", TYPE, "", "does not begin with the boundary, at byte 0"},
        {"another boundary", TYPE, "--c\r\n", "does not begin with the boundary, at byte 0"},
        {"only an empty line", TYPE, "\r\n", "does not begin with the boundary, at byte 2"},
        {"a bare line feed first", TYPE, "\n" END, "does not begin with the boundary, at byte 0"},
        {"a space in the empty line", TYPE, " \r\n" END, "does not begin with the boundary"},
        {"text before", TYPE, "This is MIME.\r\n" END, "does not begin with the boundary"},
        {"a longer boundary", TYPE, "--bb\r\n",
         "begins as the boundary does, and is none, at byte 3"},
        {"cut behind the boundary", TYPE, "--b", "begins as the boundary does"},
        {"bare LF behind the boundary", TYPE, "--b\n" FORM "name=a\n\nx\n--b--\n",
         "begins as the boundary does"},
        {"cut in the headers", TYPE, "--b\r\nContent-Dis", "does not end in CRLF"},
        {"cut behind the headers", TYPE, "--b\r\n" FORM "name=a\r\n", "does not end in CRLF"},
        {"the last boundary is missing", TYPE, NAMED("a", "x"),
         "last boundary is missing, at byte 52"},
        {"cut in the last boundary", TYPE, NAMED("a", "x") "--b-", "begins as the boundary does"},
        {"only a next boundary", TYPE, NAMED("a", "x") "--b\r\n", "does not end in CRLF"},
        {"bytes behind the last boundary", TYPE, NAMED("a", "x") END "more", "bytes behind"},
        {"a line behind the last boundary", TYPE, NAMED("a", "x") END "\r\nx\r\n", "bytes behind"},
        {"a bare line feed behind it", TYPE, NAMED("a", "x") END "\n", "bytes behind"},
        {"the last boundary in the middle", TYPE, NAMED("a", "x") END NAMED("b", "y") END,
         "bytes behind"},
        {"the boundary at the start of a line of data", TYPE, NAMED("a", "x\r\n--bc\r\ny") END,
         "begins as the boundary does"},
        {"the same in the first line of data", TYPE, NAMED("a", "--bc") END,
         "begins as the boundary does"},
        {"LF alone ends a header", TYPE, "--b\r\n" FORM "name=a\n\r\nx\r\n" END,
         "does not end in CRLF, at byte 43"},
        {"CR alone in a header", TYPE, CONTENT(FORM "name=a\rb", "x") END, "does not end in CRLF"},

        {"no disposition", TYPE, CONTENT("Content-Type: text/plain", "x") END,
         "without Content-Disposition"},
        {"no headers", TYPE, "--b\r\n\r\nx\r\n" END, "without Content-Disposition"},
        {"no name", TYPE, CONTENT(FORM "filename=x", "x") END, "without a name, at byte 5"},
        {"an empty name", TYPE, NAMED("", "x") END, "without a name"},
        {"another disposition", TYPE, CONTENT("Content-Disposition: attachment; name=a", "x") END,
         "not form-data"},
        {"two dispositions", TYPE, CONTENT(FORM "name=a\r\n" FORM "name=b", "x") END,
         "Content-Disposition is given twice, at byte 45"},
        {"two types", TYPE,
         CONTENT(FORM "name=a\r\nContent-Type: a/b\r\nContent-Type: text/html", "x") END,
         "Content-Type is given twice"},
        {"two names", TYPE, CONTENT(FORM "name=a; name=b", "x") END, "parameter is given twice"},
        {"two extended names", TYPE, CONTENT(FORM "name*=UTF-8''a; name*=UTF-8''b", "x") END,
         "parameter is given twice"},
        {"a folded header", TYPE, CONTENT(FORM "name=a\r\n filename=b", "x") END,
         "not \"Name: value\""},
        {"a space before the colon", TYPE,
         CONTENT("Content-Disposition : form-data; name=a", "x") END, "not \"Name: value\""},
        {"no colon", TYPE, CONTENT("what", "x") END, "not \"Name: value\""},
        {"a quote that does not end in a header", TYPE, CONTENT(FORM "name=\"a", "x") END,
         "does not end"},
        {"a backslash before the last quote", TYPE, CONTENT(FORM "name=\"a\\\"", "x") END,
         "does not end"},
        {"text behind the quotes", TYPE, CONTENT(FORM "name=\"a\"b", "x") END, "; is missing"},
        {"a name in Latin 1", TYPE, CONTENT(FORM "name=\"caf\xe9\"", "x") END, "not in UTF-8"},
        {"a surrogate", TYPE, CONTENT(FORM "name=\"\xed\xa0\x80\"", "x") END, "not in UTF-8"},
        {"a line end in a name", TYPE, CONTENT(FORM "name=\"a%0D%0Ab\"", "x") END,
         "control character"},
        {"a tab in a file name", TYPE, CONTENT(FORM "name=a; filename=\"a\tb\"", "x") END,
         "control character"},
        {"U+0000 by RFC 8187", TYPE, CONTENT(FORM "name*=UTF-8''%00", "x") END,
         "control character"},
        {"another charset", TYPE, CONTENT(FORM "name*=ISO-8859-1''%E9", "x") END, "RFC 8187"},
        {"no charset", TYPE, CONTENT(FORM "name*=abc", "x") END, "RFC 8187"},
        {"a bad %XX", TYPE, CONTENT(FORM "name*=UTF-8''%G1", "x") END, "RFC 8187"},
        {"cut %XX", TYPE, CONTENT(FORM "name*=UTF-8''%4", "x") END, "RFC 8187"},
        {"no UTF-8 by RFC 8187", TYPE, CONTENT(FORM "name*=UTF-8''%D8", "x") END, "not in UTF-8"},
        {"base64", TYPE, CONTENT(FORM "name=a\r\nContent-Transfer-Encoding: base64", "eA==") END,
         "transfer encoding"},
        {"a length too small", TYPE, CONTENT(FORM "name=a\r\nContent-Length: 1", "xy") END,
         "says otherwise"},
        {"a length too large", TYPE, CONTENT(FORM "name=a\r\nContent-Length: 3", "xy") END,
         "says otherwise"},
        {"a length that is no number", TYPE,
         CONTENT(FORM "name=a\r\nContent-Length: 0x2", "xy") END, "says otherwise"},
        {"an empty length", TYPE, CONTENT(FORM "name=a\r\nContent-Length:", "xy") END,
         "says nothing"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct multipart_part *part = NULL;
        size_t count = 99;
        bool ok = multipart_parse(&part, &count, span_of(cases[i].type), span_of(cases[i].body),
                                  &arena, &err);

        CHECK_CASE(cases[i].name, !ok && err.kind == ERR_MALFORMED);
        if (!strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, part == NULL && count == 99);
        arena_free(&arena);
    }
}

/* Bytes of every value, the boundary's own among them. */
static void test_all_bytes(void **state)
{
    struct arena arena = {0};
    struct buf body = buf_in(&arena, 10000);
    struct multipart_part *part;
    size_t count;
    struct err err = {0};
    uint8_t bytes[512];

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)i;
    buf_text(&body, "--b\r\n" FORM "name=a\r\n\r\n");
    buf_put(&body, span_make(bytes, sizeof bytes));
    buf_text(&body, "\r\n" END);
    assert_true(multipart_parse(&part, &count, SPAN_LIT(TYPE), buf_span(&body), &arena, &err));
    assert_int_equal(count, 1);
    assert_true(span_equal(part[0].bytes, span_make(bytes, sizeof bytes)));
    arena_free(&arena);
}

static void put_parts(struct buf *buf, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_text(buf, NAMED("a", "x"));
    buf_text(buf, END);
}

static void test_limits(void **state)
{
    struct arena arena = {0};
    struct multipart_part *part = NULL;
    size_t count = 0;
    struct err err = {0};
    struct buf most = buf_in(&arena, 100000), more = buf_in(&arena, 100000);

    (void)state;
    put_parts(&most, LIMIT_FORM_PARTS);
    put_parts(&more, LIMIT_FORM_PARTS + 1);
    assert_true(multipart_parse(&part, &count, SPAN_LIT(TYPE), buf_span(&most), &arena, &err));
    assert_int_equal(count, LIMIT_FORM_PARTS);
    assert_false(multipart_parse(&part, &count, SPAN_LIT(TYPE), buf_span(&more), &arena, &err));
    assert_int_equal(err.kind, ERR_LIMIT);

    for (size_t extra = 0; extra < 2; extra++) {
        struct buf many = buf_in(&arena, 100000), wide = buf_in(&arena, 100000);

        buf_text(&many, "--b\r\n");
        for (size_t i = 1; i < LIMIT_FORM_HEADERS + extra; i++)
            buf_text(&many, "X: y\r\n");
        buf_text(&many, FORM "name=a\r\n\r\nx\r\n" END);
        assert_true(multipart_parse(&part, &count, SPAN_LIT(TYPE), buf_span(&many), &arena, &err) ==
                    (extra == 0));

        buf_text(&wide, "--b\r\n" FORM "name=");
        while (wide.len < 5 + LIMIT_FORM_HEADER_BYTES - 1 + extra)
            buf_byte(&wide, 'n');
        buf_text(&wide, "\r\n\r\nx\r\n" END);
        assert_true(multipart_parse(&part, &count, SPAN_LIT(TYPE), buf_span(&wide), &arena, &err) ==
                    (extra == 0));
    }
    assert_non_null(strstr(err.text, "a header that is too long"));
    arena_free(&arena);
}

static void test_find(void **state)
{
    const struct multipart_part part[] = {
        {.name = SPAN_LIT("a"), .bytes = SPAN_LIT("1")},
        {.name = SPAN_LIT("b"), .bytes = SPAN_LIT("2")},
        {.name = SPAN_LIT("b"), .bytes = SPAN_LIT("3")},
    };

    (void)state;
    assert_ptr_equal(multipart_find(part, 3, "b"), &part[1]);
    assert_null(multipart_find(part, 3, "c"));
    assert_null(multipart_find(part, 1, "b"));
    assert_null(multipart_find(NULL, 0, "a"));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_read),   cmocka_unit_test(test_refuse), cmocka_unit_test(test_all_bytes),
    cmocka_unit_test(test_limits), cmocka_unit_test(test_find),
};

RUN_TESTS(tests)
