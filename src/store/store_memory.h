#pragma once

/*
 * The store in memory: made for tests, and made as plainly as it can be, so that what
 * SQLite answers can be held against it. It looks at everything it has.
 */

#include <pthread.h>

#include "store/skiplist.h"
#include "store/store_backend.h"

struct memory_row {
    const char *table;
    struct span key;
    uint64_t at;
    struct span row;
};

/* Of a version that was rewritten, for a rollback. */
struct memory_before {
    struct memory_row *row;
    struct span was;
};

/* What is counted and found by has no entry number, so each value carries the commits
 * between which it holds: from `since` on, before `until`. */
struct memory_count {
    const char *name;
    int64_t value;
    uint64_t since;
};

struct memory_find {
    struct store_find_row row;
    uint64_t since, until;
};

struct memory_reader {
    struct store_reader base;
    struct memory_store *store;
    uint64_t commit;  /* what it sees: the state after that many commits */
    uint64_t applied; /* the entries in that state */
};

struct memory_store {
    struct store base;
    struct store_tx tx;
    struct memory_reader tx_reader;
    pthread_rwlock_t lock; /* of all that follows */
    struct arena arena;    /* of all that is stored */
    uint64_t commits;
    uint64_t applied;          /* by the last commit */
    struct skiplist rows;      /* of struct memory_row: table, key, the newest first */
    struct store_list fresh;   /* of struct memory_row *: those of the transaction */
    struct store_list before;  /* of struct memory_before: those of the transaction */
    struct store_list digests; /* of struct hash */
    struct store_list counts;  /* of struct memory_count, the newest last */
    struct store_list finds;   /* of struct memory_find */
};

/* store_memory_find.c */
bool memory_find_put(struct store_tx *tx, const struct store_find_row *row, struct err *err);
bool memory_find_remove(struct store_tx *tx, struct span record, struct span incident,
                        struct err *err);
void memory_find_rollback(struct memory_store *store);
bool memory_find(struct store_reader *reader, const struct store_query *query,
                 struct store_found **out, size_t *out_count, struct arena *arena, struct err *err);
bool memory_find_rows(struct store_reader *reader, struct span incident,
                      struct store_find_row **out, size_t *out_count, struct arena *arena,
                      struct err *err);
