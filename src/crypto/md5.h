#pragma once

/*
 * MD5 (RFC 1321), by OpenSSL. It proves nothing: anybody makes two texts with one MD5. It is here
 * because OpenRosa clients compare the `md5:` of what they fetch, to see that it came whole, and
 * because Digest (RFC 2617) is made of it; nothing else may use it.
 */

#include "base/span.h"

#define MD5_TEXT 33 /* hex and a NUL */

/* Of several pieces, one after another. */
void md5_of_parts(char out[MD5_TEXT], const struct span *parts, size_t count);
