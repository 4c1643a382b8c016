#include "journal/applier.h"

static bool get_row(void *context, const char *table, struct span key, const struct json **out,
                    struct arena *arena, struct err *err)
{
    struct applier_lookup *lookup = context;
    struct span bytes;

    *out = NULL;
    if (!lookup->reader)
        return true;
    if (!store_get(lookup->reader, table, key, lookup->as_of, &bytes, NULL, arena, err))
        return false;
    if (!bytes.at)
        return true;
    struct json *row = ARENA_NEW(arena, struct json);
    if (!json_parse(row, bytes, arena, err))
        return err_wrap(err, "a row of table %s in the store", table);
    *out = row;
    return true;
}

static bool get_root(void *context, uint64_t size, struct hash *out, struct err *err)
{
    struct applier_lookup *lookup = context;

    assert(lookup->root);
    return lookup->root(lookup->root_context, size, out, err);
}

struct register_lookup applier_lookup(struct applier_lookup *lookup)
{
    return (struct register_lookup){lookup, get_row, get_root};
}

bool applier_compute(struct effects *out, struct hash *out_digest, const struct hash *before,
                     const struct register_lookup *lookup, const struct register_entry *entry,
                     struct arena *arena, struct err *err)
{
    if (!register_apply(out, lookup, entry, arena, err))
        return err_wrap(err, "apply entry %" PRIu64, entry->index);
    *out_digest = out->lacks_rules
                      ? *before
                      : register_digest(before, entry->index, register_effects_bytes(out, arena));
    return true;
}

static bool put_rows(struct store_tx *tx, uint64_t index, const struct effects *effects,
                     struct arena *arena, struct err *err)
{
    for (size_t i = 0; i < effects->count; i++) {
        const struct effect *effect = &effects->at[i];
        struct span row = effect->row ? json_bytes(effect->row, arena) : (struct span){0};

        if (!store_put(tx, index, effect->table, effect->key, row, err))
            return false;
    }
    return true;
}

static bool tell_view(const struct applier *applier, struct store_tx *tx,
                      const struct register_entry *entry, const struct effects *effects,
                      struct arena *arena, struct err *err)
{
    struct record record;
    struct err none;

    if (!applier->view.observer)
        return true;
    bool is_record = record_parse(&record, entry->bytes, arena, &none);
    return applier->view.observer(applier->view.context, tx, entry->index,
                                  is_record ? &record : NULL, effects, applier->parts, arena, err);
}

bool applier_apply(struct applier *applier, struct store_tx *tx, const struct register_entry *entry,
                   struct effects *out, struct arena *arena, struct err *err)
{
    struct applier_lookup rows = {store_tx_reader(tx), STORE_LATEST, applier->root,
                                  applier->root_context};
    struct register_lookup lookup = applier_lookup(&rows);
    struct effects effects;
    struct hash digest;

    if (!applier_compute(&effects, &digest, &applier->digest, &lookup, entry, arena, err))
        return false;
    if (effects.lacks_rules) { /* format §10.6: the log goes on, the store does not */
        *out = effects;
        return true;
    }
    bool ok = put_rows(tx, entry->index, &effects, arena, err);
    ok = ok && tell_view(applier, tx, entry, &effects, arena, err);
    ok = ok && store_put_digest(tx, entry->index, &digest, err); /* with it the entry is whole */
    if (!ok)
        return err_wrap(err, "apply entry %" PRIu64, entry->index);
    applier->digest = digest;
    *out = effects;
    return true;
}

bool applier_digest_at(struct hash *out, struct store_reader *reader, uint64_t count,
                       struct err *err)
{
    memset(out, 0, sizeof *out);
    return count == 0 || store_digest(reader, count - 1, out, err);
}

bool applier_agrees(bool *out, struct applier *applier, struct store_reader *reader, uint64_t index,
                    struct span bytes, struct err *err)
{
    struct register_entry entry = {.index = index, .bytes = bytes};
    struct applier_lookup rows = {index > 0 ? reader : NULL, index - 1, applier->root,
                                  applier->root_context};
    struct register_lookup lookup = applier_lookup(&rows);
    struct effects effects;
    struct hash before, digest, computed;
    struct arena arena = {0};

    bool ok = applier_digest_at(&before, reader, index, err) &&
              store_digest(reader, index, &digest, err) &&
              applier_compute(&effects, &computed, &before, &lookup, &entry, &arena, err);
    if (ok)
        *out = hash_equal(digest, computed);
    arena_free(&arena);
    return ok;
}
