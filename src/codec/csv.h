#pragma once

/*
 * CSV of RFC 4180: comma, quotes doubled inside quotes, line breaks allowed inside
 * quotes, records end in LF or CRLF (the last may end with the file). A UTF-8 byte
 * order mark at the very start is passed over. Strict: a quote inside an unquoted
 * field, text after a closing quote, a bare CR, an unclosed quote, U+0000 or bytes that
 * are no UTF-8 are refused, by line and column (both from 1; column in characters).
 *
 * Reads from memory, one record at a time, in flat memory: cells live in the
 * arena given to csv_next, which the caller may reset between records.
 */

#include "base/buf.h"
#include "base/err.h"

struct csv {
    struct span in;
    size_t at;
    uint64_t line;   /* of the next byte */
    uint64_t column;
};

struct csv_record {
    struct span *cell;
    size_t count;
    uint64_t line;      /* where the record starts */
    uint64_t *cell_line; /* where each cell starts, for messages */
    uint64_t *cell_column;
};

struct csv csv_over(struct span text);
bool csv_more(const struct csv *csv);
/* At most `max_cells` cells in a record. */
MUST_CHECK bool csv_next(struct csv *csv, struct csv_record *out, size_t max_cells,
                         struct arena *arena, struct err *err);
/* One cell, quoted where it must be. */
void csv_put_cell(struct buf *buf, struct span cell);
