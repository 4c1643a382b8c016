#include "codec/toml.h"

#include "base/limits.h"
#include "base/test.h"

/* That other people's programs read these the same is tests/oracle/toml_test.sh. */
static void test_accepts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        const char *json;
    } cases[] = {
        {"nothing", "", "{}"},
        {"comments and empty lines", "# one\n\n  # two\r\n\t", "{}"},
        {"a pair", "a = 1", "{\"a\":1}"},
        {"no spaces", "a=1\nb=2\n", "{\"a\":1,\"b\":2}"},
        {"a comment behind", "a = 1 # one\n", "{\"a\":1}"},
        {"CRLF", "a = 1\r\nb = 2\r\n", "{\"a\":1,\"b\":2}"},
        {"bare keys", "a-b_C9 = 1\n7 = 2", "{\"7\":2,\"a-b_C9\":1}"},
        {"quoted keys", "\"a b\" = 1\n'c.d' = 2\n\"\\u0065\" = 3", "{\"a b\":1,\"c.d\":2,\"e\":3}"},
        {"dotted keys", "a.b = 1\na.c.d = 2\n a . \"e\" . 'f' = 3",
         "{\"a\":{\"b\":1,\"c\":{\"d\":2},\"e\":{\"f\":3}}}"},
        {"numbers are dotted keys", "3.14 = 1", "{\"3\":{\"14\":1}}"},
        {"integers", "a = 0\nb = +0\nc = -17\nd = +99\ne = 1_000_000",
         "{\"a\":0,\"b\":0,\"c\":-17,\"d\":99,\"e\":1000000}"},
        {"largest and smallest", "a = 9007199254740991\nb = -9_007_199_254_740_991",
         "{\"a\":9007199254740991,\"b\":-9007199254740991}"},
        {"a basic string", "a = \"x # y\"", "{\"a\":\"x # y\"}"},
        {"empty strings", "a = \"\"\nb = ''\nc = \"\"\"\"\"\"\nd = ''''''",
         "{\"a\":\"\",\"b\":\"\",\"c\":\"\",\"d\":\"\"}"},
        {"every escape", "a = \"\\b\\t\\n\\f\\r\\\"\\\\\\u00e9\\U0001F600\"",
         "{\"a\":\"\\b\\t\\n\\f\\r\\\"\\\\é😀\"}"},
        {"a tab as itself", "a = \"\t\"", "{\"a\":\"\\t\"}"},
        {"a literal string", "a = 'C:\\n\"x\"'", "{\"a\":\"C:\\\\n\\\"x\\\"\"}"},
        {"several lines", "a = \"\"\"\none\ntwo\"\"\"", "{\"a\":\"one\\ntwo\"}"},
        {"several lines, the first kept", "a = \"\"\"one\n\ntwo\n\"\"\"",
         "{\"a\":\"one\\n\\ntwo\\n\"}"},
        {"line joined", "a = \"\"\"one \\\n   two\\  \n\n\t three\"\"\"",
         "{\"a\":\"one twothree\"}"},
        {"joined at the end", "a = \"\"\"one\\\n   \"\"\"", "{\"a\":\"one\"}"},
        {"quotes in several lines", "a = \"\"\"\"one\"\" two\"\"\"\"\"",
         "{\"a\":\"\\\"one\\\"\\\" two\\\"\\\"\"}"},
        {"escaped quotes in several lines", "a = \"\"\"\\\"\"\"\\\"\"\"\"",
         "{\"a\":\"\\\"\\\"\\\"\\\"\"}"},
        {"literal in several lines", "a = '''\n\\d ''x'' \\\n'''''",
         "{\"a\":\"\\\\d ''x'' \\\\\\n''\"}"},
        {"only two quotes", "a = ''''''''", "{\"a\":\"''\"}"},
        {"arrays", "a = []\nb = [1]\nc = [ 1, \"x\", [ ], ]",
         "{\"a\":[],\"b\":[1],\"c\":[1,\"x\",[]]}"},
        {"an array in several lines", "a = [ # one\n  1,\n\n  2 # two\n  , # three\r\n]\nb = 3",
         "{\"a\":[1,2],\"b\":3}"},
        {"inline tables", "a = {}\nb = { c = 1, d.e = 2, \"f\" = {g = 'x'} }",
         "{\"a\":{},\"b\":{\"c\":1,\"d\":{\"e\":2},\"f\":{\"g\":\"x\"}}}"},
        {"dots within an inline table", "a = {b.c = 1, b.d = 2}",
         "{\"a\":{\"b\":{\"c\":1,\"d\":2}}}"},
        {"a long string in an inline table", "a = {b = \"\"\"x\ny\"\"\", c = [\n1]}",
         "{\"a\":{\"b\":\"x\\ny\",\"c\":[1]}}"},
        {"tables", "[a]\nx = 1\n[b]\n[c.d]\ny = 2",
         "{\"a\":{\"x\":1},\"b\":{},\"c\":{\"d\":{\"y\":2}}}"},
        {"spaces in a header", "  [ a . \"b c\" . 'd' ] # here\nx = 1",
         "{\"a\":{\"b c\":{\"d\":{\"x\":1}}}}"},
        {"the outer table after the inner", "[a.b]\nx = 1\n[a]\ny = 2",
         "{\"a\":{\"b\":{\"x\":1},\"y\":2}}"},
        {"tables in any order", "[a.b]\n[c]\n[a.d]\n[a.b.e]",
         "{\"a\":{\"b\":{\"e\":{}},\"d\":{}},\"c\":{}}"},
        {"arrays of tables", "[[a]]\nx = 1\n[[a]]\n[[a]]\nx = 3",
         "{\"a\":[{\"x\":1},{},{\"x\":3}]}"},
        {"tables in the last of an array",
         "[[a]]\n[a.b]\nx = 1\n[[a]]\n[a.b]\nx = 2\n[[a.c]]\n[[a.c]]",
         "{\"a\":[{\"b\":{\"x\":1}},{\"b\":{\"x\":2},\"c\":[{},{}]}]}"},
        {"an array below a table", "[a]\n[[a.b]]\nx=1\n[[a.b]]\n",
         "{\"a\":{\"b\":[{\"x\":1},{}]}}"},
        {"a table after the array below it", "[[a.b]]\n[a]\nx = 1", "{\"a\":{\"b\":[{}],\"x\":1}}"},
        {"dots start anew with each element", "[[a]]\nb.c = 1\n[[a]]\nb.c = 2",
         "{\"a\":[{\"b\":{\"c\":1}},{\"b\":{\"c\":2}}]}"},
        {"one key in two tables", "x = 1\n[a]\nx = 2", "{\"a\":{\"x\":2},\"x\":1}"},
        {"keys that begin alike", "a=1\nab=2\nabc=3\n\"a b\"=4\nA=5",
         "{\"A\":5,\"a\":1,\"a b\":4,\"ab\":2,\"abc\":3}"},
        {"names that mean something elsewhere", "__proto__ = 1\nconstructor.prototype = 2",
         "{\"__proto__\":1,\"constructor\":{\"prototype\":2}}"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct json value;

        CHECK_CASE(cases[i].name, toml_parse(&value, span_of(cases[i].text), &arena, &err));
        CHECK_CASE(cases[i].name, span_is(json_bytes(&value, &arena), cases[i].json));
        arena_free(&arena);
    }
}

#define K64 "0123456789012345678901234567890123456789012345678901234567890123"

static void test_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        const char *fault;
    } cases[] = {
        /* TOML that is outside the subset */
        {"a fraction", "a = 1.5", "line 1, column 5: fractions and exponents are not allowed"},
        {"an exponent", "a = 1e3", "fractions and exponents are not allowed: write an integer"},
        {"true", "a = true", "booleans are not allowed: write an integer or a string"},
        {"false", "a = [false]", "line 1, column 6: booleans"},
        {"a date", "a = 2025-10-19", "dates and times are not allowed: write a string"},
        {"a date and time", "a = 2025-10-19T12:00:00Z", "dates and times"},
        {"a time", "a = 12:00:00", "dates and times"},
        {"hex", "a = 0xff", "hex, octal and binary are not allowed: write a decimal"},
        {"octal", "a = 0o7", "hex, octal and binary"},
        {"binary", "a = 0b1", "hex, octal and binary"},
        {"infinity", "a = -inf", "inf and nan are not allowed"},
        {"not a number", "a = nan", "inf and nan are not allowed"},
        {"minus nought", "a = -0", "-0 is not allowed: write 0"},
        {"one too large", "a = 9007199254740992", "within ±9007199254740991"},
        {"far too large", "a = 99999999999999999999999999", "within ±9007199254740991"},
        {"an empty key", "\"\" = 1", "a key must be 1 to 64"},
        {"a key beyond ASCII", "\"é\" = 1", "a key must be 1 to 64 characters of printable ASCII"},
        {"a key with a quote", "'a\"b' = 1", "a key must be 1 to 64"},
        {"a key of 65", K64 "4 = 1", "a key must be 1 to 64"},
        {"escaped nought", "a = \"\\u0000\"", "U+0000 is not allowed"},
        {"CRLF in a long string", "a = \"\"\"x\r\ny\"\"\"", "must be a line feed alone"},
        {"CRLF right at its start", "a = '''\r\nx'''",
         "line 1, column 8: a line break in a string"},
        {"byte order mark",
         "\xef\xbb\xbf"
         "a = 1",
         "line 1, column 1: a byte order mark"},
        {"a header below a dotted table", "[a]\nb.c = 1\n[a.b.d]", "line 3, column 2: \"b\" is a"},
        /* what is no TOML */
        {"no key", "= 1", "line 1, column 1: a key must stand here"},
        {"no value", "a =", "line 1, column 4: a value must stand here"},
        {"no value on the line", "a =\n1", "line 1, column 4: a value must stand here"},
        {"no equals sign", "a 1", "line 1, column 3: an equals sign must stand here"},
        {"a colon", "a: 1", "an equals sign must stand here"},
        {"two pairs on a line", "a = 1 b = 2", "line 1, column 7: the line must end here"},
        {"text behind a header", "[a] b = 1", "line 1, column 5: the line must end here"},
        {"a word", "a = yes", "line 1, column 5: a string must stand in quotes"},
        {"TRUE", "a = TRUE", "a string must stand in quotes"},
        {"leading zero", "a = 007", "leading zeros"},
        {"plus leading zero", "a = +01", "leading zeros"},
        {"zero and underscore", "a = 0_1", "leading zeros"},
        {"underscore behind", "a = 1_", "single underscores between them at most"},
        {"underscore in front", "a = _1", "a string must stand in quotes"},
        {"two underscores", "a = 1__0", "single underscores"},
        {"two signs", "a = +-1", "a string must stand in quotes"},
        {"a sign alone", "a = -", "a string must stand in quotes"},
        {"digits and letters", "a = 12ab", "not an integer"},
        {"a key ending in a dot", "a. = 1", "line 1, column 4: a key must stand here"},
        {"a key starting with a dot", ".a = 1", "a key must stand here"},
        {"two dots", "a..b = 1", "a key must stand here"},
        {"a space in a key", "a b = 1", "an equals sign must stand here"},
        {"a long string as a key", "\"\"\"a\"\"\" = 1", "a key must be 1 to 64"},
        {"a line break in a key", "\"a\nb\" = 1", "not closed on its line"},
        {"the same key twice", "a = 1\na = 2", "line 2, column 1: \"a\" has its value already"},
        {"the same key quoted", "a = 1\n\"a\" = 2",
         "line 2, column 1: \"a\" has its value already"},
        {"a dotted key twice", "a.b = 1\na.b = 2", "line 2, column 1: \"b\" has its value already"},
        {"through a value", "a = 1\na.b = 2", "\"a\" has its value already"},
        {"a dotted table as a value", "a.b = 1\na = 2", "\"a\" is a table that dotted keys made"},
        {"into an inline table", "a = {}\na.b = 1", "\"a\" has its value already"},
        {"a header into an inline table", "a = {b = {}}\n[a.b]", "\"a\" has its value already"},
        {"a header of an inline table", "a = {}\n[a]", "\"a\" has its value already"},
        {"an inline table twice within", "a = {b = 1, b = 2}", "\"b\" has its value already"},
        {"within, through a value", "a = {b = {}, b.c = 1}", "\"b\" has its value already"},
        {"a header twice", "[a]\n[b]\n[a]", "line 3, column 2: \"a\" is a table that stands else"},
        {"an inner header twice", "[a.b]\n[a.b]", "\"b\" is a table that stands elsewhere"},
        {"a header of a value", "a = 1\n[a]", "\"a\" has its value already"},
        {"a header of a dotted table", "a.b = 1\n[a]", "\"a\" is a table that dotted keys made"},
        {"dots into a table of a header", "[a.b]\n[a]\nb.c = 1", "\"b\" is a table that stands"},
        {"dots through a path", "[a.b.c]\n[a]\nb.d = 1", "\"b\" is a table that a header made"},
        {"a value where a path was", "[a.b]\n[a]\nb = 1", "\"b\" is a table that stands elsewhere"},
        {"an array of tables of a table", "[a]\n[[a]]", "\"a\" is a table that stands elsewhere"},
        {"an array of tables of a path", "[a.b]\n[[a]]", "\"a\" is a table that a header made"},
        {"a table of an array of tables", "[[a]]\n[a]", "\"a\" is an array of tables"},
        {"an array of tables of an array", "a = []\n[[a]]", "\"a\" has its value already"},
        {"a table in an array of values", "a = [{}]\n[a.b]", "\"a\" has its value already"},
        {"dots into an array of tables", "[[a.b]]\n[a]\nb.c = 1", "\"b\" is an array of tables"},
        {"a value and an array of tables", "[[a]]\nb = 1\n[[a.b]]", "\"b\" has its value already"},
        {"a header not closed", "[a", "] must stand here"},
        {"a header closed below", "[a\n]", "line 1, column 3: ] must stand here"},
        {"an empty header", "[]", "a key must stand here"},
        {"a header ending in a dot", "[a.]", "a key must stand here"},
        {"brackets apart", "[ [a] ]", "a key must stand here"},
        {"closed by one of two", "[[a]", "]] must stand here"},
        {"closed apart", "[[a] ]", "]] must stand here"},
        {"closed by two of one", "[a]]", "the line must end here"},
        {"an array not closed", "a = [1,", "a value must stand here"},
        {"an array without comma", "a = [1 2]", "a comma or ] must stand here"},
        {"an array with two commas", "a = [1,,2]", "a value must stand here"},
        {"an array with a comma first", "a = [,1]", "a value must stand here"},
        {"an inline table not closed", "a = {b = 1", "a comma or } must stand here"},
        {"an inline table in two lines", "a = {b = 1\n}", "a comma or } must stand here, on the"},
        {"an inline table broken behind {", "a = {\nb = 1}", "a key must stand here"},
        {"a comma at its end", "a = {b = 1,}", "a key must stand here"},
        {"a comma in it", "a = {,}", "a key must stand here"},
        {"a comment in it", "a = {b = 1 # }\n}", "a comma or } must stand here"},
        {"a string not closed", "a = \"x", "line 1, column 5: this string is not closed"},
        {"a string over two lines", "a = \"x\ny\"",
         "line 1, column 5: this string is not closed on"},
        {"a literal over two lines", "a = 'x\ny'", "this string is not closed on its line"},
        {"a long string not closed", "a = \"\"\"x\"\"",
         "line 1, column 5: this string is not closed"},
        {"six quotes behind", "a = \"\"\"x\"\"\"\"\"\"", "the line must end here"},
        {"an escaped letter", "a = \"\\q\"", "a backslash must be followed by one of"},
        {"an escaped space", "a = \"\\ \"", "a backslash must be followed by one of"},
        {"a space before the end of the text", "a = \"\"\"\\ ", "a backslash must be followed by"},
        {"a joined line in a short string", "a = \"x\\\n y\"", "a backslash must be followed by"},
        {"an apostrophe escaped", "a = 'it\\'s'", "the line must end here"},
        {"short hex", "a = \"\\u12\"", "\\u must be followed by 4 hex digits"},
        {"short long hex", "a = \"\\U00001\"", "\\U must be followed by 8 hex digits"},
        {"a surrogate", "a = \"\\ud83d\\ude00\"", "no Unicode character has this number"},
        {"beyond Unicode", "a = \"\\U00110000\"", "no Unicode character has this number"},
        {"far beyond Unicode", "a = \"\\UFFFFFFFF\"", "no Unicode character has this number"},
        {"a control character", "a = \"\x01\"", "line 1, column 6: the control character U+0001"},
        {"delete", "a = \"\x7f\"", "the control character U+007F is not allowed"},
        {"a control character in a comment", "# \x1f", "the control character U+001F"},
        {"a bare CR", "a = 1\rb = 2", "line 1, column 6: the control character U+000D"},
        {"a bare CR in a comment", "# a\r# b", "the control character U+000D is not allowed"},
        {"not UTF-8", "a = \"\xe9\"", "line 1, column 6: not UTF-8"},
        {"not UTF-8 in a comment", "# \xe9", "line 1, column 3: not UTF-8"},
        {"lines are counted", "a = 1\n\n# صلح\nb = [\n1,\nصلح]", "line 6, column 1"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct json value = {.type = JSON_INTEGER, .integer = 99};

        CHECK_CASE(cases[i].name, !toml_parse(&value, span_of(cases[i].text), &arena, &err));
        CHECK_CASE(cases[i].name, err.kind == ERR_MALFORMED);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, value.integer == 99);
        arena_free(&arena);
    }
}

static void test_nul_byte(void **state)
{
    (void)state;
    const struct span cases[] = {SPAN_LIT("a = 1\0"), SPAN_LIT("\0"), SPAN_LIT("a = \"\0\""),
                                 SPAN_LIT("# \0\n")};

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct json value;

        assert_false(toml_parse(&value, cases[i], &arena, &err));
        assert_non_null(strstr(err.text, "the control character U+0000 is not allowed"));
        arena_free(&arena);
    }
}

/* `count` times `part`, between `before` and `behind`. */
static struct span repeat(const char *before, const char *part, size_t count, const char *behind,
                          struct arena *arena)
{
    struct buf buf = buf_in(arena, SIZE_MAX);

    buf_text(&buf, before);
    for (size_t i = 0; i < count; i++)
        buf_text(&buf, part);
    buf_text(&buf, behind);
    return buf_span(&buf);
}

static void test_limits(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct arena *a = &arena;
    const unsigned deep = LIMIT_JSON_DEPTH;
    const struct {
        const char *name;
        struct span text;
        const char *fault; /* "": is accepted */
    } cases[] = {
        {"arrays, deepest", repeat("a=", "[", deep - 1, "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", a), ""},
        {"arrays, one deeper", repeat("a=", "[", deep, "", a), "column 34: nested more than 32"},
        {"arrays, far deeper", repeat("a=", "[", 1000000, "", a), "nested more than 32 deep"},
        {"inline tables, far deeper", repeat("", "a={", 1000000, "", a), "nested more than 32"},
        {"header, deepest", repeat("[a", ".a", deep - 2, "]", a), ""},
        {"header, one deeper", repeat("[a", ".a", deep - 1, "]", a), "nested more than 32 deep"},
        {"header, far deeper", repeat("[a", ".a", 1000000, "]", a), "nested more than 32 deep"},
        {"dots, deepest", repeat("a", ".a", deep - 1, "=1", a), ""},
        {"dots, one deeper", repeat("a", ".a", deep, "=1", a), "nested more than 32 deep"},
        {"dots to an empty array, one deeper", repeat("a", ".a", deep - 1, "=[]", a),
         "nested more"},
        {"array of tables, deepest", repeat("[[a", ".a", deep - 3, "]]", a), ""},
        {"array of tables, one deeper", repeat("[[a", ".a", deep - 2, "]]", a), "nested more than"},
        {"as many values as may be", repeat("a=[", "1,", LIMIT_JSON_VALUES - 2, "]", a), ""},
        {"one value more", repeat("a=[", "1,", LIMIT_JSON_VALUES - 1, "]", a), "more than 262144"},
        {"one table more", repeat("", "[[a]]\n", LIMIT_JSON_VALUES - 1, "", a), "more than 262144"},
        {"as long as may be", repeat("a=1#", "x", LIMIT_TOML_BYTES - 4, "", a), ""},
        {"one byte more", repeat("a=1#", "x", LIMIT_TOML_BYTES - 3, "", a), "longer than 4194304"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = {0};
        struct json value, again;
        bool ok = toml_parse(&value, cases[i].text, a, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, ok || err.kind == ERR_LIMIT);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, /* what is accepted here is accepted as JSON */
                   !ok || json_parse_canonical(&again, json_bytes(&value, a), a, &err));
    }
    arena_free(&arena);
}

/* Many keys in one table, in the orders that make a simple tree slow. */
static void test_many_keys(void **state)
{
    (void)state;
    static const char *const order[] = {"ascending", "descending", "mixed"};
    const uint32_t count = 50000;

    for (size_t o = 0; o < ARRAY_LEN(order); o++) {
        struct arena arena = {0};
        struct buf buf = buf_in(&arena, SIZE_MAX);
        struct err err = {0};
        struct json value;

        for (uint32_t i = 0; i < count; i++)
            buf_printf(&buf, "k%05u = 1\n",
                       o == 0   ? i
                       : o == 1 ? count - 1 - i
                                : i * 7919u % count);
        CHECK_CASE(order[o], toml_parse(&value, buf_span(&buf), &arena, &err));
        CHECK_CASE(order[o], value.object.count == count);
        for (uint32_t i = 0; i < count; i++)
            CHECK_CASE(order[o], i == 0 || span_compare(value.object.at[i - 1].key,
                                                        value.object.at[i].key) < 0);
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_accepts),   cmocka_unit_test(test_refuses),
    cmocka_unit_test(test_nul_byte),  cmocka_unit_test(test_limits),
    cmocka_unit_test(test_many_keys),
};

RUN_TESTS(tests)
