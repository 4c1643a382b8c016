#include "journal/audit_inside.h"

#include "codec/hex.h"
#include "journal/ahead.h"
#include "journal/applier.h"
#include "journal/log_reader.h"
#include "record/kind.h"

#include <stdio.h>

/* The register, computed anew, entry by entry. */

#define TELL_ENTRIES 1000u

/* A part that was erased here: what its commitment is, which must have been ordered to be. */
struct erased_part {
    struct span commitment, stored;
    struct erased_part *next;
};

struct pass {
    struct audit *audit;
    struct erased_part *erased;
    struct register_lookup lookup; /* over the audit's rows and tree */
    struct hash digest;            /* after the last entry taken */
    bool store_differs;
};

static bool get_row(void *context, const char *table, struct span key, const struct json **out,
                    struct arena *arena, struct err *err)
{
    struct pass *pass = context;
    struct span bytes;

    *out = NULL;
    if (!rows_get(pass->audit->rows, table, key, &bytes, arena, err))
        return false;
    if (!bytes.at)
        return true;
    struct json *row = ARENA_NEW(arena, struct json);
    *out = row;
    return json_parse(row, bytes, arena, err);
}

static bool get_root(void *context, uint64_t size, struct hash *out, struct err *err)
{
    struct pass *pass = context;

    return tree_root(pass->audit->tree, size, out, err);
}

static bool put_rows(struct pass *pass, const struct effects *effects, struct arena *arena,
                     struct err *err)
{
    bool ok = true;

    for (size_t i = 0; ok && i < effects->count; i++) {
        const struct effect *effect = &effects->at[i];

        ok = rows_set(pass->audit->rows, effect->table, effect->key,
                      effect->row ? json_bytes(effect->row, arena) : (struct span){0}, err);
    }
    return ok;
}

static void count_verdict(struct audit_result *result, enum verdict verdict)
{
    uint64_t *counts[] = {[VERDICT_HOLDS] = &result->holds,
                          [VERDICT_MARKED] = &result->marked,
                          [VERDICT_VOID] = &result->voided};

    ++*counts[verdict];
}

static void note_erased(struct pass *pass, const struct part *part)
{
    struct arena *arena = &pass->audit->arena;
    struct erased_part *erased = ARENA_NEW(arena, struct erased_part);

    *erased = (struct erased_part){arena_copy(arena, part->commitment),
                                   arena_copy(arena, part->stored), pass->erased};
    pass->erased = erased;
    pass->audit->result->erased++;
}

static void count_owed(struct audit_result *result, uint64_t index, const struct record *record,
                       const struct part *part)
{
    if (part->tier != TIER_PUBLIC) {
        result->closed_owed++;
    } else if (result->owed++ == 0) {
        result->owed_entry = index;
        snprintf(result->owed_id, sizeof result->owed_id, "%s", record->id_text);
    }
}

static bool check_part(struct pass *pass, uint64_t index, const struct record *record,
                       const struct part *part, struct arena *arena, struct err *err)
{
    struct audit_result *result = pass->audit->result;
    struct hash stored;
    bool is_here, is_erased;

    if (!hex_parse(stored.bytes, sizeof stored.bytes, part->stored))
        return true;
    if (!audit_part_has(pass->audit, &stored, &is_here, arena, err) ||
        !audit_part_erased(pass->audit, &stored, &is_erased, arena, err))
        return false;
    if (is_here)
        ++*(part->tier == TIER_PUBLIC ? &result->parts : &result->closed);
    else if (is_erased)
        note_erased(pass, part);
    else
        count_owed(result, index, record, part);
    return true;
}

/* Of entries that took effect, so that the body is of its kind's shape. */
static bool check_parts(struct pass *pass, const struct register_entry *entry, struct arena *arena,
                        struct err *err)
{
    static const char word[] = "\"parts\":[";
    struct record record;
    struct part part;
    struct err ignored;
    bool ok = true;

    if (!memmem(entry->bytes.at, entry->bytes.len, word, sizeof word - 1) ||
        !record_parse(&record, entry->bytes, arena, &ignored))
        return true;
    for (size_t n = 0; ok && part_at(record.body, n, &part); n++)
        ok = check_part(pass, entry->index, &record, &part, arena, err);
    return ok;
}

/* Staged entries too: the store may have applied them; but the counts are of the log. */
static bool take(struct pass *pass, const struct register_entry *entry, struct arena *arena,
                 struct err *err)
{
    struct audit_result *result = pass->audit->result;
    struct effects effects;

    if (!applier_compute(&effects, &pass->digest, &pass->digest, &pass->lookup, entry, arena, err))
        return false;
    if (effects.lacks_rules)
        return audit_find_entry(pass->audit, entry->index, "",
                                "rules number %" PRId64 ", in force from entry %" PRIu64
                                " on, is not in this program",
                                effects.lacks_rules, entry->index);
    if (!put_rows(pass, &effects, arena, err))
        return false;
    if (effects.verdict != VERDICT_VOID && !check_parts(pass, entry, arena, err))
        return false;
    if (!audit_parts_named(pass->audit, entry->bytes, arena, err))
        return false;
    if (entry->index < result->entries)
        count_verdict(result, effects.verdict);
    if (entry->index + 1 == result->entries)
        result->digest = pass->digest;
    if (entry->index + 1 == pass->audit->store_count)
        pass->store_differs = !hash_equal(pass->digest, pass->audit->store_digest);
    return true;
}

static bool take_all(struct pass *pass, struct err *err)
{
    uint64_t size = history_size(pass->audit->history);
    struct ahead *ahead = ahead_open(pass->audit->history, 0, &pass->lookup);
    struct register_entry entry;
    struct arena arena = {0};
    bool ok = true;

    for (uint64_t n = 0; ok && !pass->audit->found && n < size; n++) {
        arena_reset(&arena);
        ok = ahead_next(ahead, &entry, err) && take(pass, &entry, &arena, err);
        if (n % TELL_ENTRIES == 0 || n + 1 == size)
            journal_tell(pass->audit->options->progress, "compute the register", n + 1, size);
    }
    arena_free(&arena);
    ahead_close(ahead);
    return ok;
}

static void judge(struct pass *pass)
{
    uint64_t size = history_size(pass->audit->history);

    if (pass->audit->store_count > size)
        audit_find(pass->audit, "store.db",
                   "it has applied %" PRIu64 " entries, log and stage hold %" PRIu64,
                   pass->audit->store_count, size);
    else if (pass->store_differs)
        audit_find(pass->audit, "store.db",
                   "its digest after %" PRIu64 " entries is not that of the log",
                   pass->audit->store_count);
}

/* A server may have seen an order since that is not among the entries looked at here. */
static bool has_grown(struct audit *audit, bool *out, struct arena *arena, struct err *err)
{
    struct span now;

    if (!disk_read(audit->disk, LOG_CHECKPOINT, LIMIT_CHECKPOINT_BYTES, &now, arena, err))
        return false;
    *out = !span_equal(now, audit->checkpoint_note);
    return true;
}

/* Nobody destroys what was not ordered to be. */
static bool judge_erased(struct pass *pass, struct err *err)
{
    struct arena arena = {0};
    const struct json *row;
    bool grown = false;
    bool ok = !pass->erased || has_grown(pass->audit, &grown, &arena, err);

    for (const struct erased_part *at = pass->erased; ok && at && !grown && !pass->audit->found;
         at = at->next) {
        arena_reset(&arena);
        ok = get_row(pass, "part", at->commitment, &row, &arena, err);
        if (ok && (!row || span_is(json_get_text(row, "state"), "held")))
            audit_find(pass->audit, arena_printf(&arena, "parts/erased/%.*s", SPAN_ARG(at->stored)),
                       "nobody has ordered that it be erased");
    }
    arena_free(&arena);
    return ok;
}

/* What is damaged, and who is owed for it. */
static void judge_parts(struct audit *audit)
{
    const struct audit_result *result = audit->result;

    if (!audit->damaged[0])
        return;
    if (result->owed == 0 && result->closed_owed > 0)
        audit_find(audit, audit->damaged,
                   "%s; %" PRIu64 " parts that records name, not public, are not here whole",
                   audit->damage, result->closed_owed);
    else if (result->owed == 0)
        audit_find(audit, audit->damaged, "%s; no record is owed a part", audit->damage);
    else
        audit_find(audit, audit->damaged,
                   "%s; %" PRIu64 " parts that records name are not here whole, the first of entry "
                   "%" PRIu64,
                   audit->damage, result->owed, result->owed_entry);
}

bool audit_register(struct audit *audit, struct err *err)
{
    struct pass pass = {.audit = audit};
    size_t rows_bytes = audit->options->rows_bytes;
    bool ok = audit_read_parts(audit, err);

    audit->rows = rows_open(rows_bytes ? rows_bytes : AUDIT_ROWS_BYTES);
    pass.lookup = (struct register_lookup){&pass, get_row, get_root};
    if (ok && !audit->found) {
        ok = take_all(&pass, err) && judge_erased(&pass, err);
        audit->result->unnamed = audit->large - audit->large_named;
        if (ok && !audit->found)
            judge_parts(audit);
        if (ok && !audit->found)
            judge(&pass);
    }
    return ok;
}
