#pragma once

/*
 * SQLite, as little of it as we use. A connection is of one thread. Statements are kept
 * by their connection and closed with it.
 *
 * The file is as hostile as any other input. What SQLite finds damaged, and what has not
 * the very form that this program makes, is ERR_CONFLICT; a full disk and the like ERR_IO.
 */

#include "base/arena.h"
#include "base/err.h"

struct sqlite;
struct sqlite_statement;

/* What a database of ours looks like. A change of `schema` needs another `version`. */
struct sqlite_form {
    int32_t application; /* PRAGMA application_id */
    int32_t version;     /* PRAGMA user_version */
    const char *schema;
};

/* For the one writer. An empty or missing file is made; ERR_CONFLICT when it is of another
 * form or in use by another writer. */
MUST_CHECK bool sqlite_open(struct sqlite **out, const char *path, const struct sqlite_form *form,
                            struct err *err);
MUST_CHECK bool sqlite_open_reader(struct sqlite **out, const char *path, struct err *err);
/* What is needed while one command runs. Up to `cache_bytes` of it are in memory; what is more is
 * in a file in $SQLITE_TMPDIR, $TMPDIR or /var/tmp, readable by its owner alone, whose name is
 * removed as soon as it is open: however the program ends, the file is gone. */
MUST_CHECK bool sqlite_open_temporary(struct sqlite **out, const char *schema, size_t cache_bytes,
                                      struct err *err);
void sqlite_close(struct sqlite *db);

/* How long it waits for whoever else has the file: at first longer than any commit of ours keeps it
 * from a reader. */
#define SQLITE_WAIT_MS 10000
void sqlite_wait_at_most(struct sqlite *db, int ms);

/* SQL without parameters and without answer. */
MUST_CHECK bool sqlite_run(struct sqlite *db, const char *sql, struct err *err);
bool sqlite_in_transaction(struct sqlite *db);

/* `sql` is the key by which it is kept: the same pointer gives the same statement, which
 * must not be in use. */
MUST_CHECK bool sqlite_prepare(struct sqlite *db, const char *sql, struct sqlite_statement **out,
                               struct err *err);
/* Parameters count from 1. Spans must live until sqlite_reset. */
void sqlite_bind_integer(struct sqlite_statement *statement, int at, int64_t value);
void sqlite_bind_span(struct sqlite_statement *statement, int at, struct span bytes);
void sqlite_bind_text(struct sqlite_statement *statement, int at, const char *text);
void sqlite_bind_null(struct sqlite_statement *statement, int at);

/* *out_row is false at the end, and after a fault, when it is reset as well. */
MUST_CHECK bool sqlite_step(struct sqlite_statement *statement, bool *out_row, struct err *err);
/* Runs to the end what gives no rows. */
MUST_CHECK bool sqlite_finish(struct sqlite_statement *statement, struct err *err);
void sqlite_reset(struct sqlite_statement *statement); /* and forgets its parameters */

/* Of the row it stands at. Columns count from 0. */
bool sqlite_is_null(struct sqlite_statement *statement, int column);
int64_t sqlite_integer(struct sqlite_statement *statement, int column);
struct span sqlite_span(struct sqlite_statement *statement, int column); /* until the next step */
