#include "base/test.h"
#include "crypto/sign.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

static size_t unhex(uint8_t *out, size_t room, const char *text)
{
    size_t len;

    assert_int_equal(sodium_hex2bin(out, room, text, strlen(text), NULL, &len, NULL), 0);
    return len;
}

/* RFC 8032 §7.1. */
static void test_rfc_8032(void **state)
{
    static const struct {
        const char *name, *seed, *key, *message, *signature;
    } cases[] = {
        {"TEST 1", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3970"
         "1cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"TEST 2", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613"
         "d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        {"TEST 3", "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760"
         "984dc6594a7c15e9716ed28dc027beceea1ec40a"},
        {"TEST SHA(abc)", "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
         "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
         "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23"
         "a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
         "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c6"
         "6431e0303dca179c138ac17ad9bef1177331a704"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint8_t seed[SIGN_SEED_BYTES], message[64];
        struct sign_key key;
        struct sign_signature signature;
        struct sign_secret secret;

        unhex(seed, sizeof seed, cases[i].seed);
        unhex(key.bytes, sizeof key.bytes, cases[i].key);
        unhex(signature.bytes, sizeof signature.bytes, cases[i].signature);
        struct span text = span_make(message, unhex(message, sizeof message, cases[i].message));
        sign_secret_from_seed(&secret, seed);
        struct sign_key got_key = sign_public(&secret);
        struct sign_signature got = sign_message(&secret, text);

        CHECK_CASE(cases[i].name, memcmp(got_key.bytes, key.bytes, sizeof key.bytes) == 0);
        CHECK_CASE(cases[i].name, memcmp(got.bytes, signature.bytes, sizeof got.bytes) == 0);
        CHECK_CASE(cases[i].name, sign_verify(&key, text, &signature));
        CHECK_CASE(cases[i].name, sign_key_valid(&key));
    }
}

/* No bit of key, message or signature may change. */
static void test_every_bit_counts(void **state)
{
    uint8_t seed[SIGN_SEED_BYTES] = {42};
    uint8_t message[] = "the post at the bridge was quiet";
    struct sign_secret secret;

    (void)state;
    sign_secret_from_seed(&secret, seed);
    struct sign_key key = sign_public(&secret);
    struct span text = span_make(message, sizeof message);
    struct sign_signature signature = sign_message(&secret, text);
    struct {
        const char *name;
        uint8_t *at;
        size_t len;
    } parts[] = {
        {"key", key.bytes, sizeof key.bytes},
        {"message", message, sizeof message},
        {"signature", signature.bytes, sizeof signature.bytes},
    };

    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        for (size_t bit = 0; bit < 8 * parts[i].len; bit++) {
            parts[i].at[bit / 8] ^= (uint8_t)(1 << bit % 8);
            CHECK_CASE(parts[i].name, !sign_verify(&key, text, &signature));
            parts[i].at[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    assert_true(sign_verify(&key, text, &signature));
    assert_false(sign_verify(&key, span_slice(text, 0, text.len - 1), &signature));
}

/* Calls check for each line of a file of tests/vectors, cut at its tabs. */
#define COLUMNS 6
static size_t each_row(const char *path, size_t columns, void check(char *column[COLUMNS]))
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0, rows = 0;

    if (!file)
        fail_msg("%s: run this in the root of the checkout", path);
    for (; getline(&line, &room, file) > 0; rows++) {
        char *column[COLUMNS] = {0}, *rest = line;
        line[strcspn(line, "\n")] = '\0';
        for (size_t i = 0; i < columns; i++)
            CHECK_CASE(line, (column[i] = strsep(&rest, "\t")) != NULL);
        CHECK_CASE(line, rest == NULL);
        check(column);
    }
    free(line);
    fclose(file);
    return rows;
}

static bool verify_hex(const char *key_hex, const char *signature_hex, const char *message_hex)
{
    struct sign_key key;
    struct sign_signature signature;
    uint8_t message[64];

    assert_int_equal(unhex(key.bytes, sizeof key.bytes, key_hex), SIGN_KEY_BYTES);
    assert_int_equal(unhex(signature.bytes, sizeof signature.bytes, signature_hex),
                     SIGN_SIGNATURE_BYTES);
    size_t len = unhex(message, sizeof message, message_hex);
    return sign_verify(&key, span_make(message, len), &signature);
}

/* Which of the rule's conditions the rows have tried. */
static struct {
    const char *why;
    size_t rows;
} tried[] = {
    {"holds", 0},   {"A-off-curve", 0}, {"A-not-canonical", 0},
    {"A-small", 0}, {"R-off-curve", 0}, {"R-not-canonical", 0},
    {"R-small", 0}, {"equation", 0},    {"S-not-below-L", 0},
};

static void check_edge(char *column[COLUMNS])
{
    const char *name = column[0], *why = column[1];
    struct sign_key key;
    size_t i = 0;

    while (i < ARRAY_LEN(tried) && strcmp(tried[i].why, why) != 0)
        i++;
    CHECK_CASE(name, i < ARRAY_LEN(tried));
    tried[i].rows++;

    unhex(key.bytes, sizeof key.bytes, column[3]);
    CHECK_CASE(name, sign_key_valid(&key) == (strcmp(column[2], "key") == 0));
    CHECK_CASE(name, verify_hex(column[3], column[4], column[5]) == (strcmp(why, "holds") == 0));
}

static void test_edges(void **state)
{
    (void)state;
    assert_int_equal(each_row("tests/vectors/ed25519-edge.txt", 6, check_edge), 1148);
    for (size_t i = 0; i < ARRAY_LEN(tried); i++)
        CHECK_CASE(tried[i].why, tried[i].rows >= 28);
}

static void check_speccheck(char *column[COLUMNS])
{
    CHECK_CASE(column[2],
               verify_hex(column[1], column[2], column[3]) == (strcmp(column[0], "holds") == 0));
}

static void test_speccheck(void **state)
{
    (void)state;
    assert_int_equal(each_row("tests/vectors/ed25519-speccheck.txt", 4, check_speccheck), 12);
}

static void test_wipe(void **state)
{
    const uint8_t seed[SIGN_SEED_BYTES] = {1, 2, 3};
    const struct sign_secret nothing = {0};
    struct sign_secret secret;

    (void)state;
    sign_secret_from_seed(&secret, seed);
    assert_memory_not_equal(&secret, &nothing, sizeof secret);
    sign_secret_wipe(&secret);
    assert_memory_equal(&secret, &nothing, sizeof secret);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_rfc_8032), cmocka_unit_test(test_every_bit_counts),
    cmocka_unit_test(test_edges),    cmocka_unit_test(test_speccheck),
    cmocka_unit_test(test_wipe),
};

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return sign_start() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
