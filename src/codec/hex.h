#pragma once

/* Lower-case hex, RFC 4648 §8 otherwise. */

#include "base/buf.h"

/* `text` must be exactly twice `len` lower-case digits. */
MUST_CHECK bool hex_parse(uint8_t *out, size_t len, struct span text);
void hex_put(struct buf *buf, struct span bytes);
/* Writes 2 × bytes.len characters and a NUL. */
void hex_text(char *out, struct span bytes);
