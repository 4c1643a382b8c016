#include <stdio.h>

#include "base/limits.h"
#include "base/test.h"
#include "sync/known_keys.h"
#include "sync/liars_check.h"

#define ONES "1111111111111111111111111111111111111111111111111111111111111111"
#define TWOS "2222222222222222222222222222222222222222222222222222222222222222"

/* One of each kind: whom it accuses, and what it says. */
static void test_each(void **state)
{
    static const char *const want[][3] = {
        {"split", LIARS_ORIGIN,
         "The log key " LIARS_ORIGIN
         " signed a log of 5 entries, and one of 9 that does not begin with it."},
        {"clock", "mediator/c/witness",
         "The witness key mediator/c/witness of mediator/c cosigned 9 entries at "
         "1970-01-01T00:01:40Z and 5, fewer, after that, at 1970-01-01T00:01:41Z."},
        {"promise", "observer/e/promise",
         "The promise key observer/e/promise promised entry 3 to the record " ONES
         ", and of 9 entries that the log key signed this is another."},
        {"promises", "observer/e/promise",
         "The promise key observer/e/promise promised entry 3 twice, to the records " ONES
         " and " TWOS "."},
        {"fork", LIARS_AUTHOR,
         "The author key " LIARS_AUTHOR " of party/a signed two different records as its number 7: "
         "de44a9f6ce2f07be0b78847ee0c72abfb6d231ff0ed19b9e897548aaee61a2bb and "
         "ea29a7b11996f16bdeeccdfc899a3e89864a739e18433a8f1d4ef467e593fa35."},
        {"refusal", LIARS_OPERATOR,
         "The node key " LIARS_OPERATOR " of observer/e refused the record "
         "8b147620a8a89381a13968d3c1934d5a52f56577aac87dd3dd54927b8e543dc1 as \"unknown key\" at 5 "
         "entries, and that is false: it is a record of this agreement, signed by the node key "
         "party/b/node of party/b, which was admitted before."},
        {"freeze", "mediator/c/witness,mediator/c/node",
         "The node key mediator/c/node of mediator/c froze " LIARS_ORIGIN
         " at 5 entries, and the witness key mediator/c/witness of mediator/c cosigned 6 entries "
         "of "
         "it."},
        {"freezes", "mediator/c/node",
         "The node key mediator/c/node of mediator/c signed two different freezes "
         "for " LIARS_AGREEMENT "/term/2: of " LIARS_ORIGIN " at 5 entries, and of " LIARS_ORIGIN
         " at 6."},
    };
    const char *id = liars_id(liars_entry0());
    struct misbehaviour file;
    size_t n = 0;

    (void)state;
    for (; liars_each(n, &file); n++) {
        struct proven proven;
        struct err err;

        assert_true(n < ARRAY_LEN(want) && span_is(file.kind, want[n][0]));
        assert_string_equal(misbehaviour_kind_at(n)->word, want[n][0]);
        if (!misbehaviour_verify(&proven, misbehaviour_encode(&file, &liars), id, &liars, &err))
            fail_msg("%s: %s", want[n][0], err.text);
        assert_string_equal(liars_accused(&proven), want[n][1]);
        assert_string_equal(arena_text(&liars, proven.sentence), want[n][2]);
    }
    assert_true(n == ARRAY_LEN(want) && !misbehaviour_kind_at(n));
}

/* Whoever trusts the id of one agreement is shown nothing about another. */
static void test_anchor(void **state)
{
    struct json quorum = liars_adoption();
    struct misbehaviour file;

    (void)state;
    json_set_integer(&quorum, "quorum", 4, &liars);
    for (size_t n = 0; liars_each(n, &file); n++) {
        file.entry = liars_adopt(quorum);
        liars_check("the same keys, another quorum", file, "", "it is of another agreement");
        file.entry = SPAN_LIT("x");
        liars_check("nothing", file, "", "entry 0: record");
    }
}

static void test_form(void **state)
{
    struct misbehaviour good = liars_split("A5 L", "B9 L");
    struct span bytes = misbehaviour_encode(&good, &liars);
    const char *text = arena_text(&liars, bytes);
    const size_t head = strlen("sulh/misbehaviour/v1\n");
    const struct {
        const char *name, *text, *fault;
    } cases[] = {
        {"nothing", "", "must stand here"},
        {"the header alone", "sulh/misbehaviour/v1\n", "line not ended"},
        {"another version", arena_printf(&liars, "sulh/misbehaviour/v2\n%s", text + head),
         "must stand here"},
        {"a line behind it", arena_printf(&liars, "%s\n", text), "bytes left over"},
        {"no line end", arena_text(&liars, span_slice(bytes, 0, bytes.len - 1)), "line not ended"},
        {"a space before it", arena_printf(&liars, "sulh/misbehaviour/v1\n %s", text + head),
         "canonical"},
        {"a number", "sulh/misbehaviour/v1\n7\n", "must have the members"},
        {"no member", "sulh/misbehaviour/v1\n{}\n", "must have the members"},
        {"others", "sulh/misbehaviour/v1\n{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1}\n",
         "\"admissions\" is missing"},
#define FILE(admissions, entry, evidence, kind, pieces)                                            \
    "sulh/misbehaviour/v1\n{\"admissions\":" admissions ",\"entry\":" entry                        \
    ",\"evidence\":" evidence ",\"kind\":" kind ",\"pieces\":" pieces "}\n"
#define TWO "{\"checkpoints\":[\"a\",\"b\"]}"
        {"admissions no list", FILE("1", "\"x\"", TWO, "\"clock\"", "[]"), "\"admissions\" is no"},
        {"an empty admission", FILE("[\"\"]", "\"x\"", TWO, "\"clock\"", "[]"), "\"admissions\""},
        {"an empty entry", FILE("[]", "\"\"", TWO, "\"clock\"", "[]"), "\"entry\" is no note"},
        {"evidence no object", FILE("[]", "\"x\"", "[]", "\"clock\"", "[]"), "\"evidence\" is no"},
        {"kind a number", FILE("[]", "\"x\"", TWO, "1", "[]"), "\"kind\" is no word"},
        {"a kind that is none", FILE("[]", "\"x\"", TWO, "\"theft\"", "[]"), "no kind \"theft\""},
        {"pieces no list", FILE("[]", "\"x\"", TWO, "\"clock\"", "\"\""), "\"pieces\" is no"},
        {"evidence of another kind", FILE("[]", "\"x\"", TWO, "\"fork\"", "[]"), "\"records\""},
        {"evidence with more",
         FILE("[]", "\"x\"", "{\"checkpoints\":[\"a\",\"b\"],\"x\":1}", "\"clock\"", "[]"),
         "another member"},
        {"one note for two", FILE("[]", "\"x\"", "{\"checkpoints\":[\"a\"]}", "\"clock\"", "[]"),
         "\"checkpoints\""},
        {"three notes for two",
         FILE("[]", "\"x\"", "{\"checkpoints\":[\"a\",\"b\",\"c\"]}", "\"clock\"", "[]"),
         "\"checkpoints\""},
        {"no hash",
         FILE("[]", "\"x\"", "{\"leaf\":\"00\",\"promise\":\"a\",\"receipt\":\"b\"}", "\"promise\"",
              "[]"),
         "\"leaf\""},
        {"an empty note",
         FILE("[]", "\"x\"", "{\"checkpoint\":\"a\",\"freeze\":\"\"}", "\"freeze\"", "[]"),
         "\"freeze\""},
        {"of the form", FILE("[]", "\"x\"", TWO, "\"clock\"", "[]"), ""},
#undef TWO
#undef FILE
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct misbehaviour got = {.kind = SPAN_LIT("none")};
        struct err err = {0};
        bool ok = misbehaviour_parse(&got, span_of(cases[i].text), &liars, &err);

        if (ok != (cases[i].fault[0] == '\0') || !strstr(err.text, cases[i].fault))
            fail_msg("case \"%s\": %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, ok || (err.kind == ERR_MALFORMED && span_is(got.kind, "none")));
        CHECK_CASE(cases[i].name, !ok || span_is(misbehaviour_encode(&got, &liars), cases[i].text));
    }
}

/* Just at a bound, and past it. */
static void test_limits(void **state)
{
    struct buf text = buf_in(&liars, LIMIT_ENTRY_BYTES + 1);

    (void)state;
    while (text.len < LIMIT_ENTRY_BYTES)
        buf_byte(&text, 'x');
    for (size_t more = 0; more < 2; more++) {
        struct misbehaviour file[4];
        struct json path = json_array();

        for (size_t i = 0; i < ARRAY_LEN(file); i++)
            file[i] = liars_split("A5 L", "B9 L");
        for (size_t i = 0; i < LIMIT_PROOF_HASHES + more; i++)
            json_push(&path, liars_hash(merkle_empty()), &liars);
        file[0].entry = arena_copy(&liars, buf_span(&text));
        json_set(&file[1].evidence, "consistency", path, &liars);
        for (size_t i = 0; i < MISBEHAVIOUR_ADMISSIONS + more; i++)
            json_push(&file[2].admissions, json_text("x"), &liars);
        for (size_t i = 0; i < 300 + more; i++)
            json_push(&file[3].pieces, json_text("x"), &liars);
        for (size_t i = 0; i < ARRAY_LEN(file); i++) {
            struct misbehaviour got;
            struct err err;
            bool ok = misbehaviour_parse(&got, misbehaviour_encode(&file[i], &liars), &liars, &err);

            assert_true(ok == (more == 0));
        }
        buf_byte(&text, 'x');
    }
}

/* No byte of a proof can be another: every one of the evidence, and some of what vouches. */
static void check_bytes(struct misbehaviour file)
{
    struct span bytes = misbehaviour_encode(&file, &liars);
    size_t evidence =
        (size_t)(strstr(arena_text(&liars, bytes), "\"evidence\"") - arena_text(&liars, bytes));
    const char *id = liars_id(file.entry);
    struct arena arena = {0};

    for (size_t at = 0; at < bytes.len; at += at < evidence ? 31 : 1) {
        uint8_t *changed = arena_alloc(&arena, bytes.len);
        struct proven proven;
        struct err err;

        memcpy(changed, bytes.at, bytes.len);
        changed[at] ^= 1;
        if (misbehaviour_verify(&proven, span_make(changed, bytes.len), id, &arena, &err))
            fail_msg("%.*s: byte %zu can be another", SPAN_ARG(file.kind), at);
        arena_reset(&arena);
    }
    arena_free(&arena);
}

static void test_bytes(void **state)
{
    struct misbehaviour file;

    (void)state;
    for (size_t n = 0; liars_each(n, &file); n++)
        check_bytes(file);
}

/* Files of these bytes are about: what was written once is written so for ever. */
static void test_golden(void **state)
{
    struct misbehaviour file;

    (void)state;
    for (size_t n = 0; liars_each(n, &file); n++) {
        const char *path =
            arena_printf(&liars, "tests/corpus/misbehaviour/%.*s", SPAN_ARG(file.kind));
        struct span want = misbehaviour_encode(&file, &liars);
        char *got = arena_alloc(&liars, want.len + 1);
        FILE *in = fopen(path, "rb");

        assert_non_null(in);
        size_t len = fread(got, 1, want.len + 1, in);
        fclose(in);
        if (!span_equal(span_make(got, len), want))
            fail_msg("%s is not what is written now", path);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(test_each, liars_reset),
    cmocka_unit_test_teardown(test_anchor, liars_reset),
    cmocka_unit_test_teardown(test_form, liars_reset),
    cmocka_unit_test_teardown(test_limits, liars_reset),
    cmocka_unit_test_teardown(test_bytes, liars_reset),
    cmocka_unit_test_teardown(test_golden, liars_reset),
};
RUN_TESTS(tests)
