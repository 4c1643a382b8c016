#include "crypto/seal.h"

#include "base/test.h"
#include "crypto/sign.h"

#include <openssl/evp.h>
#include <sodium.h>
#include <stdlib.h>

static size_t unhex(uint8_t *out, size_t room, const char *text)
{
    size_t len;

    assert_int_equal(sodium_hex2bin(out, room, text, strlen(text), NULL, &len, NULL), 0);
    return len;
}

/* RFC 7748 §6.1. */
static void test_agree(void **state)
{
    struct seal_secret alice, bob;
    struct seal_public a, b, from_alice, from_bob;
    struct seal_key want, got;

    (void)state;
    unhex(alice.bytes, 32, "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    unhex(bob.bytes, 32, "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    unhex(a.bytes, 32, "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    unhex(b.bytes, 32, "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    unhex(want.bytes, 32, "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");

    from_alice = seal_public_of(&alice);
    from_bob = seal_public_of(&bob);
    assert_memory_equal(from_alice.bytes, a.bytes, 32);
    assert_memory_equal(from_bob.bytes, b.bytes, 32);
    assert_true(seal_agree(&got, &alice, &b));
    assert_memory_equal(got.bytes, want.bytes, 32);
    assert_true(seal_agree(&got, &bob, &a));
    assert_memory_equal(got.bytes, want.bytes, 32);
}

/* The points of low order are those of cr.yp.to/ecdh.html. */
static void test_keys(void **state)
{
    static const struct {
        const char *name, *key;
        bool valid, agrees;
    } cases[] = {
        {"the base point", "0900000000000000000000000000000000000000000000000000000000000000", true,
         true},
        {"two below the prime", "ebffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
         true, true},
        {"zero", "0000000000000000000000000000000000000000000000000000000000000000", false, false},
        {"one", "0100000000000000000000000000000000000000000000000000000000000000", false, false},
        {"of order eight", "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
         false, false},
        {"the other of order eight",
         "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157", false, false},
        {"that one with the high bit",
         "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f11d7", false, false},
        {"one below the prime", "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
         false, false},
        {"the prime", "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", false,
         false},
        {"one above the prime", "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
         false, false},
        {"two, spelled as above the prime",
         "efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", false, true},
        {"the base point with the high bit",
         "0900000000000000000000000000000000000000000000000000000000000080", false, true},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        static const struct seal_secret secret = {{77, 1, 2, 3}};
        struct seal_public key;
        struct seal_key shared;

        unhex(key.bytes, sizeof key.bytes, cases[i].key);
        CHECK_CASE(cases[i].name, seal_public_valid(&key) == cases[i].valid);
        CHECK_CASE(cases[i].name, seal_agree(&shared, &secret, &key) == cases[i].agrees);
    }
}

/* RFC 5869 A.1 and A.3, their first 32 bytes. */
static void test_derive(void **state)
{
    static const struct {
        const char *name, *secret, *salt, *info, *out;
    } cases[] = {
        {"with salt and info", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
         "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
         "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"},
        {"with neither", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
         "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        uint8_t secret[64], salt[64], info[64];
        struct seal_key want;

        struct span s = {secret, unhex(secret, sizeof secret, cases[i].secret)};
        struct span t = {salt, unhex(salt, sizeof salt, cases[i].salt)};
        struct span n = {info, unhex(info, sizeof info, cases[i].info)};
        unhex(want.bytes, sizeof want.bytes, cases[i].out);
        struct seal_key got = seal_derive(s, t, n);
        CHECK_CASE(cases[i].name, memcmp(got.bytes, want.bytes, sizeof want.bytes) == 0);
    }
}

/* RFC 4231 §4.2 and §4.3: their keys are shorter, and HMAC fills a key up with zeros. */
static void test_mac(void **state)
{
    struct seal_key hi = {{0}}, jefe = {"Jefe"};
    struct seal_mac want;

    (void)state;
    memset(hi.bytes, 0x0b, 20);
    unhex(want.bytes, 32, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    struct seal_mac got = seal_mac_of(&hi, SPAN_LIT("Hi There"));
    assert_true(seal_mac_equal(&got, &want));
    unhex(want.bytes, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    got = seal_mac_of(&jefe, SPAN_LIT("what do ya want for nothing?"));
    assert_true(seal_mac_equal(&got, &want));
    for (size_t bit = 0; bit < 8 * sizeof want.bytes; bit++) {
        struct seal_mac other = want;
        other.bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(seal_mac_equal(&other, &want));
    }
}

/* The same by OpenSSL. */
static size_t theirs_close(uint8_t *out, struct span text, const uint8_t *nonce,
                           const struct seal_key *key)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int len = 0, last = 0;

    assert_non_null(context);
    assert_int_equal(EVP_EncryptInit_ex(context, EVP_chacha20_poly1305(), NULL, key->bytes, nonce),
                     1);
    assert_int_equal(EVP_EncryptUpdate(context, out, &len, text.at, (int)text.len), 1);
    assert_int_equal(EVP_EncryptFinal_ex(context, out + len, &last), 1);
    assert_int_equal(
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, SEAL_TAG_BYTES, out + text.len), 1);
    EVP_CIPHER_CTX_free(context);
    return text.len + SEAL_TAG_BYTES;
}

static void test_close(void **state)
{
    uint8_t text[300], ours[sizeof text + SEAL_TAG_BYTES], theirs[sizeof ours];
    uint8_t nonce[SEAL_NONCE_BYTES] = {7, 0, 1};
    struct seal_key key = {{9, 8, 7}};

    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(i * 7);
    for (size_t len = 0; len <= sizeof text; len++) {
        struct span plain = span_make(text, len), sealed = span_make(ours, len + SEAL_TAG_BYTES);

        nonce[11] = (uint8_t)len;
        seal_close(ours, plain, nonce, &key);
        assert_int_equal(theirs_close(theirs, plain, nonce, &key), sealed.len);
        assert_memory_equal(ours, theirs, sealed.len);
        assert_true(seal_open(ours, sealed, nonce, &key)); /* where it stands */
        assert_memory_equal(ours, text, len);
    }
}

/* One bit anywhere, or one byte less. */
static void test_changed(void **state)
{
    struct {
        uint8_t nonce[SEAL_NONCE_BYTES];
        struct seal_key key;
        uint8_t bytes[3 + SEAL_TAG_BYTES];
    } v = {.nonce = {1}, .key = {{2}}}, w;
    uint8_t out[3];

    (void)state;
    seal_close(v.bytes, SPAN_LIT("age"), v.nonce, &v.key);
    assert_true(seal_open(out, span_make(v.bytes, sizeof v.bytes), v.nonce, &v.key));
    for (size_t bit = 0; bit < 8 * sizeof v; bit++) {
        w = v;
        ((uint8_t *)&w)[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(seal_open(out, span_make(w.bytes, sizeof w.bytes), w.nonce, &w.key));
    }
    for (size_t len = 0; len < sizeof v.bytes; len++)
        assert_false(seal_open(out, span_make(v.bytes, len), v.nonce, &v.key));
}

static int start(void **state)
{
    (void)state;
    return sign_start() ? 0 : -1;
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(test_agree, start),
    cmocka_unit_test(test_keys),
    cmocka_unit_test(test_derive),
    cmocka_unit_test(test_mac),
    cmocka_unit_test(test_close),
    cmocka_unit_test(test_changed),
};

RUN_TESTS(tests)
