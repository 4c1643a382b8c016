#include "crypto/md5.h"

#include <openssl/evp.h>
#include <stdio.h>

#define MD5_BYTES 16u

void md5_of_parts(char out[MD5_TEXT], const struct span *parts, size_t count)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    uint8_t bytes[MD5_BYTES];
    unsigned len = 0;
    int ok = EVP_DigestInit_ex2(context, EVP_md5(), NULL);

    for (size_t i = 0; ok && i < count; i++)
        ok = EVP_DigestUpdate(context, parts[i].at, parts[i].len);
    ok = ok && EVP_DigestFinal_ex(context, bytes, &len);
    assert(ok && len == MD5_BYTES);
    EVP_MD_CTX_free(context);
    for (size_t i = 0; i < MD5_BYTES; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}
