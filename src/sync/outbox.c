#include "sync/outbox_inside.h"

#include "codec/hex.h"

#include <stdio.h>
#include <stdlib.h>

/* --- opening ------------------------------------------------------------- */

bool outbox_open(struct outbox **out, const struct outbox_options *options, int64_t now_ms,
                 struct err *err)
{
    struct outbox *outbox = calloc(1, sizeof *outbox);

    if (!outbox || pthread_mutex_init(&outbox->lock, NULL) ||
        pthread_mutex_init(&outbox->putting, NULL))
        abort();
    outbox->options = *options;
    if (outbox->options.records == 0)
        outbox->options.records = OUTBOX_RECORDS;
    if (outbox->options.bytes == 0)
        outbox->options.bytes = OUTBOX_BYTES;
    outbox_index_open(outbox);
    if (!outbox_load(outbox, now_ms, err)) {
        outbox_close(outbox);
        return err_wrap(err, "open the outbox");
    }
    *out = outbox;
    return true;
}

void outbox_close(struct outbox *outbox)
{
    if (!outbox)
        return;
    outbox_index_close(outbox);
    pthread_mutex_destroy(&outbox->lock);
    pthread_mutex_destroy(&outbox->putting);
    free(outbox);
}

/* --- putting ------------------------------------------------------------- */

/* The same note with the same parts is here once; and so is one without parts, when that
 * note is here with any: it adds nothing. */
static bool is_here(struct outbox *outbox, const struct outbox_entry *entry)
{
    bool found = false;

    pthread_mutex_lock(&outbox->lock);
    struct outbox_entry *here = outbox_find_id(outbox, &entry->id);
    for (; here && !found; here = outbox_next_of_id(here))
        found = hash_equal(here->leaf, entry->leaf) &&
                (!entry->has_parts || hash_equal(here->payload, entry->payload));
    pthread_mutex_unlock(&outbox->lock);
    return found;
}

/* The bytes of its file and what is known of it from them, in the arena. */
static bool prepare(struct outbox_entry *out, struct span *out_bytes,
                    const struct submission *submission, int64_t now_ms, struct arena *arena,
                    struct err *err)
{
    struct outbox_file file;

    if (!outbox_file_encode(out_bytes, submission, now_ms, arena, err) ||
        !outbox_file_parse(&file, *out_bytes, arena, err))
        return false;
    outbox_entry_fill(out, &file);
    out->bytes = out_bytes->len;
    return true;
}

static bool check_limits(struct outbox *outbox, size_t more, uint64_t more_bytes, struct err *err)
{
    pthread_mutex_lock(&outbox->lock);
    size_t records = outbox->count + more;
    uint64_t bytes = outbox->bytes + more_bytes, numbers = OUTBOX_NUMBER_MOST - outbox->last;
    pthread_mutex_unlock(&outbox->lock);

    if (records > outbox->options.records)
        return err_set(err, ERR_LIMIT, "%zu records would wait, at most %zu may", records,
                       outbox->options.records);
    if (bytes > outbox->options.bytes)
        return err_set(err, ERR_LIMIT, "%" PRIu64 " bytes would wait, at most %" PRIu64 " may",
                       bytes, outbox->options.bytes);
    return more <= numbers ||
           err_set(err, ERR_LIMIT, "the numbers of its files have come to their end");
}

/* All of them, before the first is written. */
static bool check_room(struct outbox *outbox, const struct submission *submission, size_t count,
                       struct arena *arena, struct err *err)
{
    size_t more = 0;
    uint64_t more_bytes = 0;

    for (size_t i = 0; i < count; i++) {
        struct outbox_entry entry;
        struct span file;

        arena_reset(arena);
        if (!prepare(&entry, &file, &submission[i], 0, arena, err))
            return err_wrap(err, "record %zu of %zu", i + 1, count);
        if (is_here(outbox, &entry))
            continue;
        more++;
        more_bytes += entry.bytes;
    }
    return more == 0 || check_limits(outbox, more, more_bytes, err);
}

/* Whatever becomes of it: no number is used twice. */
static uint64_t take_number(struct outbox *outbox)
{
    pthread_mutex_lock(&outbox->lock);
    uint64_t number = ++outbox->last;
    pthread_mutex_unlock(&outbox->lock);
    return number;
}

static void add(struct outbox *outbox, const struct outbox_entry *made)
{
    struct outbox_entry *entry = malloc(sizeof *entry);

    if (!entry)
        abort();
    *entry = *made;
    pthread_mutex_lock(&outbox->lock);
    outbox_index_add(outbox, entry);
    pthread_mutex_unlock(&outbox->lock);
}

static bool put_one(struct outbox *outbox, const struct submission *submission, int64_t now_ms,
                    struct arena *arena, struct err *err)
{
    struct outbox_entry made;
    char path[OUTBOX_PATH];
    struct span bytes;

    arena_reset(arena);
    if (!prepare(&made, &bytes, submission, now_ms, arena, err))
        return false;
    if (is_here(outbox, &made))
        return true;
    made.number = take_number(outbox);
    outbox_path(path, made.number, "");
    if (!disk_replace(outbox->options.disk, path, bytes, true, err))
        return false;
    add(outbox, &made);
    return true;
}

bool outbox_put(struct outbox *outbox, const struct submission *submission, size_t count,
                int64_t now_ms, struct err *err)
{
    struct arena arena = {0};

    pthread_mutex_lock(&outbox->putting);
    bool ok = check_room(outbox, submission, count, &arena, err);
    for (size_t i = 0; ok && i < count; i++)
        ok = put_one(outbox, &submission[i], now_ms, &arena, err);
    pthread_mutex_unlock(&outbox->putting);
    arena_free(&arena);
    return ok || err_wrap(err, "the outbox");
}

/* --- the end of a chain -------------------------------------------------- */

static bool check_unbroken(const struct outbox *outbox, struct err *err)
{
    for (size_t i = 0; i < outbox->damage_count; i++)
        if (outbox->damage[i].is_record)
            return err_set(err, ERR_CONFLICT,
                           "%s is damaged (%s), and may be this key's last record: mend it or "
                           "drop it before the key signs again",
                           outbox->damage[i].path, outbox->damage[i].why);
    return true;
}

/* The largest seq of this name below `below`. */
static struct outbox_entry *largest(const struct outbox *outbox, const char *by, uint64_t below)
{
    struct outbox_entry *found = NULL;

    for (size_t i = 0; i < outbox->count; i++) {
        struct outbox_entry *entry = outbox->at[i];

        if (entry->gone || entry->seq >= below || strcmp(entry->by, by) != 0)
            continue;
        if (!found || entry->seq > found->seq)
            found = entry;
    }
    return found;
}

/* Whether one of this name and seq is signed by the key: of two that are, the first counts. */
static bool find_signed(struct outbox *outbox, const struct note_key *key, uint64_t seq,
                        struct outbox_last *out)
{
    struct arena arena = {0};
    bool found = false;

    for (size_t i = 0; i < outbox->count && !found; i++) {
        struct outbox_entry *entry = outbox->at[i];
        struct outbox_file file;

        if (entry->gone || entry->seq != seq || strcmp(entry->by, key->name) != 0)
            continue;
        arena_reset(&arena);
        found = outbox_read(outbox, entry, &file, &arena) && record_verify(&file.record, key);
        if (found) {
            out->seq = seq;
            memcpy(out->id, file.record.id_text, sizeof out->id);
        }
    }
    arena_free(&arena);
    return found;
}

bool outbox_last(struct outbox *outbox, const struct note_key *key, struct outbox_last *out,
                 struct err *err)
{
    struct outbox_last last = {0};
    uint64_t below = UINT64_MAX;
    struct outbox_entry *entry;

    pthread_mutex_lock(&outbox->lock);
    while (last.seq == 0 && (entry = largest(outbox, key->name, below))) {
        below = entry->seq;
        (void)!find_signed(outbox, key, below, &last);
    }
    outbox_sweep(outbox); /* what could not be read is damaged now */
    bool ok = check_unbroken(outbox, err);
    pthread_mutex_unlock(&outbox->lock);
    if (ok)
        *out = last;
    return ok;
}

/* --- dropping ------------------------------------------------------------ */

static size_t damages_of(const struct outbox *outbox, uint64_t number)
{
    size_t count = 0;

    for (size_t i = 0; i < outbox->damage_count; i++)
        count += outbox->damage[i].number == number;
    return count;
}

static void forget_damage(struct outbox *outbox, uint64_t number)
{
    size_t kept = 0;

    for (size_t i = 0; i < outbox->damage_count; i++)
        if (outbox->damage[i].number != number)
            outbox->damage[kept++] = outbox->damage[i];
    outbox->damage_count = kept;
}

static bool drop(struct outbox *outbox, uint64_t number, struct err *err)
{
    struct outbox_entry *entry = outbox_find(outbox, number);
    /* Beside it there may be a promise or a refusal that cannot be read: all names go. */
    struct outbox_entry all = {.number = number, .promised = true, .refused = true};
    struct outbox_entry *const names = &all;

    if (number == 0 || (!entry && damages_of(outbox, number) == 0))
        return err_set(err, ERR_MISSING, "there is no number %" PRIu64, number);
    if (entry && entry->promised)
        return err_set(err, ERR_REFUSED,
                       "number %" PRIu64 " is promised entry %" PRIu64
                       ": it leaves when this copy of the log has that",
                       number, entry->index);
    if (!outbox_remove(outbox, &names, 1, err))
        return false;
    if (entry)
        entry->gone = true;
    outbox_sweep(outbox);
    forget_damage(outbox, number);
    return true;
}

bool outbox_drop(struct outbox *outbox, uint64_t number, struct err *err)
{
    pthread_mutex_lock(&outbox->lock);
    bool ok = drop(outbox, number, err);
    pthread_mutex_unlock(&outbox->lock);
    return ok || err_wrap(err, "the outbox");
}

/* --- what there is ------------------------------------------------------- */

const char *outbox_state_word(enum outbox_state state)
{
    static const char *const words[] = {
        [OUTBOX_WAITING] = "waiting",
        [OUTBOX_PROMISED] = "promised",
        [OUTBOX_REFUSED] = "refused",
        [OUTBOX_LOGGED] = "logged",
    };

    assert(state < ARRAY_LEN(words));
    return words[state];
}

static enum outbox_state state_of(const struct outbox_entry *entry)
{
    if (entry->logged)
        return OUTBOX_LOGGED;
    if (entry->promised)
        return OUTBOX_PROMISED;
    return entry->hold == HOLD_REFUSED ? OUTBOX_REFUSED : OUTBOX_WAITING;
}

static void fill_item(struct outbox_item *out, const struct outbox_entry *entry)
{
    out->number = entry->number;
    hex_text(out->id, hash_span(&entry->id));
    memcpy(out->kind, entry->kind, sizeof out->kind);
    memcpy(out->by, entry->by, sizeof out->by);
    out->seq = entry->seq;
    out->since_ms = entry->since_ms;
    out->bytes = entry->bytes;
    out->state = state_of(entry);
    out->index = entry->index;
    memcpy(out->reason, entry->reason, sizeof out->reason);
}

void outbox_list(struct outbox *outbox, uint64_t after, size_t most, const struct outbox_item **out,
                 size_t *out_count, struct arena *arena)
{
    size_t count = 0;

    pthread_mutex_lock(&outbox->lock);
    size_t first = outbox_place(outbox, after + 1), there = outbox->count - first;
    struct outbox_item *item = ARENA_ARRAY(arena, struct outbox_item, most < there ? most : there);
    for (size_t i = first; i < outbox->count && count < most; i++)
        fill_item(&item[count++], outbox->at[i]);
    pthread_mutex_unlock(&outbox->lock);
    *out = item;
    *out_count = count;
}

bool outbox_get(struct outbox *outbox, uint64_t number, struct submission *out, struct arena *arena)
{
    struct outbox_file file;

    pthread_mutex_lock(&outbox->lock);
    struct outbox_entry *entry = outbox_find(outbox, number);
    bool ok = entry && outbox_read(outbox, entry, &file, arena);
    if (!ok)
        outbox_sweep(outbox); /* it is damaged now */
    pthread_mutex_unlock(&outbox->lock);
    if (ok)
        *out = file.submission;
    return ok;
}

void outbox_damaged(struct outbox *outbox, const struct outbox_damage **out, size_t *out_count,
                    struct arena *arena)
{
    pthread_mutex_lock(&outbox->lock);
    struct outbox_damage *damage = ARENA_ARRAY(arena, struct outbox_damage, outbox->damage_count);
    for (size_t i = 0; i < outbox->damage_count; i++)
        damage[i] = outbox->damage[i];
    *out_count = outbox->damage_count;
    pthread_mutex_unlock(&outbox->lock);
    *out = damage;
}

void outbox_status(struct outbox *outbox, struct outbox_status *out)
{
    struct outbox_status status = {0};

    pthread_mutex_lock(&outbox->lock);
    for (size_t i = 0; i < outbox->count; i++) {
        const struct outbox_entry *entry = outbox->at[i];

        status.state[state_of(entry)]++;
        if (status.oldest_ms == 0 || entry->since_ms < status.oldest_ms)
            status.oldest_ms = entry->since_ms;
    }
    status.damaged = outbox->damage_count;
    status.left = outbox->left;
    status.bytes = outbox->bytes;
    pthread_mutex_unlock(&outbox->lock);
    *out = status;
}

size_t outbox_overdue(struct outbox *outbox, int64_t now_ms, int64_t patience_ms,
                      struct outbox_overdue *out, size_t most)
{
    size_t count = 0;

    pthread_mutex_lock(&outbox->lock);
    for (size_t i = 0; i < outbox->count && count < most; i++) {
        const struct outbox_entry *entry = outbox->at[i];

        if (entry->logged || entry->offered_ms == 0 || now_ms - entry->offered_ms < patience_ms ||
            (entry->refused && entry->hold == HOLD_REFUSED) ||
            outbox_find_id(outbox, &entry->id) != entry)
            continue;
        hex_text(out[count].id, hash_span(&entry->id));
        out[count++].since_ms = entry->offered_ms;
    }
    pthread_mutex_unlock(&outbox->lock);
    return count;
}
