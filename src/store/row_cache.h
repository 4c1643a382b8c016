#pragma once

/*
 * The rows that the writer of a store wrote or read of late. Those not yet written out are
 * pending: they are written in order of their keys, many at a time, because single rows
 * under keys that are hashes would each cost a page. Those that are written out stay for a
 * while: what one entry changed the next ones ask for.
 *
 * Of a row it knows the newest version and an unbroken line of those before it, or nothing.
 */

#include "base/arena.h"
#include "store/siphash.h"

struct row_version {
    struct row_version *before; /* the version that this one replaced, if it is known */
    uint64_t at;                /* the entry that wrote it */
    struct span row;            /* at NULL: removed */
    bool pending;
};

struct row_pending {
    int64_t table;
    uint64_t front; /* of the key, so that most comparisons look no further */
    struct span key;
    struct row_version *version;
};

struct row_cache_slot;

struct row_cache {
    struct arena arena;
    struct siphash_key secret;
    struct row_cache_slot *slot;
    size_t room, used; /* room is a power of two */
    struct row_pending *pending;
    size_t pending_count, pending_room;
};

void row_cache_open(struct row_cache *cache);
void row_cache_close(struct row_cache *cache);

/* A new newest version. One of the same entry, be it written out already, gives way. */
void row_cache_put(struct row_cache *cache, int64_t table, struct span key, uint64_t at,
                   struct span row);
/* What was read of the store as the newest version, and is there no more than that. */
void row_cache_keep(struct row_cache *cache, int64_t table, struct span key, uint64_t at,
                    struct span row);
/* The version as of an entry, or NULL when it is not known here. */
const struct row_version *row_cache_get(const struct row_cache *cache, int64_t table,
                                        struct span key, uint64_t as_of);

size_t row_cache_bytes(const struct row_cache *cache);
/* Those pending, by table, key and entry. */
const struct row_pending *row_cache_sort(struct row_cache *cache, size_t *out_count);
/* They are in the store now. */
void row_cache_written(struct row_cache *cache);
/* Forgets everything, what is pending too. */
void row_cache_drop(struct row_cache *cache);
