#include "journal/rows.h"

#include "store/siphash.h"
#include "store/sqlite.h"
#include "sys/entropy.h"

#include <stdlib.h>

#define CHAINS 1024u
#define ROW_OVERHEAD 32u /* of the allocator, and of the chains */

struct row {
    struct row *next; /* in its chain */
    uint64_t hash;
    const char *table; /* the register's own word */
    size_t key_len, row_len;
    bool exists;     /* false: it is known that there is none */
    bool to_write;   /* the database has another, or none */
    uint8_t bytes[]; /* of the key, then of the row */
};

struct rows {
    struct siphash_key secret;
    size_t limit; /* bytes */
    struct row **chain;
    size_t chains, count; /* chains: a power of two */
    size_t bytes;
    struct sqlite *db; /* NULL: all are in memory */
};

/* --- in memory --- */

static struct row **new_chains(size_t count)
{
    struct row **chain = calloc(count, sizeof(struct row *));

    if (!chain)
        abort();
    return chain;
}

struct rows *rows_open(size_t memory_bytes)
{
    struct rows *rows = calloc(1, sizeof *rows);

    if (!rows)
        abort();
    entropy_fill(&rows->secret, sizeof rows->secret);
    rows->limit = memory_bytes;
    rows->chains = CHAINS;
    rows->chain = new_chains(rows->chains);
    return rows;
}

static void forget_all(struct rows *rows)
{
    for (size_t i = 0; i < rows->chains; i++) {
        for (struct row *row = rows->chain[i], *next; row; row = next) {
            next = row->next;
            free(row);
        }
        rows->chain[i] = NULL;
    }
    rows->count = rows->bytes = 0;
}

void rows_close(struct rows *rows)
{
    if (!rows)
        return;
    forget_all(rows);
    free(rows->chain);
    sqlite_close(rows->db);
    free(rows);
}

static struct span key_of(const struct row *row)
{
    return span_make(row->bytes, row->key_len);
}

static struct span bytes_of(const struct row *row)
{
    return row->exists ? span_make(row->bytes + row->key_len, row->row_len) : (struct span){0};
}

static size_t bytes_taken(const struct row *row)
{
    return sizeof *row + ROW_OVERHEAD + row->key_len + row->row_len;
}

/* Where the row stands or would stand: the link to it. */
static struct row **find(const struct rows *rows, uint64_t hash, const char *table, struct span key)
{
    struct row **link = &rows->chain[hash & (rows->chains - 1)];

    for (; *link; link = &(*link)->next)
        if ((*link)->hash == hash && strcmp((*link)->table, table) == 0 &&
            span_equal(key_of(*link), key))
            break;
    return link;
}

/* Tables are few; that their keys share chains costs nothing. */
static uint64_t hash_of_key(const struct rows *rows, const char *table, struct span key)
{
    return siphash(&rows->secret, key) ^ (uint64_t)(unsigned char)table[0] << 32;
}

static void grow(struct rows *rows)
{
    size_t chains = 2 * rows->chains;
    struct row **chain = new_chains(chains);

    for (size_t i = 0; i < rows->chains; i++)
        for (struct row *row = rows->chain[i], *next; row; row = next) {
            next = row->next;
            row->next = chain[row->hash & (chains - 1)];
            chain[row->hash & (chains - 1)] = row;
        }
    free(rows->chain);
    rows->chain = chain;
    rows->chains = chains;
}

static void remove_at(struct rows *rows, struct row **link)
{
    struct row *row = *link;

    *link = row->next;
    rows->bytes -= bytes_taken(row);
    rows->count--;
    free(row);
}

/* In the place of what is known. */
static void remember(struct rows *rows, const char *table, struct span key, struct span bytes,
                     bool to_write)
{
    uint64_t hash = hash_of_key(rows, table, key);
    struct row **link = find(rows, hash, table, key);
    struct row *row = malloc(sizeof *row + key.len + bytes.len);

    if (!row)
        abort();
    if (*link)
        remove_at(rows, link);
    *row = (struct row){*link, hash, table, key.len, bytes.len, bytes.at != NULL, to_write};
    if (key.len > 0)
        memcpy(row->bytes, key.at, key.len);
    if (bytes.len > 0)
        memcpy(row->bytes + key.len, bytes.at, bytes.len);
    *link = row;
    rows->bytes += bytes_taken(row);
    if (++rows->count > rows->chains)
        grow(rows);
}

/* --- in the database --- */

static const char schema[] =
    "CREATE TABLE row (name TEXT NOT NULL, key BLOB NOT NULL, row BLOB NOT NULL,"
    " PRIMARY KEY (name, key)) STRICT, WITHOUT ROWID;";

static int compare(const void *a, const void *b)
{
    const struct row *one = *(struct row *const *)a, *other = *(struct row *const *)b;
    int tables = strcmp(one->table, other->table);

    return tables ? tables : span_compare(key_of(one), key_of(other));
}

/* Rows come in order, for those under hashes would each cost a page:
 * doc/decisions/0004-sqlite.md. */
static struct row **list_to_write(const struct rows *rows, size_t *out_count)
{
    struct row **list = malloc((rows->count + 1) * sizeof *list);

    if (!list)
        abort();
    *out_count = 0;
    for (size_t i = 0; i < rows->chains; i++)
        for (struct row *row = rows->chain[i]; row; row = row->next)
            if (row->to_write)
                list[(*out_count)++] = row;
    qsort(list, *out_count, sizeof *list, compare);
    return list;
}

static bool write_row(struct rows *rows, const struct row *row, struct err *err)
{
    static const char put[] = "INSERT OR REPLACE INTO row (name, key, row) VALUES (?1, ?2, ?3)";
    static const char removal[] = "DELETE FROM row WHERE name = ?1 AND key = ?2";
    struct sqlite_statement *statement;

    if (!sqlite_prepare(rows->db, row->exists ? put : removal, &statement, err))
        return false;
    sqlite_bind_text(statement, 1, row->table);
    sqlite_bind_span(statement, 2, key_of(row));
    if (row->exists)
        sqlite_bind_span(statement, 3, bytes_of(row));
    return sqlite_finish(statement, err);
}

static bool write_all(struct rows *rows, struct err *err)
{
    size_t count;
    struct row **list = list_to_write(rows, &count);
    bool ok = sqlite_run(rows->db, "BEGIN", err);

    for (size_t i = 0; ok && i < count; i++)
        ok = write_row(rows, list[i], err);
    free(list);
    return ok && sqlite_run(rows->db, "COMMIT", err);
}

static bool fault(struct err *err)
{
    err->kind = ERR_IO;
    return err_wrap(err, "the register's rows, in a temporary file");
}

/* Of a log that fits there is no database. */
static bool keep_in_bounds(struct rows *rows, struct err *err)
{
    if (rows->bytes <= rows->limit)
        return true;
    if (!rows->db && !sqlite_open_temporary(&rows->db, schema, rows->limit, err))
        return fault(err);
    if (!write_all(rows, err))
        return fault(err);
    forget_all(rows);
    return true;
}

static bool read_row(struct rows *rows, const char *table, struct span key, struct span *out,
                     struct arena *arena, struct err *err)
{
    static const char sql[] = "SELECT row FROM row WHERE name = ?1 AND key = ?2";
    struct sqlite_statement *ask;
    bool found;

    if (!sqlite_prepare(rows->db, sql, &ask, err))
        return fault(err);
    sqlite_bind_text(ask, 1, table);
    sqlite_bind_span(ask, 2, key);
    if (!sqlite_step(ask, &found, err))
        return fault(err);
    *out = found ? arena_copy(arena, sqlite_span(ask, 0)) : (struct span){0};
    sqlite_reset(ask);
    return true;
}

/* --- both --- */

/* What was asked for once, be it in vain, is asked for or written again soon. */
bool rows_get(struct rows *rows, const char *table, struct span key, struct span *out,
              struct arena *arena, struct err *err)
{
    const struct row *row = *find(rows, hash_of_key(rows, table, key), table, key);
    struct span bytes = row ? bytes_of(row) : (struct span){0};

    if (row || !rows->db) {
        *out = bytes.at ? arena_copy(arena, bytes) : bytes;
        return true;
    }
    if (!read_row(rows, table, key, &bytes, arena, err))
        return false;
    remember(rows, table, key, bytes, false);
    *out = bytes;
    return keep_in_bounds(rows, err);
}

bool rows_set(struct rows *rows, const char *table, struct span key, struct span row,
              struct err *err)
{
    remember(rows, table, key, row, true);
    return keep_in_bounds(rows, err);
}
