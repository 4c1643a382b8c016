#pragma once

/*
 * Applying one entry: register, digest, store, views. The one way for new entries, for
 * those that recovery finds staged, for replay and for audit.
 */

#include "record/record.h"
#include "register/register.h"
#include "store/parts.h"
#include "store/store.h"

/* Told of each entry after it is applied, on the thread that applies, inside the store's
 * transaction. `record` is NULL where the entry is none. */
typedef bool journal_observer(void *context, struct store_tx *tx, uint64_t index,
                              const struct record *record, const struct effects *effects,
                              struct parts *parts, struct arena *arena, struct err *err);
struct journal_view {
    journal_observer *observer; /* NULL: none */
    void *context;
};

/* The register of a store as register_lookup wants it. */
struct applier_lookup {
    struct store_reader *reader; /* NULL: before entry 0, when there is nothing */
    uint64_t as_of;              /* STORE_LATEST, or an entry */
    /* NULL where no root is asked for: at the door. */
    bool (*root)(void *context, uint64_t size, struct hash *out, struct err *err);
    void *root_context;
};
struct register_lookup applier_lookup(struct applier_lookup *lookup);

struct applier {
    bool (*root)(void *context, uint64_t size, struct hash *out, struct err *err);
    void *root_context;
    struct journal_view view;
    struct parts *parts; /* for the view */
    struct hash digest;  /* D of the entry before */
};

/* What the entry does, and D after it, when `before` is D before it. Where out->lacks_rules
 * says that this program lacks the rules in force, it does nothing, and D stays. */
MUST_CHECK bool applier_compute(struct effects *out, struct hash *out_digest,
                                const struct hash *before, const struct register_lookup *lookup,
                                const struct register_entry *entry, struct arena *arena,
                                struct err *err);

/* Moves applier->digest on. What it did up to a fault goes with the transaction. Where
 * out->lacks_rules, nothing is applied, neither this entry nor any after it. */
MUST_CHECK bool applier_apply(struct applier *applier, struct store_tx *tx,
                              const struct register_entry *entry, struct effects *out,
                              struct arena *arena, struct err *err);
/* Of a store that has applied `count` entries: zeros for none. */
MUST_CHECK bool applier_digest_at(struct hash *out, struct store_reader *reader, uint64_t count,
                                  struct err *err);
/* Whether the store's last entry is the one of this log, by applying it again. */
MUST_CHECK bool applier_agrees(bool *out, struct applier *applier, struct store_reader *reader,
                               uint64_t index, struct span bytes, struct err *err);
