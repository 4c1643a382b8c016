#include "crypto/secretbox.h"

#include "base/test.h"
#include "crypto/sign.h"

#include <sodium.h>

static size_t unhex(uint8_t *out, size_t room, const char *text)
{
    size_t len;

    assert_int_equal(sodium_hex2bin(out, room, text, strlen(text), NULL, &len, NULL), 0);
    return len;
}

/* Made by the authors' own program:
 * printf PASSPHRASE | argon2 "sulh test salt 1" -id -t PASSES -k KIB -p 1 -l 32 -v 13 -r */
static void test_argon2id(void **state)
{
    static const struct {
        const char *name, *passphrase;
        struct secretbox_cost cost;
        const char *key;
    } cases[] = {
        {"two passes over 64 KiB",
         "correct horse battery",
         {2, 64},
         "8209314d464aa311a336e5997f275aad1ef376b6e9bd3ed42f5129cf815e1b40"},
        {"three over 1 MiB",
         "correct horse battery",
         {3, 1024},
         "e83ed28602737c63b77efb94232661be69d46387adf308f77fdd33be23c21f08"},
        {"the least there is",
         "correct horse battery",
         {1, 8},
         "6834feb7bc80c5d65112f34af66c09ecc8b24a69e85ed6a7cba36aca68edc6a6"},
        {"in Urdu",
         "\xd8\xb5\xd9\x84\xd8\xad",
         {1, 8},
         "e4d695f3ef67f81f5b70a22c51b6a9caf76bb20dab84b1ae77b9a4bd819e94ec"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct secretbox_key want, got;

        unhex(want.bytes, sizeof want.bytes, cases[i].key);
        CHECK_CASE(cases[i].name,
                   secretbox_key_of(&got, span_of(cases[i].passphrase),
                                    (const uint8_t *)"sulh test salt 1", cases[i].cost));
        CHECK_CASE(cases[i].name, memcmp(got.bytes, want.bytes, sizeof got.bytes) == 0);
    }
}

/* draft-irtf-cfrg-xchacha-03, A.3.1. */
static const char about_hex[] = "50515253c0c1c2c3c4c5c6c7";
static const char key_hex[] = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f";
static const char nonce_hex[] = "404142434445464748494a4b4c4d4e4f5051525354555657";
static const char text[] = "Ladies and Gentlemen of the class of '99: If I could offer you only "
                           "one tip for the future, sunscreen would be it.";
static const char sealed_hex[] =
    "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e"
    "39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3"
    "fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49";

struct sealed {
    struct secretbox_key key;
    uint8_t nonce[SECRETBOX_NONCE_BYTES], about[12], bytes[sizeof text - 1 + SECRETBOX_TAG_BYTES];
};

static struct sealed the_vector(void)
{
    struct sealed v;

    unhex(v.key.bytes, sizeof v.key.bytes, key_hex);
    unhex(v.nonce, sizeof v.nonce, nonce_hex);
    assert_int_equal(unhex(v.about, sizeof v.about, about_hex), sizeof v.about);
    assert_int_equal(unhex(v.bytes, sizeof v.bytes, sealed_hex), sizeof v.bytes);
    return v;
}

static bool opens(const struct sealed *v, size_t len)
{
    uint8_t out[sizeof v->bytes];

    return secretbox_open(out, span_make(v->bytes, len), span_make(v->about, sizeof v->about),
                          v->nonce, &v->key) &&
           span_is(span_make(out, len - SECRETBOX_TAG_BYTES), text);
}

static void test_xchacha(void **state)
{
    struct sealed v = the_vector();
    uint8_t out[sizeof v.bytes];

    (void)state;
    secretbox_seal(out, span_of(text), span_make(v.about, sizeof v.about), v.nonce, &v.key);
    assert_memory_equal(out, v.bytes, sizeof out);
    assert_true(opens(&v, sizeof v.bytes));
}

/* One bit anywhere, or one byte less. */
static void test_changed(void **state)
{
    (void)state;
    for (size_t bit = 0; bit < 8 * sizeof(struct sealed); bit++) {
        struct sealed v = the_vector();

        ((uint8_t *)&v)[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(opens(&v, sizeof v.bytes));
    }
    struct sealed v = the_vector();
    for (size_t len = 0; len < sizeof v.bytes; len++)
        assert_false(opens(&v, len));
}

/* RFC 7914 §12, its third vector: the first half of 64 bytes is what 32 would be. */
static void test_scrypt(void **state)
{
    static const char want[] = "7023bdcb3afd7348461c06cd81fd38eb"
                               "fda8fbba904f8e3ea9b543f6545da1f2";
    struct secretbox_key key, wanted;

    (void)state;
    assert_int_equal(
        sodium_hex2bin(wanted.bytes, sizeof wanted.bytes, want, strlen(want), NULL, NULL, NULL), 0);
    assert_true(secretbox_scrypt(&key, SPAN_LIT("pleaseletmein"), SPAN_LIT("SodiumChloride"), 14));
    assert_memory_equal(key.bytes, wanted.bytes, sizeof key.bytes);
    assert_true(secretbox_scrypt(&key, SPAN_LIT("pleaseletmein"), SPAN_LIT("SodiumChloride"), 13));
    assert_memory_not_equal(key.bytes, wanted.bytes, sizeof key.bytes);
}

static int start(void **state)
{
    (void)state;
    return sign_start() ? 0 : -1;
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(test_argon2id, start),
    cmocka_unit_test(test_xchacha),
    cmocka_unit_test(test_changed),
    cmocka_unit_test(test_scrypt),
};

RUN_TESTS(tests)
