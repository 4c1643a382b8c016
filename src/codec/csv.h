#pragma once

/*
 * CSV of RFC 4180: comma, quotes doubled inside quotes, line breaks allowed inside
 * quotes, records end in LF or CRLF (the last may end with the file). An empty line is
 * a record of one empty cell. A UTF-8 byte order mark at the very start is passed over.
 * Strict: a quote inside an unquoted cell, text after a closing quote, a bare CR, an
 * unclosed quote, U+0000 or bytes that are no UTF-8 are refused, by line and column
 * (both from 1; column in characters).
 *
 * Reads from memory, one record at a time: cells are parts of the text, or stand in
 * the arena where quotes were doubled, and the arena may be reset between records.
 */

#include "base/buf.h"
#include "base/err.h"

struct csv {
    struct span in;
    size_t at;
    uint64_t line; /* of the next byte */
    uint64_t column;
};

struct csv_cell {
    struct span text;
    uint64_t line; /* where it starts, for messages */
    uint64_t column;
};

struct csv_record {
    struct csv_cell *cell; /* at least one */
    size_t count;
};

struct csv csv_over(struct span text);
bool csv_more(const struct csv *csv);

/* The next record, of which there must be one, with at most `max_cells` cells. After a
 * fault *csv stands where it stood. */
MUST_CHECK bool csv_next(struct csv *csv, struct csv_record *out, size_t max_cells,
                         struct arena *arena, struct err *err);

/* One cell, quoted where it must be. */
void csv_put_cell(struct buf *buf, struct span cell);
