#include "sync/outbox_inside.h"

#include "sys/entropy.h"

#include <stdio.h>
#include <stdlib.h>

#define FIRST_ROOM 256u /* entries, and buckets */

static void *grown(void *at, size_t size, size_t count)
{
    void *out = reallocarray(at, count, size);

    if (!out)
        abort();
    return out;
}

static struct outbox_entry **bucket_of(const struct outbox *outbox, const struct hash *id)
{
    return &outbox->bucket[siphash(&outbox->secret, hash_span(id)) & (outbox->buckets - 1)];
}

/* Behind those of its bucket, so that of one id the oldest comes first. */
static void link_entry(struct outbox *outbox, struct outbox_entry *entry)
{
    struct outbox_entry **at = bucket_of(outbox, &entry->id);

    while (*at)
        at = &(*at)->next;
    entry->next = NULL;
    *at = entry;
}

static void set_buckets(struct outbox *outbox, size_t buckets)
{
    free(outbox->bucket);
    outbox->bucket = calloc(buckets, sizeof(struct outbox_entry *));
    if (!outbox->bucket)
        abort();
    outbox->buckets = buckets;
    for (size_t i = 0; i < outbox->count; i++)
        link_entry(outbox, outbox->at[i]);
}

void outbox_index_open(struct outbox *outbox)
{
    entropy_fill(&outbox->secret, sizeof outbox->secret);
    set_buckets(outbox, FIRST_ROOM);
}

void outbox_index_close(struct outbox *outbox)
{
    for (size_t i = 0; i < outbox->count; i++)
        free(outbox->at[i]);
    free(outbox->at);
    free(outbox->bucket);
    free(outbox->damage);
}

void outbox_index_add(struct outbox *outbox, struct outbox_entry *entry)
{
    assert(outbox->count == 0 || outbox->at[outbox->count - 1]->number < entry->number);
    if (outbox->count == outbox->room) {
        outbox->room = outbox->room ? 2 * outbox->room : FIRST_ROOM;
        outbox->at = grown(outbox->at, sizeof(struct outbox_entry *), outbox->room);
    }
    outbox->at[outbox->count++] = entry;
    outbox->bytes += entry->bytes;
    if (outbox->count > outbox->buckets)
        set_buckets(outbox, 2 * outbox->buckets);
    else
        link_entry(outbox, entry);
}

size_t outbox_place(const struct outbox *outbox, uint64_t number)
{
    size_t from = 0, to = outbox->count;

    while (from < to) {
        size_t middle = from + (to - from) / 2;

        if (outbox->at[middle]->number < number)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

struct outbox_entry *outbox_find(const struct outbox *outbox, uint64_t number)
{
    size_t from = outbox_place(outbox, number);

    if (from == outbox->count || outbox->at[from]->number != number || outbox->at[from]->gone)
        return NULL;
    return outbox->at[from];
}

static struct outbox_entry *first_of_id(struct outbox_entry *entry, const struct hash *id)
{
    while (entry && (entry->gone || !hash_equal(entry->id, *id)))
        entry = entry->next;
    return entry;
}

struct outbox_entry *outbox_find_id(const struct outbox *outbox, const struct hash *id)
{
    return first_of_id(*bucket_of(outbox, id), id);
}

struct outbox_entry *outbox_next_of_id(const struct outbox_entry *entry)
{
    return first_of_id(entry->next, &entry->id);
}

static void unlink_entry(struct outbox *outbox, struct outbox_entry *entry)
{
    struct outbox_entry **at = bucket_of(outbox, &entry->id);

    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
}

void outbox_sweep(struct outbox *outbox)
{
    size_t kept = 0;

    for (size_t i = 0; i < outbox->count; i++) {
        struct outbox_entry *entry = outbox->at[i];

        if (!entry->gone) {
            outbox->at[kept++] = entry;
            continue;
        }
        outbox->bytes -= entry->bytes;
        outbox->left++;
        unlink_entry(outbox, entry);
        free(entry);
    }
    outbox->count = kept;
}

void outbox_add_damage(struct outbox *outbox, uint64_t number, bool is_record, const char *path,
                       const char *why)
{
    if (outbox->damage_count == outbox->damage_room) {
        outbox->damage_room = outbox->damage_room ? 2 * outbox->damage_room : 16;
        outbox->damage = grown(outbox->damage, sizeof *outbox->damage, outbox->damage_room);
    }
    struct outbox_damage *damage = &outbox->damage[outbox->damage_count++];
    damage->number = number;
    damage->is_record = is_record;
    snprintf(damage->path, sizeof damage->path, "%s", path);
    snprintf(damage->why, sizeof damage->why, "%s", why);
}
