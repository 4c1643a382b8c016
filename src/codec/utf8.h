#pragma once

/* UTF-8 of RFC 3629: no overlong form, no surrogate, nothing beyond U+10FFFF. */

#include "base/span.h"

MUST_CHECK bool utf8_valid(struct span text);

/* Takes one character off the front of *text. False at a malformed byte or at the end. */
MUST_CHECK bool utf8_next(struct span *text, uint32_t *out);

/* Up to 4 bytes; how many. */
size_t utf8_encode(uint8_t out[4], uint32_t character);

/* The longest prefix of at most `limit` bytes that ends between two characters. */
struct span utf8_prefix(struct span text, size_t limit);
