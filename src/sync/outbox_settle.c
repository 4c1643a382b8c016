#include "sync/outbox_inside.h"

#include "codec/hex.h"

#include <stdio.h>

#define EVIDENCE_PATH 64u

/*
 * What the log has leaves, and what was promised is held against it. The log is asked without
 * the lock, for it may be slow and many may wait; then what is still as it was is acted upon.
 */

/* --- asking the log ------------------------------------------------------ */

struct asked {
    uint64_t number;
    struct hash id, leaf;
    bool promised;
    uint64_t index; /* promised */

    bool there;     /* the record is in the log */
    bool elsewhere; /* but not where it was promised */
    bool reached;   /* the log has the index that was promised */
    bool kept;      /* and that leaf there */
};

static size_t snapshot(struct outbox *outbox, struct asked **out, struct arena *arena)
{
    pthread_mutex_lock(&outbox->lock);
    size_t count = outbox->count;
    struct asked *asked = ARENA_ARRAY(arena, struct asked, count);
    for (size_t i = 0; i < count; i++) {
        const struct outbox_entry *entry = outbox->at[i];

        asked[i] = (struct asked){.number = entry->number,
                                  .id = entry->id,
                                  .leaf = entry->leaf,
                                  .promised = entry->promised,
                                  .index = entry->index};
    }
    pthread_mutex_unlock(&outbox->lock);
    *out = asked;
    return count;
}

static bool ask(struct asked *asked, const struct outbox_log *log, struct err *err)
{
    char id[2 * HASH_BYTES + 1];
    uint64_t index = 0;
    struct hash leaf;

    hex_text(id, hash_span(&asked->id));
    if (!log->find(log->context, id, &asked->there, &index, err))
        return false;
    if (!asked->promised)
        return true;
    if (!log->leaf(log->context, asked->index, &asked->reached, &leaf, err))
        return false;
    asked->kept = asked->reached && hash_equal(leaf, asked->leaf);
    asked->elsewhere = asked->there && index != asked->index;
    return true;
}

static bool is_broken(const struct asked *asked)
{
    return asked->promised && (asked->reached ? !asked->kept : asked->elsewhere);
}

static size_t count_broken(const struct asked *asked, size_t count)
{
    size_t broken = 0;

    for (size_t i = 0; i < count; i++)
        broken += is_broken(&asked[i]);
    return broken;
}

/* --- acting on it -------------------------------------------------------- */

struct settling {
    struct outbox *outbox;
    struct outbox_entry **leave;
    size_t leave_count;
    struct outbox_broken *broken;
    size_t broken_count;
    struct arena *arena;
};

/* Under a name that follows from the note, so that the same is there once. */
static bool keep_evidence(struct settling *settling, const struct outbox_entry *entry,
                          struct span note, const char **out_path, struct err *err)
{
    struct hash hash = hash_of(note);
    char sum[2 * HASH_BYTES + 1];

    hex_text(sum, hash_span(&hash));
    *out_path =
        arena_printf(settling->arena, "evidence/promise-%" PRIu64 "-%.16s", entry->index, sum);
    return disk_replace(settling->outbox->options.disk, *out_path, note, true, err);
}

static bool tell_broken(struct settling *settling, struct outbox_entry *entry,
                        const struct asked *asked, struct err *err)
{
    struct outbox_broken *broken = &settling->broken[settling->broken_count];
    struct promise promise;
    struct span note;

    if (!outbox_read_promise(settling->outbox, entry, &promise, &note, settling->arena))
        return true; /* damaged, and told */
    if (!keep_evidence(settling, entry, note, &broken->path, err))
        return false;
    hex_text(broken->id, hash_span(&entry->id));
    broken->index = entry->index;
    broken->reached = asked->reached;
    settling->broken_count++;
    return asked->there || outbox_unpromise(settling->outbox, entry, err);
}

static bool settle_one(struct settling *settling, const struct asked *asked, struct err *err)
{
    struct outbox_entry *entry = outbox_find(settling->outbox, asked->number);

    if (!entry || entry->promised != asked->promised)
        return true; /* something was said to it meanwhile: another time */
    if (is_broken(asked) && !tell_broken(settling, entry, asked, err))
        return false;
    if (!asked->there)
        return true;
    entry->logged = entry->known = true;
    if (entry->handed || !entry->has_parts)
        settling->leave[settling->leave_count++] = entry;
    return true;
}

bool outbox_settle(struct outbox *outbox, const struct outbox_log *log, struct outbox_settled *out,
                   struct arena *arena, struct err *err)
{
    struct settling settling = {.outbox = outbox, .arena = arena};
    struct asked *asked;
    size_t count = snapshot(outbox, &asked, arena);
    bool ok = true;

    for (size_t i = 0; ok && i < count; i++)
        ok = ask(&asked[i], log, err);
    if (!ok)
        return err_wrap(err, "the outbox, settling");
    settling.leave = ARENA_ARRAY(arena, struct outbox_entry *, count);
    settling.broken = ARENA_ARRAY(arena, struct outbox_broken, count_broken(asked, count));

    pthread_mutex_lock(&outbox->lock);
    for (size_t i = 0; ok && i < count; i++)
        ok = settle_one(&settling, &asked[i], err);
    ok = ok && outbox_remove(outbox, settling.leave, settling.leave_count, err);
    outbox_sweep(outbox);
    pthread_mutex_unlock(&outbox->lock);
    if (!ok)
        return err_wrap(err, "the outbox, settling");
    *out = (struct outbox_settled){settling.leave_count, settling.broken, settling.broken_count};
    return true;
}

/* --- the end of a term --------------------------------------------------- */

static bool lapse_one(struct outbox *outbox, struct outbox_entry *entry, const char *origin,
                      struct arena *arena, struct err *err)
{
    struct promise promise;
    struct span note;

    if (!outbox_read_promise(outbox, entry, &promise, &note, arena))
        return true; /* damaged, and told: it is offered again as it is */
    return strcmp(promise.origin, origin) != 0 || outbox_unpromise(outbox, entry, err);
}

bool outbox_lapse(struct outbox *outbox, const char *origin, uint64_t size, struct err *err)
{
    struct arena arena = {0};
    bool ok = true;

    pthread_mutex_lock(&outbox->lock);
    for (size_t i = 0; ok && i < outbox->count; i++) {
        struct outbox_entry *entry = outbox->at[i];

        arena_reset(&arena);
        if (entry->promised && entry->index >= size)
            ok = lapse_one(outbox, entry, origin, &arena, err);
    }
    pthread_mutex_unlock(&outbox->lock);
    arena_free(&arena);
    return ok || err_wrap(err, "the outbox, at the end of a term");
}
