#pragma once

/*
 * For test programs only: a store in memory with the rows that a test wants in it, and which days
 * they are of, written so that a person can read them: ' stands for ".
 */

#include "api/days.h"
#include "codec/json.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>

struct row_store {
    struct store *store;
    struct store_tx *tx;
    uint64_t index;
    struct store_reader *reader;
    struct arena arena;
};

static inline void row_store_ok(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "%s\n", err->text);
    abort();
}

static inline void row_store_open(struct row_store *s)
{
    struct err err = {0};

    *s = (struct row_store){0};
    row_store_ok(store_open(&s->store, "memory:", &err) && store_begin(s->store, &s->tx, &err),
                 &err);
}

/* An entry of its own for each, which is its `index` where it has none; NULL removes. */
static inline void row_store_put(struct row_store *s, const char *table, const char *key,
                                 const char *row)
{
    struct hash digest = {0};
    struct json value;
    struct err err = {0};
    char *text = row ? arena_text(&s->arena, span_of(row)) : NULL;

    for (char *c = text; c && *c; c++)
        *c = *c == '\'' ? '"' : *c;
    struct span bytes = {0};
    if (text) {
        row_store_ok(json_parse(&value, span_of(text), &s->arena, &err), &err);
        if (!json_get(&value, "index"))
            json_set_integer(&value, "index", (int64_t)s->index, &s->arena);
        bytes = json_bytes(&value, &s->arena);
    }
    row_store_ok(
        store_put(s->tx, s->index, table, span_of(key), bytes, &err) &&
            (!text || days_put(s->tx, s->index, table, span_of(key), &value, &s->arena, &err)) &&
            store_put_digest(s->tx, s->index, &digest, &err),
        &err);
    s->index++;
}

/* From here on it is read. */
static inline void row_store_read(struct row_store *s)
{
    struct err err = {0};

    row_store_ok(store_commit(&s->tx, &err) && store_reader_open(s->store, &s->reader, &err), &err);
}

static inline void row_store_close(struct row_store *s)
{
    store_reader_close(s->reader);
    store_rollback(s->tx);
    store_close(s->store);
    arena_free(&s->arena);
}
