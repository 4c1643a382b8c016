#include "store/store_sqlite.h"

#include <stdlib.h>

/* Rows and versions held in memory, at most, before they are written out and forgotten. The
 * more come together, the fewer pages each costs: see doc/decisions/0004-sqlite.md. */
#define CACHE_BYTES ((size_t)128 << 20)

/* For whoever still reads an older state, at most. */
#define TIDY_WAIT_MS 100

/* Names that are counted before they are written out. */
#define COUNT_NAMES 64u

/* `at` is everywhere the number of the entry that wrote. A position lies in the band of a
 * tenth of a degree of latitude; what has no position or no time has NULL. */
const struct sqlite_form store_sqlite_form = {
    .application = 0x53756c68, /* "Sulh" */
    .version = 1,
    .schema =
        "CREATE TABLE name (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
        "CREATE TABLE row (name INTEGER NOT NULL, key BLOB NOT NULL, at INTEGER NOT NULL,"
        " row BLOB, PRIMARY KEY (name, key, at)) STRICT, WITHOUT ROWID;"
        "CREATE TABLE digest (at INTEGER PRIMARY KEY, digest BLOB NOT NULL) STRICT;"
        "CREATE TABLE count (name BLOB PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
        "CREATE TABLE incident (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
        " first_ms INTEGER NOT NULL) STRICT;"
        "CREATE INDEX incident_order ON incident (first_ms, id);"
        "CREATE TABLE find (incident INTEGER NOT NULL, at INTEGER NOT NULL, record BLOB NOT NULL,"
        " band INTEGER, lat_e7 INTEGER, lon_e7 INTEGER, from_ms INTEGER, to_ms INTEGER,"
        " act BLOB NOT NULL, side BLOB NOT NULL, PRIMARY KEY (incident, at))"
        " STRICT, WITHOUT ROWID;"
        "CREATE INDEX find_place ON find (band, lon_e7, lat_e7, from_ms, to_ms, act)"
        " WHERE band IS NOT NULL;"
        "CREATE INDEX find_time ON find (to_ms, from_ms, act) WHERE to_ms IS NOT NULL;",
};

static struct sqlite_store *store_of(const struct store_tx *tx)
{
    return (struct sqlite_store *)tx->store;
}

/* Tables. */

static void forget_names(struct sqlite_link *link)
{
    arena_reset(&link->arena);
    link->names =
        (struct store_list){.arena = &link->arena, .item_bytes = sizeof(struct sqlite_name)};
}

static void know_name(struct sqlite_link *link, const char *name, int64_t number)
{
    struct sqlite_name *known = store_list_push(&link->names);

    *known = (struct sqlite_name){arena_text(&link->arena, span_of(name)), number};
}

bool sqlite_table(struct sqlite_link *link, const char *name, int64_t *out, struct err *err)
{
    static const char sql[] = "SELECT number FROM name WHERE name = ?1";
    const struct sqlite_name *known = link->names.at;
    struct sqlite_statement *ask;
    bool row;

    for (size_t i = 0; i < link->names.count; i++) {
        if (strcmp(known[i].name, name) == 0) {
            *out = known[i].number;
            return true;
        }
    }
    if (!sqlite_prepare(link->db, sql, &ask, err))
        return false;
    sqlite_bind_text(ask, 1, name);
    if (!sqlite_step(ask, &row, err))
        return false;
    *out = row ? sqlite_integer(ask, 0) : 0;
    sqlite_reset(ask);
    if (row)
        know_name(link, name, *out);
    return true;
}

bool sqlite_table_make(struct sqlite_link *link, const char *name, int64_t *out, struct err *err)
{
    static const char sql[] = "INSERT INTO name (name) VALUES (?1)";
    struct sqlite_statement *add;

    if (!sqlite_table(link, name, out, err))
        return false;
    if (*out != 0)
        return true;
    if (!sqlite_prepare(link->db, sql, &add, err))
        return false;
    sqlite_bind_text(add, 1, name);
    return sqlite_finish(add, err) && sqlite_table(link, name, out, err);
}

/* Opening and closing. */

static void sqlite_store_close(struct store *base)
{
    struct sqlite_store *store = (struct sqlite_store *)base;

    sqlite_close(store->link.db);
    arena_free(&store->link.arena);
    arena_free(&store->count_arena);
    row_cache_close(&store->cache);
    free(store->path);
    free(store);
}

static bool sqlite_store_open(struct store **out, const char *path, struct err *err)
{
    struct sqlite *db;

    if (path[0] == '\0')
        return err_set(err, ERR_USAGE, "no path");
    if (!sqlite_open(&db, path, &store_sqlite_form, err))
        return false;

    struct sqlite_store *store = calloc(1, sizeof *store);
    char *copy = strdup(path);
    if (!store || !copy)
        abort();
    store->base.backend = &store_sqlite;
    store->path = copy;
    store->link.db = db;
    forget_names(&store->link);
    row_cache_open(&store->cache);
    *out = &store->base;
    return true;
}

/* Writing. */

static void forget_counts(struct sqlite_store *store)
{
    arena_reset(&store->count_arena);
    store->counts =
        (struct store_list){.arena = &store->count_arena, .item_bytes = sizeof(struct store_count)};
}

static bool sqlite_begin(struct store *base, struct store_tx **out, struct err *err)
{
    struct sqlite_store *store = (struct sqlite_store *)base;

    if (!sqlite_run(store->link.db, "BEGIN IMMEDIATE", err))
        return false;
    if (!sqlite_ask_applied(store->link.db, &store->tx.applied, err)) {
        struct err ignored;
        (void)!sqlite_run(store->link.db, "ROLLBACK", &ignored);
        return false;
    }
    store->tx_reader = (struct sqlite_reader){.base = {.backend = &store_sqlite, .tx = &store->tx},
                                              .link = &store->link,
                                              .cache = &store->cache};
    store->tx.reader = &store->tx_reader.base;
    forget_counts(store);
    *out = &store->tx;
    return true;
}

bool sqlite_write_rows(struct sqlite_link *link, struct row_cache *cache, struct err *err)
{
    /* In the place of what the entry under way has written before. */
    static const char sql[] = "INSERT OR REPLACE INTO row (name, key, at, row)"
                              " VALUES (?1, ?2, ?3, ?4)";
    struct sqlite_statement *insert;
    size_t count;
    const struct row_pending *pending = row_cache_sort(cache, &count);

    if (!sqlite_prepare(link->db, sql, &insert, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct row_version *version = pending[i].version;

        sqlite_bind_integer(insert, 1, pending[i].table);
        sqlite_bind_span(insert, 2, pending[i].key);
        sqlite_bind_integer(insert, 3, (int64_t)version->at);
        if (version->row.at)
            sqlite_bind_span(insert, 4, version->row);
        else
            sqlite_bind_null(insert, 4);
        if (!sqlite_finish(insert, err))
            return false;
    }
    row_cache_written(cache);
    return true;
}

bool sqlite_write_counts(struct sqlite_store *store, struct err *err)
{
    static const char sql[] = "INSERT INTO count (name, value) VALUES (?1, ?2)"
                              " ON CONFLICT (name) DO UPDATE SET value = value + excluded.value";
    const struct store_count *count = store->counts.at;
    struct sqlite_statement *add;

    if (!sqlite_prepare(store->link.db, sql, &add, err))
        return false;
    for (size_t i = 0; i < store->counts.count; i++) {
        sqlite_bind_span(add, 1, count[i].name);
        sqlite_bind_integer(add, 2, count[i].value);
        if (!sqlite_finish(add, err))
            return false;
    }
    forget_counts(store);
    return true;
}

static bool sqlite_commit(struct store_tx *tx, struct err *err)
{
    struct sqlite_store *store = store_of(tx);

    return sqlite_write_rows(&store->link, &store->cache, err) && sqlite_write_counts(store, err) &&
           sqlite_run(store->link.db, "COMMIT", err);
}

static void sqlite_rollback(struct store_tx *tx)
{
    struct sqlite_store *store = store_of(tx);
    struct err ignored;

    /* After a full disk and the like it has ended by itself. */
    if (sqlite_in_transaction(store->link.db))
        (void)!sqlite_run(store->link.db, "ROLLBACK", &ignored);
    row_cache_drop(&store->cache);
    forget_names(&store->link);
}

static bool sqlite_put(struct store_tx *tx, const char *table, struct span key, struct span row,
                       struct err *err)
{
    struct sqlite_store *store = store_of(tx);
    int64_t number;

    if (!sqlite_table_make(&store->link, table, &number, err))
        return false;
    row_cache_put(&store->cache, number, key, tx->applied, row);
    return true;
}

/* What is pending is written first, and what is cached forgotten: it may be of the old row. */
static bool sqlite_rewrite(struct store_tx *tx, const char *table, struct span key, uint64_t at,
                           struct span row, struct err *err)
{
    static const char sql[] = "UPDATE row SET row = ?4 WHERE name = ?1 AND key = ?2 AND at = ?3"
                              " AND row IS NOT NULL RETURNING at";
    struct sqlite_store *store = store_of(tx);
    struct sqlite_statement *update;
    int64_t number;
    bool there;

    if (!sqlite_write_rows(&store->link, &store->cache, err))
        return false;
    row_cache_drop(&store->cache);
    if (!sqlite_table(&store->link, table, &number, err) ||
        !sqlite_prepare(store->link.db, sql, &update, err))
        return false;
    sqlite_bind_integer(update, 1, number);
    sqlite_bind_span(update, 2, key);
    sqlite_bind_integer(update, 3, (int64_t)at);
    sqlite_bind_span(update, 4, row);
    if (!sqlite_step(update, &there, err))
        return false;
    sqlite_reset(update);
    return there || err_set(err, ERR_MISSING, "there is no such row");
}

/* The pages as they were stand in the write-ahead log until it is cut. Nothing is written while
 * whoever reads is waited for, so that is not for long: who calls comes again. */
static bool sqlite_tidy(struct store *base, bool *out, struct err *err)
{
    struct sqlite_store *store = (struct sqlite_store *)base;
    struct sqlite_statement *cut;
    bool row;

    if (!sqlite_prepare(store->link.db, "PRAGMA wal_checkpoint(TRUNCATE)", &cut, err))
        return false;
    sqlite_wait_at_most(store->link.db, TIDY_WAIT_MS);
    bool ok = sqlite_step(cut, &row, err);
    sqlite_wait_at_most(store->link.db, SQLITE_WAIT_MS);
    if (!ok)
        return false;
    *out = row && sqlite_integer(cut, 0) == 0;
    sqlite_reset(cut);
    return true;
}

static bool sqlite_put_digest(struct store_tx *tx, const struct hash *digest, struct err *err)
{
    static const char sql[] = "INSERT INTO digest (at, digest) VALUES (?1, ?2)";
    struct sqlite_store *store = store_of(tx);
    struct sqlite_statement *insert;

    if (!sqlite_prepare(store->link.db, sql, &insert, err))
        return false;
    sqlite_bind_integer(insert, 1, (int64_t)tx->applied);
    sqlite_bind_span(insert, 2, hash_span(digest));
    if (!sqlite_finish(insert, err))
        return false;
    if (row_cache_bytes(&store->cache) <= CACHE_BYTES)
        return true;
    if (!sqlite_write_rows(&store->link, &store->cache, err))
        return false;
    row_cache_drop(&store->cache);
    return true;
}

static bool sqlite_count_add(struct store_tx *tx, const char *name, int64_t by, struct err *err)
{
    struct sqlite_store *store = store_of(tx);
    struct store_count *count = store->counts.at;

    for (size_t i = 0; i < store->counts.count; i++) {
        if (span_is(count[i].name, name)) {
            count[i].value += by;
            return true;
        }
    }
    if (store->counts.count == COUNT_NAMES && !sqlite_write_counts(store, err))
        return false;
    count = store_list_push(&store->counts);
    *count = (struct store_count){arena_copy(&store->count_arena, span_of(name)), by};
    return true;
}

const struct store_backend store_sqlite = {
    .scheme = "sqlite",
    .open = sqlite_store_open,
    .close = sqlite_store_close,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .put = sqlite_put,
    .rewrite = sqlite_rewrite,
    .tidy = sqlite_tidy,
    .put_digest = sqlite_put_digest,
    .count_add = sqlite_count_add,
    .find_put = sqlite_find_put,
    .find_remove = sqlite_find_remove,
    .reader_open = sqlite_reader_open,
    .reader_close = sqlite_reader_close,
    .refresh = sqlite_reader_refresh,
    .rest = sqlite_reader_rest,
    .applied = sqlite_applied,
    .digest = sqlite_digest,
    .get = sqlite_get,
    .scan = sqlite_scan,
    .history = sqlite_history,
    .counts = sqlite_counts,
    .find = sqlite_find,
    .find_rows = sqlite_find_rows,
};
