#include "codec/json.h"

#include "base/limits.h"
#include "base/test.h"
#include "codec/utf8.h"

#define MAX "9007199254740991"

/* Text that means a value, and that value's one canonical form. */
static void test_parse_accepts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        const char *canonical;
    } cases[] = {
        {"zero", "0", "0"},
        {"negative", "-17", "-17"},
        {"the largest", MAX, MAX},
        {"the smallest", "-" MAX, "-" MAX},
        {"empty string", "\"\"", "\"\""},
        {"empty array", "[]", "[]"},
        {"empty object", "{}", "{}"},
        {"white space of every kind", " \t\r\n[ 1 ,\n2 ]\r\n", "[1,2]"},
        {"members are sorted", "{\"b\":1,\"a\":2,\"B\":3}", "{\"B\":3,\"a\":2,\"b\":1}"},
        {"a key before those it begins", "{\"ab\":1,\"a\":2}", "{\"a\":2,\"ab\":1}"},
        {"keys compare as bytes", "{\"a~\":1,\"a b\":2,\"a/\":3}", "{\"a b\":2,\"a/\":3,\"a~\":1}"},
        {"an escaped key", "{\"\\u0061\":1}", "{\"a\":1}"},
        {"a key of 64 bytes",
         "{\"0123456789012345678901234567890123456789012345678901234567890123\":1}",
         "{\"0123456789012345678901234567890123456789012345678901234567890123\":1}"},
        {"every short escape", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
        {"short escapes spelt long", "\"\\u000a\\u0009\\u0022\\u005C\\u002F\"",
         "\"\\n\\t\\\"\\\\/\""},
        {"control characters are written in lower case", "\"\\u001F\\u0001\"",
         "\"\\u001f\\u0001\""},
        {"delete stands for itself", "\"\\u007f\"", "\"\x7f\""},
        {"escapes of two and three bytes", "\"\\u00E9\\u0635\\u20ac\"", "\"éص€\""},
        {"a surrogate pair", "\"\\ud83D\\uDE00\"", "\"😀\""},
        {"the last character of all", "\"\\udbff\\udfff\"", "\"\xf4\x8f\xbf\xbf\""},
        {"text behind escapes", "\"a\\u0062c\\nd\"", "\"abc\\nd\""},
        {"line separators are plain", "\"\xe2\x80\xa8\"", "\"\xe2\x80\xa8\""},
        {"objects in arrays in objects", "{\"a\":[{\"c\":1,\"b\":[]}]}",
         "{\"a\":[{\"b\":[],\"c\":1}]}"},
        {"the same key in two objects", "[{\"a\":1},{\"a\":1}]", "[{\"a\":1},{\"a\":1}]"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct json value, again;

        CHECK_CASE(cases[i].name, json_parse(&value, span_of(cases[i].text), &arena, &err));
        struct span bytes = json_bytes(&value, &arena);
        CHECK_CASE(cases[i].name, span_is(bytes, cases[i].canonical));
        CHECK_CASE(cases[i].name, json_parse_canonical(&again, bytes, &arena, &err));
        CHECK_CASE(cases[i].name, json_equal(&value, &again));
        arena_free(&arena);
    }
}

static void test_parse_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        const char *fault;
    } cases[] = {
        {"nothing", "",
         "line 1, column 1: an integer, a string, an array or an object must stand "
         "here, but the text ends"},
        {"only white space", " \n ", "line 2, column 2: an integer"},
        {"a fraction", "[1.5]", "line 1, column 2: fractions are not allowed: write an integer"},
        {"a fraction of nothing", "1.0", "fractions are not allowed"},
        {"an exponent", "1e3", "exponents are not allowed: write the integer in full"},
        {"a capital exponent", "1E3", "exponents are not allowed"},
        {"true", "true", "true is not allowed: write an integer or a string"},
        {"false", "[false]", "false is not allowed"},
        {"null", "{\"a\":null}", "line 1, column 6: null is not allowed: leave the member out"},
        {"another word", "nil", "must stand here"},
        {"not a number", "NaN", "must stand here"},
        {"minus nought", "-0", "-0 is not allowed: write 0"},
        {"leading zero", "007", "leading zeros"},
        {"negative leading zero", "-01", "leading zeros"},
        {"plus", "+1", "must stand here"},
        {"minus alone", "-", "a digit must stand here, but the text ends"},
        {"minus and a letter", "-a", "a digit must stand here"},
        {"one too large", "9007199254740992", "within ±" MAX},
        {"one too small", "-9007199254740992", "within ±" MAX},
        {"64 bits overflow", "18446744073709551617", "within ±" MAX},
        {"hex", "0x10", "the end of the text must stand here"},
        {"two values", "1 2", "line 1, column 3: the end of the text must stand here"},
        {"comma at the end", "[1,]", "line 1, column 4: an integer"},
        {"comma in front", "[,1]", "line 1, column 2: an integer"},
        {"no comma", "[1 2]", "a comma or ] must stand here"},
        {"array not closed", "[1", "a comma or ] must stand here, but the text ends"},
        {"closed by the other", "[1}", "a comma or ]"},
        {"object not closed", "{\"a\":1", "a comma or } must stand here, but the text ends"},
        {"object of values", "{1}", "a member's name in double quotes"},
        {"bare key", "{a:1}", "a member's name in double quotes"},
        {"comma at the end of an object", "{\"a\":1,}", "a member's name in double quotes"},
        {"no colon", "{\"a\" 1}", "a colon must stand here"},
        {"no value", "{\"a\":}", "line 1, column 6: an integer"},
        {"same member twice", "{\"a\":1,\"a\":2}", "column 8: member \"a\" stands here a second"},
        {"twice, far apart", "{\"b\":1,\"a\":2,\"b\":3}", "column 14: member \"b\" stands here a"},
        {"twice, one escaped", "{\"a\":1,\"b\":2,\"\\u0061\":3}", "column 14: member \"a\""},
        {"empty key", "{\"\":1}", "a member's name must be 1 to 64"},
        {"key of 65 bytes",
         "{\"01234567890123456789012345678901234567890123456789012345678901234\":1}",
         "a member's name must be 1 to 64"},
        {"key beyond ASCII", "{\"é\":1}", "a member's name must be"},
        {"key with a quote", "{\"a\\\"\":1}", "a member's name must be"},
        {"key with a backslash", "{\"\\\\\":1}", "a member's name must be"},
        {"key with a line break", "{\"a\\n\":1}", "a member's name must be"},
        {"string not closed", "[\"abc", "line 1, column 2: this string is not closed"},
        {"closed by an escape", "\"abc\\\"", "this string is not closed"},
        {"backslash at the end", "\"\\", "a backslash must be followed by one of"},
        {"unknown escape", "\"\\x41\"", "a backslash must be followed by one of"},
        {"short escape, cut", "\"\\u12\"", "four hex digits"},
        {"no hex digit", "\"\\u12g4\"", "four hex digits"},
        {"first half alone", "\"\\ud800\"", "half a surrogate pair"},
        {"first half and a letter", "\"\\ud800a\"", "half a surrogate pair"},
        {"first half twice", "\"\\ud800\\ud800\"", "half a surrogate pair"},
        {"second half alone", "\"\\udc00\"", "half a surrogate pair"},
        {"escaped nought", "\"\\u0000\"", "U+0000"},
        {"line break in a string", "\"a\nb\"", "line 1, column 3: control characters"},
        {"tab in a string", "\"\t\"", "control characters in a string must be escaped"},
        {"overlong UTF-8", "\"\xc0\xaf\"", "line 1, column 2: not UTF-8"},
        {"a surrogate in UTF-8", "\"\xed\xa0\x80\"", "not UTF-8"},
        {"beyond Unicode", "\"\xf4\x90\x80\x80\"", "not UTF-8"},
        {"byte order mark", "\xef\xbb\xbf[]", "must stand here"},
        {"single quotes", "'a'", "must stand here"},
        {"comment", "[1] // one", "the end of the text must stand here"},
        {"form feed is no white space", "\f1", "must stand here"},
        {"columns count characters", "[\"صلح\",x]", "line 1, column 8"},
        {"lines are counted", "{\n  \"a\": 1,\n  \"b\": x\n}", "line 3, column 8"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct json value = {.type = JSON_INTEGER, .integer = 99};

        CHECK_CASE(cases[i].name, !json_parse(&value, span_of(cases[i].text), &arena, &err));
        CHECK_CASE(cases[i].name, err.kind == ERR_MALFORMED);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, value.integer == 99);
        CHECK_CASE(cases[i].name,
                   !json_parse_canonical(&value, span_of(cases[i].text), &arena, &err));
        arena_free(&arena);
    }
}

/* Each means a value, and none is how it must be written where it was signed. */
static void test_canonical_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *text;
        const char *fault;
    } cases[] = {
        {"space in front", " 1", "line 1, column 1: white space"},
        {"line feed behind", "1\n", "line 1, column 2: white space"},
        {"space in an array", "[1, 2]", "white space"},
        {"space in an empty array", "[ ]", "white space"},
        {"space behind a colon", "{\"a\": 1}", "white space"},
        {"space before a colon", "{\"a\" :1}", "white space"},
        {"space before a key", "{ \"a\":1}", "white space"},
        {"space before a bracket", "{\"a\":1 }", "white space"},
        {"members out of order", "{\"b\":1,\"a\":2}", "column 8: members must stand in bytewise"},
        {"escaped slash", "\"\\/\"", "not how the canonical form"},
        {"escaped letter", "\"\\u0061\"", "not how the canonical form"},
        {"escaped character", "\"\\u00e9\"", "not how the canonical form"},
        {"line feed spelt long", "\"\\u000a\"", "not how the canonical form"},
        {"quote spelt long", "\"\\u0022\"", "not how the canonical form"},
        {"capital hex", "\"\\u001F\"", "not how the canonical form"},
        {"escaped delete", "\"\\u007f\"", "not how the canonical form"},
        {"surrogate pair", "\"\\ud83d\\ude00\"", "not how the canonical form"},
        {"escape in a key", "{\"\\u0061\":1}", "not how the canonical form"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct json value = {.type = JSON_INTEGER, .integer = 99};

        CHECK_CASE(cases[i].name,
                   !json_parse_canonical(&value, span_of(cases[i].text), &arena, &err));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, value.integer == 99);
        CHECK_CASE(cases[i].name, json_parse(&value, span_of(cases[i].text), &arena, &err));
        arena_free(&arena);
    }
}

static void test_nul_bytes(void **state)
{
    (void)state;
    const struct {
        const char *name;
        struct span text;
    } cases[] = {
        {"behind a value", SPAN_LIT("1\0")},
        {"in front", SPAN_LIT("\0"
                              "1")},
        {"in a string", SPAN_LIT("\"a\0b\"")},
        {"in an array", SPAN_LIT("[1\0]")},
        {"behind a backslash", SPAN_LIT("\"\\\0\"")},
        {"in an escape", SPAN_LIT("\"\\u00\0\"")},
        {"in a key", SPAN_LIT("{\"\0\":1}")},
        {"in a number", SPAN_LIT("1\0"
                                 "2")},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct json value;

        CHECK_CASE(cases[i].name, !json_parse(&value, cases[i].text, &arena, &err));
        arena_free(&arena);
    }
}

/* `depth` arrays, one in the other. */
static struct span nested(size_t depth, struct arena *arena)
{
    uint8_t *text = arena_alloc(arena, 2 * depth);

    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return span_make(text, 2 * depth);
}

/* An array of `count` noughts. */
static struct span many(size_t count, struct arena *arena)
{
    uint8_t *text = arena_alloc(arena, 2 * count + 1);

    for (size_t i = 0; i < count; i++)
        memcpy(text + 2 * i, ",0", 2);
    text[0] = '[';
    text[2 * count] = ']';
    return span_make(text, 2 * count + 1);
}

static void test_limits(void **state)
{
    (void)state;
    struct arena arena = {0};
    const struct {
        const char *name;
        struct span text;
        const char *fault; /* "": is accepted */
    } cases[] = {
        {"as deep as may be", nested(LIMIT_JSON_DEPTH, &arena), ""},
        {"one deeper", nested(LIMIT_JSON_DEPTH + 1, &arena), "column 33: nested more than 32 deep"},
        {"a million deep", nested(1000000, &arena), "column 33: nested more than 32 deep"},
        {"as many as may be", many(LIMIT_JSON_VALUES - 1, &arena), ""},
        {"one more", many(LIMIT_JSON_VALUES, &arena), "more than 262144 values"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = {0};
        struct json value;
        bool ok = json_parse(&value, cases[i].text, &arena, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, ok || err.kind == ERR_LIMIT);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
    }
    arena_free(&arena);
}

static void test_get(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = {0};
    struct json v;
    struct span none = SPAN_LIT("none");

    assert_true(json_parse(&v, SPAN_LIT("{\"a\":1,\"b\":\"two\",\"c\":[3],\"d\":{\"a\":4}}"),
                           &arena, &err));
    static const struct {
        const char *key;
        int64_t integer;
        const char *string;
    } cases[] = {
        {"a", 1, "none"},  {"b", -1, "two"}, {"c", -1, "none"},  {"d", -1, "none"},
        {"e", -1, "none"}, {"", -1, "none"}, {"ab", -1, "none"}, {"A", -1, "none"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        CHECK_CASE(cases[i].key, json_get_integer(&v, cases[i].key, -1) == cases[i].integer);
        CHECK_CASE(cases[i].key, span_is(json_get_string(&v, cases[i].key, none), cases[i].string));
    }
    assert_int_equal(json_get_integer(json_get(&v, "d"), "a", -1), 4);
    assert_null(json_get(json_get(&v, "a"), "a"));
    assert_null(json_get(NULL, "a"));
    assert_int_equal(json_get_integer(json_get(&v, "nothing"), "a", -1), -1);
    arena_free(&arena);
}

static void test_lists(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = {0};
    struct json v;

    assert_true(json_parse(&v,
                           SPAN_LIT("{\"list\":[\"a\",\"bc\",1,[\"d\"]],\"none\":[],"
                                    "\"text\":\"a\",\"object\":{\"a\":1}}"),
                           &arena, &err));
    static const struct {
        const char *name, *member, *text;
        bool lists;
    } cases[] = {
        {"the first", "list", "a", true},
        {"another", "list", "bc", true},
        {"a part of one", "list", "b", false},
        {"longer than one", "list", "bcd", false},
        {"a number written out", "list", "1", false},
        {"in a list inside", "list", "d", false},
        {"nothing", "list", "", false},
        {"of an empty list", "none", "a", false},
        {"of a string", "text", "a", false},
        {"a key of an object", "object", "a", false},
        {"of what is not there", "absent", "a", false},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name, json_lists(json_get(&v, cases[i].member),
                                             span_of(cases[i].text)) == cases[i].lists);
    arena_free(&arena);
}

static void test_equal(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        bool equal;
    } cases[] = {
        {"1", "1", true},
        {"{\"a\":1,\"b\":[2]}", "{ \"b\":[2], \"a\":1}", true},
        {"\"\\u0061\"", "\"a\"", true},
        {"[]", "{}", false},
        {"1", "\"1\"", false},
        {"1", "-1", false},
        {"[1,2]", "[2,1]", false},
        {"[1]", "[1,1]", false},
        {"{\"a\":1}", "{\"b\":1}", false},
        {"{\"a\":1}", "{\"a\":2}", false},
        {"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
        {"\"a\"", "\"ab\"", false},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct json a, b;

        CHECK_CASE(cases[i].a, json_parse(&a, span_of(cases[i].a), &arena, &err));
        CHECK_CASE(cases[i].a, json_parse(&b, span_of(cases[i].b), &arena, &err));
        CHECK_CASE(cases[i].a, json_equal(&a, &b) == cases[i].equal);
        CHECK_CASE(cases[i].a, json_equal(&b, &a) == cases[i].equal);
        CHECK_CASE(cases[i].a, !json_equal(&a, NULL) && !json_equal(NULL, &b));
        arena_free(&arena);
    }
    assert_true(json_equal(NULL, NULL));
}

static void test_make(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct json object = json_object();
    struct json array = json_array();

    for (int i = 0; i < 5; i++)
        json_push(&array, json_integer(i * i), &arena);
    json_set(&object, "squares", array, &arena);
    json_set_string(&object, "name", SPAN_LIT("صلح"), &arena);
    json_set_integer(&object, "at_ms", 5, &arena);
    json_set_integer(&object, "at_ms", -LIMIT_INTEGER, &arena); /* in the place of the one before */
    json_set(&object, "zone", json_text(""), &arena);
    json_set(&object, "a", json_object(), &arena);
    assert_true(span_is(json_bytes(&object, &arena),
                        "{\"a\":{},\"at_ms\":-9007199254740991,\"name\":\"صلح\","
                        "\"squares\":[0,1,4,9,16],\"zone\":\"\"}"));
    arena_free(&arena);
}

/* A value that was read has no room to spare; one made by hand says so by its 0. */
static void test_growing_what_was_read(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = {0};
    struct json fixed[] = {json_integer(1), json_integer(2)};
    struct json by_hand = {.type = JSON_ARRAY, .array = {.at = fixed, .count = 2}};
    struct json read;

    assert_true(json_parse(&read, SPAN_LIT("{\"b\":[1,2,3],\"d\":0}"), &arena, &err));
    struct json list = *json_get(&read, "b");
    json_push(&list, json_integer(4), &arena);
    json_push(&by_hand, json_integer(3), &arena);
    json_set(&read, "c", list, &arena);
    json_set(&read, "a", by_hand, &arena);
    assert_true(span_is(json_bytes(&read, &arena),
                        "{\"a\":[1,2,3],\"b\":[1,2,3],\"c\":[1,2,3,4],\"d\":0}"));
    arena_free(&arena);
}

/* Longer than what the encoder gathers, and escapes at each place in it. */
static void test_encode_long_strings(void **state)
{
    (void)state;

    for (size_t len = 500; len < 530; len++) {
        struct arena arena = {0};
        struct err err = {0};
        struct json value = json_array(), again;
        char *text = arena_alloc(&arena, len);

        memset(text, 'x', len);
        text[len - 1] = '\n';
        text[len / 2] = '"';
        json_push(&value, json_string(span_make(text, len)), &arena);
        json_push(&value, json_integer(-1), &arena);
        struct span bytes = json_bytes(&value, &arena);
        assert_int_equal(bytes.len, len + 2 + 2 + 5);
        assert_true(json_parse_canonical(&again, bytes, &arena, &err));
        assert_true(json_equal(&value, &again));
        arena_free(&arena);
    }
}

static void test_encode_into_too_little(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct json value = json_text("0123456789");
    struct buf exact = buf_in(&arena, 12);
    struct buf small = buf_in(&arena, 11);

    json_encode(&exact, &value);
    json_encode(&small, &value);
    assert_false(exact.full);
    assert_true(small.full);
    arena_free(&arena);
}

/* Each byte that must be escaped, at each place in the words that a string is read and
 * written by, with neighbours of every kind. */
static void test_escapes_at_every_place(void **state)
{
    (void)state;
    static const char *const around[] = {"aaaaaaaaaaaaaaaaaaa", "!!!!!!!!!!!!!!!!!!!",
                                         "   ################", "صلحصلحصلحص",
                                         "[]]]]]]]]]]]]]]]]]["};

    for (int c = 1; c < 0x80; c++) {
        for (size_t place = 0; place < 19 * ARRAY_LEN(around); place++) {
            struct arena arena = {0};
            struct err err = {0};
            struct json again;
            struct span text = span_of(around[place / 19]);
            struct buf buf = buf_in(&arena, 40);
            bool plain = c >= 0x20 && c != '"' && c != '\\';

            buf_put(&buf, utf8_prefix(text, place % 19));
            buf_byte(&buf, (uint8_t)c);
            buf_put(&buf, span_from(text, buf.len - 1));
            struct json value = json_string(buf_span(&buf));
            struct span bytes = json_bytes(&value, &arena);
            assert_true(plain == (bytes.len == buf.len + 2));
            assert_true(json_parse_canonical(&again, bytes, &arena, &err));
            assert_true(json_equal(&value, &again));
            arena_free(&arena);
        }
    }
}

static void test_text_valid(void **state)
{
    (void)state;
    assert_true(json_text_valid(SPAN_LIT("")));
    assert_true(json_text_valid((struct span){0}));
    assert_true(json_text_valid(SPAN_LIT("صلح\n")));
    assert_false(json_text_valid(SPAN_LIT("a\0b")));
    assert_false(json_text_valid(SPAN_LIT("\xff")));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_parse_accepts),
    cmocka_unit_test(test_parse_refuses),
    cmocka_unit_test(test_canonical_refuses),
    cmocka_unit_test(test_nul_bytes),
    cmocka_unit_test(test_limits),
    cmocka_unit_test(test_get),
    cmocka_unit_test(test_lists),
    cmocka_unit_test(test_equal),
    cmocka_unit_test(test_make),
    cmocka_unit_test(test_growing_what_was_read),
    cmocka_unit_test(test_encode_long_strings),
    cmocka_unit_test(test_encode_into_too_little),
    cmocka_unit_test(test_escapes_at_every_place),
    cmocka_unit_test(test_text_valid),
};

RUN_TESTS(tests)
