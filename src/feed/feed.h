#pragma once

/*
 * What others publish, read into records that an importer can sign. A feed is opened over
 * the whole of its input, which is checked to the end before anything is signed: what is
 * wrong is refused by file, line and column, and nothing is imported. After that the items
 * are made one by one, in the order in which they are to enter the record, so that memory
 * holds the input and one item, not the input and all items.
 *
 * A feed keeps what the source says: a blank cell is no member, never zero; nothing is
 * averaged, and figures that contradict each other stay so. What had to be left out is told
 * through struct remarks.
 */

#include "codec/json.h"

/* A row of input that is larger than this is no row of any feed we know. */
#define FEED_CELLS 256u

/* Told what a person should know and need not act on: one sentence, no full stop. */
struct remarks {
    void (*say)(void *context, const char *text); /* NULL: nobody listens */
    void *context;
};
void remark(const struct remarks *remarks, const char *format, ...) PRINTF_LIKE(2, 3);

/* One record to be. */
struct feed_item {
    const char *kind;
    struct span external_id;
    struct json flat;       /* its fields (record/kind.h), without `incident` and `supersedes` */
    struct span incident;   /* the external id of the incident it is filed under; empty: none */
    struct span supersedes; /* that of the record of its kind that it replaces; empty: none */
    const char *file;       /* where it comes from */
    uint64_t line;
};

struct feed {
    const char *source;       /* "chronology": external ids begin with it and a slash */
    const char *const *kinds; /* what it makes, and so what its key must be allowed; NULL ends */
    void *state;
    void (*rewind)(void *state);
    bool (*next)(void *state, struct feed_item *out, bool *more, struct err *err);
    void (*close)(void *state); /* NULL: nothing to give back */
};

/* Of feeds that tell of events: each an incident, a report of it, and claims. */
extern const char *const feed_event_kinds[];

/* To the first item, where a feed that was opened stands. */
void feed_rewind(struct feed *feed);
/* *out is valid until the next call. False in *more after the last. */
MUST_CHECK bool feed_next(struct feed *feed, struct feed_item *out, bool *more, struct err *err);
void feed_close(struct feed *feed);
