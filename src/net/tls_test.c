#include "net/tls.h"

#include "base/test.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#define NOW_MS INT64_C(1761955200000) /* 2025-11-01 */
#define DAY_MS INT64_C(86400000)

static struct arena arena;

static struct tls_identity make(int64_t to_ms)
{
    struct tls_identity identity = {0};
    struct err err = {0};

    if (!tls_identity_make(&identity, NOW_MS, to_ms, &arena, &err))
        fail_msg("%s", err.text);
    return identity;
}

static X509 *x509_of(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *out = PEM_read_bio_X509(bio, NULL, NULL, NULL);

    BIO_free(bio);
    assert_non_null(out);
    return out;
}

/* The same key behind a password. */
static const char *locked(const char *pem)
{
    BIO *in = BIO_new_mem_buf(pem, -1), *out = BIO_new(BIO_s_mem());
    EVP_PKEY *key = PEM_read_bio_PrivateKey(in, NULL, NULL, NULL);
    char *at;

    assert_int_equal(
        PEM_write_bio_PrivateKey(out, key, EVP_aes_128_cbc(), (const uint8_t *)"x", 1, NULL, NULL),
        1);
    long len = BIO_get_mem_data(out, &at);
    const char *text = arena_text(&arena, span_make(at, (size_t)len));
    EVP_PKEY_free(key);
    BIO_free(out);
    BIO_free(in);
    return text;
}

/* The hash is of the bytes that stand in the PEM, and each one has a key of its own. */
static void test_make(void **state)
{
    struct tls_identity one = make(NOW_MS + 800 * DAY_MS), other = make(NOW_MS + 800 * DAY_MS);
    X509 *x509 = x509_of(one.pem);
    uint8_t *der = NULL;
    int len = i2d_X509(x509, &der);

    (void)state;
    assert_true(hash_equal(one.hash, hash_of(span_make(der, (size_t)len))));
    assert_false(hash_equal(one.hash, other.hash));
    assert_string_not_equal(one.pem, other.pem);
    assert_int_equal(one.from_ms, NOW_MS - DAY_MS);
    assert_int_equal(one.to_ms, NOW_MS + 800 * DAY_MS);
    assert_true(one.ours);
    assert_int_equal(X509_get_version(x509), X509_VERSION_3);
    assert_int_equal(EVP_PKEY_get_base_id(X509_get0_pubkey(x509)), EVP_PKEY_EC);
    OPENSSL_free(der);
    X509_free(x509);

    tls_identity_wipe(&one);
    assert_int_equal(one.pem[0], 0);
    tls_identity_wipe(&(struct tls_identity){0});
    arena_free(&arena);
}

/* The one piece of the PEM, or all but it. */
static const char *piece(const char *pem, bool certificate)
{
    const char *key = strstr(pem, "-----BEGIN PRIVATE");

    assert_non_null(key);
    return certificate ? arena_text(&arena, span_make(pem, (size_t)(key - pem))) : key;
}

static const char *joined(const char *first, const char *second)
{
    return arena_printf(&arena, "%s%s", first, second);
}

static void test_parse(void **state)
{
    struct tls_identity one = make(NOW_MS + DAY_MS), two = make(NOW_MS + DAY_MS);
    const char *certificate = piece(one.pem, true), *key = piece(one.pem, false);
    const char *other = piece(two.pem, true);
    const struct {
        const char *name;
        const char *pem;
        enum err_kind fault; /* ERR_NONE: is accepted */
        const char *has;
    } cases[] = {
        {"as made", one.pem, ERR_NONE, ""},
        {"the key first", joined(key, certificate), ERR_NONE, ""},
        {"another's behind it", joined(certificate, joined(other, key)), ERR_NONE, ""},
        {"text before it", joined("of the node\n", one.pem), ERR_NONE, ""},
        {"the other one first", joined(other, one.pem), ERR_CONFLICT, "not that of"},
        {"the key of another", joined(other, key), ERR_CONFLICT, "not that of"},
        {"nothing", "", ERR_MALFORMED, "no certificate"},
        {"no certificate", key, ERR_MALFORMED, "no certificate"},
        {"no key", certificate, ERR_MALFORMED, "no key"},
        {"cut short", arena_text(&arena, span_make(certificate, 200)), ERR_MALFORMED,
         "no certificate"},
        {"a key cut short", arena_text(&arena, span_make(one.pem, strlen(one.pem) - 80)),
         ERR_MALFORMED, "no key"},
        {"behind a password", joined(certificate, locked(key)), ERR_MALFORMED, "password"},
        {"large", arena_printf(&arena, "%70000s\n%s", "", one.pem), ERR_LIMIT, "more than 65536"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tls_identity got = {.from_ms = 99};
        struct err err = {0};
        bool ok = tls_identity_parse(&got, span_of(cases[i].pem), &arena, &err);

        CHECK_CASE(cases[i].name, ok == (cases[i].fault == ERR_NONE));
        CHECK_CASE(cases[i].name, err.kind == cases[i].fault && strstr(err.text, cases[i].has));
        CHECK_CASE(cases[i].name, ok || got.from_ms == 99);
        CHECK_CASE(cases[i].name, !ok || hash_equal(got.hash, one.hash));
    }
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_make),
    cmocka_unit_test(test_parse),
};
RUN_TESTS(tests)
