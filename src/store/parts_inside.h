#pragma once

/* Parts from inside: what their files share. Nobody else includes this. */

#include <pthread.h>
#include <stdio.h>

#include "base/limits.h"
#include "codec/hex.h"
#include "store/pack.h"
#include "store/parts.h"
#include "store/parts_index.h"

#define PARTS_PACKS "parts/pack"
#define PARTS_LARGE "parts/large"
#define PARTS_ERASED "parts/erased"
#define PARTS_PATH 100u

/* Large parts that may be written at one time: two of one hash never are. */
#define PARTS_HANDS 16u

struct parts {
    struct disk *disk;
    bool read_only;
    pthread_rwlock_t lock; /* of the index: readers are on any thread */
    struct parts_index index;
    struct parts_place *copy; /* those that the index does not lead to: older, or to be destroyed */
    size_t copy_count, copy_room;
    pthread_mutex_t hand[PARTS_HANDS]; /* by the first bits of a large part's hash: who writes it */

    /* The writer's alone. */
    uint32_t pack;          /* the one that is appended to; 0: none yet */
    uint64_t pack_size;     /* what stands in it */
    struct disk_file *file; /* NULL: not open yet */
    bool unsynced;
    bool unnamed; /* the pack is new: its directory is to be synced as well */
};

static inline const char *parts_pack_path(char out[PARTS_PATH], uint32_t pack)
{
    snprintf(out, PARTS_PATH, PARTS_PACKS "/%06u", (unsigned)pack);
    return out;
}

static inline const char *parts_hash_path(char out[PARTS_PATH], const char *directory,
                                          const struct hash *stored)
{
    char name[2 * HASH_BYTES + 1];

    hex_text(name, hash_span(stored));
    snprintf(out, PARTS_PATH, "%s/%s", directory, name);
    return out;
}

static inline const char *parts_large_path(char out[PARTS_PATH], const struct hash *stored)
{
    return parts_hash_path(out, PARTS_LARGE, stored);
}

/* parts.c: what is known of it; false when nothing is. */
bool parts_find(struct parts *parts, const struct hash *stored, struct parts_place *out);

/* parts_erase.c: one more copy that the index does not lead to. The lock is held. */
void parts_keep_copy(struct parts *parts, struct parts_place place);
/* What an erasure had not come to when it was cut off. */
MUST_CHECK bool parts_end_erasing(struct parts *parts, struct err *err);
