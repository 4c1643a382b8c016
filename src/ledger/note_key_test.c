#include "base/limits.h"
#include "base/test.h"
#include "codec/hex.h"
#include "ledger/note.h"

/* RFC 8032's first key; ids and lines as Go's crypto/ed25519 and crypto/sha256 have them. */
#define SEED "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
#define LOG_KEY "sudan/term/1+5ae13525+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
#define LOG_FILE "PRIVATE+KEY+sudan/term/1+5ae13525+AZ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"
#define WITNESS_KEY "sudan/witness/igad+f59fe07c+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"
#define WITNESS_FILE                                                                               \
    "PRIVATE+KEY+sudan/witness/igad+f59fe07c+BJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g"

static struct arena arena;

static int reset(void **state)
{
    (void)state;
    arena_free(&arena);
    return 0;
}

static void test_names(void **state)
{
    char longest[LIMIT_NAME_BYTES + 2];

    memset(longest, 'n', sizeof longest - 1);
    longest[LIMIT_NAME_BYTES + 1] = '\0';
    const struct {
        const char *name;
        const char *text;
        bool valid;
    } cases[] = {
        {"one letter", "a", true},
        {"one digit", "7", true},
        {"an origin", "sudan-2025/term/1", true},
        {"all there may be", "az09._-/x", true},
        {"dots", "..", true},
        {"the longest", longest + 1, true},

        {"empty", "", false},
        {"one byte too long", longest, false},
        {"a capital", "Sudan", false},
        {"a plus", "a+b", false},
        {"a space", "a b", false},
        {"a newline", "a\n", false},
        {"a colon", "a:b", false},
        {"beyond ASCII", "soudan-é", false},
        {"slash first", "/a", false},
        {"slash last", "a/", false},
        {"slash alone", "/", false},
        {"two slashes", "a//b", false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        CHECK_CASE(cases[i].name, note_name_valid(span_of(cases[i].text)) == cases[i].valid);
    assert_false(note_name_valid(SPAN_LIT("a\0b")));
}

static void test_vkeys(void **state)
{
    static const struct {
        const char *name;
        const char *vkey;
        const char *fault;
    } cases[] = {
        {"a log's", LOG_KEY, ""},
        {"a witness's", WITNESS_KEY, ""},
        {"the example of c2sp.org/signed-note",
         "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", ""},
        {"a public witness's, of type 4",
         "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2", ""},

        {"nothing", "", "not NAME+"},
        {"a name", "sudan/term/1", "not NAME+"},
        {"no key", "sudan/term/1+5ae13525", "not NAME+"},
        {"a newline behind it", LOG_KEY "\n", "not the base64"},
        {"a space before it", " " LOG_KEY, "not a key name"},
        {"a name with capitals, its id right",
         "Sudan/A+95de6161+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", "not a key name"},
        {"no name, its id right", "+e0a75109+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
         "not a key name"},
        {"the id of another name",
         "sudan/term/2+5ae13525+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", "another key's"},
        {"the id of another type",
         "sudan/term/1+5ae13525+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", "another key's"},
        {"the id of another key",
         "sudan/term/1+5ae13525+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "another key's"},
        {"an id with capitals",
         "sudan/term/1+5AE13525+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", "8 lower-case"},
        {"an id too short", "sudan/term/1+ae13525+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
         "8 lower-case"},
        {"an id too long", "sudan/term/1+05ae13525+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
         "8 lower-case"},
        {"no id", "sudan/term/1++AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea", "8 lower-case"},
        {"a key of 31 bytes, its id right",
         "sudan/a+0dc09dec+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1E=", "not the base64"},
        {"a key of 33 bytes, its id right",
         "sudan/a+63d5be2f+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1EaAA==", "not the base64"},
        {"ECDSA, its id right", "sudan/a+ebb426a8+AtdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
         "type of key"},
        {"ML-DSA, its id right", "sudan/a+7a334df8+BtdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
         "type of key"},
        {"the neutral point, its id right",
         "sudan/a+b8ecbd09+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "prime-order"},
        {"a point with a part of low order, its id right",
         "sudan/a+3ad8dd5c+Ac2yZ85Axc1FMG+l0vKXMUWTh9v565M7e9Wu2adluI1N", "prime-order"},
        {"no point at all, its id right",
         "sudan/a+c652071b+AQIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "prime-order"},
        {"a private key", LOG_FILE, "not a key name"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct note_key key = {.type = 99};
        struct err err = {0};
        bool ok = note_key_parse(&key, span_of(cases[i].vkey), &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, ok || key.type == 99);
        if (ok)
            CHECK_CASE(cases[i].name, strcmp(note_key_text(&key, &arena), cases[i].vkey) == 0);
        /* Read again, only the form counts. */
        bool formed = ok || strcmp(cases[i].fault, "prime-order") == 0;
        CHECK_CASE(cases[i].name,
                   note_key_parse_again(&key, span_of(cases[i].vkey), &err) == formed);
        CHECK_CASE(cases[i].name, formed || key.type == 99);
    }
}

static void test_key_files(void **state)
{
    static const struct {
        const char *name;
        const char *file;
        const char *fault;
    } cases[] = {
        {"a log's", LOG_FILE, ""},
        {"a witness's", WITNESS_FILE, ""},

        {"nothing", "", "not a private key"},
        {"a public key", LOG_KEY, "not a private key"},
        {"half of the words", "PRIVATE+sudan/term/1+5ae13525+AZ1hsZ3v", "not a private key"},
        {"no seed", "PRIVATE+KEY+sudan/term/1+5ae13525", "not NAME+"},
        {"a newline behind it", LOG_FILE "\n", "not the base64"},
        {"the public key for the seed",
         "PRIVATE+KEY+sudan/term/1+5ae13525+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
         "another key's"},
        {"another name",
         "PRIVATE+KEY+sudan/term/2+5ae13525+AZ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
         "another key's"},
        {"another type",
         "PRIVATE+KEY+sudan/term/1+5ae13525+BJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
         "another key's"},
        {"a type that is not known",
         "PRIVATE+KEY+sudan/term/1+5ae13525+Ap1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
         "type of key"},
        {"a name that is none",
         "PRIVATE+KEY+Sudan+5ae13525+AZ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
         "not a key name"},
        {"an id with capitals",
         "PRIVATE+KEY+sudan/term/1+5AE13525+AZ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
         "8 lower-case"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct note_signer signer = {.type = 99};
        struct err err = {0};
        bool ok = note_signer_parse(&signer, span_of(cases[i].file), &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault[0] == '\0'));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, strstr(err.text, "nWGxne") == NULL); /* no word of the seed */
        CHECK_CASE(cases[i].name, ok || signer.type == 99);
        if (ok)
            CHECK_CASE(cases[i].name,
                       strcmp(note_signer_text(&signer, &arena), cases[i].file) == 0);
    }
}

/* One seed, two jobs: two keys that have neither id nor vkey in common. */
static void test_made(void **state)
{
    static const struct {
        const char *name;
        uint8_t type;
        const char *vkey, *file;
    } cases[] = {
        {"sudan/term/1", NOTE_TYPE_ED25519, LOG_KEY, LOG_FILE},
        {"sudan/witness/igad", NOTE_TYPE_COSIGNATURE, WITNESS_KEY, WITNESS_FILE},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint8_t seed[SIGN_SEED_BYTES];
        struct note_signer signer;

        assert_true(hex_parse(seed, sizeof seed, span_of(SEED)));
        note_signer_make(&signer, span_of(cases[i].name), cases[i].type, seed);
        struct note_key key = note_signer_key(&signer);
        CHECK_CASE(cases[i].name, strcmp(note_key_text(&key, &arena), cases[i].vkey) == 0);
        CHECK_CASE(cases[i].name, strcmp(note_signer_text(&signer, &arena), cases[i].file) == 0);
    }
}

static void test_bytes(void **state)
{
    static const struct {
        const char *name;
        const char *base64;
        size_t len;
        bool ok;
    } cases[] = {
        {"three of three", "AQID", 3, true}, {"two of two", "AQI=", 2, true},
        {"none of none", "", 0, true},       {"two of three", "AQI=", 3, false},
        {"three of two", "AQID", 2, false},  {"not base64", "AQI!", 3, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint8_t out[4] = {9, 9, 9, 9};
        static const uint8_t want[] = {1, 2, 3};
        bool ok = note_bytes_parse(out, cases[i].len, span_of(cases[i].base64));

        CHECK_CASE(cases[i].name, ok == cases[i].ok);
        CHECK_CASE(cases[i].name, memcmp(out, want, ok ? cases[i].len : 0) == 0);
        CHECK_CASE(cases[i].name, out[ok ? cases[i].len : 0] == 9);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_teardown(test_names, reset),     cmocka_unit_test_teardown(test_vkeys, reset),
    cmocka_unit_test_teardown(test_key_files, reset), cmocka_unit_test_teardown(test_made, reset),
    cmocka_unit_test_teardown(test_bytes, reset),
};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return sign_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
