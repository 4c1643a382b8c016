#pragma once

/* What the records of all feeds have in common. */

#include "feed/sheet.h"

#define FIELD_OF(kind, name) shape_field("" kind, "" name)

/* A field of a kind, and a member of one of its `sources`. Both are known to be there. */
const struct field *shape_field(const char *kind, const char *name);
const struct field *shape_source_field(const char *name);

/* Cells that become fields as they stand. */
struct shape_taken {
    size_t column;
    const char *field;
};
void shape_take(struct row *row, struct json *flat, const char *kind,
                const struct shape_taken *taken, size_t count);

/* "SOURCE/ID", in the arena; refused when an external id may not look like that. */
struct span shape_external_id(struct row *row, size_t column, const char *source);

/* "PLACE, 2025-10-11/2025-10-12": a handle, and no word of who did what. Cut to fit. */
struct span shape_title(struct span place, struct calendar_date start, struct calendar_date end,
                        struct arena *arena);

/* How exact a source's code says that a position is. */
struct precision {
    int64_t code;
    int64_t uncertainty_m; /* SHAPE_NO_PLACE: a position beside this code is a contradiction */
    const char *basis;
};
#define SHAPE_NO_PLACE (-1)

/* Position, uncertainty and what it rests on. Half a position, or one without a code of the
 * table, is refused. */
void shape_position(struct row *row, size_t lat, size_t lon, size_t code,
                    const struct precision *table, size_t count, struct json *report);

/* The last day of what began on `start`: the same, if the cell is blank; not before it. */
struct calendar_date shape_last_day(struct row *row, size_t column, struct calendar_date start);

/* A value made of this cell, unless it is an empty list or does not fit its field. */
void shape_set(struct row *row, size_t column, struct json *flat, const struct field *field,
               struct json value);

/* An item of a row, its external id among its fields. */
struct feed_item shape_item(const struct row *row, const char *kind, struct span external_id,
                            struct json flat);
