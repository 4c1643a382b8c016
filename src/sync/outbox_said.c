#include "sync/outbox_inside.h"

#include <stdio.h>

/* What was said to a record that was offered. */

#define PUT_OFF_DOUBLINGS 6u

void outbox_offered(struct outbox *outbox, const struct outbox_offer *offer, size_t count,
                    int64_t now_ms)
{
    pthread_mutex_lock(&outbox->lock);
    for (size_t i = 0; i < count; i++) {
        struct outbox_entry *entry = outbox_find(outbox, offer[i].number);

        if (entry && entry->offered_ms == 0)
            entry->offered_ms = now_ms > 0 ? now_ms : 1;
    }
    pthread_mutex_unlock(&outbox->lock);
}

static void hold(struct outbox_entry *entry, enum outbox_hold why, int64_t due_ms,
                 const char *reason)
{
    entry->hold = why;
    entry->due_ms = due_ms;
    snprintf(entry->reason, sizeof entry->reason, "%s", reason);
}

/* --- the note ------------------------------------------------------------ */

/* One that still waits for an answer. */
static struct outbox_entry *find_open(const struct outbox *outbox, uint64_t number)
{
    struct outbox_entry *entry = outbox_find(outbox, number);

    return entry && !entry->promised ? entry : NULL;
}

static bool is_open(struct outbox *outbox, uint64_t number)
{
    pthread_mutex_lock(&outbox->lock);
    bool open = find_open(outbox, number) != NULL;
    pthread_mutex_unlock(&outbox->lock);
    return open;
}

/* Without the lock: nobody else need wait for the disk. */
static bool keep_note(struct outbox *outbox, uint64_t number, const struct answer *answer,
                      struct err *err)
{
    bool promised = answer->kind == ANSWER_LOGGED, refused = answer->kind == ANSWER_REFUSED;
    struct span note = promised ? answer->promise : refused ? answer->refusal : (struct span){0};
    char path[OUTBOX_PATH];

    if (note.len == 0 || !is_open(outbox, number))
        return true;
    if (note.len > OUTBOX_STATEMENT_BYTES)
        return err_set(err, ERR_LIMIT, "a statement of %zu bytes, at most %u", note.len,
                       OUTBOX_STATEMENT_BYTES);
    outbox_path(path, number, promised ? ".promise" : ".refusal");
    return disk_replace(outbox->options.disk, path, note, true, err);
}

/* --- what follows from an answer ----------------------------------------- */

static void take_promise(struct outbox_entry *entry, uint64_t index)
{
    entry->promised = entry->known = true;
    entry->handed = entry->handed || !entry->has_large;
    entry->index = index;
    hold(entry, HOLD_NONE, 0, "");
}

/* A word for it is all there is: an offer whose answer was lost is repeated, and so is what a
 * log that lies has not got. */
static void take_repeated(struct outbox_entry *entry, uint64_t index, int64_t now_ms)
{
    char reason[sizeof entry->reason];

    entry->known = true;
    entry->handed = entry->handed || !entry->has_large;
    snprintf(reason, sizeof reason, "said to be entry %" PRIu64 " of the log", index);
    hold(entry, HOLD_LATER, now_ms + OUTBOX_AGAIN_MS, reason);
}

static int64_t later_ms(int64_t asked)
{
    if (asked < 1000)
        return 1000;
    return asked < OUTBOX_REFUSED_AGAIN_MS ? asked : OUTBOX_REFUSED_AGAIN_MS;
}

static void take_answer(struct outbox_entry *entry, const struct answer *answer, int64_t now_ms)
{
    entry->put_off = 0;
    switch (answer->kind) {
    case ANSWER_LOGGED:
        take_promise(entry, answer->index);
        break;
    case ANSWER_REPEATED:
        take_repeated(entry, answer->index, now_ms);
        break;
    case ANSWER_LATER:
        hold(entry, HOLD_LATER, now_ms + later_ms(answer->later_ms),
             answer->why.kind == ERR_NONE ? "told to come later"
                                          : "over the agreement's quota, or behind what is");
        break;
    case ANSWER_REFUSED:
        entry->refused = entry->refused || answer->refusal.len > 0;
        hold(entry, HOLD_REFUSED, now_ms + OUTBOX_REFUSED_AGAIN_MS, answer->reason);
        break;
    }
}

bool outbox_answered(struct outbox *outbox, uint64_t number, const struct answer *answer,
                     int64_t now_ms, struct err *err)
{
    if (!keep_note(outbox, number, answer, err))
        return err_wrap(err, "the outbox");
    pthread_mutex_lock(&outbox->lock);
    struct outbox_entry *entry = find_open(outbox, number);
    if (entry)
        take_answer(entry, answer, now_ms);
    pthread_mutex_unlock(&outbox->lock);
    return true;
}

static int64_t put_off_ms(struct outbox_entry *entry)
{
    int64_t wait_ms = (int64_t)OUTBOX_PUT_OFF_LEAST_MS << entry->put_off;

    entry->put_off += entry->put_off < PUT_OFF_DOUBLINGS;
    return wait_ms < OUTBOX_AGAIN_MS ? wait_ms : OUTBOX_AGAIN_MS;
}

void outbox_put_off(struct outbox *outbox, uint64_t number, const char *reason, int64_t from_ms)
{
    pthread_mutex_lock(&outbox->lock);
    struct outbox_entry *entry = outbox_find(outbox, number);
    if (entry && !entry->promised)
        hold(entry, HOLD_LATER, from_ms + put_off_ms(entry), reason);
    pthread_mutex_unlock(&outbox->lock);
}

void outbox_hurry(struct outbox *outbox)
{
    pthread_mutex_lock(&outbox->lock);
    for (size_t i = 0; i < outbox->count; i++) {
        if (outbox->at[i]->hold != HOLD_LATER)
            continue;
        hold(outbox->at[i], HOLD_NONE, 0, "");
        outbox->at[i]->put_off = 0;
    }
    pthread_mutex_unlock(&outbox->lock);
}
