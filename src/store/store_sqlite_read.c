#include <stdlib.h>

#include "store/store_sqlite.h"

static struct sqlite_reader *reader_of(struct store_reader *reader)
{
    return (struct sqlite_reader *)reader;
}

bool sqlite_reader_open(struct store *base, struct store_reader **out, struct err *err)
{
    const struct sqlite_store *store = (const struct sqlite_store *)base;
    struct sqlite_reader *reader = calloc(1, sizeof *reader);
    struct sqlite_link *link = calloc(1, sizeof *link);

    if (!reader || !link)
        abort();
    reader->base.backend = &store_sqlite;
    reader->link = link;
    link->names =
        (struct store_list){.arena = &link->arena, .item_bytes = sizeof(struct sqlite_name)};
    bool ok = sqlite_open_reader(&link->db, store->path, err) &&
              sqlite_reader_refresh(&reader->base, err);
    if (!ok) {
        sqlite_reader_close(&reader->base);
        return false;
    }
    *out = &reader->base;
    return true;
}

void sqlite_reader_close(struct store_reader *base)
{
    struct sqlite_reader *reader = reader_of(base);

    sqlite_close(reader->link->db);
    arena_free(&reader->link->arena);
    free(reader->link);
    free(reader);
}

bool sqlite_ask_applied(struct sqlite *db, uint64_t *out, struct err *err)
{
    static const char sql[] = "SELECT coalesce(max(at) + 1, 0) FROM digest";
    struct sqlite_statement *ask;
    bool row;

    if (!sqlite_prepare(db, sql, &ask, err) || !sqlite_step(ask, &row, err))
        return false;
    int64_t applied = row ? sqlite_integer(ask, 0) : 0;
    sqlite_reset(ask);
    if (applied < 0)
        return err_set(err, ERR_CONFLICT, "an entry with a negative number; replay makes it anew");
    *out = (uint64_t)applied;
    return true;
}

void sqlite_reader_rest(struct store_reader *base)
{
    struct sqlite_reader *reader = reader_of(base);
    struct err ignored;

    if (sqlite_in_transaction(reader->link->db))
        (void)!sqlite_run(reader->link->db, "ROLLBACK", &ignored); /* it has only read */
}

/* What a transaction sees is settled by the first thing that it reads. */
bool sqlite_reader_refresh(struct store_reader *base, struct err *err)
{
    struct sqlite_reader *reader = reader_of(base);

    sqlite_reader_rest(base);
    return sqlite_run(reader->link->db, "BEGIN", err) &&
           sqlite_ask_applied(reader->link->db, &reader->applied, err);
}

bool sqlite_applied(struct store_reader *base, uint64_t *out, struct err *err)
{
    const struct sqlite_reader *reader = reader_of(base);

    (void)err;
    *out = base->tx ? base->tx->applied : reader->applied;
    return true;
}

bool sqlite_digest(struct store_reader *base, uint64_t index, struct hash *out, struct err *err)
{
    static const char sql[] = "SELECT digest FROM digest WHERE at = ?1";
    struct sqlite_statement *ask;
    bool row;

    if (index > INT64_MAX)
        return err_set(err, ERR_MISSING, "not applied");
    if (!sqlite_prepare(reader_of(base)->link->db, sql, &ask, err))
        return false;
    sqlite_bind_integer(ask, 1, (int64_t)index);
    if (!sqlite_step(ask, &row, err))
        return false;

    struct span digest = row ? sqlite_span(ask, 0) : (struct span){0};
    bool whole = row && digest.len == sizeof out->bytes;
    if (whole)
        memcpy(out->bytes, digest.at, sizeof out->bytes);
    sqlite_reset(ask);
    if (!row)
        return err_set(err, ERR_MISSING, "not applied");
    return whole || err_set(err, ERR_CONFLICT, "not of 32 bytes; replay makes the store anew");
}

/* The row as the transaction knows it, before SQLite is asked. */
static bool get_known(const struct sqlite_reader *reader, int64_t table, struct span key,
                      uint64_t as_of, struct store_row *out, struct arena *arena)
{
    const struct row_version *known =
        reader->cache ? row_cache_get(reader->cache, table, key, as_of) : NULL;

    if (!known)
        return false;
    out->at = known->at;
    out->row = known->row.at ? arena_copy(arena, known->row) : known->row;
    return true;
}

/* out->row.at is NULL when there is none. */
static bool get_written(const struct sqlite_reader *reader, int64_t table, struct span key,
                        uint64_t as_of, struct store_row *out, struct arena *arena, struct err *err)
{
    static const char sql[] = "SELECT at, row FROM row WHERE name = ?1 AND key = ?2 AND at <= ?3"
                              " ORDER BY at DESC LIMIT 1";
    struct sqlite_statement *ask;
    bool row;

    if (!sqlite_prepare(reader->link->db, sql, &ask, err))
        return false;
    sqlite_bind_integer(ask, 1, table);
    sqlite_bind_span(ask, 2, key);
    sqlite_bind_integer(ask, 3, as_of > INT64_MAX ? INT64_MAX : (int64_t)as_of);
    if (!sqlite_step(ask, &row, err))
        return false;
    if (row) {
        out->at = (uint64_t)sqlite_integer(ask, 0);
        out->row =
            sqlite_is_null(ask, 1) ? (struct span){0} : arena_copy(arena, sqlite_span(ask, 1));
        if (reader->cache && as_of == STORE_LATEST)
            row_cache_keep(reader->cache, table, key, out->at, out->row);
    }
    sqlite_reset(ask);
    return true;
}

bool sqlite_get(struct store_reader *base, const char *table, struct span key, uint64_t as_of,
                struct span *out, uint64_t *out_at, struct arena *arena, struct err *err)
{
    const struct sqlite_reader *reader = reader_of(base);
    struct store_row found = {0};
    int64_t number;

    if (!sqlite_table(reader->link, table, &number, err))
        return false;
    if (number != 0 && !get_known(reader, number, key, as_of, &found, arena) &&
        !get_written(reader, number, key, as_of, &found, arena, err))
        return false;
    *out = found.row;
    if (out_at)
        *out_at = found.at;
    return true;
}

/* Keys one by one, however many versions each has: in a table whose one row every tick
 * writes, going through versions would go through all of time. */
static bool next_key(const struct sqlite_reader *reader, int64_t table, const char *sql,
                     struct span from, struct span *out, bool *out_found, struct arena *arena,
                     struct err *err)
{
    struct sqlite_statement *ask;

    if (!sqlite_prepare(reader->link->db, sql, &ask, err))
        return false;
    sqlite_bind_integer(ask, 1, table);
    sqlite_bind_span(ask, 2, from);
    if (!sqlite_step(ask, out_found, err))
        return false;
    if (*out_found)
        *out = arena_copy(arena, sqlite_span(ask, 0));
    sqlite_reset(ask);
    return true;
}

static bool scan_table(const struct sqlite_reader *reader, int64_t table, struct span prefix,
                       struct span after, uint64_t as_of, size_t limit, struct store_list *rows,
                       struct err *err)
{
    static const char first[] = "SELECT key FROM row WHERE name = ?1 AND key >= ?2"
                                " ORDER BY key LIMIT 1";
    static const char next[] = "SELECT key FROM row WHERE name = ?1 AND key > ?2"
                               " ORDER BY key LIMIT 1";
    bool has_after = after.len > 0 && span_compare(after, prefix) >= 0;
    const char *sql = has_after ? next : first;
    struct span key = has_after ? after : prefix;
    bool found;

    while (rows->count < limit) {
        struct store_row row = {0};

        if (!next_key(reader, table, sql, key, &key, &found, rows->arena, err))
            return false;
        if (!found || !span_starts_with(key, prefix))
            break;
        if (!get_written(reader, table, key, as_of, &row, rows->arena, err))
            return false;
        row.key = key;
        if (row.row.at)
            *(struct store_row *)store_list_push(rows) = row;
        sql = next;
    }
    return true;
}

/* The number of a table, with all its rows where SQLite can see them. */
static bool settle_table(const struct sqlite_reader *reader, const char *table, int64_t *out,
                         struct err *err)
{
    if (reader->cache && !sqlite_write_rows(reader->link, reader->cache, err))
        return false;
    return sqlite_table(reader->link, table, out, err);
}

bool sqlite_scan(struct store_reader *base, const char *table, struct span prefix,
                 struct span after, uint64_t as_of, size_t limit, struct store_row **out,
                 size_t *out_count, struct arena *arena, struct err *err)
{
    const struct sqlite_reader *reader = reader_of(base);
    struct store_list rows = {.arena = arena, .item_bytes = sizeof **out};
    int64_t number;

    if (!settle_table(reader, table, &number, err))
        return false;
    if (number != 0 && !scan_table(reader, number, prefix, after, as_of, limit, &rows, err))
        return false;
    *out = rows.at;
    *out_count = rows.count;
    return true;
}

bool sqlite_history(struct store_reader *base, const char *table, struct span key,
                    struct store_row **out, size_t *out_count, struct arena *arena, struct err *err)
{
    static const char sql[] = "SELECT at, row FROM row WHERE name = ?1 AND key = ?2 ORDER BY at";
    const struct sqlite_reader *reader = reader_of(base);
    struct store_list rows = {.arena = arena, .item_bytes = sizeof **out};
    struct span own_key = arena_copy(arena, key);
    struct sqlite_statement *ask;
    int64_t number;
    bool more;

    if (!settle_table(reader, table, &number, err) ||
        !sqlite_prepare(reader->link->db, sql, &ask, err))
        return false;
    sqlite_bind_integer(ask, 1, number);
    sqlite_bind_span(ask, 2, key);
    do {
        if (!sqlite_step(ask, &more, err))
            return false;
        if (more) {
            struct store_row *row = store_list_push(&rows);
            row->key = own_key;
            row->at = (uint64_t)sqlite_integer(ask, 0);
            if (!sqlite_is_null(ask, 1))
                row->row = arena_copy(arena, sqlite_span(ask, 1));
        }
    } while (more);
    sqlite_reset(ask);
    *out = rows.at;
    *out_count = rows.count;
    return true;
}

bool sqlite_counts(struct store_reader *base, struct store_count **out, size_t *out_count,
                   struct arena *arena, struct err *err)
{
    static const char sql[] = "SELECT name, value FROM count ORDER BY name";
    struct store_list counts = {.arena = arena, .item_bytes = sizeof **out};
    struct sqlite_statement *ask;
    bool more;

    if (base->tx && !sqlite_write_counts((struct sqlite_store *)base->tx->store, err))
        return false;
    if (!sqlite_prepare(reader_of(base)->link->db, sql, &ask, err))
        return false;
    do {
        if (!sqlite_step(ask, &more, err))
            return false;
        if (more) {
            struct store_count *count = store_list_push(&counts);
            count->name = arena_copy(arena, sqlite_span(ask, 0));
            count->value = sqlite_integer(ask, 1);
        }
    } while (more);
    sqlite_reset(ask);
    *out = counts.at;
    *out_count = counts.count;
    return true;
}
