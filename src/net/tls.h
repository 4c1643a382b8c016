#pragma once

/*
 * Certificates, and which of them a connection may show: OpenSSL's TLS. One wrapper file;
 * no other includes those headers.
 *
 * There is no authority whose word would do, and no host name that would say anything: a
 * node is known by its key, which signs the hash of its one certificate (doc/format.md
 * §6.1, `pin`). So a connection holds to exactly that certificate or does not come about.
 */

#include "base/arena.h"
#include "base/err.h"
#include "crypto/hash.h"

#define TLS_PEM_BYTES 65536u /* of a chain and a key; one certificate has about a thousand */

/* What a server shows: a certificate, those of who signed it, if somebody did, and its key. */
struct tls_identity {
    char *pem;              /* all of it: tls_identity_wipe */
    struct hash hash;       /* SHA-256 of the first certificate's DER: what is pinned */
    int64_t from_ms, to_ms; /* when that says it is good */
    bool ours;              /* as tls_identity_make makes them */
};

/* A new P-256 key, which every browser takes, and a certificate signed by itself that says
 * nothing but the key. Good from a day before, for those whose clock is behind. */
MUST_CHECK bool tls_identity_make(struct tls_identity *out, int64_t now_ms, int64_t to_ms,
                                  struct arena *arena, struct err *err);
/* ERR_MALFORMED when certificate or key is missing, ERR_CONFLICT when they are not of each
 * other. */
MUST_CHECK bool tls_identity_parse(struct tls_identity *out, struct span pem, struct arena *arena,
                                   struct err *err);
void tls_identity_wipe(struct tls_identity *identity);

/* What one side expects of the other's certificate, and what it saw. */
struct tls_check {
    bool any; /* whatever it is: for whoever asks for the pin itself, and checks it then */
    struct hash wanted; /* SHA-256 of the certificate's DER */
    bool shown;         /* the other side showed one */
    struct hash seen;
};

/* Makes every handshake of this context (a struct ssl_ctx_st *) hold to the check, which
 * outlives it, and to nothing else: neither authorities nor dates nor names. */
void tls_check_install(void *ssl_ctx, struct tls_check *check);
