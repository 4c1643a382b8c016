#pragma once

/* What the files of the SQLite back end share. */

#include "store/row_cache.h"
#include "store/sqlite.h"
#include "store/store_backend.h"

extern const struct sqlite_form store_sqlite_form;

/* A connection, and the numbers that it knows of tables. */
struct sqlite_link {
    struct sqlite *db;
    struct store_list names; /* of struct sqlite_name */
    struct arena arena;      /* theirs */
};

struct sqlite_name {
    const char *name;
    int64_t number;
};

/* 0 when no row of that table was ever written. */
MUST_CHECK bool sqlite_table(struct sqlite_link *link, const char *name, int64_t *out,
                             struct err *err);
MUST_CHECK bool sqlite_table_make(struct sqlite_link *link, const char *name, int64_t *out,
                                  struct err *err);

struct sqlite_reader {
    struct store_reader base;
    struct sqlite_link *link; /* its own, or the writer's */
    struct row_cache *cache;  /* the writer's; NULL for all other readers */
    uint64_t applied;         /* in what it looks at */
};

/* The store, its writer and the writer's reader in one, for there is one of each. */
struct sqlite_store {
    struct store base;
    struct store_tx tx;
    struct sqlite_reader tx_reader;
    char *path;
    struct sqlite_link link;
    struct row_cache cache;
    struct store_list counts; /* of struct store_count: what is to be added */
    struct arena count_arena;
};

/* Writes out the rows that are pending. */
MUST_CHECK bool sqlite_write_rows(struct sqlite_link *link, struct row_cache *cache,
                                  struct err *err);

/* And what is to be added to the counts. */
MUST_CHECK bool sqlite_write_counts(struct sqlite_store *store, struct err *err);

/* store_sqlite_read.c */
bool sqlite_reader_open(struct store *store, struct store_reader **out, struct err *err);
void sqlite_reader_close(struct store_reader *reader);
bool sqlite_reader_refresh(struct store_reader *reader, struct err *err);
void sqlite_reader_rest(struct store_reader *reader);
bool sqlite_applied(struct store_reader *reader, uint64_t *out, struct err *err);
bool sqlite_digest(struct store_reader *reader, uint64_t index, struct hash *out, struct err *err);
bool sqlite_get(struct store_reader *reader, const char *table, struct span key, uint64_t as_of,
                struct span *out, uint64_t *out_at, struct arena *arena, struct err *err);
bool sqlite_scan(struct store_reader *reader, const char *table, struct span prefix,
                 struct span after, uint64_t as_of, size_t limit, struct store_row **out,
                 size_t *out_count, struct arena *arena, struct err *err);
bool sqlite_history(struct store_reader *reader, const char *table, struct span key,
                    struct store_row **out, size_t *out_count, struct arena *arena,
                    struct err *err);
bool sqlite_counts(struct store_reader *reader, struct store_count **out, size_t *out_count,
                   struct arena *arena, struct err *err);
/* How many entries the database has. */
MUST_CHECK bool sqlite_ask_applied(struct sqlite *db, uint64_t *out, struct err *err);

/* store_sqlite_find.c */
bool sqlite_find_put(struct store_tx *tx, const struct store_find_row *row, struct err *err);
bool sqlite_find_remove(struct store_tx *tx, struct span record, struct span incident,
                        struct err *err);
bool sqlite_find(struct store_reader *reader, const struct store_query *query,
                 struct store_found **out, size_t *out_count, struct arena *arena, struct err *err);
bool sqlite_find_rows(struct store_reader *reader, struct span incident,
                      struct store_find_row **out, size_t *out_count, struct arena *arena,
                      struct err *err);
