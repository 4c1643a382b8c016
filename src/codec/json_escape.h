#pragma once

/* How characters are escaped in JSON strings: for json_parse.c and json_encode.c. */

#include "base/span.h"

#define JSON_ESCAPE_BYTES 6 /* \u001f */

/* What stands in a string as itself: all but the quote, the backslash and control
 * characters. Bytes from 0x80 on are parts of characters, checked as UTF-8 elsewhere. */
static inline bool json_is_plain(uint8_t c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

/* How many plain bytes the text begins with. */
size_t json_plain_run(struct span text);

/* How the canonical form writes a character that is not plain; the bytes used. */
size_t json_escape(uint8_t out[JSON_ESCAPE_BYTES], uint8_t character);

/* Reads the escape at `at`, where a backslash stands and behind which a NUL comes.
 * How long it is, or 0 with what would be right in *why. */
MUST_CHECK size_t json_unescape(const uint8_t *at, uint32_t *out, const char **why);

/* Whether the `len` bytes of an escape that was read are those json_escape writes. */
bool json_escape_is_canonical(const uint8_t *at, size_t len, uint32_t character);
