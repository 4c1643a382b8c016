#pragma once

/*
 * A feed that is one table in CSV, each row of which makes a record, or a few, or none. The rows
 * are read twice, once to check them all and once to make items, so that memory holds the file and
 * one row, and the ids while it is checked. Every damaged row is told by its place and counted; one
 * of them, and nothing is imported.
 */

#include "feed/sheet.h"

struct row_feed {
    const char *source;       /* as in struct feed */
    const char *const *kinds; /* likewise */
    const struct sheet_column *column;
    size_t columns;
    /* NULL: a name stands once. Else a row that says the same as one before it, to the last
     * character, is passed over and told; where they differ, this is why both cannot stand. */
    const char *again;
    /* The n-th record of a row, from 0; false behind the last. What is wrong is for row_fail; then
     * *out is not looked at. */
    bool (*read)(struct feed_item *out, struct row *row, size_t n);
};

/* `text` must outlive the feed, and so must *table; the rest is the arena's. */
MUST_CHECK bool row_feed_open(struct feed *out, const struct row_feed *table, const char *file,
                              struct span text, const struct remarks *remarks, struct arena *arena,
                              struct err *err);
