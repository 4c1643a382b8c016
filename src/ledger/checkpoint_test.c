#include "base/limits.h"
#include "base/test.h"
#include "ledger/checkpoint.h"

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"

static struct arena arena;

static int reset(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void test_parse(void **state)
{
    char long_origin[LIMIT_NAME_BYTES + 64];
    const struct {
        const char *name;
        const char *text;
        const char *fault; /* "": is accepted */
    } cases[] = {
        {"smallest", "log/term/1\n0\n" ROOT, ""},
        {"large", "log/term/1\n20852163\n" ROOT, ""},
        {"the largest", "log/term/1\n9007199254740991\n" ROOT, ""},

        {"nothing", "", "line not ended"},
        {"no origin", "\n1\n" ROOT, "empty line"},
        {"an origin with a space", "go.sum database tree\n1\n" ROOT, "not an origin"},
        {"an origin with a capital", "Log/term/1\n1\n" ROOT, "not an origin"},
        {"an origin too long", long_origin, "line too long"},
        {"no size", "log/term/1\n\n" ROOT, "empty line"},
        {"leading zero", "log/term/1\n007\n" ROOT, "leading zero"},
        {"a sign", "log/term/1\n+7\n" ROOT, "not a decimal"},
        {"negative", "log/term/1\n-7\n" ROOT, "not a decimal"},
        {"hexadecimal", "log/term/1\n7f\n" ROOT, "not a decimal"},
        {"a space behind the size", "log/term/1\n7 \n" ROOT, "not a decimal"},
        {"past the limit", "log/term/1\n9007199254740992\n" ROOT, "larger than"},
        {"past 64 bits", "log/term/1\n18446744073709551616\n" ROOT, "larger than"},
        {"no root", "log/term/1\n1\n", "line not ended"},
        {"an empty root", "log/term/1\n1\n\n", "empty line"},
        {"root cut short", "log/term/1\n1\nCsUYapGG\n", "not 32 bytes"},
        {"root of 33 bytes", "log/term/1\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2Ii\n",
         "not 32 bytes"},
        {"root in hex",
         "log/term/1\n1\n0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62\n",
         "line too long"},
        {"root without padding", "log/term/1\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
         "canonical"},
        {"spare bits set in the root",
         "log/term/1\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n", "canonical"},
        {"no newline at the end",
         "log/term/1\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", "line not ended"},
        {"carriage returns", "log/term/1\r\n1\r\n" ROOT, "not an origin"},
        {"an extension line", "log/term/1\n1\n" ROOT "more\n", "bytes left over"},
        {"an empty extension line", "log/term/1\n1\n" ROOT "\n", "bytes left over"},
    };

    (void)state;
    memset(long_origin, 'o', sizeof long_origin);
    memcpy(long_origin + LIMIT_NAME_BYTES + 1, "\n1\n" ROOT, sizeof "\n1\n" ROOT);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct checkpoint got = {.size = 99};
        struct err err = {0};
        bool ok = checkpoint_parse(&got, span_of(cases[i].text), &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, ok || got.size == 99); /* refused: out is left alone */
        if (!ok)
            continue;
        struct buf buf = buf_in(&arena, 1000);
        checkpoint_put(&buf, &got);
        CHECK_CASE(cases[i].name, span_is(buf_span(&buf), cases[i].text));
    }
}

/* A checkpoint of a public log as it was published, with its RFC 6962 tree head (type
 * 0x05) before the signature and the cosignatures of witnesses behind it. */
#define ARCHE_TEXT                                                                                 \
    "arche2025h1.staging.ct.transparency.dev\n"                                                    \
    "1432088532\n"                                                                                 \
    "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n"
#define ARCHE_TREE_HEAD                                                                            \
    "— arche2025h1.staging.ct.transparency.dev "                                                 \
    "zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJX" \
    "Fbon5Ch9MNL5zRNZ55lvGt0=\n"
#define ARCHE_SIGNATURE                                                                            \
    "— arche2025h1.staging.ct.transparency.dev "                                                 \
    "ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=" \
    "\n"
#define ARCHE_WITNESS                                                                              \
    "— transparency.dev/DEV:witness-little-garden "                                              \
    "2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdg" \
    "JY096st5BQ==\n"
#define ARCHE_KEY                                                                                  \
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+"                                            \
    "AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
#define ARCHE ARCHE_TEXT "\n" ARCHE_TREE_HEAD ARCHE_SIGNATURE ARCHE_WITNESS

static void test_open(void **state)
{
    static const struct {
        const char *name;
        const char *bytes;
        enum err_kind kind;
        const char *fault;
    } cases[] = {
        {"as published", ARCHE, ERR_NONE, ""},
        {"with the log's line alone", ARCHE_TEXT "\n" ARCHE_SIGNATURE, ERR_NONE, ""},
        {"with the log's line last", ARCHE_TEXT "\n" ARCHE_WITNESS ARCHE_TREE_HEAD ARCHE_SIGNATURE,
         ERR_NONE, ""},

        {"without a line", ARCHE_TEXT, ERR_MALFORMED, "no empty line"},
        {"without the log's line", ARCHE_TEXT "\n" ARCHE_TREE_HEAD ARCHE_WITNESS, ERR_REFUSED,
         "not signed by the log's key"},
        {"with the log's line twice", ARCHE ARCHE_SIGNATURE, ERR_REFUSED, "signed twice"},
        {"with a second line of the log that does not hold",
         ARCHE "— arche2025h1.staging.ct.transparency.dev ui8GwAA=\n", ERR_REFUSED, "signed twice"},
        {"with one that does not hold before it",
         ARCHE_TEXT "\n— arche2025h1.staging.ct.transparency.dev ui8GwAA=\n" ARCHE_SIGNATURE,
         ERR_REFUSED, "signed twice"},
        {"with one that does not hold alone",
         ARCHE_TEXT "\n— arche2025h1.staging.ct.transparency.dev ui8GwAA=\n", ERR_REFUSED,
         "does not hold"},
        {"of another size",
         "arche2025h1.staging.ct.transparency.dev\n1432088533\n"
         "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n" ARCHE_SIGNATURE,
         ERR_REFUSED, "does not hold"},
        {"of another root",
         "arche2025h1.staging.ct.transparency.dev\n1432088532\n" ROOT "\n" ARCHE_SIGNATURE,
         ERR_REFUSED, "does not hold"},
        {"of another origin", "log/term/1\n1\n" ROOT "\n" ARCHE_SIGNATURE, ERR_CONFLICT,
         "another log's"},
        {"with an extension line", ARCHE_TEXT "more\n\n" ARCHE_SIGNATURE, ERR_MALFORMED,
         "left over"},
    };
    struct note_key key;
    struct err err;

    (void)state;
    assert_true(note_key_parse(&key, SPAN_LIT(ARCHE_KEY), &err));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct checkpoint got = {.size = 99};
        struct note note = {.count = 99};
        err = (struct err){0};
        bool ok = checkpoint_open(&got, &note, span_of(cases[i].bytes), &key, &arena, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].kind == ERR_NONE));
        CHECK_CASE(cases[i].name, err.kind == cases[i].kind);
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, got.size == (ok ? 1432088532 : 99));
        CHECK_CASE(cases[i].name, ok == (note.count != 99));
    }
}

static void test_open_by_other_keys(void **state)
{
    static const struct {
        const char *name;
        const char *vkey;
        const char *fault;
    } cases[] = {
        {"another key", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         "another log's"},
        {"a witness's", "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
         "another log's"},
    };
    struct err err;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct checkpoint got;
        struct note note;
        struct note_key key;

        CHECK_CASE(cases[i].name, note_key_parse(&key, span_of(cases[i].vkey), &err));
        CHECK_CASE(cases[i].name,
                   !checkpoint_open(&got, &note, SPAN_LIT(ARCHE), &key, &arena, &err));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
    }
}

/* The log's own key, should it ever cosign: that does not stand for its signature. */
static void test_cosignature_is_no_signature(void **state)
{
    struct note_key key;
    struct checkpoint got;
    struct note note;
    struct err err;

    (void)state;
    assert_true(note_key_parse(&key, SPAN_LIT(ARCHE_KEY), &err));
    key.type = NOTE_TYPE_COSIGNATURE;
    assert_false(checkpoint_open(&got, &note, SPAN_LIT(ARCHE), &key, &arena, &err));
    assert_non_null(strstr(err.text, "not signed by the log's key"));
}

/* Sixty-three lines of strangers, as long as they may be, do not hide the log's. */
static void test_open_among_strangers(void **state)
{
    uint8_t *signature = arena_alloc(&arena, LIMIT_SIGNATURE_BYTES);
    struct buf buf = buf_in(&arena, LIMIT_CHECKPOINT_BYTES + 1000);
    struct note_key key;
    struct checkpoint got;
    struct note note;
    struct err err;

    (void)state;
    assert_true(note_key_parse(&key, SPAN_LIT(ARCHE_KEY), &err));
    buf_text(&buf, ARCHE_TEXT "\n");
    for (uint32_t i = 1; i < LIMIT_NOTE_SIGNATURES; i++)
        note_put_line(&buf, SPAN_LIT("شاهد"), i, span_make(signature, LIMIT_SIGNATURE_BYTES));
    buf_text(&buf, ARCHE_SIGNATURE);
    assert_true(checkpoint_open(&got, &note, buf_span(&buf), &key, &arena, &err));
    assert_int_equal(note.count, LIMIT_NOTE_SIGNATURES);
}

static void test_open_no_more_than(void **state)
{
    uint8_t *bytes = arena_alloc(&arena, LIMIT_CHECKPOINT_BYTES + 1);
    static const struct {
        size_t len;
        enum err_kind kind;
    } cases[] = {
        {LIMIT_CHECKPOINT_BYTES, ERR_MALFORMED}, /* was looked at */
        {LIMIT_CHECKPOINT_BYTES + 1, ERR_LIMIT},
    };
    struct note_key key;
    struct checkpoint got;
    struct note note;
    struct err err;

    (void)state;
    assert_true(note_key_parse(&key, SPAN_LIT(ARCHE_KEY), &err));
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_false(
            checkpoint_open(&got, &note, span_make(bytes, cases[i].len), &key, &arena, &err));
        assert_int_equal(err.kind, cases[i].kind);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(test_parse, reset),
    cmocka_unit_test_teardown(test_open, reset),
    cmocka_unit_test_teardown(test_open_by_other_keys, reset),
    cmocka_unit_test_teardown(test_cosignature_is_no_signature, reset),
    cmocka_unit_test_teardown(test_open_among_strangers, reset),
    cmocka_unit_test_teardown(test_open_no_more_than, reset),
};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return sign_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
