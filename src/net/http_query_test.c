#include "base/buf.h"
#include "base/test.h"
#include "net/http.h"

static void test_query_next(void **state)
{
    static const struct {
        const char *name;
        const char *query;
        const char *expect; /* "name=value;", "!;" for one that is not valid */
    } cases[] = {
        {"nothing", "", ""},
        {"one", "box=1,2,3,4", "box=1,2,3,4;"},
        {"two", "a=1&b=2", "a=1;b=2;"},
        {"no value", "a&b=", "a=;b=;"},
        {"an equals sign in the value", "a=b=c", "a=b=c;"},
        {"empty ones are passed over", "&&a=1&&b=2&", "a=1;b=2;"},
        {"an escaped ampersand", "a=1%262&b=3", "a=1&2;b=3;"},
        {"an escaped name", "%61ct=x", "act=x;"},
        {"upper and lower hex", "a=%C3%a9", "a=\xc3\xa9;"},
        {"a form's space", "a=b+c%2Bd", "a=b c+d;"},
        {"escape cut short", "a=%4", "!;"},
        {"escape cut shorter", "a=%", "!;"},
        {"no hex", "a=%zz&b=1", "!;b=1;"},
        {"a sign in the hex", "a=%+1", "!;"},
        {"not UTF-8", "a=%ff", "!;"},
        {"an overlong slash", "a=%c0%af", "!;"},
        {"a NUL", "a=%00", "!;"},
        {"a bad name", "%00=1", "!;"},
        {"raw bytes that are no UTF-8", "a=\xff", "!;"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct buf got = buf_in(&arena, 1000);
        struct span rest = span_of(cases[i].query);
        struct http_parameter p;

        while (http_query_next(&rest, &p, &arena)) {
            if (p.valid)
                buf_printf(&got, "%.*s=%.*s;", SPAN_ARG(p.name), SPAN_ARG(p.value));
            else
                buf_text(&got, "!;");
        }
        CHECK_CASE(cases[i].name, span_is(buf_span(&got), cases[i].expect));
        arena_free(&arena);
    }
}

static void test_query_by_name(void **state)
{
    struct arena arena = {0};
    struct http_request request = {.query = span_of("a=%ff&b=1&a=2&a=3"), .arena = &arena};

    (void)state;
    assert_true(span_is(http_query(&request, "a"), "2")); /* the first valid one */
    assert_true(span_is(http_query(&request, "b"), "1"));
    assert_int_equal(http_query(&request, "c").len, 0);
    arena_free(&arena);
}

static void test_etag_matches(void **state)
{
    static const struct {
        const char *name;
        const char *header;
        bool matches;
    } cases[] = {
        {"the same", "\"n12\"", true},
        {"any", "*", true},
        {"weak", "W/\"n12\"", true},
        {"second of two", "\"n11\", \"n12\"", true},
        {"no space between", "\"n11\",\"n12\"", true},
        {"tabs and spaces", " \t\"n12\"\t ", true},
        {"no header", "", false},
        {"another", "\"n13\"", false},
        {"longer", "\"n123\"", false},
        {"shorter", "\"n1\"", false},
        {"without quotes", "n12", false},
        {"half a quote", "\"n12", false},
        {"cut by a comma", "\"x,n12\"", false},
        {"lower-case w", "w/\"n12\"", false},
        {"only commas", ",,,", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name,
                   http_etag_matches(span_of(cases[i].header), span_of("n12")) == cases[i].matches);
    assert_false(http_etag_matches(span_of("*"), (struct span){0}));
}

static void test_error(void **state)
{
    struct arena arena = {0};
    struct http_request request = {.arena = &arena};
    struct http_response response = {0};

    (void)state;
    http_error(&request, &response, 404, "no \"%s\"", "caf\xc3\xa9");
    assert_int_equal(response.status, 404);
    assert_true(span_is(response.body, "{\"error\":\"no \\\"caf\xc3\xa9\\\"\"}"));
    http_error(&request, &response, 400, "no %s", "\xff\xfe");
    assert_true(span_is(response.body, "{\"error\":\"no ??\"}"));
    arena_free(&arena);
}

static void test_range(void **state)
{
    static const struct {
        const char *name, *header;
        uint64_t size;
        enum http_range found;
        uint64_t from, len;
    } cases[] = {
        {"a piece", "bytes=2-5", 10, HTTP_RANGE_SOME, 2, 4},
        {"all of it", "bytes=0-9", 10, HTTP_RANGE_SOME, 0, 10},
        {"one byte", "bytes=9-9", 10, HTTP_RANGE_SOME, 9, 1},
        {"past the end", "bytes=5-99", 10, HTTP_RANGE_SOME, 5, 5},
        {"to the end", "bytes=5-", 10, HTTP_RANGE_SOME, 5, 5},
        {"far past the end", "bytes=0-18446744073709551614", 10, HTTP_RANGE_SOME, 0, 10},
        {"behind the end", "bytes=10-12", 10, HTTP_RANGE_BEYOND, 0, 0},
        {"of nothing", "bytes=0-", 0, HTTP_RANGE_BEYOND, 0, 0},
        {"none", "", 10, HTTP_RANGE_NONE, 0, 0},
        {"backwards", "bytes=5-2", 10, HTTP_RANGE_NONE, 0, 0},
        {"the last bytes", "bytes=-5", 10, HTTP_RANGE_NONE, 0, 0},
        {"two ranges", "bytes=0-1,4-5", 10, HTTP_RANGE_NONE, 0, 0},
        {"another unit", "lines=0-1", 10, HTTP_RANGE_NONE, 0, 0},
        {"no dash", "bytes=5", 10, HTTP_RANGE_NONE, 0, 0},
        {"a sign", "bytes=+1-5", 10, HTTP_RANGE_NONE, 0, 0},
        {"spaces", "bytes= 1-5", 10, HTTP_RANGE_NONE, 0, 0},
        {"beyond 64 bits", "bytes=18446744073709551616-", 10, HTTP_RANGE_NONE, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint64_t from = 0, len = 0;
        enum http_range found = http_range(span_of(cases[i].header), cases[i].size, &from, &len);

        CHECK_CASE(cases[i].name, found == cases[i].found);
        CHECK_CASE(cases[i].name, from == cases[i].from && len == cases[i].len);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_range),         cmocka_unit_test(test_query_next),
    cmocka_unit_test(test_query_by_name), cmocka_unit_test(test_etag_matches),
    cmocka_unit_test(test_error),
};
RUN_TESTS(tests)
