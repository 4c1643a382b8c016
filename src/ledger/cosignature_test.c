#include "base/limits.h"
#include "base/test.h"
#include "codec/hex.h"
#include "ledger/cosignature.h"

#define LAST 9007199254740 /* 2^53 - 1 milliseconds, in whole seconds */

static struct arena arena;

static int reset(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static struct note parse(const char *text, const char *line)
{
    struct note note;
    struct err err;
    char *bytes = arena_printf(&arena, "%s\n%s", text, line);

    if (!note_parse(&note, span_of(bytes), &arena, &err))
        fail_msg("%s", err.text);
    return note;
}

static struct note_key parse_key(const char *vkey)
{
    struct note_key key;
    struct err err;

    if (!note_key_parse(&key, span_of(vkey), &err))
        fail_msg("%s: %s", vkey, err.text);
    return key;
}

/* What public witnesses made of a public log's checkpoint. */
#define ARCHE                                                                                      \
    "arche2025h1.staging.ct.transparency.dev\n"                                                    \
    "1432088532\n"                                                                                 \
    "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n"
#define SMARTIT_KEY                                                                                \
    "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO"
#define SMARTIT_LINE                                                                               \
    "— witness1.smartit.nu/witness1 "                                                            \
    "pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0X" \
    "wzdZsDsUAQ==\n"
#define REMORA_KEY "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
#define REMORA_LINE                                                                                \
    "— remora.n621.de "                                                                          \
    "2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxt" \
    "qB0DrAWfBw==\n"
#define STAGEMOLE_KEY "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv"
#define STAGEMOLE_LINE                                                                             \
    "— witness.stagemole.eu "                                                                    \
    "Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKF" \
    "Ye/TmN9DAg==\n"
#define PUBLISHED 1779573024 /* 2026-05-23 */

static void test_verify(void **state)
{
    static const struct {
        const char *name;
        const char *text, *line, *vkey;
        uint64_t seconds; /* 0: does not hold */
    } cases[] = {
        {"smartit", ARCHE, SMARTIT_LINE, SMARTIT_KEY, PUBLISHED},
        {"remora", ARCHE, REMORA_LINE, REMORA_KEY, PUBLISHED},
        {"stagemole", ARCHE, STAGEMOLE_LINE, STAGEMOLE_KEY, PUBLISHED},

        {"another's line", ARCHE, SMARTIT_LINE, REMORA_KEY, 0},
        {"another text", "log/term/1\n1\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n",
         REMORA_LINE, REMORA_KEY, 0},
        {"a text with an extension line", ARCHE "more\n", REMORA_LINE, REMORA_KEY, 0},
        {"a second later", ARCHE,
         "— remora.n621.de "
         "2net5wAAAABqEiEhPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0"
         "WBxtqB0DrAWfBw==\n",
         REMORA_KEY, 0},
        {"under another name", ARCHE,
         "— remora.n622.de "
         "2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0"
         "WBxtqB0DrAWfBw==\n",
         REMORA_KEY, 0},
        {"under another key id", ARCHE,
         "— remora.n621.de "
         "2net5gAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0"
         "WBxtqB0DrAWfBw==\n",
         REMORA_KEY, 0},
        {"a byte short", ARCHE,
         "— remora.n621.de "
         "2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0"
         "WBxtqB0DrAWf\n",
         REMORA_KEY, 0},
        {"a byte more", ARCHE,
         "— remora.n621.de "
         "2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0"
         "WBxtqB0DrAWfBwA=\n",
         REMORA_KEY, 0},
        {"a time and no signature", ARCHE, "— remora.n621.de 2net5wAAAABqEiEg\n", REMORA_KEY, 0},
        {"half a time", ARCHE, "— remora.n621.de 2net5wAAAAA=\n", REMORA_KEY, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct note note = parse(cases[i].text, cases[i].line);
        struct note_key key = parse_key(cases[i].vkey);
        uint64_t seconds = 0;
        bool ok = cosignature_verify(&seconds, note.text, note.line, &key);

        CHECK_CASE(cases[i].name, ok == (cases[i].seconds != 0));
        CHECK_CASE(cases[i].name, seconds == cases[i].seconds);
        key.type = NOTE_TYPE_ED25519; /* the same key as a log's cosigns nothing */
        CHECK_CASE(cases[i].name, !cosignature_verify(&seconds, note.text, note.line, &key));
    }
}

static struct note_signer make_witness(void)
{
    uint8_t seed[SIGN_SEED_BYTES];
    struct note_signer signer;

    assert_true(
        hex_parse(seed, sizeof seed,
                  SPAN_LIT("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")));
    note_signer_make(&signer, SPAN_LIT("sudan/witness/igad"), NOTE_TYPE_COSIGNATURE, seed);
    return signer;
}

#define EMPTY "sudan/term/1\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

/* Byte for byte what Go's crypto/ed25519 makes of the message in C2SP's words. */
static void test_put_line(void **state)
{
    struct note_signer witness = make_witness();
    struct buf buf = buf_in(&arena, 1000);

    (void)state;
    cosignature_put_line(&buf, SPAN_LIT(EMPTY), 1790000000, &witness, &arena);
    assert_true(span_is(buf_span(&buf),
                        "— sudan/witness/igad 9Z/gfAAAAABqsTuAAWAJ30f3d6U4ucA3sqKeE5MDz4v0hgMj6FWk"
                        "H+X8muweHV0t3smj9pTgek4GXVk4H5yM0QhciTqzsGLSwqZMDA==\n"));
}

static void test_times(void **state)
{
    static const struct {
        const char *name;
        uint64_t seconds;
        bool ok;
    } cases[] = {
        {"the first", 1, true},
        {"some time", 1790000000, true},
        {"the last that a record can state", LAST, true},
        {"none", 0, false},
        {"one past the last", (uint64_t)LAST + 1, false},
        {"the last of C2SP", INT64_MAX, false},
        {"the last of 64 bits", UINT64_MAX, false},
    };
    struct note_signer witness = make_witness();
    struct note_key key = note_signer_key(&witness);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        /* Signed by hand, for cosignature_sign would not. */
        char *message =
            arena_printf(&arena, "cosignature/v1\ntime %" PRIu64 "\n" EMPTY, cases[i].seconds);
        struct sign_signature signature = sign_message(&witness.secret, span_of(message));
        struct buf blob = buf_in(&arena, 100);
        buf_u64be(&blob, cases[i].seconds);
        buf_put(&blob, span_make(signature.bytes, sizeof signature.bytes));
        struct note_line line = {.name = span_of(key.name), .signature = buf_span(&blob)};
        line.key_id = note_key_id(line.name, key.type, &key.key);

        uint64_t seconds = 77;
        bool ok = cosignature_verify(&seconds, SPAN_LIT(EMPTY), &line, &key);
        CHECK_CASE(cases[i].name, ok == cases[i].ok);
        CHECK_CASE(cases[i].name, seconds == (ok ? cases[i].seconds : 77));
        if (ok)
            CHECK_CASE(cases[i].name,
                       span_equal(cosignature_sign(SPAN_LIT(EMPTY), seconds, &witness, &arena),
                                  line.signature));
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(test_verify, reset),
    cmocka_unit_test_teardown(test_put_line, reset),
    cmocka_unit_test_teardown(test_times, reset),
};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return sign_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
