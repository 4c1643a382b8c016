#include "journal/batch.h"

#include "codec/hex.h"
#include "journal/anchor.h"
#include "journal/in_force.h"

/* Long enough that what is over the quota is offered apart from the rest by then. */
#define BEHIND_MS 1000

/* Items. */

/* The hashes of what comes along. */
static struct hash *hash_parts(const struct submission *submission, struct arena *arena)
{
    struct hash *hash = ARENA_ARRAY(arena, struct hash, submission->part_count);

    for (size_t i = 0; i < submission->part_count; i++)
        hash[i] = hash_of(submission->part[i]);
    return hash;
}

static void choose_part(struct item *item, const struct hash *came, const struct hash *stored)
{
    for (size_t i = 0; i < item->submission->part_count; i++) {
        if (hash_equal(came[i], *stored)) {
            item->part[item->part_count] = item->submission->part[i];
            item->hash[item->part_count++] = came[i];
            return;
        }
    }
}

/* Only what the record itself names. Its body is not known to be of any shape yet. */
static void choose_parts(struct item *item, struct arena *arena)
{
    const struct json *parts = json_get(item->record.body, "parts");
    struct hash stored;

    if (!parts || parts->type != JSON_ARRAY || parts->array.count > LIMIT_RECORD_PARTS)
        return;
    const struct hash *came = hash_parts(item->submission, arena);
    item->part = ARENA_ARRAY(arena, struct span, parts->array.count);
    item->hash = ARENA_ARRAY(arena, struct hash, parts->array.count);
    item->part_count = 0;
    for (size_t i = 0; i < parts->array.count; i++) {
        struct span hex = json_get_string(&parts->array.at[i], "stored", (struct span){0});
        if (hex_parse(stored.bytes, sizeof stored.bytes, hex))
            choose_part(item, came, &stored);
    }
}

bool item_judge(struct item *item, const struct register_lookup *lookup, uint64_t size,
                struct arena *arena, struct err *err)
{
    if (!register_door(&item->door, &item->record, lookup, size, item->submission->note, arena,
                       err))
        return err_wrap(err, "the door");
    if (item->door.door != DOOR_REFUSED && item->submission->part_count > 0)
        choose_parts(item, arena);
    return true;
}

bool item_keep_large(struct item *item, struct journal *journal, struct err *err)
{
    size_t small = 0;

    for (size_t i = 0; i < item->part_count; i++) {
        if (item->part[i].len <= LIMIT_SMALL_PART_BYTES) {
            item->part[small] = item->part[i];
            item->hash[small++] = item->hash[i];
        } else if (!parts_add_large(journal->parts, &item->hash[i], item->part[i], err)) {
            return err_wrap(err, "keep a part");
        }
    }
    item->part_count = small;
    return true;
}

bool item_is_unknown(const struct item *item)
{
    return item->door.door == DOOR_REFUSED && strcmp(item->door.reason, "unknown key") == 0;
}

bool item_may_admit(const struct item *item)
{
    struct span kind = item->record.kind;

    return span_starts_with(kind, SPAN_LIT("agreement.")) ||
           span_starts_with(kind, SPAN_LIT("member."));
}

/* Its parts stay outside, too: they come with it. */
static void put_off(struct item *item, int64_t later_ms)
{
    item->later_ms = later_ms;
    item->part_count = 0;
}

void item_put_behind(struct item *item, struct arena *arena)
{
    struct err ignored;

    if (!item->record.id_text[0])
        (void)!record_parse(&item->record, item->submission->note, arena, &ignored);
    put_off(item, BEHIND_MS);
    err_set(&item->door.why, ERR_LIMIT, "behind a record that is over the quota");
}

/* Or begin a version that was agreed before. */
static bool item_may_change_terms(const struct item *item)
{
    return span_starts_with(item->record.kind, SPAN_LIT("agreement.")) ||
           span_is(item->record.kind, "clock.tick");
}

/* Staging and applying. */

static size_t part_bytes(const struct item *item)
{
    size_t sum = 0;

    for (size_t i = 0; i < item->part_count; i++)
        sum += stage_part_bytes(item->part[i]);
    return sum;
}

static struct stage_batch stage_batch_of(struct batch *batch, struct arena *arena)
{
    struct span *entry = ARENA_ARRAY(arena, struct span, batch->entries);
    struct span *part = ARENA_ARRAY(arena, struct span, batch->parts);
    struct stage_batch out = {
        .first = tree_size(batch->journal->tree), .entry = entry, .part = part};

    for (size_t i = 0; i < batch->count; i++) {
        const struct item *item = batch->item[i];

        if (!item->parts_only)
            entry[out.entry_count++] = item->submission->note;
        for (size_t j = 0; j < item->part_count; j++)
            part[out.part_count++] = item->part[j];
    }
    return out;
}

/* Readers find them from here on; the stage holds them until they are synced. */
static bool add_parts(struct journal *journal, const struct stage_batch *staged, struct err *err)
{
    for (size_t i = 0; i < staged->part_count; i++) {
        journal->parts_unsynced = true;
        if (!parts_add(journal->parts, staged->part[i], err))
            return false;
    }
    return true;
}

static bool apply_item(struct journal *journal, struct item *item, struct arena *arena,
                       struct err *err)
{
    struct register_entry entry = {.index = tree_size(journal->tree),
                                   .bytes = item->submission->note,
                                   .author_verified = true};
    struct effects effects;

    item->door.index = entry.index;
    item->leaf = merkle_leaf(entry.bytes);
    if (item_may_change_terms(item))
        journal->quota_known = false;
    return tree_push(journal->tree, item->leaf, err) &&
           applier_apply(&journal->applier, journal->tx, &entry, &effects, arena, err);
}

static bool apply_all(struct batch *batch, struct err *err)
{
    struct arena arena = {0};
    bool ok = journal_tx(batch->journal, err);

    for (size_t i = 0; ok && i < batch->count; i++) {
        arena_reset(&arena);
        if (!batch->item[i]->parts_only)
            ok = apply_item(batch->journal, batch->item[i], &arena, err);
    }
    arena_free(&arena);
    return ok;
}

/* From stage_write's return on, the batch is promised. */
bool batch_flush(struct batch *batch, struct err *err)
{
    struct journal *journal = batch->journal;
    struct arena arena = {0};

    if (batch->count == 0)
        return true;
    struct stage_batch staged = stage_batch_of(batch, &arena);
    bool ok = stage_write(journal->stage, &staged, &arena, err) &&
              add_parts(journal, &staged, err) && apply_all(batch, err);
    arena_free(&arena);
    batch->count = batch->entries = batch->parts = batch->bytes = 0;
    batch->admits = false;
    return ok || journal_break(journal, err);
}

/* Judging in order. */

/* The log begins with an entry 0 that names this log, and holds: after a void one nothing
 * could ever take effect. */
static bool check_first(struct batch *batch, const struct item *item, struct err *err)
{
    struct journal *journal = batch->journal;
    struct note_key promise = note_signer_key(journal->options.promise);
    struct applier_lookup rows = {.root = tree_root, .root_context = journal->tree};
    struct register_lookup lookup = applier_lookup(&rows);
    struct register_entry entry = {.bytes = item->submission->note};
    struct effects effects;
    struct anchor anchor;

    if (!anchor_parse(&anchor, entry.bytes, err) ||
        !anchor_check(&anchor, journal->options.agreement, &journal->keys.at[0], &promise, err) ||
        !register_apply(&effects, &lookup, &entry, &batch->arena, err))
        return false;
    return effects.verdict == VERDICT_HOLDS ||
           err_set(err, ERR_REFUSED, "entry 0 would not hold: %.*s", SPAN_ARG(effects.why));
}

static bool judge_now(struct batch *batch, struct item *item, const struct register_lookup *lookup,
                      struct err *err)
{
    return item_judge(item, lookup, tree_size(batch->journal->tree), &batch->arena, err);
}

/* It may be signed by a key that what is pending admits. */
static bool judge_anew(struct batch *batch, struct item *item, const struct register_lookup *lookup,
                       struct err *err)
{
    if (tree_size(batch->journal->tree) == 0 && !batch_flush(batch, err))
        return false;
    if (!judge_now(batch, item, lookup, err))
        return false;
    if (!item_is_unknown(item) || !batch->admits)
        return true;
    return batch_flush(batch, err) && judge_now(batch, item, lookup, err);
}

/* What was open when it was judged may have been logged since; its row is that of every
 * record that passed the door (format §9.4). */
static bool judge_again(struct batch *batch, struct item *item,
                        const struct register_lookup *lookup, struct err *err)
{
    const struct json *row;

    if (item->door.door != DOOR_OPEN)
        return true;
    if (!lookup->get(lookup->context, "record", span_of(item->record.id_text), &row, &batch->arena,
                     err))
        return false;
    if (row) {
        item->door.door = DOOR_REPEATED;
        item->door.index = (uint64_t)json_get_integer(row, "index", 0);
    }
    return true;
}

static void find_pending(const struct batch *batch, struct item *item)
{
    uint64_t index = tree_size(batch->journal->tree);

    for (size_t i = 0; i < batch->count; i++) {
        const struct item *other = batch->item[i];

        if (!other->parts_only && hash_equal(other->record.id, item->record.id)) {
            item->door.door = DOOR_REPEATED;
            item->door.index = index;
            return;
        }
        index += !other->parts_only;
    }
}

static void drop_known_parts(struct journal *journal, struct item *item)
{
    size_t count = 0;

    for (size_t i = 0; i < item->part_count; i++) {
        if (parts_have(journal->parts, &item->hash[i]) ||
            parts_erased(journal->parts, &item->hash[i]))
            continue;
        item->part[count] = item->part[i];
        item->hash[count++] = item->hash[i];
    }
    item->part_count = count;
}

static bool add(struct batch *batch, struct item *item, struct err *err)
{
    size_t bytes = part_bytes(item);

    if (!item->parts_only)
        bytes += stage_entry_bytes(item->submission->note);
    assert(bytes <= STAGE_PAYLOAD_BYTES); /* append.c refuses larger ones */
    if ((batch->count == LIMIT_BATCH_RECORDS || batch->bytes + bytes > STAGE_PAYLOAD_BYTES) &&
        !batch_flush(batch, err))
        return false;
    batch->item[batch->count++] = item;
    batch->entries += !item->parts_only;
    batch->parts += item->part_count;
    batch->bytes += bytes;
    batch->admits |= !item->parts_only && item_may_admit(item);
    return true;
}

static void put_off_over(struct item *item, const struct quota *quota, int64_t later_ms)
{
    const struct terms_quota *terms = &quota->terms;

    if (later_ms == 0)
        return;
    put_off(item, later_ms);
    err_set(&item->door.why, ERR_LIMIT,
            "over the quota: in %" PRId64 " seconds the log takes %" PRId64
            " records of one key, and %" PRId64 " of one organisation",
            terms->window_ms / 1000, terms->of_key, terms->of_organisation);
}

static bool know_quota(struct batch *batch, struct err *err)
{
    struct journal *journal = batch->journal;
    struct span head;

    if (journal->quota_known)
        return true;
    if (!in_force_term(store_tx_reader(journal->tx), "agreement", STORE_LATEST, &head,
                       &batch->arena, err))
        return false;
    quota_set(&journal->quota, head);
    journal->quota_known = true;
    return true;
}

/* Of what is to be logged. An author alone has a quota. */
static bool charge(struct batch *batch, struct item *item, const struct register_lookup *lookup,
                   struct err *err)
{
    struct quota *quota = &batch->journal->quota;
    const struct span none = {0};
    const struct json *key;

    if (!know_quota(batch, err))
        return false;
    if (quota->terms.window_ms == 0)
        return true;
    if (!lookup->get(lookup->context, "key", item->record.by, &key, &batch->arena, err))
        return false;
    if (!key || !span_is(json_get_string(key, "job", none), "author"))
        return true;
    put_off_over(item, quota,
                 quota_take(quota, item->record.kind, item->record.by,
                            json_get_string(key, "org", none),
                            clock_now_ms(batch->journal->options.clock)));
    return true;
}

bool batch_take(struct batch *batch, struct item *item, struct err *err)
{
    struct journal *journal = batch->journal;

    if (!journal_tx(journal, err))
        return false;
    struct applier_lookup rows = {.reader = store_tx_reader(journal->tx), .as_of = STORE_LATEST};
    struct register_lookup lookup = applier_lookup(&rows);

    if (!(item->judged ? judge_again : judge_anew)(batch, item, &lookup, err))
        return false;
    if (item->door.door == DOOR_OPEN)
        find_pending(batch, item);
    if (item->door.door == DOOR_REFUSED)
        return true;
    if (!item_keep_large(item, journal, err)) /* of one that could not be judged before */
        return false;
    if (item->door.door == DOOR_REPEATED) {
        drop_known_parts(journal, item);
        item->parts_only = true;
        return item->part_count == 0 || add(batch, item, err);
    }
    if (tree_size(journal->tree) == 0 && batch->count == 0 && !check_first(batch, item, err))
        return false;
    return charge(batch, item, &lookup, err) && (item->later_ms > 0 || add(batch, item, err));
}
