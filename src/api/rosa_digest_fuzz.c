/* Whatever a header says, what is taken from it is whole, and only who knows HA1 is believed. */

#include "api/rosa_digest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t secret[ROSA_SECRET_BYTES] = {1};
    struct rosa_digest digest = {.username = SPAN_LIT("before")};
    struct arena arena = {0};
    struct err err = {0};
    const char *ha1 = "939e7578ed9e3c518a452acee763bce9"; /* of RFC 2617 §3.5 */

    if (rosa_digest_parse(&digest, span_make(data, size), &arena, &err)) {
        assert(digest.username.len && digest.realm.len && digest.nonce.len && digest.uri.len);
        assert(digest.response.len == MD5_TEXT - 1);
        assert(!digest.qop || (digest.nc.len == 8 && digest.cnonce.len));
        bool holds = rosa_digest_holds(&digest, ha1, "GET");
        assert(!holds || !rosa_digest_holds(&digest, ha1, "POST"));
        enum rosa_nonce nonce = rosa_nonce_check(digest.nonce, secret, 0);
        assert(nonce >= ROSA_NONCE_HOLDS && nonce <= ROSA_NONCE_FOREIGN);
    } else {
        assert(err.kind == ERR_MALFORMED && span_is(digest.username, "before"));
    }
    arena_free(&arena);
    return 0;
}
