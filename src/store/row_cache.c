#include "store/row_cache.h"

#include <stdlib.h>

#include "sys/entropy.h"

#define FIRST_ROOM 1024u

struct row_cache_slot {
    uint64_t hash;
    int64_t table;
    struct span key;
    struct row_version *newest; /* NULL: the slot is free */
};

void row_cache_open(struct row_cache *cache)
{
    *cache = (struct row_cache){.room = FIRST_ROOM};
    entropy_fill(&cache->secret, sizeof cache->secret);
    cache->slot = calloc(cache->room, sizeof *cache->slot);
    if (!cache->slot)
        abort();
}

void row_cache_close(struct row_cache *cache)
{
    arena_free(&cache->arena);
    free(cache->slot);
    free(cache->pending);
    *cache = (struct row_cache){0};
}

void row_cache_drop(struct row_cache *cache)
{
    struct siphash_key secret = cache->secret;

    row_cache_close(cache);
    row_cache_open(cache);
    cache->secret = secret;
}

static uint64_t hash_key(const struct row_cache *cache, int64_t table, struct span key)
{
    return siphash(&cache->secret, key) + (uint64_t)table * UINT64_C(0x9e3779b97f4a7c15);
}

/* The slot of that row, or the free one where it would go. */
static struct row_cache_slot *slot_of(const struct row_cache *cache, uint64_t hash, int64_t table,
                                      struct span key)
{
    for (size_t i = (size_t)hash;; i++) {
        struct row_cache_slot *slot = &cache->slot[i & (cache->room - 1)];

        if (!slot->newest ||
            (slot->hash == hash && slot->table == table && span_equal(slot->key, key)))
            return slot;
    }
}

static void grow(struct row_cache *cache)
{
    struct row_cache_slot *old = cache->slot;
    size_t count = cache->room;

    cache->room *= 2;
    cache->slot = calloc(cache->room, sizeof *cache->slot);
    if (!cache->slot)
        abort();
    for (size_t i = 0; i < count; i++) {
        if (old[i].newest)
            *slot_of(cache, old[i].hash, old[i].table, old[i].key) = old[i];
    }
    free(old);
}

static struct row_cache_slot *slot_for(struct row_cache *cache, int64_t table, struct span key)
{
    if (cache->used >= cache->room / 2)
        grow(cache);

    uint64_t hash = hash_key(cache, table, key);
    struct row_cache_slot *slot = slot_of(cache, hash, table, key);
    if (!slot->newest) {
        *slot = (struct row_cache_slot){hash, table, arena_copy(&cache->arena, key), NULL};
        cache->used++;
    }
    return slot;
}

static struct row_version *new_version(struct row_cache *cache, uint64_t at, struct span row)
{
    struct row_version *version = ARENA_NEW(&cache->arena, struct row_version);

    version->at = at;
    version->row = row.at ? arena_copy(&cache->arena, row) : row;
    return version;
}

static uint64_t front_of(struct span key)
{
    uint64_t front = 0;

    for (size_t i = 0; i < 8; i++)
        front = front << 8 | (i < key.len ? key.at[i] : 0);
    return front;
}

static void add_pending(struct row_cache *cache, const struct row_cache_slot *slot)
{
    if (slot->newest->pending)
        return;
    slot->newest->pending = true;
    if (cache->pending_count == cache->pending_room) {
        cache->pending_room = cache->pending_room ? 2 * cache->pending_room : FIRST_ROOM;
        cache->pending = realloc(cache->pending, cache->pending_room * sizeof *cache->pending);
        if (!cache->pending)
            abort();
    }
    cache->pending[cache->pending_count++] =
        (struct row_pending){slot->table, front_of(slot->key), slot->key, slot->newest};
}

void row_cache_put(struct row_cache *cache, int64_t table, struct span key, uint64_t at,
                   struct span row)
{
    struct row_cache_slot *slot = slot_for(cache, table, key);

    assert(!slot->newest || slot->newest->at <= at);
    if (slot->newest && slot->newest->at == at) {
        slot->newest->row = row.at ? arena_copy(&cache->arena, row) : row;
    } else {
        struct row_version *version = new_version(cache, at, row);
        version->before = slot->newest;
        slot->newest = version;
    }
    add_pending(cache, slot);
}

void row_cache_keep(struct row_cache *cache, int64_t table, struct span key, uint64_t at,
                    struct span row)
{
    struct row_cache_slot *slot = slot_for(cache, table, key);

    if (!slot->newest)
        slot->newest = new_version(cache, at, row);
}

const struct row_version *row_cache_get(const struct row_cache *cache, int64_t table,
                                        struct span key, uint64_t as_of)
{
    const struct row_version *version =
        slot_of(cache, hash_key(cache, table, key), table, key)->newest;

    while (version && version->at > as_of)
        version = version->before;
    return version;
}

size_t row_cache_bytes(const struct row_cache *cache)
{
    return cache->arena.used + cache->room * sizeof *cache->slot +
           cache->pending_room * sizeof *cache->pending;
}

static int compare_pending(const void *a, const void *b)
{
    const struct row_pending *x = a;
    const struct row_pending *y = b;

    if (x->table != y->table)
        return x->table < y->table ? -1 : 1;
    if (x->front != y->front)
        return x->front < y->front ? -1 : 1;
    int order = span_compare(x->key, y->key);
    return order ? order : (x->version->at > y->version->at) - (x->version->at < y->version->at);
}

const struct row_pending *row_cache_sort(struct row_cache *cache, size_t *out_count)
{
    if (cache->pending_count > 0)
        qsort(cache->pending, cache->pending_count, sizeof *cache->pending, compare_pending);
    *out_count = cache->pending_count;
    return cache->pending;
}

void row_cache_written(struct row_cache *cache)
{
    for (size_t i = 0; i < cache->pending_count; i++)
        cache->pending[i].version->pending = false;
    cache->pending_count = 0;
}
