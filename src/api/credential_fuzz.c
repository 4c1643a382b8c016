/* Whatever a header says, a credential is a piece of it, without a space at either end. */

#include "api/credential.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct span header, struct span found)
{
    if (found.len == 0)
        return;
    assert(found.at >= header.at && found.at + found.len <= header.at + header.len);
    assert(found.at[0] != ' ' && found.at[found.len - 1] != ' ');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span header = span_make(data, size);
    struct span cookie = credential_cookie(header, "sulh");

    check(header, credential_bearer(header));
    check(header, cookie);
    assert(cookie.len == 0 || !memchr(cookie.at, ';', cookie.len));
    return 0;
}
