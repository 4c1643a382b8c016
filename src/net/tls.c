#include "net/tls.h"

#include "crypto/sign.h"
#include "sys/entropy.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <time.h>

#define OUR_NAME "a Sulh node"
#define DAY_MS INT64_C(86400000)

static bool certificate_hash(X509 *certificate, struct hash *out)
{
    unsigned len = 0;

    return certificate && X509_digest(certificate, EVP_sha256(), out->bytes, &len) == 1 &&
           len == HASH_BYTES;
}

/* --- an identity ---------------------------------------------------------- */

static bool read_dates(X509 *certificate, struct tls_identity *out)
{
    struct tm from, to;

    if (ASN1_TIME_to_tm(X509_get0_notBefore(certificate), &from) != 1 ||
        ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &to) != 1)
        return false;
    out->from_ms = (int64_t)timegm(&from) * 1000;
    out->to_ms = (int64_t)timegm(&to) * 1000;
    return true;
}

static bool is_ours(X509 *certificate)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    char text[sizeof OUR_NAME + 1];

    return X509_self_signed(certificate, 1) == 1 && X509_NAME_entry_count(name) == 1 &&
           X509_NAME_get_text_by_NID(name, NID_commonName, text, sizeof text) > 0 &&
           strcmp(text, OUR_NAME) == 0;
}

/* What the first certificate says, and whether the key is its own. */
static bool describe(struct tls_identity *out, X509 *certificate, EVP_PKEY *key, struct err *err)
{
    if (!certificate)
        return err_set(err, ERR_MALFORMED, "there is no certificate in PEM");
    if (!key)
        return err_set(err, ERR_MALFORMED, "there is no key in PEM, or one with a password");
    if (!certificate_hash(certificate, &out->hash) || !read_dates(certificate, out))
        return err_set(err, ERR_MALFORMED, "the certificate does not say from when to when");
    out->ours = is_ours(certificate);
    return X509_check_private_key(certificate, key) == 1 ||
           err_set(err, ERR_CONFLICT, "the key is not that of the certificate");
}

static int no_password(char *out, int room, int writing, void *context)
{
    (void)out, (void)room, (void)writing, (void)context;
    return -1; /* nobody sits at a server to be asked */
}

static BIO *bio_over(struct span text)
{
    BIO *bio = BIO_new_mem_buf(text.at, (int)text.len);

    if (!bio)
        abort();
    return bio;
}

static X509 *read_certificate(struct span pem)
{
    BIO *bio = bio_over(pem);
    X509 *out = PEM_read_bio_X509(bio, NULL, NULL, NULL);

    BIO_free(bio);
    return out;
}

static EVP_PKEY *read_key(struct span pem)
{
    BIO *bio = bio_over(pem);
    EVP_PKEY *out = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);

    BIO_free(bio);
    return out;
}

bool tls_identity_parse(struct tls_identity *out, struct span pem, struct arena *arena,
                        struct err *err)
{
    struct tls_identity identity = {0};

    if (pem.len > TLS_PEM_BYTES)
        return err_set(err, ERR_LIMIT, "more than %u bytes of PEM", TLS_PEM_BYTES);
    X509 *certificate = read_certificate(pem);
    EVP_PKEY *key = read_key(pem);
    bool ok = describe(&identity, certificate, key, err);

    EVP_PKEY_free(key);
    X509_free(certificate);
    if (!ok)
        return false;
    identity.pem = arena_text(arena, pem);
    *out = identity;
    return true;
}

void tls_identity_wipe(struct tls_identity *identity)
{
    if (identity->pem)
        sign_wipe(identity->pem, strlen(identity->pem));
}

/* --- making one ------------------------------------------------------------ */

/* Who issued it and whom it is for are one; a certificate without a name would be none to
 * some programs. */
static bool fill_in(X509 *certificate, EVP_PKEY *key, int64_t from_ms, int64_t to_ms)
{
    X509_NAME *name = X509_get_subject_name(certificate);
    uint64_t serial;

    entropy_fill(&serial, sizeof serial);
    return X509_set_version(certificate, X509_VERSION_3) == 1 &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1) == 1 &&
           ASN1_TIME_set(X509_getm_notBefore(certificate), (time_t)(from_ms / 1000)) &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), (time_t)(to_ms / 1000)) &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const uint8_t *)OUR_NAME, -1, -1,
                                      0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

static struct span bytes_of(BIO *bio)
{
    char *at;
    long len = BIO_get_mem_data(bio, &at);

    return span_make(at, (size_t)len);
}

bool tls_identity_make(struct tls_identity *out, int64_t now_ms, int64_t to_ms, struct arena *arena,
                       struct err *err)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    BIO *pem = BIO_new(BIO_s_mem()); /* wipes what it frees */

    bool ok = (key && certificate && pem && fill_in(certificate, key, now_ms - DAY_MS, to_ms) &&
               PEM_write_bio_X509(pem, certificate) == 1 &&
               PEM_write_bio_PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL) == 1) ||
              err_set(err, ERR_IO, "OpenSSL would not make a certificate");
    ok = ok && tls_identity_parse(out, bytes_of(pem), arena, err);
    BIO_free(pem);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return ok;
}

/* --- what the other side shows --------------------------------------------- */

/* Called with the chain that the other side showed; the first is its own. That it holds the
 * key of it, the handshake proves. */
static int verify(X509_STORE_CTX *chain, void *context)
{
    struct tls_check *check = context;

    check->shown = certificate_hash(X509_STORE_CTX_get0_cert(chain), &check->seen);
    bool holds = check->shown && (check->any || hash_equal(check->seen, check->wanted));

    X509_STORE_CTX_set_error(chain, holds ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
    return holds;
}

void tls_check_install(void *ssl_ctx, struct tls_check *check)
{
    SSL_CTX_set_verify(ssl_ctx, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(ssl_ctx, verify, check);
}
