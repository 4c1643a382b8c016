#pragma once

/*
 * The latest rows of a register, and nothing else: what audit computes it in. Of the past, which
 * a store keeps, an audit asks nothing. Sets that grow with the log are kept so too.
 *
 * They are in memory until they take more than a bound. Then all are written, in order of their
 * keys, into a temporary database (store/sqlite.h), and each is forgotten until it is asked for.
 * So the memory of an audit does not grow with the log, and one of a small log writes nothing.
 *
 * A fault is of that database, hence ERR_IO, and says nothing about the log; after it the rows
 * are only to be closed.
 */

#include "base/arena.h"
#include "base/err.h"

struct rows;

/* `memory_bytes` are taken by rows, and as many by what is read and written of the database. */
struct rows *rows_open(size_t memory_bytes);
void rows_close(struct rows *rows); /* NULL is fine */
/* The row in the arena; at NULL: there is none. `table` is a constant text. */
MUST_CHECK bool rows_get(struct rows *rows, const char *table, struct span key, struct span *out,
                         struct arena *arena, struct err *err);
/* Copied; row.at NULL removes it. */
MUST_CHECK bool rows_set(struct rows *rows, const char *table, struct span key, struct span row,
                         struct err *err);
