#include "store/sqlite.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define STATEMENTS 64u /* kept by one connection */

struct sqlite_statement {
    struct sqlite *db;
    const char *sql;
    sqlite3_stmt *compiled;
};

struct sqlite {
    sqlite3 *handle;
    size_t count;
    struct sqlite_statement statement[STATEMENTS];
};

static bool fault(struct sqlite *db, int code, struct err *err)
{
    const char *what = db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code);

    switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_ERROR:      /* our SQL is right: a table is not what it was */
    case SQLITE_CONSTRAINT: /* our rows fit: one was there that should not have been */
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
        return err_set(err, ERR_CONFLICT, "the store is damaged (%s); replay makes it anew", what);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(err, ERR_CONFLICT, "the store is in use elsewhere (%s)", what);
    case SQLITE_NOMEM:
        abort();
    default:
        return err_set(err, ERR_IO, "%s", what);
    }
}

void sqlite_close(struct sqlite *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < db->count; i++)
        sqlite3_finalize(db->statement[i].compiled);
    int code = sqlite3_close(db->handle);
    assert(code == SQLITE_OK);
    free(db);
}

bool sqlite_run(struct sqlite *db, const char *sql, struct err *err)
{
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

    return code == SQLITE_OK || fault(db, code, err);
}

void sqlite_wait_at_most(struct sqlite *db, int ms)
{
    sqlite3_busy_timeout(db->handle, ms);
}

bool sqlite_in_transaction(struct sqlite *db)
{
    return !sqlite3_get_autocommit(db->handle);
}

/* Statements. */

bool sqlite_prepare(struct sqlite *db, const char *sql, struct sqlite_statement **out,
                    struct err *err)
{
    for (size_t i = 0; i < db->count; i++) {
        if (db->statement[i].sql == sql) {
            assert(!sqlite3_stmt_busy(db->statement[i].compiled));
            *out = &db->statement[i];
            return true;
        }
    }

    assert(db->count < STATEMENTS);
    struct sqlite_statement *next = &db->statement[db->count];
    int code =
        sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &next->compiled, NULL);
    if (code != SQLITE_OK)
        return fault(db, code, err);
    next->db = db;
    next->sql = sql;
    db->count++;
    *out = next;
    return true;
}

void sqlite_bind_integer(struct sqlite_statement *statement, int at, int64_t value)
{
    int code = sqlite3_bind_int64(statement->compiled, at, value);

    assert(code == SQLITE_OK);
}

void sqlite_bind_span(struct sqlite_statement *statement, int at, struct span bytes)
{
    /* A NULL pointer would bind NULL, and an empty span is none. */
    const void *bytes_at = bytes.at ? bytes.at : (const uint8_t *)"";
    int code = sqlite3_bind_blob64(statement->compiled, at, bytes_at, bytes.len, SQLITE_STATIC);

    assert(code == SQLITE_OK);
}

void sqlite_bind_text(struct sqlite_statement *statement, int at, const char *text)
{
    int code = sqlite3_bind_text(statement->compiled, at, text, -1, SQLITE_STATIC);

    assert(code == SQLITE_OK);
}

void sqlite_bind_null(struct sqlite_statement *statement, int at)
{
    int code = sqlite3_bind_null(statement->compiled, at);

    assert(code == SQLITE_OK);
}

bool sqlite_step(struct sqlite_statement *statement, bool *out_row, struct err *err)
{
    int code = sqlite3_step(statement->compiled);

    *out_row = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return true;
    fault(statement->db, code, err);
    sqlite_reset(statement);
    return false;
}

bool sqlite_finish(struct sqlite_statement *statement, struct err *err)
{
    bool row;

    if (!sqlite_step(statement, &row, err))
        return false;
    assert(!row);
    sqlite_reset(statement);
    return true;
}

void sqlite_reset(struct sqlite_statement *statement)
{
    sqlite3_reset(statement->compiled); /* its code repeats that of the step */
    sqlite3_clear_bindings(statement->compiled);
}

bool sqlite_is_null(struct sqlite_statement *statement, int column)
{
    return sqlite3_column_type(statement->compiled, column) == SQLITE_NULL;
}

int64_t sqlite_integer(struct sqlite_statement *statement, int column)
{
    return sqlite3_column_int64(statement->compiled, column);
}

struct span sqlite_span(struct sqlite_statement *statement, int column)
{
    const void *at = sqlite3_column_blob(statement->compiled, column);
    int len = sqlite3_column_bytes(statement->compiled, column);

    return span_make(at ? at : "", (size_t)len);
}

/* Opening. */

static bool open_handle(struct sqlite **out, const char *path, int flags, struct err *err)
{
    struct sqlite *db = calloc(1, sizeof *db);

    if (!db)
        abort();
    int code = sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (code != SQLITE_OK) {
        fault(db, code, err);
        sqlite_close(db);
        return false;
    }
    sqlite_wait_at_most(db, SQLITE_WAIT_MS);
    *out = db;
    return true;
}

/* SQLite takes a path that starts with ':' or "file:" for something else. */
static char *plain_path(const char *path)
{
    size_t size = strlen(path) + 3;
    char *plain = malloc(size);

    if (!plain)
        abort();
    plain[0] = '\0';
    if (path[0] != '/')
        strcat(plain, "./");
    return strcat(plain, path);
}

/* A database tells SQLite what to run: views, triggers, functions in indexes. Of one that
 * somebody else made none of that is trusted. */
static const char careful[] = "PRAGMA trusted_schema = OFF;"
                              "PRAGMA cell_size_check = ON;";

static bool open_path(struct sqlite **out, const char *path, int flags, struct err *err)
{
    struct sqlite *db = NULL;
    char *plain = plain_path(path);
    bool ok = open_handle(&db, plain, flags, err) && sqlite_run(db, careful, err);

    free(plain);
    if (!ok) {
        sqlite_close(db);
        return false;
    }
    *out = db;
    return true;
}

static bool ask_integer(struct sqlite *db, const char *sql, int64_t *out, struct err *err)
{
    struct sqlite_statement *statement;
    bool row;

    if (!sqlite_prepare(db, sql, &statement, err) || !sqlite_step(statement, &row, err))
        return false;
    *out = row ? sqlite_integer(statement, 0) : 0;
    sqlite_reset(statement);
    return true;
}

static bool make_schema(struct sqlite *db, const struct sqlite_form *form, struct err *err)
{
    char stamp[100];

    snprintf(stamp, sizeof stamp, "PRAGMA application_id = %d; PRAGMA user_version = %d;",
             (int)form->application, (int)form->version);
    return sqlite_run(db, form->schema, err) && sqlite_run(db, stamp, err);
}

#define LIST_SCHEMA "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name"

/* Both lists side by side, to their ends. */
static bool same_schema(struct sqlite_statement *mine, struct sqlite_statement *theirs, bool *out,
                        struct err *err)
{
    bool here = true;
    bool there = true;
    bool same = true;

    while (same && here) {
        if (!sqlite_step(mine, &here, err) || !sqlite_step(theirs, &there, err))
            return false;
        same = here == there;
        for (int i = 0; same && here && i < 3; i++)
            same = span_equal(sqlite_span(mine, i), sqlite_span(theirs, i));
    }
    sqlite_reset(mine);
    sqlite_reset(theirs);
    *out = same;
    return true;
}

/* Held against a database that was made a moment ago, so that no table, index, view or
 * trigger is other than what this program would make. */
static bool check_schema(struct sqlite *db, const struct sqlite_form *form, struct err *err)
{
    struct sqlite *made = NULL;
    struct sqlite_statement *mine = NULL;
    struct sqlite_statement *theirs = NULL;
    bool same = false;
    bool ok = open_handle(&made, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err) &&
              make_schema(made, form, err) && sqlite_prepare(made, LIST_SCHEMA, &mine, err) &&
              sqlite_prepare(db, LIST_SCHEMA, &theirs, err) &&
              same_schema(mine, theirs, &same, err);

    sqlite_close(made);
    if (ok && !same)
        return err_set(err, ERR_CONFLICT,
                       "the store has not the tables it should; replay makes it anew");
    return ok;
}

static bool check_form(struct sqlite *db, const struct sqlite_form *form, struct err *err)
{
    int64_t application, version, tables;

    if (!ask_integer(db, "PRAGMA application_id", &application, err) ||
        !ask_integer(db, "PRAGMA user_version", &version, err) ||
        !ask_integer(db, "SELECT count(*) FROM sqlite_schema", &tables, err))
        return false;
    if (application == 0 && version == 0 && tables == 0)
        return make_schema(db, form, err);
    if (application != form->application)
        return err_set(err, ERR_CONFLICT, "a database of another program");
    if (version != form->version)
        return err_set(err, ERR_CONFLICT,
                       "a store of form %" PRId64 ", and this is %d; replay makes it anew", version,
                       (int)form->version);
    return check_schema(db, form, err);
}

/* Under the lock of a writer, so that two programs that start at once do not both make it. */
static bool settle_form(struct sqlite *db, const struct sqlite_form *form, struct err *err)
{
    if (!sqlite_run(db, "BEGIN IMMEDIATE", err))
        return false;
    if (check_form(db, form, err) && sqlite_run(db, "COMMIT", err))
        return true;
    sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

/* SQLite would make it readable by all, and gives its journals the mode that it finds. */
static bool make_file(const char *path, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0640);

    if (fd < 0)
        return err_errno(err, "open");
    close(fd);
    return true;
}

/*
 * Pages of 8 KiB and a journal of about 64 MiB, for rows come sorted and many at a time:
 * measured, see doc/decisions/0004-sqlite.md. NORMAL: a crash may lose the last commits,
 * never the form; what is lost is applied again.
 */
static const char writer_setup[] = "PRAGMA synchronous = NORMAL;"
                                   "PRAGMA wal_autocheckpoint = 8192;"
                                   "PRAGMA journal_size_limit = 67108864;"
                                   "PRAGMA cache_size = -131072;"
                                   "PRAGMA secure_delete = ON;"
                                   "PRAGMA temp_store = MEMORY;";
static const char reader_setup[] = "PRAGMA cache_size = -8192;"
                                   "PRAGMA temp_store = MEMORY;"
                                   "PRAGMA query_only = ON;";

/* Where the file system cannot share memory it stays as it was, and readers would stand in
 * the writer's way. */
static bool use_journal(struct sqlite *db, struct err *err)
{
    struct sqlite_statement *ask;
    bool row;

    if (!sqlite_prepare(db, "PRAGMA journal_mode = WAL", &ask, err) || !sqlite_step(ask, &row, err))
        return false;
    bool ok = row && span_is(sqlite_span(ask, 0), "wal");
    sqlite_reset(ask);
    return ok || err_set(err, ERR_IO, "the file system cannot hold a write-ahead log");
}

bool sqlite_open(struct sqlite **out, const char *path, const struct sqlite_form *form,
                 struct err *err)
{
    struct sqlite *db = NULL;
    bool ok = make_file(path, err) && open_path(&db, path, SQLITE_OPEN_READWRITE, err);

    ok = ok && sqlite_run(db, "PRAGMA page_size = 8192", err); /* only an empty file heeds it */
    ok = ok && settle_form(db, form, err) && use_journal(db, err) &&
         sqlite_run(db, writer_setup, err);
    if (!ok) {
        sqlite_close(db);
        return false;
    }
    *out = db;
    return true;
}

/* No journal, for what a crash leaves is gone anyway. */
static bool set_up_temporary(struct sqlite *db, const char *schema, size_t cache_bytes,
                             struct err *err)
{
    char cache[60];

    snprintf(cache, sizeof cache, "PRAGMA cache_size = -%zu", cache_bytes / 1024 + 1);
    return sqlite_run(db, "PRAGMA page_size = 8192", err) &&
           sqlite_run(db, "PRAGMA journal_mode = OFF", err) &&
           sqlite_run(db, "PRAGMA temp_store = FILE", err) && sqlite_run(db, cache, err) &&
           sqlite_run(db, schema, err);
}

bool sqlite_open_temporary(struct sqlite **out, const char *schema, size_t cache_bytes,
                           struct err *err)
{
    struct sqlite *db;

    if (!open_handle(&db, "", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err))
        return false;
    if (!set_up_temporary(db, schema, cache_bytes, err)) {
        sqlite_close(db);
        return false;
    }
    *out = db;
    return true;
}

bool sqlite_open_reader(struct sqlite **out, const char *path, struct err *err)
{
    struct sqlite *db = NULL;
    bool ok = open_path(&db, path, SQLITE_OPEN_READONLY, err) && sqlite_run(db, reader_setup, err);

    if (!ok) {
        sqlite_close(db);
        return false;
    }
    *out = db;
    return true;
}
