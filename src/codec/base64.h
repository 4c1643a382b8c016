#pragma once

/* Base64 of RFC 4648 §4: padded, no line breaks, and the spare bits zero, so that
 * every sequence of bytes has one spelling. */

#include "base/buf.h"

/* The bytes, in the arena. False if it is not base64, or decodes to more than `limit`. */
MUST_CHECK bool base64_parse(struct span *out, struct span text, size_t limit, struct arena *arena);
void base64_put(struct buf *buf, struct span bytes);

/* The same without padding, of at most `room` bytes: as c2sp.org/age has it. */
MUST_CHECK bool base64_raw_parse(uint8_t *out, size_t room, size_t *out_len, struct span text);
void base64_raw_put(struct buf *buf, struct span bytes);
