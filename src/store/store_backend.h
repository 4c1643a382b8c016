#pragma once

/*
 * What stands behind store.h. A back end's own structs begin with these; store.c checks
 * what holds for all of them and passes the call on.
 */

#include "store/store.h"

struct store {
    const struct store_backend *backend;
    struct store_tx *tx; /* the one write that is under way */
};

struct store_reader {
    const struct store_backend *backend;
    struct store_tx *tx; /* of the transaction that it belongs to; NULL for all others */
    bool resting;
};

struct store_tx {
    struct store *store;
    uint64_t applied; /* the entry whose rows are taken now */
    bool entry_begun; /* has rows and no digest yet */
    struct store_reader *reader;
};

struct store_backend {
    const char *scheme;
    bool (*open)(struct store **out, const char *path, struct err *err);
    void (*close)(struct store *store);

    bool (*tidy)(struct store *store, bool *out, struct err *err);

    /* Sets out->reader and out->applied. */
    bool (*begin)(struct store *store, struct store_tx **out, struct err *err);
    bool (*commit)(struct store_tx *tx, struct err *err); /* frees it when it holds */
    void (*rollback)(struct store_tx *tx);
    bool (*put)(struct store_tx *tx, const char *table, struct span key, struct span row,
                struct err *err);
    bool (*rewrite)(struct store_tx *tx, const char *table, struct span key, uint64_t at,
                    struct span row, struct err *err);
    bool (*put_digest)(struct store_tx *tx, const struct hash *digest, struct err *err);
    bool (*count_add)(struct store_tx *tx, const char *name, int64_t by, struct err *err);
    bool (*find_put)(struct store_tx *tx, const struct store_find_row *row, struct err *err);
    bool (*find_remove)(struct store_tx *tx, struct span record, struct span incident,
                        struct err *err);

    bool (*reader_open)(struct store *store, struct store_reader **out, struct err *err);
    void (*reader_close)(struct store_reader *reader);
    bool (*refresh)(struct store_reader *reader, struct err *err);
    void (*rest)(struct store_reader *reader);
    bool (*applied)(struct store_reader *reader, uint64_t *out, struct err *err);
    bool (*digest)(struct store_reader *reader, uint64_t index, struct hash *out, struct err *err);
    bool (*get)(struct store_reader *reader, const char *table, struct span key, uint64_t as_of,
                struct span *out, uint64_t *out_at, struct arena *arena, struct err *err);
    bool (*scan)(struct store_reader *reader, const char *table, struct span prefix,
                 struct span after, uint64_t as_of, size_t limit, struct store_row **out,
                 size_t *out_count, struct arena *arena, struct err *err);
    bool (*history)(struct store_reader *reader, const char *table, struct span key,
                    struct store_row **out, size_t *out_count, struct arena *arena,
                    struct err *err);
    bool (*counts)(struct store_reader *reader, struct store_count **out, size_t *out_count,
                   struct arena *arena, struct err *err);
    bool (*find)(struct store_reader *reader, const struct store_query *query,
                 struct store_found **out, size_t *out_count, struct arena *arena, struct err *err);
    bool (*find_rows)(struct store_reader *reader, struct span incident,
                      struct store_find_row **out, size_t *out_count, struct arena *arena,
                      struct err *err);
};

extern const struct store_backend store_sqlite;
extern const struct store_backend store_memory;

/* An array that grows in an arena. */
struct store_list {
    struct arena *arena;
    size_t item_bytes;
    void *at;
    size_t count, room;
};

void *store_list_push(struct store_list *list); /* the new item, zeroed, until the next */
