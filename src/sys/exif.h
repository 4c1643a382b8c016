#pragma once

/*
 * What a picture says of itself (CIPA DC-008, "Exif"), by libexif: the one file that includes it.
 * These are claims of whoever wrote the file and nothing more; anybody can set them. So they stand
 * beside what the record says, and no rule reads them.
 *
 * The same bytes give the same claims: whatever the library would add by itself (it has defaults,
 * the present moment among them) is switched off. A claim that is not written as the standard has
 * it is none.
 */

#include "base/arena.h"
#include "base/err.h"

/* Of each text, cut between two characters; what is no text is shown as '?'. */
#define EXIF_TEXT_BYTES 200u

struct exif {
    struct span make, model, software; /* empty: not said */
    bool has_position;
    int64_t lat_e7, lon_e7; /* WGS 84, in 1e-7 degree */
    bool has_uncertainty;   /* of the position */
    int64_t uncertainty_m;  /* rounded up */
    bool has_time;          /* when the picture was taken */
    int64_t local_ms;       /* as the camera's own clock showed it, written as though it were UTC */
    bool has_offset;        /* else nobody knows what that was in UTC */
    int offset_min;         /* east of it */
};

/* Of a JPEG, PNG or WebP. ERR_MISSING where it says nothing of the kind, ERR_MALFORMED where what
 * leads to it is broken. Texts are in the arena. */
MUST_CHECK bool exif_read(struct exif *out, struct span picture, struct arena *arena,
                          struct err *err);
