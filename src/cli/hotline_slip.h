#pragma once

/*
 * A record of the hotline on paper, for a courier (H9 of the requirements: a fallback that can be
 * carried by hand). What was handed in, as lines of text, each short enough for a QR code that is
 * read off paper:
 *
 *     sulh-slip N/COUNT TAG BASE64
 *
 * TAG is the first eight hex digits of the SHA-256 of all the bytes, so that lines of two slips are
 * not taken for one. Lines may come in any order, and more than once, as a scanner gives them; that
 * nothing was altered shows the record itself, which is signed.
 */

#include "base/arena.h"
#include "base/err.h"

#define HOTLINE_SLIP_LINES 99u
#define HOTLINE_SLIP_BYTES 660u /* in a line, before it is base64 */

/* In the arena. ERR_LIMIT for what needs more lines than there may be. */
MUST_CHECK bool hotline_slip_lines(struct span **out, size_t *out_count, struct span bytes,
                                   struct arena *arena, struct err *err);
/* ERR_MISSING names a line that is not there. */
MUST_CHECK bool hotline_slip_parse(struct span *out, struct span text, struct arena *arena,
                                   struct err *err);
