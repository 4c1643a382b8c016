#pragma once

/*
 * What a medium says of itself, beside what its record says (doc/api.md). Both are claims: where
 * they differ that is told, with by how much at the least, and nothing follows from it. A report's
 * place is that of what happened, so a picture from afar may well be honest.
 */

#include "codec/json.h"
#include "sys/exif.h"

/* `sniffed`, `exif` and `differs`, as far as there is anything to say, into the object of a part.
 * `said`: the record's fields, one flat object, as far as whoever asks may read them. */
void medium_put(struct json *out, struct span media, struct span bytes, const struct json *said,
                struct arena *arena);

/* An object: `type`; `place` (of what happened), `observer_place` and `time`, where the two
 * surely differ, all errors that either admits being taken into account. `sniffed` may be empty,
 * `exif` NULL. */
struct json medium_differs(struct span media, struct span sniffed, const struct exif *exif,
                           const struct json *said, struct arena *arena);
