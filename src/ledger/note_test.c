#include "base/limits.h"
#include "base/test.h"
#include "ledger/note.h"

#define DASH "\xe2\x80\x94 "
/* The example of c2sp.org/signed-note. */
#define EXAMPLE_KEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define EXAMPLE_LINE                                                                               \
    DASH "example.com/foo "                                                                        \
         "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72Ine" \
         "yaQM=\n"
#define EXAMPLE "This is an example message.\n\n" EXAMPLE_LINE

static struct arena arena;

static int reset(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct note_key parse_key(const char *vkey)
{
    struct note_key key;
    struct err err;

    if (!note_key_parse(&key, span_of(vkey), &err))
        fail_msg("%s: %s", vkey, err.text);
    return key;
}

static struct note_signer make_signer(const char *name, uint8_t first_byte_of_seed)
{
    const uint8_t seed[SIGN_SEED_BYTES] = {first_byte_of_seed};
    struct note_signer signer;

    note_signer_make(&signer, span_of(name), NOTE_TYPE_ED25519, seed);
    return signer;
}

static void test_example(void **state)
{
    struct note_key key = parse_key(EXAMPLE_KEY);
    struct note note;
    struct err err;

    (void)state;
    assert_true(note_parse(&note, SPAN_LIT(EXAMPLE), &arena, &err));
    assert_true(span_is(note.text, "This is an example message.\n"));
    assert_int_equal(note.count, 1);
    assert_true(span_is(note.line[0].name, "example.com/foo"));
    assert_int_equal(note.line[0].key_id, 0x530d903a);
    assert_int_equal(note.line[0].signature.len, SIGN_SIGNATURE_BYTES);
    assert_ptr_equal(note_find(&note, &key), &note.line[0]);
    assert_true(note_line_verify(&note, &note.line[0], &key));
}

#define TEXT "text\n"
#define LINE DASH "name AAAAAAU=\n" /* a key id and one byte */

static void test_parse(void **state)
{
    const struct {
        const char *name;
        struct span note;
        const char *fault; /* "": is accepted */
    } cases[] = {
        {"one line", SPAN_LIT(TEXT "\n" LINE), ""},
        {"two lines", SPAN_LIT(TEXT "\n" LINE LINE), ""},
        {"empty lines in the text", SPAN_LIT("\n\na\n\n\n" LINE), ""},
        {"a text of one empty line", SPAN_LIT("\n\n" LINE), ""},
        {"what looks like signatures in the text", SPAN_LIT("a\n\n" LINE "\n" LINE), ""},
        {"a text in Arabic", SPAN_LIT("وقف إطلاق النار\n\n" LINE), ""},
        {"a delete character, which C2SP allows", SPAN_LIT("a\x7f\n\n" LINE), ""},
        {"a name in Arabic", SPAN_LIT(TEXT "\n" DASH "مراقب AAAAAAU=\n"), ""},
        {"a name of signs", SPAN_LIT(TEXT "\n" DASH "DEV:a/b=!— AAAAAAU=\n"), ""},

        {"nothing", SPAN_LIT(""), "no empty line"},
        {"no signatures", SPAN_LIT(TEXT), "no empty line"},
        {"no signatures behind the empty line", SPAN_LIT(TEXT "\n"), "no signature line"},
        {"no text", SPAN_LIT("\n" LINE), "no empty line"},
        {"no empty line", SPAN_LIT(TEXT LINE), "no empty line"},
        {"line not ended", SPAN_LIT(TEXT "\n" DASH "name AAAAAAU="), "no signature line"},
        {"second line not ended", SPAN_LIT(TEXT "\n" LINE DASH "name AAAAAAU="), "left over"},
        {"an empty line at the end", SPAN_LIT(TEXT "\n" LINE "\n"), "no signature line"},
        {"an empty line between signatures", SPAN_LIT(TEXT "\n" LINE "\nx\n"), "its dash"},
        {"carriage returns", SPAN_LIT("text\r\n\r\n" LINE), "control character"},
        {"a tab", SPAN_LIT("te\txt\n\n" LINE), "control character"},
        {"an escape at the very start", SPAN_LIT("\x1b\n\n" LINE), "control character"},
        {"a NUL", SPAN_LIT("te\0xt\n\n" LINE), "control character"},
        {"a control character in the name", SPAN_LIT(TEXT "\n" DASH "na\x1fme AAAAAAU=\n"),
         "control character"},
        {"Latin 1", SPAN_LIT("caf\xe9\n\n" LINE), "not UTF-8"},
        {"overlong UTF-8", SPAN_LIT("\xc0\x80\n\n" LINE), "not UTF-8"},
        {"a surrogate", SPAN_LIT("\xed\xa0\x80\n\n" LINE), "not UTF-8"},
        {"UTF-8 cut short in a name", SPAN_LIT(TEXT "\n" DASH "na\xe2\x80 AAAAAAU=\n"),
         "not UTF-8"},
        {"a hyphen for the dash", SPAN_LIT(TEXT "\n- name AAAAAAU=\n"), "its dash, at byte 6"},
        {"an en dash", SPAN_LIT(TEXT "\n\xe2\x80\x93 name AAAAAAU=\n"), "its dash"},
        {"no space behind the dash", SPAN_LIT(TEXT "\n\xe2\x80\x94name AAAAAAU=\n"), "its dash"},
        {"two spaces behind the dash", SPAN_LIT(TEXT "\n" DASH " name AAAAAAU=\n"), "no key name"},
        {"no name", SPAN_LIT(TEXT "\n" DASH "AAAAAAU=\n"), "no key name"},
        {"a plus in the name", SPAN_LIT(TEXT "\n" DASH "na+me AAAAAAU=\n"), "no key name"},
        {"a no-break space in the name", SPAN_LIT(TEXT "\n" DASH "na\xc2\xa0me AAAAAAU=\n"),
         "no key name"},
        {"an ideographic space in the name", SPAN_LIT(TEXT "\n" DASH "na\xe3\x80\x80me AAAAAAU=\n"),
         "no key name"},
        {"a line separator in the name", SPAN_LIT(TEXT "\n" DASH "na\xe2\x80\xa8me AAAAAAU=\n"),
         "no key name"},
        {"a next line in the name", SPAN_LIT(TEXT "\n" DASH "na\xc2\x85me AAAAAAU=\n"),
         "no key name"},
        {"two spaces before the signature", SPAN_LIT(TEXT "\n" DASH "name  AAAAAAU=\n"),
         "canonical base64"},
        {"the second line's fault", SPAN_LIT(TEXT "\n" LINE "- name AAAAAAU=\n"),
         "its dash, at byte 24"},
        {"something behind it", SPAN_LIT(TEXT "\n" DASH "name AAAAAAU= x\n"), "canonical base64"},
        {"no padding", SPAN_LIT(TEXT "\n" DASH "name AAAAAAU\n"), "canonical base64"},
        {"spare bits", SPAN_LIT(TEXT "\n" DASH "name AAAAAAV=\n"), "canonical base64"},
        {"the other alphabet", SPAN_LIT(TEXT "\n" DASH "name ____AAU=\n"), "canonical base64"},
        {"an empty signature", SPAN_LIT(TEXT "\n" DASH "name \n"), "behind the key id"},
        {"half a key id", SPAN_LIT(TEXT "\n" DASH "name AAA=\n"), "behind the key id"},
        {"a key id alone", SPAN_LIT(TEXT "\n" DASH "name AAAAAA==\n"), "behind the key id"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct note note = {.count = 99};
        struct err err = {0};
        bool ok = note_parse(&note, cases[i].note, &arena, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, ok || note.count == 99);
    }
}

/* Other people's names and longer signatures than ours, as many as the limit allows. */
static void test_limits(void **state)
{
    static const struct {
        const char *name;
        size_t lines, signature_bytes, name_bytes;
        const char *fault;
    } cases[] = {
        {"as many as C2SP asks", 16, 64, 10, ""},
        {"post-quantum ones (ML-DSA-44, type 0x06)", 16, 2428, 100, ""},
        {"the most", LIMIT_NOTE_SIGNATURES, LIMIT_SIGNATURE_BYTES, 1300, ""},
        {"one line more", LIMIT_NOTE_SIGNATURES + 1, 64, 10, "129 signature lines, more than 128"},
        {"very many", 100000, 1, 1, "100000 signature lines, more than 128"},
        {"one byte more", 1, LIMIT_SIGNATURE_BYTES + 1, 10, "too long"},
        {"a name without end", 1, 64, 20000, "line too long"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct buf buf = buf_in(&arena, 8u << 20);
        uint8_t *name = arena_alloc(&arena, cases[i].name_bytes);
        uint8_t *signature = arena_alloc(&arena, cases[i].signature_bytes);
        struct note note;
        struct err err = {0};

        memset(name, 'n', cases[i].name_bytes);
        buf_text(&buf, "text\n\n");
        for (size_t line = 0; line < cases[i].lines; line++)
            note_put_line(&buf, span_make(name, cases[i].name_bytes), (uint32_t)line,
                          span_make(signature, cases[i].signature_bytes));
        assert_false(buf.full);
        bool ok = note_parse(&note, buf_span(&buf), &arena, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        if (!ok)
            continue;
        const struct note_line *last = &note.line[cases[i].lines - 1];
        CHECK_CASE(cases[i].name, note.count == cases[i].lines);
        CHECK_CASE(cases[i].name, last->key_id == cases[i].lines - 1);
        CHECK_CASE(cases[i].name, last->name.len == cases[i].name_bytes);
        CHECK_CASE(cases[i].name, last->signature.len == cases[i].signature_bytes);
    }
}

static void test_verify(void **state)
{
    const struct note_key key = parse_key(EXAMPLE_KEY);
    struct note_key other_name = key, other_type = key;
    struct note_signer stranger = make_signer("example.com/foo", 1);
    struct note_key other_key = note_signer_key(&stranger);
    struct err err;

    (void)state;
    memcpy(other_name.name, "example.com/bar", sizeof "example.com/bar");
    other_type.type = NOTE_TYPE_COSIGNATURE;
    const struct {
        const char *name;
        const char *note;
        const struct note_key *key;
        bool found, holds;
    } cases[] = {
        {"as it is", EXAMPLE, &key, true, true},
        {"another text", "This is an example message!\n\n" EXAMPLE_LINE, &key, true, false},
        {"a longer text", "This is an example message.\n\n\n" EXAMPLE_LINE, &key, true, false},
        {"another name on the line",
         "This is an example message.\n\n" DASH "example.com/bar "
         "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72Ine"
         "yaQM=\n",
         &key, false, false},
        {"another key id on the line",
         "This is an example message.\n\n" DASH "example.com/foo "
         "Uw2QO0n8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72Ine"
         "yaQM=\n",
         &key, false, false},
        {"a signature cut short",
         "This is an example message.\n\n" DASH "example.com/foo "
         "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72Ine"
         "y\n",
         &key, true, false},
        {"the key under another name", EXAMPLE, &other_name, false, false},
        {"the key as another type", EXAMPLE, &other_type, false, false},
        {"another key of the name", EXAMPLE, &other_key, false, false},
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct note note;
        CHECK_CASE(cases[i].name, note_parse(&note, span_of(cases[i].note), &arena, &err));
        CHECK_CASE(cases[i].name,
                   note_find(&note, cases[i].key) == (cases[i].found ? note.line : NULL));
        CHECK_CASE(cases[i].name,
                   note_line_verify(&note, note.line, cases[i].key) == cases[i].holds);
    }
}

static void test_sign(void **state)
{
    static const char *const texts[] = {"\n", "a\n", "a\n\nb\n", "يوم هادئ\n", "a\n\n"};
    struct note_signer signer = make_signer("sudan/observer/12", 9);
    struct note_key key = note_signer_key(&signer);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct span bytes = note_sign(span_of(texts[i]), &signer, &arena);
        struct note note;
        struct err err;

        CHECK_CASE(texts[i], note_parse(&note, bytes, &arena, &err));
        CHECK_CASE(texts[i], span_is(note.text, texts[i]));
        CHECK_CASE(texts[i], note.count == 1 && note_line_verify(&note, note.line, &key));
    }
}

static void test_find_takes_the_first(void **state)
{
    struct note_signer signer = make_signer("twice", 9);
    struct note_key key = note_signer_key(&signer);
    struct buf buf = buf_in(&arena, 4096);
    struct note note;
    struct err err;

    (void)state;
    buf_put(&buf, note_sign(SPAN_LIT("a\n"), &signer, &arena));
    note_put_line(&buf, span_of(key.name), note_key_id(span_of(key.name), key.type, &key.key),
                  SPAN_LIT("garbage"));
    assert_true(note_parse(&note, buf_span(&buf), &arena, &err));
    assert_ptr_equal(note_find(&note, &key), &note.line[0]);
    assert_false(note_line_verify(&note, &note.line[1], &key));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(test_example, reset),
    cmocka_unit_test_teardown(test_parse, reset),
    cmocka_unit_test_teardown(test_limits, reset),
    cmocka_unit_test_teardown(test_verify, reset),
    cmocka_unit_test_teardown(test_sign, reset),
    cmocka_unit_test_teardown(test_find_takes_the_first, reset),
};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return sign_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
