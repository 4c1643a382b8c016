#pragma once

/*
 * The latest rows of a register, in memory, and nothing else: what audit computes it in.
 * Of the past, which a store keeps, an audit asks nothing.
 */

#include "base/span.h"

struct rows;

struct rows *rows_new(void);
void rows_free(struct rows *rows); /* NULL is fine */
/* The row's bytes until it is set again; at NULL: there is none. */
struct span rows_get(const struct rows *rows, const char *table, struct span key);
/* Copied; row.at NULL removes it. */
void rows_set(struct rows *rows, const char *table, struct span key, struct span row);
