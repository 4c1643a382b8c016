#include "journal/submission.h"

#include "base/limits.h"
#include "base/test.h"
#include "codec/hex.h"

#define NO_PARTS "\0\0"
#define NOTE "\0\0\0\3abc"

static void test_parse(void **state)
{
    static const struct {
        const char *name;
        const char *bytes;
        size_t len;
        size_t count, parts; /* of the last */
        const char *fault;
    } cases[] = {
#define ROW(name, bytes, count, parts, fault) {name, bytes, sizeof(bytes) - 1, count, parts, fault}
        ROW("one", NOTE NO_PARTS, 1, 0, ""),
        ROW("two", NOTE NO_PARTS NOTE NO_PARTS, 2, 0, ""),
        ROW("a note of nothing is for the door", "\0\0\0\0" NO_PARTS, 1, 0, ""),
        ROW("a part", NOTE "\0\1\0\0\0\2xy", 1, 1, ""),
        ROW("two parts", NOTE "\0\2\0\0\0\2xy\0\0\0\0", 1, 2, ""),
        ROW("nothing", "", 0, 0, "no record"),
        ROW("less than a record", "\0\0\0\0\0", 0, 0, "no record"),
        ROW("note cut short", "\0\0\0\4abc" NO_PARTS "x", 0, 0, "after 1 records"),
        ROW("a note longer than all there is",
            "\xff\xff\xff\xff"
            "ab" NO_PARTS,
            0, 0, "at byte"),
        ROW("no number of parts", NOTE, 0, 0, "at byte"),
        ROW("half a number of parts", NOTE "\0", 0, 0, "at byte"),
        ROW("parts that are not there", NOTE "\0\2\0\0\0\2xy", 0, 0, "at byte"),
        ROW("a part cut short", NOTE "\0\1\0\0\0\3xy", 0, 0, "at byte"),
        ROW("more parts than the limit", NOTE "\0\x41", 0, 0, "more parts"),
        ROW("65,535 parts", NOTE "\xff\xff", 0, 0, "more parts"),
        ROW("something behind it", NOTE NO_PARTS "\0", 0, 0, "at byte"),
#undef ROW
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct submission *got = NULL;
        size_t count = 99;
        struct span bytes = span_make(cases[i].bytes, cases[i].len), again;
        bool ok = submission_parse(&got, &count, bytes, &arena, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault));
        CHECK_CASE(cases[i].name, ok ? count == cases[i].count : count == 99 && !got);
        CHECK_CASE(cases[i].name, !ok || got[count - 1].part_count == cases[i].parts);
        CHECK_CASE(cases[i].name, !ok || submission_encode(&again, got, count, &arena, &err));
        CHECK_CASE(cases[i].name, !ok || span_equal(again, bytes));
        arena_free(&arena);
    }
}

/* `count` records of `note` bytes, the last of them with `parts` parts of nothing. */
static bool encode(size_t count, size_t note, size_t parts, struct arena *arena, struct err *err)
{
    struct submission *submission = ARENA_ARRAY(arena, struct submission, count + 1), *got;
    uint8_t *bytes = arena_alloc(arena, note);
    struct span out, *part = ARENA_ARRAY(arena, struct span, parts);
    size_t got_count;

    for (size_t i = 0; i < count; i++)
        submission[i].note = span_make(bytes, note);
    if (count)
        submission[count - 1].part = part;
    if (count)
        submission[count - 1].part_count = parts;
    return submission_encode(&out, submission, count, arena, err) &&
           submission_parse(&got, &got_count, out, arena, err) && got_count == count;
}

static void test_limits(void **state)
{
    static const struct {
        const char *name;
        size_t count, note, parts;
        const char *fault;
    } cases[] = {
        {"1,000 records", LIMIT_BATCH_RECORDS, 1, 0, ""},
        {"1,001 records", LIMIT_BATCH_RECORDS + 1, 1, 0, "at most 1000"},
        {"none", 0, 1, 0, "at least 1"},
        {"64 parts", 3, 10, LIMIT_RECORD_PARTS, ""},
        {"65 parts", 3, 10, LIMIT_RECORD_PARTS + 1, "at most 64"},
        {"64 MiB", 1, SUBMISSION_BYTES - 6, 0, ""},
        {"a byte more", 1, SUBMISSION_BYTES - 5, 0, "more than 67108864 bytes"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};

        CHECK_CASE(cases[i].name, encode(cases[i].count, cases[i].note, cases[i].parts, &arena,
                                         &err) == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault));
        arena_free(&arena);
    }

    /* Made by others: 1,001 records, and more bytes than one may have. */
    struct arena arena = {0};
    struct err err = {0};
    struct submission *got;
    size_t count;
    uint8_t *zeros = arena_alloc(&arena, SUBMISSION_BYTES + 1);
    assert_true(submission_parse(&got, &count, span_make(zeros, 6000), &arena, &err));
    assert_false(submission_parse(&got, &count, span_make(zeros, 6006), &arena, &err));
    assert_non_null(strstr(err.text, "at most 1000"));
    assert_false(
        submission_parse(&got, &count, span_make(zeros, SUBMISSION_BYTES + 1), &arena, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    arena_free(&arena);
}

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void test_answers(void **state)
{
    struct arena arena = {0};
    struct err err = {0};
    struct answer given[5] = {
        {.kind = ANSWER_LOGGED, .id = ID, .index = 7, .promise = span_of("a\nb\n")},
        {.kind = ANSWER_REPEATED, .id = ID, .index = 0},
        {.kind = ANSWER_LATER, .id = ID, .later_ms = 60000},
        {.kind = ANSWER_LATER, .id = ID, .later_ms = 5000},
        {.kind = ANSWER_REFUSED, .id = ID, .reason = "unknown key", .refusal = span_of("note")},
    };
    struct answer got[5];

    (void)state;
    err_set(&given[3].why, ERR_LIMIT, "over the quota");
    err_set(&given[4].why, ERR_REFUSED, "the key \"x\" was never admitted");
    struct span bytes = submission_answers_encode(given, 5, &arena);
    assert_true(span_is(bytes, "{\"answers\":["
                               "{\"id\":\"" ID "\",\"index\":7,\"promise\":\"a\\nb\\n\"},"
                               "{\"id\":\"" ID "\",\"index\":0},"
                               "{\"id\":\"" ID "\",\"later\":60000},"
                               "{\"id\":\"" ID "\",\"later\":5000,\"why\":\"over the quota\"},"
                               "{\"id\":\"" ID "\",\"reason\":\"unknown key\",\"refusal\":\"note\","
                               "\"why\":\"the key \\\"x\\\" was never admitted\"}]}"));
    assert_true(submission_answers_parse(got, 5, bytes, &arena, &err));
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(got[i].kind, given[i].kind);
        assert_string_equal(got[i].id, given[i].id);
        assert_int_equal(got[i].index, given[i].index);
        assert_int_equal(got[i].later_ms, given[i].later_ms);
        assert_true(span_equal(got[i].promise, given[i].promise));
        assert_true(span_equal(got[i].refusal, given[i].refusal));
        assert_string_equal(got[i].why.text, given[i].why.text);
    }
    assert_string_equal(got[4].reason, "unknown key");
    arena_free(&arena);
}

static void test_answers_refused(void **state)
{
    static const struct {
        const char *name;
        const char *text;
        const char *fault;
    } cases[] = {
        {"logged", "{\"answers\":[{\"id\":\"" ID "\",\"index\":1,\"promise\":\"p\"}]}", ""},
        {"refused, without a note", "{\"answers\":[{\"id\":\"" ID "\",\"reason\":\"too large\"}]}",
         ""},
        {"later, at once", "{\"answers\":[{\"id\":\"" ID "\",\"later\":0}]}", ""},
        {"nothing", "", "answers"},
        {"a page", "<html>", "answers"},
        {"no list", "{\"answers\":7}", "not the 1"},
        {"none", "{\"answers\":[]}", "not the 1"},
        {"too many",
         "{\"answers\":[{\"id\":\"" ID "\",\"index\":1},{\"id\":\"" ID "\",\"index\":2}]}",
         "not the 1"},
        {"no object", "{\"answers\":[1]}", "number 1 is none"},
        {"later", "{\"answers\":[{\"id\":\"" ID "\",\"later\":5}]}", ""},
        {"later by a negative time", "{\"answers\":[{\"id\":\"" ID "\",\"later\":-5}]}",
         "number 1 is none"},
        {"no id", "{\"answers\":[{\"index\":1}]}", "number 1 is none"},
        {"an id that is none", "{\"answers\":[{\"id\":\"x\",\"index\":1}]}", "number 1 is none"},
        {"a negative index", "{\"answers\":[{\"id\":\"" ID "\",\"index\":-1}]}",
         "number 1 is none"},
        {"an index that is a string", "{\"answers\":[{\"id\":\"" ID "\",\"index\":\"1\"}]}",
         "number 1 is none"},
        {"a wait below nothing", "{\"answers\":[{\"id\":\"" ID "\",\"later\":-1}]}",
         "number 1 is none"},
        {"neither index nor reason", "{\"answers\":[{\"id\":\"" ID "\"}]}", "number 1 is none"},
        {"a reason that is none", "{\"answers\":[{\"id\":\"" ID "\",\"reason\":\"mood\"}]}",
         "number 1 is none"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct err err = {0};
        struct answer got = {.index = 99};
        bool ok = submission_answers_parse(&got, 1, span_of(cases[i].text), &arena, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault));
        CHECK_CASE(cases[i].name, ok || got.index == 99);
        arena_free(&arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_parse),
    cmocka_unit_test(test_limits),
    cmocka_unit_test(test_answers),
    cmocka_unit_test(test_answers_refused),
};
RUN_TESTS(tests)
