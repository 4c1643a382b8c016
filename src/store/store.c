#include "store/store_backend.h"

static const struct store_backend *const backends[] = {&store_sqlite, &store_memory};

bool store_open(struct store **out, const char *url, struct err *err)
{
    struct span rest = span_of(url);
    struct span scheme;

    if (!span_cut(&rest, ':', &scheme))
        return err_set(err, ERR_USAGE, "store \"%s\": not of the form SCHEME:PATH", url);
    for (size_t i = 0; i < ARRAY_LEN(backends); i++) {
        if (span_is(scheme, backends[i]->scheme))
            return backends[i]->open(out, url + scheme.len + 1, err) ||
                   err_wrap(err, "open store \"%s\"", url);
    }
    return err_set(err, ERR_USAGE, "store \"%s\": there is no such kind of store", url);
}

void store_close(struct store *store)
{
    if (!store)
        return;
    assert(!store->tx);
    store->backend->close(store);
}

/* Writing. */

bool store_begin(struct store *store, struct store_tx **out, struct err *err)
{
    struct store_tx *tx;

    assert(!store->tx);
    if (!store->backend->begin(store, &tx, err))
        return err_wrap(err, "begin to write to the store");
    tx->store = store;
    tx->entry_begun = false;
    store->tx = tx;
    *out = tx;
    return true;
}

bool store_commit(struct store_tx **tx, struct err *err)
{
    struct store *store = (*tx)->store;

    assert(!(*tx)->entry_begun); /* readers see whole entries */
    if (!store->backend->commit(*tx, err))
        return err_wrap(err, "commit to the store");
    store->tx = NULL;
    *tx = NULL;
    return true;
}

void store_rollback(struct store_tx *tx)
{
    if (!tx)
        return;
    struct store *store = tx->store;

    store->backend->rollback(tx);
    store->tx = NULL;
}

bool store_put(struct store_tx *tx, uint64_t index, const char *table, struct span key,
               struct span row, struct err *err)
{
    assert(index == tx->applied && table[0]);
    tx->entry_begun = true;
    return tx->store->backend->put(tx, table, key, row, err) ||
           err_wrap(err, "store a row of entry %" PRIu64, index);
}

bool store_rewrite(struct store_tx *tx, const char *table, struct span key, uint64_t at,
                   struct span row, struct err *err)
{
    assert(at <= tx->applied && row.at);
    return tx->store->backend->rewrite(tx, table, key, at, row, err) ||
           err_wrap(err, "rewrite a row of entry %" PRIu64, at);
}

bool store_tidy(struct store *store, bool *out, struct err *err)
{
    assert(!store->tx);
    return store->backend->tidy(store, out, err) || err_wrap(err, "tidy the store");
}

bool store_put_digest(struct store_tx *tx, uint64_t index, const struct hash *digest,
                      struct err *err)
{
    assert(index == tx->applied);
    if (!tx->store->backend->put_digest(tx, digest, err))
        return err_wrap(err, "store the digest of entry %" PRIu64, index);
    tx->applied++;
    tx->entry_begun = false;
    return true;
}

bool store_count_add(struct store_tx *tx, const char *name, int64_t by, struct err *err)
{
    return tx->store->backend->count_add(tx, name, by, err) || err_wrap(err, "count %s", name);
}

bool store_find_put(struct store_tx *tx, const struct store_find_row *row, struct err *err)
{
    assert(row->record.len && row->incident.len);
    assert(!row->has_time || row->from_ms <= row->to_ms);
    return tx->store->backend->find_put(tx, row, err) ||
           err_wrap(err, "store what entry %" PRIu64 " is found by", row->index);
}

bool store_find_remove(struct store_tx *tx, struct span record, struct span incident,
                       struct err *err)
{
    return tx->store->backend->find_remove(tx, record, incident, err) ||
           err_wrap(err, "remove what a record is found by");
}

/* Reading. */

bool store_reader_open(struct store *store, struct store_reader **out, struct err *err)
{
    return store->backend->reader_open(store, out, err) || err_wrap(err, "open the store to read");
}

bool store_reader_refresh(struct store_reader *reader, struct err *err)
{
    assert(!reader->tx);
    reader->resting = false;
    return reader->backend->refresh(reader, err) || err_wrap(err, "look at the store anew");
}

void store_reader_rest(struct store_reader *reader)
{
    assert(!reader->tx);
    reader->backend->rest(reader);
    reader->resting = true;
}

void store_reader_close(struct store_reader *reader)
{
    if (!reader)
        return;
    assert(!reader->tx); /* that one is closed with its transaction */
    reader->backend->reader_close(reader);
}

struct store_reader *store_tx_reader(struct store_tx *tx)
{
    return tx->reader;
}

bool store_applied(struct store_reader *reader, uint64_t *out, struct err *err)
{
    assert(!reader->resting);
    return reader->backend->applied(reader, out, err) || err_wrap(err, "entries in the store");
}

bool store_digest(struct store_reader *reader, uint64_t index, struct hash *out, struct err *err)
{
    assert(!reader->resting);
    return reader->backend->digest(reader, index, out, err) ||
           err_wrap(err, "digest of entry %" PRIu64, index);
}

bool store_get(struct store_reader *reader, const char *table, struct span key, uint64_t as_of,
               struct span *out, uint64_t *out_at, struct arena *arena, struct err *err)
{
    assert(!reader->resting);
    return reader->backend->get(reader, table, key, as_of, out, out_at, arena, err) ||
           err_wrap(err, "row of %s", table);
}

bool store_scan(struct store_reader *reader, const char *table, struct span prefix,
                struct span after, uint64_t as_of, size_t limit, struct store_row **out,
                size_t *out_count, struct arena *arena, struct err *err)
{
    assert(!reader->resting);
    return reader->backend->scan(reader, table, prefix, after, as_of, limit, out, out_count, arena,
                                 err) ||
           err_wrap(err, "rows of %s", table);
}

bool store_history(struct store_reader *reader, const char *table, struct span key,
                   struct store_row **out, size_t *out_count, struct arena *arena, struct err *err)
{
    assert(!reader->resting);
    return reader->backend->history(reader, table, key, out, out_count, arena, err) ||
           err_wrap(err, "history of a row of %s", table);
}

bool store_counts(struct store_reader *reader, struct store_count **out, size_t *out_count,
                  struct arena *arena, struct err *err)
{
    assert(!reader->resting);
    return reader->backend->counts(reader, out, out_count, arena, err) || err_wrap(err, "counts");
}

bool store_find(struct store_reader *reader, const struct store_query *query,
                struct store_found **out, size_t *out_count, struct arena *arena, struct err *err)
{
    assert(!reader->resting);
    return reader->backend->find(reader, query, out, out_count, arena, err) ||
           err_wrap(err, "find incidents");
}

bool store_find_rows(struct store_reader *reader, struct span incident, struct store_find_row **out,
                     size_t *out_count, struct arena *arena, struct err *err)
{
    assert(!reader->resting);
    return reader->backend->find_rows(reader, incident, out, out_count, arena, err) ||
           err_wrap(err, "what an incident is found by");
}
