#pragma once

/*
 * A table in CSV read by the names in its header: columns in any order, and others beside
 * them. A row is read like hostile bytes (base/reader.h): straight down, the first fault is
 * kept, and after it every read gives nothing; ask row_ok once at the end. A fault names
 * file, line and column.
 */

#include "base/calendar.h"
#include "feed/feed.h"
#include "feed/keys.h"
#include "record/kind.h"

#define SHEET_COLUMNS 64u

struct sheet_column {
    const char *name;
    enum { COLUMN_NEEDED, COLUMN_MAY_LACK, COLUMN_PASSED_OVER } use;
};

struct sheet {
    const char *file;
    const struct sheet_column *column; /* the caller's table; its indexes name columns below */
    size_t columns;
    size_t cell_of[SHEET_COLUMNS]; /* SHEET_NONE: it lacks the column */
    size_t cells;                  /* of every row */
    struct csv csv;                /* behind what was read */
};
#define SHEET_NONE SIZE_MAX

/* Reads the header, and the row of HXL tags below it when there is one (hxlstandard.org: each
 * cell is empty or starts with '#'). A needed column that is missing and a column that stands
 * twice are refused; one that the table does not know is told. The cells of the header and of
 * the rows stand in the text or in the arena that the row was read with.
 *
 * `bare` is the header of a source that publishes some files without: one whose first row is as
 * wide and begins with a number is read by it, and that is told. NULL: there is none. */
MUST_CHECK bool sheet_open(struct sheet *out, const char *file, struct span text,
                           const struct sheet_column *column, size_t columns, const char *bare,
                           const struct remarks *remarks, struct err *err);

struct row {
    const struct sheet *sheet;
    struct csv_record record;
    struct arena *arena; /* for what is made of it */
    struct err fault;
};

/* The next row that is no empty line. False in *more, and *out untouched, after the last. */
MUST_CHECK bool sheet_next(struct sheet *sheet, struct row *out, bool *more, struct arena *arena,
                           struct err *err);

/* "FILE: line L, column C: "NAME" WHAT". Returns false. */
bool sheet_fault(const struct sheet *sheet, struct csv_cell cell, size_t column, struct err *err,
                 const char *format, ...) PRINTF_LIKE(5, 6);

bool row_failed(const struct row *row);
MUST_CHECK bool row_ok(const struct row *row, struct err *err);
void row_fail(struct row *row, size_t column, const char *format, ...) PRINTF_LIKE(3, 4);
uint64_t row_line(const struct row *row);

/* The cell and where it stands; empty when the sheet lacks the column. */
struct csv_cell row_cell(const struct row *row, size_t column);
/* As it is; empty after a fault. */
struct span row_text(const struct row *row, size_t column);
bool row_has(const struct row *row, size_t column); /* not blank */
/* What is blank is refused. */
struct span row_needed(struct row *row, size_t column);

/* Adds what a cell holds to a record's flat fields: what the field's table does not allow is
 * refused, and a blank cell is no member unless the field is required. */
void row_set(struct row *row, size_t column, struct json *object, const struct field *field);

/* These three: false when it is blank or refused. */
bool row_number(struct row *row, size_t column, int64_t *out, int64_t limit);
bool row_date(struct row *row, size_t column, struct calendar_date *out);
bool row_degrees(struct row *row, size_t column, int64_t *out_e7, int64_t limit_e7);

/* What stands between semicolons, without the spaces around it; an empty one is refused. */
struct span *row_list(struct row *row, size_t column, size_t *out_count);
