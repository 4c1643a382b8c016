#pragma once

/*
 * Digest authentication (RFC 2617) as OpenRosa's clients speak it: MD5, qop absent or "auth",
 * opaque given back, stale. It is here because they know nothing better over http; over TLS it
 * adds little, and the body of a request it does not cover at all.
 *
 * Nonces are not kept: one says when it was made, and a secret of this process proves it. The same
 * may be used again until it is old, as those clients do.
 */

#include "base/arena.h"
#include "base/err.h"
#include "crypto/md5.h"

/* What an Authorization header claims. What must be there is; `nc` and `cnonce` with qop alone. */
struct rosa_digest {
    struct span username, realm, nonce, uri, response, opaque, nc, cnonce;
    bool qop; /* it is "auth" */
};
/* Of a header that begins with "Digest"; the texts are in the arena. Refused: what is missing or
 * given twice, another algorithm or qop, and what no client writes. */
MUST_CHECK bool rosa_digest_parse(struct rosa_digest *out, struct span header, struct arena *arena,
                                  struct err *err);

/* Whether the response is that of who knows HA1, the MD5 of "NAME:REALM:PASSWORD" in hex. */
MUST_CHECK bool rosa_digest_holds(const struct rosa_digest *digest, const char *ha1,
                                  const char *method);

#define ROSA_NONCE_TEXT 49 /* 16 hex digits of time, 32 of proof, a NUL */
#define ROSA_NONCE_MS INT64_C(600000)
#define ROSA_SECRET_BYTES 32

enum rosa_nonce { ROSA_NONCE_HOLDS, ROSA_NONCE_OLD, ROSA_NONCE_FOREIGN };
/* `now_ms` is of a clock that does not jump. */
void rosa_nonce_make(char out[ROSA_NONCE_TEXT], const uint8_t secret[ROSA_SECRET_BYTES],
                     int64_t now_ms);
enum rosa_nonce rosa_nonce_check(struct span nonce, const uint8_t secret[ROSA_SECRET_BYTES],
                                 int64_t now_ms);
