#include "node/tls_file.h"

#include "base/calendar.h"
#include "base/test.h"
#include "sys/scratch.h"

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#define FILE_PATH "tls/server.pem"
#define NOW_MS INT64_C(1761955200000) /* 2025-11-01 */
#define DAYS(n) (INT64_C(n) * MS_PER_DAY)

#define OTHER_FROM_MS INT64_C(1767225600000) /* 2026-01-01 */
#define OTHER_TO_MS (OTHER_FROM_MS + DAYS(31))

/* One that somebody made for a name of their own, signed by itself. */
static const char *make_other(struct arena *arena)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x509 = X509_new();
    X509_NAME *name = X509_get_subject_name(x509);
    BIO *bio = BIO_new(BIO_s_mem());
    char *at;

    ASN1_TIME_set(X509_getm_notBefore(x509), OTHER_FROM_MS / 1000);
    ASN1_TIME_set(X509_getm_notAfter(x509), OTHER_TO_MS / 1000);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)"node.example", -1, -1,
                               0);
    X509_set_issuer_name(x509, name);
    X509_set_pubkey(x509, key);
    assert_true(X509_sign(x509, key, EVP_sha256()) > 0);
    assert_int_equal(PEM_write_bio_X509(bio, x509), 1);
    assert_int_equal(PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL), 1);
    long len = BIO_get_mem_data(bio, &at);
    const char *pem = arena_text(arena, span_make(at, (size_t)len));
    BIO_free(bio);
    X509_free(x509);
    EVP_PKEY_free(key);
    return pem;
}

static void put(struct scratch *scratch, const char *text, mode_t mode)
{
    char path[128];

    snprintf(path, sizeof path, "%s/tls", scratch->path);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/" FILE_PATH, scratch->path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

/* What is there is shown for as long as it is good; ours is followed by another in time. */
static void test_as_time_goes_by(void **state)
{
    static const struct {
        const char *name;
        int64_t at_ms;
        bool same; /* as before */
    } cases[] = {
        {"the first", NOW_MS, false},
        {"at once", NOW_MS, true},
        {"two years later", NOW_MS + DAYS(700), true},
        {"a day later", NOW_MS + DAYS(700) + DAYS(1), false},
        {"then again", NOW_MS + DAYS(1400), true},
        {"after a long sleep", NOW_MS + DAYS(9000), false},
    };
    struct scratch scratch = scratch_make();
    struct arena arena = {0};
    struct hash before = {{0}};

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tls_identity got;
        struct err err = {0};

        if (!tls_file_open(&got, scratch.path, cases[i].at_ms, &arena, &err))
            fail_msg("%s: %s", cases[i].name, err.text);
        CHECK_CASE(cases[i].name, hash_equal(got.hash, before) == cases[i].same);
        CHECK_CASE(cases[i].name, got.from_ms < cases[i].at_ms && got.to_ms > cases[i].at_ms);
        before = got.hash;
    }
    scratch_remove(&scratch);
    arena_free(&arena);
}

static void test_private(void **state)
{
    struct scratch scratch = scratch_make();
    struct arena arena = {0};
    struct tls_identity got;
    struct err err = {0};
    struct stat st;

    (void)state;
    mode_t mask = umask(0);
    bool ok = tls_file_open(&got, scratch.path, NOW_MS, &arena, &err);
    umask(mask);
    assert_true(ok);
    assert_int_equal(stat(arena_printf(&arena, "%s/tls", scratch.path), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(stat(arena_printf(&arena, "%s/" FILE_PATH, scratch.path), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    scratch_remove(&scratch);
    arena_free(&arena);
}

static void test_put_there(void **state)
{
    struct arena arena = {0};
    const char *other = make_other(&arena);
    const struct {
        const char *name;
        const char *text;
        mode_t mode;
        int64_t at_ms;
        enum err_kind fault; /* ERR_NONE: shown */
        const char *has;
    } cases[] = {
        {"another's", other, 0600, OTHER_FROM_MS + DAYS(8), ERR_NONE, ""},
        {"not to be changed", other, 0400, OTHER_FROM_MS + DAYS(8), ERR_NONE, ""},
        {"near its end", other, 0600, OTHER_TO_MS - 1, ERR_NONE, ""},
        {"that has ended", other, 0600, OTHER_TO_MS, ERR_CONFLICT, "ended on 2026-02-01"},
        {"open to the group", other, 0640, OTHER_FROM_MS + DAYS(8), ERR_REFUSED, "open to others"},
        {"open to all", other, 0604, OTHER_FROM_MS + DAYS(8), ERR_REFUSED, "open to others"},
        {"noise", "noise", 0600, NOW_MS, ERR_MALFORMED, FILE_PATH ": there is no certificate"},
        {"nothing", "", 0600, NOW_MS, ERR_MALFORMED, "there is no certificate"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scratch scratch = scratch_make();
        struct tls_identity got = {.from_ms = 99};
        struct err err = {0};

        put(&scratch, cases[i].text, cases[i].mode);
        bool ok = tls_file_open(&got, scratch.path, cases[i].at_ms, &arena, &err);
        CHECK_CASE(cases[i].name, ok == (cases[i].fault == ERR_NONE));
        CHECK_CASE(cases[i].name, err.kind == cases[i].fault && strstr(err.text, cases[i].has));
        CHECK_CASE(cases[i].name,
                   ok ? !got.ours && strcmp(got.pem, other) == 0 : got.from_ms == 99);
        scratch_remove(&scratch);
    }
    arena_free(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_as_time_goes_by),
    cmocka_unit_test(test_private),
    cmocka_unit_test(test_put_there),
};
RUN_TESTS(tests)
