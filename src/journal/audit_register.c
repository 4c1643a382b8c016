#include "journal/audit_parts.h"

#include "codec/hex.h"
#include "journal/ahead.h"
#include "journal/applier.h"
#include "record/kind.h"

/* The register, computed anew into a store of our own, entry by entry. */

#define TELL_ENTRIES 1000u

struct pass {
    struct audit *audit;
    struct store *store;
    struct store_tx *tx;
    struct applier applier;
    struct applier_lookup rows;
    struct audit_part_set parts;
    bool misses; /* a public part that is named is not here: the first such entry */
    uint64_t missing_entry;
    char missing[65];
};

static void count_verdict(struct audit_result *result, enum verdict verdict)
{
    uint64_t *counts[] = {[VERDICT_HOLDS] = &result->holds,
                          [VERDICT_MARKED] = &result->marked,
                          [VERDICT_VOID] = &result->voided};

    ++*counts[verdict];
}

static void check_part(struct pass *pass, uint64_t index, const struct part *part)
{
    struct hash stored;

    if (!span_is(part->tier, "public") ||
        !hex_parse(stored.bytes, sizeof stored.bytes, part->stored))
        return;
    if (audit_part_set_has(&pass->parts, &stored)) {
        pass->audit->result->parts++;
    } else if (!pass->misses) {
        pass->misses = true;
        pass->missing_entry = index;
        memcpy(pass->missing, part->stored.at, 64);
    }
}

/* Of entries that took effect, so that the body is of its kind's shape. */
static void check_parts(struct pass *pass, const struct register_entry *entry, struct arena *arena)
{
    static const char word[] = "\"parts\":[";
    struct record record;
    struct part part;
    struct err ignored;

    if (!memmem(entry->bytes.at, entry->bytes.len, word, sizeof word - 1) ||
        !record_parse(&record, entry->bytes, arena, &ignored))
        return;
    for (size_t n = 0; part_at(record.body, n, &part); n++)
        check_part(pass, entry->index, &part);
}

/* Staged entries too: the store may have applied them; but the counts are of the log. */
static bool take(struct pass *pass, const struct register_entry *entry, struct arena *arena,
                 struct err *err)
{
    struct audit_result *result = pass->audit->result;
    struct effects effects;

    if (!applier_apply(&pass->applier, pass->tx, entry, &effects, arena, err))
        return false;
    if (effects.verdict != VERDICT_VOID)
        check_parts(pass, entry, arena);
    if (entry->index < result->entries)
        count_verdict(result, effects.verdict);
    if (entry->index + 1 == result->entries)
        result->digest = pass->applier.digest;
    return true;
}

static bool apply_all(struct pass *pass, struct err *err)
{
    uint64_t size = history_size(pass->audit->history);
    struct register_lookup lookup = applier_lookup(&pass->rows);
    struct ahead *ahead = ahead_open(pass->audit->history, 0, &lookup);
    struct register_entry entry;
    struct arena arena = {0};
    bool ok = true;

    for (uint64_t n = 0; ok && n < size; n++) {
        arena_reset(&arena);
        ok = ahead_next(ahead, &entry, err) && take(pass, &entry, &arena, err);
        if (n % TELL_ENTRIES == 0 || n + 1 == size)
            journal_tell(pass->audit->options->progress, "compute the register", n + 1, size);
    }
    arena_free(&arena);
    ahead_close(ahead);
    return ok;
}

static bool compare_store(struct pass *pass, struct err *err)
{
    struct audit_result *result = pass->audit->result;
    struct store_reader *theirs = NULL, *ours = store_tx_reader(pass->tx);
    struct hash their_digest, our_digest;
    uint64_t count;

    if (!pass->audit->options->store)
        return true;
    bool ok = store_reader_open(pass->audit->options->store, &theirs, err) &&
              store_applied(theirs, &count, err);
    if (ok && count > history_size(pass->audit->history))
        audit_find(pass->audit, "store.db",
                   "it has applied %" PRIu64 " entries, log and stage hold %" PRIu64, count,
                   history_size(pass->audit->history));
    else if (ok)
        ok = applier_digest_at(&their_digest, theirs, count, err) &&
             applier_digest_at(&our_digest, ours, count, err) &&
             (hash_equal(their_digest, our_digest) ||
              audit_find(pass->audit, "store.db",
                         "its digest after %" PRIu64 " entries is not that of the log", count));
    if (ok)
        result->store_applied = count;
    store_reader_close(theirs);
    return ok;
}

static bool run(struct pass *pass, struct err *err)
{
    struct audit *audit = pass->audit;

    if (!store_begin(pass->store, &pass->tx, err))
        return false;
    pass->rows =
        (struct applier_lookup){.reader = store_tx_reader(pass->tx), .as_of = STORE_LATEST};
    bool ok = apply_all(pass, err) && compare_store(pass, err);
    if (ok && !audit->found && pass->misses)
        audit_find_entry(audit, pass->missing_entry, "", "its part %s is not here", pass->missing);
    store_rollback(pass->tx);
    return ok;
}

bool audit_register(struct audit *audit, struct err *err)
{
    struct pass pass = {.audit = audit,
                        .applier = {.root = tree_root, .root_context = audit->tree}};
    bool ok = audit_read_parts(audit, &pass.parts, err);

    if (ok && !audit->found && store_open(&pass.store, "memory:", err)) {
        ok = run(&pass, err);
        store_close(pass.store);
    } else if (!audit->found) {
        ok = false;
    }
    audit_part_set_free(&pass.parts);
    return ok;
}
