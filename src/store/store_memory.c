#include "store/store_memory.h"

#include <stdlib.h>

#include "store/fair_lock.h"

/* Of one row the newest version first: the first that is not after an entry is as of it. */
static int compare_rows(const void *a, const void *b)
{
    const struct memory_row *x = a;
    const struct memory_row *y = b;
    int order = strcmp(x->table, y->table);

    if (order == 0)
        order = span_compare(x->key, y->key);
    return order ? order : (x->at < y->at) - (x->at > y->at);
}

static struct memory_store *store_of(const struct store_tx *tx)
{
    return (struct memory_store *)tx->store;
}

static struct memory_store *lock_to_write(const struct store_tx *tx)
{
    struct memory_store *store = store_of(tx);

    pthread_rwlock_wrlock(&store->lock);
    return store;
}

static const struct memory_reader *lock_to_read(struct store_reader *base)
{
    const struct memory_reader *reader = (const struct memory_reader *)base;

    pthread_rwlock_rdlock(&reader->store->lock);
    return reader;
}

static void unlock(struct memory_store *store)
{
    pthread_rwlock_unlock(&store->lock);
}

static bool memory_open(struct store **out, const char *path, struct err *err)
{
    if (path[0] != '\0')
        return err_set(err, ERR_USAGE, "memory has no path");

    struct memory_store *store = calloc(1, sizeof *store);
    if (!store)
        abort();
    fair_lock_open(&store->lock);
    store->base.backend = &store_memory;
    skiplist_open(&store->rows, compare_rows);
    store->fresh = (struct store_list){&store->arena, sizeof(struct memory_row *), NULL, 0, 0};
    store->before = (struct store_list){&store->arena, sizeof(struct memory_before), NULL, 0, 0};
    store->digests = (struct store_list){&store->arena, sizeof(struct hash), NULL, 0, 0};
    store->counts = (struct store_list){&store->arena, sizeof(struct memory_count), NULL, 0, 0};
    store->finds = (struct store_list){&store->arena, sizeof(struct memory_find), NULL, 0, 0};
    *out = &store->base;
    return true;
}

static void memory_close(struct store *base)
{
    struct memory_store *store = (struct memory_store *)base;

    skiplist_close(&store->rows);
    arena_free(&store->arena);
    pthread_rwlock_destroy(&store->lock);
    free(store);
}

/* Writing. */

static bool memory_begin(struct store *base, struct store_tx **out, struct err *err)
{
    struct memory_store *store = (struct memory_store *)base;

    (void)err;
    store->tx_reader = (struct memory_reader){
        .base = {.backend = &store_memory, .tx = &store->tx},
        .store = store,
        .commit = store->commits + 1,
    };
    store->tx.applied = store->applied;
    store->tx.reader = &store->tx_reader.base;
    *out = &store->tx;
    return true;
}

static bool memory_commit(struct store_tx *tx, struct err *err)
{
    struct memory_store *store = lock_to_write(tx);

    (void)err;
    store->commits++;
    store->applied = tx->applied;
    store->fresh.count = store->before.count = 0;
    unlock(store);
    return true;
}

static void memory_rollback(struct store_tx *tx)
{
    struct memory_store *store = lock_to_write(tx);
    struct memory_row *const *fresh = store->fresh.at;
    const struct memory_before *before = store->before.at;
    const struct memory_count *count = store->counts.at;

    for (size_t i = store->before.count; i > 0; i--)
        before[i - 1].row->row = before[i - 1].was;
    store->before.count = 0;
    for (size_t i = 0; i < store->fresh.count; i++)
        skiplist_remove(&store->rows, fresh[i]);
    store->fresh.count = 0;
    store->digests.count = (size_t)store->applied;
    while (store->counts.count > 0 && count[store->counts.count - 1].since > store->commits)
        store->counts.count--;
    memory_find_rollback(store);
    unlock(store);
}

static bool memory_put(struct store_tx *tx, const char *table, struct span key, struct span row,
                       struct err *err)
{
    struct memory_store *store = lock_to_write(tx);
    struct memory_row probe = {table, key, tx->applied, {0}};
    struct skiplist_node *node = skiplist_seek(&store->rows, &probe);
    struct span copy = row.at ? arena_copy(&store->arena, row) : row;

    (void)err;
    if (node && compare_rows(node->item, &probe) == 0) {
        ((struct memory_row *)node->item)->row = copy;
    } else {
        struct memory_row *made = ARENA_NEW(&store->arena, struct memory_row);

        made->table = arena_text(&store->arena, span_of(table));
        made->key = arena_copy(&store->arena, key);
        made->at = tx->applied;
        made->row = copy;
        skiplist_insert(&store->rows, made);
        *(struct memory_row **)store_list_push(&store->fresh) = made;
    }
    unlock(store);
    return true;
}

static bool memory_rewrite(struct store_tx *tx, const char *table, struct span key, uint64_t at,
                           struct span row, struct err *err)
{
    struct memory_store *store = lock_to_write(tx);
    struct memory_row probe = {table, key, at, {0}};
    struct skiplist_node *node = skiplist_seek(&store->rows, &probe);
    struct memory_row *there =
        node && compare_rows(node->item, &probe) == 0 ? (struct memory_row *)node->item : NULL;
    bool ok = there && there->row.at;

    if (ok) {
        *(struct memory_before *)store_list_push(&store->before) =
            (struct memory_before){there, there->row};
        there->row = arena_copy(&store->arena, row);
    }
    unlock(store);
    return ok || err_set(err, ERR_MISSING, "there is no such row");
}

static bool memory_tidy(struct store *store, bool *out, struct err *err)
{
    (void)store;
    (void)err;
    *out = true;
    return true;
}

static bool memory_put_digest(struct store_tx *tx, const struct hash *digest, struct err *err)
{
    struct memory_store *store = lock_to_write(tx);

    (void)err;
    assert(store->digests.count == tx->applied);
    *(struct hash *)store_list_push(&store->digests) = *digest;
    unlock(store);
    return true;
}

/* The newest value of that name that was there after so many commits. */
static const struct memory_count *count_of(const struct memory_store *store, const char *name,
                                           uint64_t commit)
{
    const struct memory_count *count = store->counts.at;

    for (size_t i = store->counts.count; i-- > 0;) {
        if (count[i].since <= commit && strcmp(count[i].name, name) == 0)
            return &count[i];
    }
    return NULL;
}

static bool memory_count_add(struct store_tx *tx, const char *name, int64_t by, struct err *err)
{
    struct memory_store *store = lock_to_write(tx);
    const struct memory_count *before = count_of(store, name, store->commits + 1);
    struct memory_count next = {
        .name = before ? before->name : arena_text(&store->arena, span_of(name)),
        .value = before ? before->value + by : by,
        .since = store->commits + 1,
    };

    (void)err;
    *(struct memory_count *)store_list_push(&store->counts) = next;
    unlock(store);
    return true;
}

/* Reading. */

static bool memory_refresh(struct store_reader *base, struct err *err)
{
    struct memory_reader *reader = (struct memory_reader *)base;

    (void)err;
    lock_to_read(base);
    reader->commit = reader->store->commits;
    reader->applied = reader->store->applied;
    unlock(reader->store);
    return true;
}

static bool memory_reader_open(struct store *base, struct store_reader **out, struct err *err)
{
    struct memory_reader *reader = calloc(1, sizeof *reader);

    if (!reader)
        abort();
    reader->base.backend = &store_memory;
    reader->store = (struct memory_store *)base;
    *out = &reader->base;
    return memory_refresh(*out, err);
}

static void memory_reader_close(struct store_reader *reader)
{
    free(reader);
}

static void memory_rest(struct store_reader *reader)
{
    (void)reader; /* it holds nothing */
}

/* The entries whose rows it sees: the writer sees those of the entry under way. */
static uint64_t entries_seen(const struct memory_reader *reader)
{
    return reader->base.tx ? reader->base.tx->applied + 1 : reader->applied;
}

static bool memory_applied(struct store_reader *base, uint64_t *out, struct err *err)
{
    const struct memory_reader *reader = (const struct memory_reader *)base;

    (void)err;
    *out = base->tx ? base->tx->applied : reader->applied;
    return true;
}

static bool memory_digest(struct store_reader *base, uint64_t index, struct hash *out,
                          struct err *err)
{
    const struct memory_reader *reader = lock_to_read(base);
    const struct hash *digest = reader->store->digests.at;
    bool there = index < entries_seen(reader) && index < reader->store->digests.count;

    if (there)
        *out = digest[index];
    unlock(reader->store);
    return there || err_set(err, ERR_MISSING, "not applied");
}

/* The version that a row has as of an entry: NULL when there is none, removed ones too. */
static const struct memory_row *version_of(const struct memory_reader *reader, const char *table,
                                           struct span key, uint64_t as_of)
{
    uint64_t seen = entries_seen(reader);
    struct memory_row probe = {table, key, as_of < seen ? as_of : seen - 1, {0}};

    if (seen == 0)
        return NULL;
    const struct skiplist_node *node = skiplist_seek(&reader->store->rows, &probe);
    const struct memory_row *row = node ? node->item : NULL;
    return row && strcmp(row->table, table) == 0 && span_equal(row->key, key) ? row : NULL;
}

static bool memory_get(struct store_reader *base, const char *table, struct span key,
                       uint64_t as_of, struct span *out, uint64_t *out_at, struct arena *arena,
                       struct err *err)
{
    const struct memory_reader *reader = lock_to_read(base);
    const struct memory_row *row = version_of(reader, table, key, as_of);

    (void)err;
    *out = row && row->row.at ? arena_copy(arena, row->row) : (struct span){0};
    if (out_at)
        *out_at = row ? row->at : 0;
    unlock(reader->store);
    return true;
}

static bool memory_scan(struct store_reader *base, const char *table, struct span prefix,
                        struct span after, uint64_t as_of, size_t limit, struct store_row **out,
                        size_t *out_count, struct arena *arena, struct err *err)
{
    const struct memory_reader *reader = lock_to_read(base);
    struct store_list rows = {.arena = arena, .item_bytes = sizeof **out};
    struct memory_row probe = {table, prefix, UINT64_MAX, {0}};
    const struct skiplist_node *node = skiplist_seek(&reader->store->rows, &probe);

    (void)err;
    for (; node && rows.count < limit; node = node->next[0]) {
        const struct memory_row *row = node->item;

        if (strcmp(row->table, table) != 0 || !span_starts_with(row->key, prefix))
            break;
        if ((after.len > 0 && span_compare(row->key, after) <= 0) || !row->row.at ||
            row != version_of(reader, table, row->key, as_of))
            continue;
        *(struct store_row *)store_list_push(&rows) =
            (struct store_row){arena_copy(arena, row->key), arena_copy(arena, row->row), row->at};
    }
    unlock(reader->store);
    *out = rows.at;
    *out_count = rows.count;
    return true;
}

static void reverse(struct store_row *row, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct store_row kept = row[i];
        row[i] = row[count - 1 - i];
        row[count - 1 - i] = kept;
    }
}

static bool memory_history(struct store_reader *base, const char *table, struct span key,
                           struct store_row **out, size_t *out_count, struct arena *arena,
                           struct err *err)
{
    const struct memory_reader *reader = lock_to_read(base);
    struct store_list rows = {.arena = arena, .item_bytes = sizeof **out};
    struct memory_row probe = {table, key, UINT64_MAX, {0}};
    const struct skiplist_node *node = skiplist_seek(&reader->store->rows, &probe);
    struct span own_key = arena_copy(arena, key);

    (void)err;
    for (; node; node = node->next[0]) {
        const struct memory_row *row = node->item;

        if (strcmp(row->table, table) != 0 || !span_equal(row->key, key))
            break;
        if (row->at < entries_seen(reader))
            *(struct store_row *)store_list_push(&rows) = (struct store_row){
                own_key, row->row.at ? arena_copy(arena, row->row) : row->row, row->at};
    }
    unlock(reader->store);
    reverse(rows.at, rows.count);
    *out = rows.at;
    *out_count = rows.count;
    return true;
}

static int compare_counts(const void *a, const void *b)
{
    return span_compare(((const struct store_count *)a)->name,
                        ((const struct store_count *)b)->name);
}

static bool memory_counts(struct store_reader *base, struct store_count **out, size_t *out_count,
                          struct arena *arena, struct err *err)
{
    const struct memory_reader *reader = lock_to_read(base);
    const struct memory_count *count = reader->store->counts.at;
    struct store_list counts = {.arena = arena, .item_bytes = sizeof **out};

    (void)err;
    for (size_t i = 0; i < reader->store->counts.count; i++) {
        if (&count[i] == count_of(reader->store, count[i].name, reader->commit))
            *(struct store_count *)store_list_push(&counts) =
                (struct store_count){arena_copy(arena, span_of(count[i].name)), count[i].value};
    }
    unlock(reader->store);
    if (counts.count > 0)
        qsort(counts.at, counts.count, sizeof **out, compare_counts);
    *out = counts.at;
    *out_count = counts.count;
    return true;
}

const struct store_backend store_memory = {
    .scheme = "memory",
    .open = memory_open,
    .close = memory_close,
    .begin = memory_begin,
    .commit = memory_commit,
    .rollback = memory_rollback,
    .put = memory_put,
    .rewrite = memory_rewrite,
    .tidy = memory_tidy,
    .put_digest = memory_put_digest,
    .count_add = memory_count_add,
    .find_put = memory_find_put,
    .find_remove = memory_find_remove,
    .reader_open = memory_reader_open,
    .reader_close = memory_reader_close,
    .refresh = memory_refresh,
    .rest = memory_rest,
    .applied = memory_applied,
    .digest = memory_digest,
    .get = memory_get,
    .scan = memory_scan,
    .history = memory_history,
    .counts = memory_counts,
    .find = memory_find,
    .find_rows = memory_find_rows,
};
