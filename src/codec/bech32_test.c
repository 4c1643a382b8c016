#include "codec/bech32.h"

#include "base/test.h"

/* BIP 173, "Test vectors", those whose data are whole bytes; and the two keys of c2sp.org/age. */
static void test_vectors(void **state)
{
    static const struct {
        const char *prefix, *bytes, *text;
        size_t len;
    } cases[] = {
        {"A", "", "A12UEL5L", 0},
        {"a", "", "a12uel5l", 0},
        {"an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio", "",
         "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tg"
         "s",
         0},
        {"?", "", "?1ezyfcl", 0},
        {"abcdef",
         "\x00\x44\x32\x14\xc7\x42\x54\xb6\x35\xcf\x84\x65\x3a\x56\xd7\xc6\x75\xbe\x77\xdf",
         "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", 20},
        {"split",
         "\xc5\xf3\x8b\x70\x30\x5f\x51\x9b\xf6\x6d\x85\xfb\x6c\xf0\x30\x58\xf3\xdd\xe4\x63\xec\xd7"
         "\x91\x8f\x2d\xc7\x43\x91\x8f\x2d",
         "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", 30},
        {"AGE-SECRET-KEY-", "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB",
         "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX", 32},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = {0};
        struct buf buf = buf_in(&arena, 200);
        struct err err = {0};
        uint8_t got[32];

        CHECK_CASE(cases[i].text,
                   bech32_parse(got, cases[i].len, cases[i].prefix, span_of(cases[i].text), &err));
        CHECK_CASE(cases[i].text, memcmp(got, cases[i].bytes, cases[i].len) == 0);
        bech32_put(&buf, cases[i].prefix, span_make(got, cases[i].len));
        CHECK_CASE(cases[i].text, span_is(buf_span(&buf), cases[i].text));
        arena_free(&arena);
    }
}

/* All of 20 bytes under "abcdef", after the first. */
static void test_refuses(void **state)
{
    static const struct {
        const char *name, *text, *fault;
    } cases[] = {
        {"nothing", "", "does not begin with"},
        {"the prefix alone", "abcdef", "does not begin with"},
        {"and its end", "abcdef1", "is not 45 characters"},
        {"another prefix", "abcdeg1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "does not begin with"},
        {"a longer prefix", "abcdefg1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqx", "does not begin with"},
        {"a prefix in the other case", "ABCDEF1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LMQQQXW",
         "does not begin with"},
        {"data in the other case", "abcdef1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LMQQQXW",
         "a letter that may not"},
        {"one letter in the other case", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7Lmqqqxw",
         "a letter that may not"},
        {"the checksum in the other case", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxW",
         "a letter that may not"},
        {"b, which there is not", "abcdef1bpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
         "a letter that may not"},
        {"a letter less", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqx", "is not 45 characters"},
        {"a letter more", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxwq", "is not 45 characters"},
        {"a line end", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw\n", "is not 45 characters"},
        {"a space", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqx ", "a letter that may not"},
        {"a letter changed", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxz", "the checksum"},
        {"two letters swapped", "abcdef1pqzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "the checksum"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint8_t got[20] = "left alone";
        struct err err = {0};

        CHECK_CASE(cases[i].name,
                   !bech32_parse(got, sizeof got, "abcdef", span_of(cases[i].text), &err));
        CHECK_CASE(cases[i].name, strstr(err.text, cases[i].fault) != NULL);
        CHECK_CASE(cases[i].name, err.kind == ERR_MALFORMED);
        CHECK_CASE(cases[i].name, memcmp(got, "left alone", 11) == 0);
    }
}

/* One byte is two letters, the last two bits of which are spare. The checksums all hold. */
static void test_spare_bits(void **state)
{
    static const struct {
        const char *name, *text;
        int byte; /* -1: refused */
    } cases[] = {
        {"none set", "x1lu7rxnn5", 0xff},
        {"the lower, under 255", "x1lar4jxwx", -1},
        {"the lower, under 0", "x1qpxqa3vz", -1},
        {"the higher, under 0", "x1qzgng8za", -1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct err err = {0};
        uint8_t got = 0;
        bool ok = bech32_parse(&got, 1, "x", span_of(cases[i].text), &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].byte >= 0));
        CHECK_CASE(cases[i].name, ok ? got == cases[i].byte : strstr(err.text, "spare") != NULL);
    }
}

/* The checksum catches one letter changed, wherever and into whichever. */
static void test_one_letter_changed(void **state)
{
    static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    static const char text[] = "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw";

    (void)state;
    for (size_t at = 7; at < sizeof text - 1; at++)
        for (size_t letter = 0; letter < 32; letter++) {
            char changed[sizeof text];
            struct err err = {0};
            uint8_t got[20];

            memcpy(changed, text, sizeof text);
            changed[at] = alphabet[letter];
            bool same = changed[at] == text[at];
            assert_true(bech32_parse(got, sizeof got, "abcdef", span_of(changed), &err) == same);
        }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_vectors),
    cmocka_unit_test(test_refuses),
    cmocka_unit_test(test_spare_bits),
    cmocka_unit_test(test_one_letter_changed),
};

RUN_TESTS(tests)
