#pragma once

/* Within chronology: the three tables read, row by row, and not yet in order. */

#include "feed/chronology.h"
#include "feed/sheet.h"

#define CHRONOLOGY "chronology"

struct chronology_event {
    struct feed_item open, report;
    int64_t day_ms; /* its first day */
    bool placed;    /* it has its place in the order */
};

struct chronology_claim {
    struct feed_item item;
    struct csv_cell id;
    struct csv_cell supersedes; /* a claim's id, or blank */
    size_t event;
    int64_t day_ms; /* on which it was made; not said: its event's */
};

struct chronology_tables {
    struct arena *arena;
    struct json *source; /* as `sources` hold them */
    struct chronology_event *event;
    struct chronology_claim *claim;
    struct keys sources, events, claims;
};

/* One of the three files, and how its rows are read into the tables. */
struct chronology_table {
    const char *file;
    const struct sheet_column *column;
    size_t columns;
    size_t id; /* the column that names its rows */
    bool (*read)(struct chronology_tables *t, struct row *row, struct err *err);
};
extern const struct chronology_table chronology_events;

/* The `sources` that a cell names. */
void chronology_set_sources(struct chronology_tables *t, struct row *row, size_t column,
                            struct json *flat);

MUST_CHECK bool chronology_read(struct chronology_tables *out, const struct chronology_text *text,
                                const struct remarks *remarks, struct arena *arena,
                                struct err *err);
/* "claims.csv: line L, column C: "supersedes" WHAT". Returns false. */
bool chronology_supersedes_fault(const struct chronology_claim *claim, struct err *err,
                                 const char *format, ...) PRINTF_LIKE(3, 4);
