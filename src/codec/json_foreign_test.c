#include "codec/json_foreign.h"

#include "base/buf.h"
#include "base/test.h"

/* What was read, with its numbers as printed and its members in order. */
static void spell(struct buf *out, const struct foreign *value)
{
    static const char *const words[] = {"null", "false", "true"};

    switch (value->type) {
    case FOREIGN_NULL:
    case FOREIGN_FALSE:
    case FOREIGN_TRUE:
        buf_text(out, words[value->type]);
        return;
    case FOREIGN_NUMBER:
        buf_put(out, value->text);
        return;
    case FOREIGN_STRING:
        buf_printf(out, "'%.*s'", SPAN_ARG(value->text));
        return;
    case FOREIGN_ARRAY:
        for (size_t i = 0; i < value->array.count; i++) {
            buf_text(out, i ? " " : "[");
            spell(out, &value->array.at[i]);
        }
        buf_text(out, value->array.count ? "]" : "[]");
        return;
    case FOREIGN_OBJECT:
        for (size_t i = 0; i < value->object.count; i++) {
            buf_printf(out, "%s%.*s=", i ? " " : "{", SPAN_ARG(value->object.at[i].key));
            spell(out, &value->object.at[i].value);
        }
        buf_text(out, value->object.count ? "}" : "{}");
    }
}

static void test_reads(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *want;
    } cases[] = {
        {"null", "null", "null"},
        {"the three words", "[true,false,null]", "[true false null]"},
        {"a number stays its text", "[-0.0,1e5,1.50E-07,47.3665008545]",
         "[-0.0 1e5 1.50E-07 47.3665008545]"},
        {"a number that no machine holds", "123456789012345678901234567890e99999",
         "123456789012345678901234567890e99999"},
        {"minus nothing", "-0", "-0"},
        {"an empty text is a value", "\"\"", "''"},
        {"escapes", "\"a\\u00e9\\n\\/\\ud83d\\ude00b\"", "'aé\n/😀b'"},
        {"members in any order", "{\"b\":1,\"a\":[],\"c\":{}}", "{a=[] b=1 c={}}"},
        {"an empty name", "{\"\":1}", "{=1}"},
        {"a name in any script", "{\"نوع\":\"x\"}", "{نوع='x'}"},
        {"space around", " \r\n\t[ 1 , 2 ] \n", "[1 2]"},
        {"the same name in two objects", "[{\"a\":1},{\"a\":1}]", "[{a=1} {a=1}]"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct buf got = buf_in(&arena, SIZE_MAX);
        struct err err = {0};
        struct foreign value;

        CHECK_CASE(cases[i].name, foreign_parse(&value, span_of(cases[i].text), &arena, &err));
        spell(&got, &value);
        CHECK_CASE(cases[i].name, span_is(buf_span(&got), cases[i].want));
        arena_free(&arena);
    }
}

static void test_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *fault;
    } cases[] = {
        {"nothing", "", "line 1, column 1: a value must stand here, but the text ends"},
        {"space alone", "\n ", "line 2, column 2: a value"},
        {"two values", "1 2", "line 1, column 3: the end of the text"},
        {"a leading zero", "[01]", "column 2: a number has no leading zero"},
        {"a leading zero below nothing", "-01", "no leading zero"},
        {"a plus", "+1", "a value must stand here"},
        {"a point in front", ".5", "a value must stand here"},
        {"a point behind", "5.", "column 3: a digit must stand here"},
        {"an exponent of nothing", "5e+", "a digit must stand here"},
        {"minus alone", "[-]", "column 3: a digit"},
        {"not a number", "NaN", "a value must stand here"},
        {"without end", "Infinity", "a value must stand here"},
        {"a large word", "True", "a value must stand here"},
        {"a member twice", "{\"a\":1,\n\"b\":2,\"a\":3}",
         "line 2, column 11: the member \"a\" stands in this object already"},
        {"twice, once escaped", "{\"a\":1,\"\\u0061\":3}", "stands in this object already"},
        {"a comma behind", "[1,]", "column 4: a value must stand here"},
        {"a comma behind a member", "{\"a\":1,}", "a member's name in double quotes"},
        {"a name without quotes", "{a:1}", "a member's name in double quotes"},
        {"single quotes", "['a']", "a value must stand here"},
        {"no colon", "{\"a\" 1}", "a colon must stand here"},
        {"cut off in a list", "[1, 2", "a comma or ] must stand here, but the text ends"},
        {"cut off in a text", "[\"abc", "column 2: this string is not closed"},
        {"cut off in an escape", "\"abc\\", "this string is not closed"},
        {"cut off in an escaped quote", "\"abc\\\"", "this string is not closed"},
        {"a line end in a text", "\"a\nb\"", "control characters in a string must be escaped"},
        {"half a pair", "\"\\ud83d\"", "half a surrogate pair"},
        {"the other half", "\"\\ude00\"", "half a surrogate pair"},
        {"no such escape", "\"\\x41\"", "a backslash must be followed by"},
        {"U+0000", "\"\\u0000\"", "U+0000 is not allowed"},
        {"not UTF-8", "[\"a\", \"\xff\"]", "line 1, column 8: not UTF-8"},
        {"a byte order mark", "\xef\xbb\xbf[]", "a value must stand here"},
        {"a comment", "[1] // one", "the end of the text"},
        {"too deep", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
         "nested more than 32 deep"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct foreign value = {.offset = 99};

        CHECK_CASE(cases[i].name, !foreign_parse(&value, span_of(cases[i].text), &arena, &err));
        if (!strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, value.offset == 99);
        arena_free(&arena);
    }
}

#define NONE INT64_MIN

static void test_scaled(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned decimals;
        int64_t limit, want; /* NONE: refused */
    } cases[] = {
        {"0", 7, 0, 0},
        {"-0.000", 7, 0, 0},
        {"0e999999999999", 7, 10, 0},
        {"180", 7, 1800000000, 1800000000},
        {"180.00000001", 7, 1800000000, 1800000000},
        {"180.0000001", 7, 1800000000, NONE},
        {"-180", 7, 1800000000, -1800000000},
        {"-180.00000005", 7, 1800000000, NONE},
        {"8.5006713867", 7, 1800000000, 85006714},
        {"47.36650085449999", 7, 900000000, 473665009},
        {"0.00000005", 7, 10, 1},
        {"0.000000049999", 7, 10, 0},
        {"-0.00000005", 7, 10, -1},
        {"5e-8", 7, 10, 1},
        {"5e-9", 7, 10, 0},
        {"1.5e1", 0, 100, 15},
        {"1.55e1", 0, 100, 16},
        {"12E+2", 0, 1200, 1200},
        {"12E+2", 0, 1199, NONE},
        {"1795327670.5", 3, 253402300799999, 1795327670500},
        {"1e400", 0, 253402300799999, NONE},
        {"1e-400", 0, 10, 0},
        {"99999999999999999999", 0, 922337203685477580, NONE},
        {"", 0, 10, NONE},
        {"1 ", 0, 10, NONE},
        {"+1", 0, 10, NONE},
        {"01", 0, 10, NONE},
        {"1.", 0, 10, NONE},
        {".1", 0, 10, NONE},
        {"0x1", 0, 10, NONE},
        {"1,5", 0, 10, NONE},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int64_t got = NONE;

        bool ok = foreign_scaled(&got, span_of(cases[i].text), cases[i].decimals, cases[i].limit);
        CHECK_CASE(cases[i].text, ok == (cases[i].want != NONE) && got == cases[i].want);
    }
}

static bool outline(const char *text, struct foreign *head, struct foreign_list *list,
                    struct arena *arena, struct err *err)
{
    static const char *const names[] = {"list", "rows", NULL};
    struct foreign_reader r;

    return foreign_open(&r, span_of(text), err) &&
           foreign_outline(head, list, names, &r, arena, err) && foreign_end(&r, err);
}

static void test_outline(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *want; /* the head, and the elements */
    } cases[] = {
        {"a list in the middle", "{\"a\":1,\"list\":[1,[2],{\"x\":3}],\"b\":null}",
         "{a=1 b=null list=[]} 1 [2] {x=3}"},
        {"an empty list", "{\"list\":[ ]}", "{list=[]}"},
        {"under its other name", "{\"rows\":[1]}", "{rows=[]} 1"},
        {"two lists: the first is meant", "{\"rows\":[1],\"list\":[2]}", "{list=[2] rows=[]} 1"},
        {"none", "{\"a\":\"list\"}", "{a='list'} none"},
        {"one that is no list", "{\"list\":{}}", "{list={}} none"},
        {"one within", "{\"a\":{\"list\":[1]}}", "{a={list=[1]}} none"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct buf got = buf_in(&arena, SIZE_MAX);
        struct foreign head, element;
        struct foreign_list list;
        struct err err = {0};
        bool more;

        CHECK_CASE(cases[i].name, outline(cases[i].text, &head, &list, &arena, &err));
        spell(&got, &head);
        if (!list.r.text.at)
            buf_text(&got, " none");
        while (list.r.text.at && foreign_element(&list, &element, &more, &arena, &err) && more) {
            buf_byte(&got, ' ');
            spell(&got, &element);
        }
        CHECK_CASE(cases[i].name, err.kind == ERR_NONE);
        CHECK_CASE(cases[i].name, span_is(buf_span(&got), cases[i].want));
        arena_free(&arena);
    }
}

static void test_outline_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *fault;
    } cases[] = {
        {"a list twice", "{\"list\":[1],\"list\":[2]}", "stands in this object already"},
        {"a list and something else", "{\"list\":[1],\"list\":2}", "stands in this object already"},
        {"another member twice", "{\"a\":1,\"list\":[],\"a\":1}", "stands in this object already"},
        {"an element is damaged", "{\"list\":[1,\n{\"a\":1,\"a\":2}]}", "line 2, column 12: the"},
        {"elements without a comma", "{\"list\":[1[2]]}", "column 11: a comma or ]"},
        {"cut off", "{\"list\":[1,2", "a comma or ]"},
        {"not an object", "[1]", "{ must stand here"},
        {"something behind", "{\"list\":[]} x", "the end of the text"},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct foreign head;
        struct foreign_list list;
        struct err err = {0};

        CHECK_CASE(cases[i].name, !outline(cases[i].text, &head, &list, &arena, &err));
        if (!strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        arena_free(&arena);
    }
}

/* Memory of a long list is that of its longest element. */
static void test_outline_memory(void **state)
{
    (void)state;
    struct arena text = {0}, arena = {0}, element_arena = {0};
    struct buf buf = buf_in(&text, SIZE_MAX);
    struct foreign head, element;
    struct foreign_list list;
    struct err err = {0};
    size_t count = 0;
    bool more = true;

    buf_text(&buf, "{\"list\":[0");
    for (int i = 0; i < 300000; i++) /* more than one value may hold */
        buf_text(&buf, ",{\"a\":\"\\u0041\"}");
    buf_text(&buf, "]}");
    buf_byte(&buf, 0);
    assert_true(outline((const char *)buf_span(&buf).at, &head, &list, &arena, &err));
    while (more) {
        arena_reset(&element_arena);
        assert_true(foreign_element(&list, &element, &more, &element_arena, &err));
        assert_true(element_arena.used < 8192);
        count += more;
    }
    assert_int_equal(count, 300001);
    assert_true(arena.used < 8192);
    arena_free(&element_arena);
    arena_free(&arena);
    arena_free(&text);
}

static void test_get(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = {0};
    struct foreign value;
    int64_t number;

    assert_true(foreign_parse(&value,
                              SPAN_LIT("{\"n\":\"12\",\"z\":null,\"e\":\"\",\"m\":3.5,\"t\":true}"),
                              &arena, &err));
    assert_true(foreign_has(foreign_get(&value, "n")) && foreign_has(foreign_get(&value, "t")));
    assert_false(foreign_has(foreign_get(&value, "z")) || foreign_has(foreign_get(&value, "e")));
    assert_null(foreign_get(&value, "q"));
    assert_null(foreign_get(NULL, "n"));
    assert_null(foreign_get(foreign_get(&value, "n"), "n"));
    assert_true(foreign_number(&number, foreign_get(&value, "n"), 0, 99) && number == 12);
    assert_true(foreign_number(&number, foreign_get(&value, "m"), 0, 99) && number == 4);
    assert_false(foreign_number(&number, foreign_get(&value, "t"), 0, 99));
    assert_false(foreign_number(&number, NULL, 0, 99));
    assert_true(span_is(foreign_text(foreign_get(&value, "n")), "12"));
    assert_int_equal(foreign_text(foreign_get(&value, "m")).len, 0);
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_reads),
    cmocka_unit_test(test_refuses),
    cmocka_unit_test(test_scaled),
    cmocka_unit_test(test_outline),
    cmocka_unit_test(test_outline_refuses),
    cmocka_unit_test(test_outline_memory),
    cmocka_unit_test(test_get),
};

RUN_TESTS(tests)
