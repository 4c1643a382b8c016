#pragma once

/*
 * QR codes (ISO/IEC 18004), by libqrencode. The one file that includes it. The same bytes give the
 * same code. A code is shown with the quiet zone around it that readers need.
 */

#include "base/arena.h"
#include "base/err.h"

#define QR_QUIET 4u /* modules, on every side */

/* How much of a code may be dirty or torn and it is still read. */
enum qr_repair { QR_SCREEN, /* 7 %: for a screen */ QR_PAPER /* 25 %: for paper */ };

struct qr {
    unsigned width;       /* modules a side, without the quiet zone */
    const uint8_t *black; /* width × width, row by row: 1 or 0; in the arena */
};

/* ERR_LIMIT when it is more than a code holds: 2,953 bytes at the most. */
MUST_CHECK bool qr_make(struct qr *out, struct span bytes, enum qr_repair repair,
                        struct arena *arena, struct err *err);

/* For a terminal with a dark background: lines of half blocks, two rows of modules in each. */
struct span qr_text(const struct qr *qr, struct arena *arena);
/* A document of its own, a millimetre a module. */
struct span qr_svg(const struct qr *qr, struct arena *arena);
/* Black and white, `scale` pixels a module. */
struct span qr_png(const struct qr *qr, unsigned scale, struct arena *arena);
