#pragma once

/*
 * The store: what follows from the log, kept so that it can be asked. SQLite stands
 * behind this header, and plain memory for tests; nothing above can tell which.
 *
 * It is never the truth. It holds no entry, may lag behind the log, and is caught up
 * at start; dropping it loses only the time to rebuild it. One writer applies whole
 * entries in log order; readers, on any thread, see the last whole one.
 *
 * Rows are never overwritten: each is kept with the index of the entry that wrote it,
 * so "as of entry n" is a condition, not a copy. Beside the rows stand views for
 * searching and counting, which decide nothing.
 */

#include "base/arena.h"
#include "base/err.h"
#include "crypto/hash.h"

struct store;
struct store_tx;
struct store_reader;

#define STORE_LATEST UINT64_MAX

/* Opens "sqlite:PATH" or "memory:", and brings its tables up to date. A store of an older
 * or damaged form is refused with ERR_CONFLICT: replay makes it anew. */
MUST_CHECK bool store_open(struct store **out, const char *url, struct err *err);
void store_close(struct store *store); /* NULL is fine */

/* A write ends in store_commit, which clears *tx when it holds, or in store_rollback,
 * for which NULL is fine. One at a time, on one thread. Rows are cheapest when many entries
 * share a commit. */
MUST_CHECK bool store_begin(struct store *store, struct store_tx **out, struct err *err);
MUST_CHECK bool store_commit(struct store_tx **tx, struct err *err);
void store_rollback(struct store_tx *tx);

/* The row that entry `index` wrote; row.at NULL when it removed it. Entries come in order
 * and whole: `index` is the one whose digest is put next. Put twice, the later row holds. */
MUST_CHECK bool store_put(struct store_tx *tx, uint64_t index, const char *table, struct span key,
                          struct span row, struct err *err);
/* What the version that entry `at` wrote says from now on, whoever asks: only for views, of what is
 * to be read no more. ERR_MISSING when there is none. */
MUST_CHECK bool store_rewrite(struct store_tx *tx, const char *table, struct span key, uint64_t at,
                              struct span row, struct err *err);
/* Entry `index` is applied, and D(index) is this. Indexes follow one another. */
MUST_CHECK bool store_put_digest(struct store_tx *tx, uint64_t index, const struct hash *digest,
                                 struct err *err);

/* Between transactions: of what was rewritten or removed nothing is left in any file of the store
 * when *out is true; false while some reader still looks at an older state. */
MUST_CHECK bool store_tidy(struct store *store, bool *out, struct err *err);

/* A reader for one thread, closed before the store. It sees what was committed when
 * store_reader_refresh was last called (opening does); what it looks at cannot be tidied
 * away, so between pieces of work let it rest: it holds nothing, and may not be asked
 * anything until it is refreshed. The writer's own sees its uncommitted rows; the
 * transaction owns that one, and it is neither refreshed nor closed. */
MUST_CHECK bool store_reader_open(struct store *store, struct store_reader **out, struct err *err);
MUST_CHECK bool store_reader_refresh(struct store_reader *reader, struct err *err);
void store_reader_rest(struct store_reader *reader);
void store_reader_close(struct store_reader *reader); /* NULL is fine */
struct store_reader *store_tx_reader(struct store_tx *tx);

/* How many entries are applied: the index of the next. */
MUST_CHECK bool store_applied(struct store_reader *reader, uint64_t *out, struct err *err);
/* D(index). ERR_MISSING when that entry is not applied. */
MUST_CHECK bool store_digest(struct store_reader *reader, uint64_t index, struct hash *out,
                             struct err *err);

/* The row as of entry `as_of`, in the arena; out->at is NULL when there is none. `out_at`
 * (may be NULL) is the index of the entry that wrote it. */
MUST_CHECK bool store_get(struct store_reader *reader, const char *table, struct span key,
                          uint64_t as_of, struct span *out, uint64_t *out_at, struct arena *arena,
                          struct err *err);

struct store_row {
    struct span key;
    struct span row;
    uint64_t at; /* the entry that wrote it */
};

/* Up to `limit` rows of a table whose keys start with `prefix` and come after `after`
 * (empty: from the start), in bytewise order of the key. */
MUST_CHECK bool store_scan(struct store_reader *reader, const char *table, struct span prefix,
                           struct span after, uint64_t as_of, size_t limit, struct store_row **out,
                           size_t *out_count, struct arena *arena, struct err *err);
/* Every version of one row, oldest first; a removal has row.at NULL. */
MUST_CHECK bool store_history(struct store_reader *reader, const char *table, struct span key,
                              struct store_row **out, size_t *out_count, struct arena *arena,
                              struct err *err);

/* A count that is a view: entries by kind, and the like. Not "as of". */
MUST_CHECK bool store_count_add(struct store_tx *tx, const char *name, int64_t by, struct err *err);
struct store_count {
    struct span name;
    int64_t value;
};
MUST_CHECK bool store_counts(struct store_reader *reader, struct store_count **out,
                             size_t *out_count, struct arena *arena, struct err *err);

/* What incidents are found by. One row a record (a report or a claim), many to an
 * incident: positions and times stay those of each record, and are never averaged. */
struct store_find_row {
    struct span record;   /* its id */
    struct span incident; /* the incident's id */
    uint64_t index;       /* of the record's entry: one record, one index */
    bool has_position;
    int32_t lat_e7, lon_e7;
    bool has_time;
    int64_t from_ms, to_ms; /* earliest and latest moment it may speak of */
    struct span act;        /* code, or empty */
    struct span side;       /* who claims, or empty */
};
/* Replaces the row of that record and incident. */
MUST_CHECK bool store_find_put(struct store_tx *tx, const struct store_find_row *row,
                               struct err *err);
MUST_CHECK bool store_find_remove(struct store_tx *tx, struct span record, struct span incident,
                                  struct err *err);

struct store_query {
    bool has_box;
    int32_t south_e7, west_e7, north_e7, east_e7; /* west > east crosses 180° */
    bool has_time;
    int64_t from_ms, to_ms; /* both included; meets a row's [from_ms, to_ms] */
    struct span act;        /* empty: any */
    struct span side;
    /* An incident is found when one of its rows meets box, time and act together, and one
     * (it may be another) has that side. */
    size_t limit;
    bool has_after; /* the page after this incident */
    int64_t after_ms;
    struct span after_incident;
};
struct store_found {
    struct span incident;
    int64_t first_ms; /* the earliest from_ms of its rows; INT64_MAX when none says */
};
/* In order of first_ms, then the incident's id. */
MUST_CHECK bool store_find(struct store_reader *reader, const struct store_query *query,
                           struct store_found **out, size_t *out_count, struct arena *arena,
                           struct err *err);
/* The rows of one incident, in order of their entries. */
MUST_CHECK bool store_find_rows(struct store_reader *reader, struct span incident,
                                struct store_find_row **out, size_t *out_count, struct arena *arena,
                                struct err *err);
