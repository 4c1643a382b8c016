#pragma once

/*
 * Where a report of the people who live there is shown to everybody: no nearer than the agreement's
 * `blur_m`. Whose keys are so, their role says (`blur` of [[role]], doc/agreement.md).
 *
 * A position becomes the centre of its cell of a grid that is the same for all and for ever, so
 * that to ask again, or to be told twice, tells nobody more. The true place may be anywhere within
 * the cell, whose sides are twice the radius or more. Lists, maps and searches know that centre
 * alone, whoever asks; the record itself is for participants.
 *
 * A text that has the figures of a position in it (blur_text.h) becomes "…".
 *
 * Role and radius are those in force now; a row that lists and searches keep has those of when its
 * record was logged.
 */

#include "codec/json.h"
#include "geo/geo.h"
#include "record/record.h"
#include "store/store.h"

struct blur {
    int64_t radius_m;         /* 0: this record is shown as it is */
    const struct json *keeps; /* words for places that stay; NULL: none */
};

/* How what this key signs is shown. `as_of` an entry, or STORE_LATEST. */
MUST_CHECK bool blur_of(struct blur *out, struct store_reader *reader, struct span key_name,
                        uint64_t as_of, struct arena *arena, struct err *err);

/* How a record is shown: as what its key signs; or, where one of its public parts is another's that
 * was not to be seen to the letter, as that. */
MUST_CHECK bool blur_of_record(struct blur *out, struct store_reader *reader,
                               const struct record *record, struct arena *arena, struct err *err);

/* The centre of its cell, and how far the cell's corners are from there, in metres. */
struct geo_cover blur_point(struct geo_point point, int64_t radius_m);

/* What strangers see of the fields of a part, in the arena: without exact places. */
struct json blur_fields(const struct json *fields, const struct blur *blur, struct arena *arena);
