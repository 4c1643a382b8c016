#pragma once

/* Where each part is, by its hash. Zeroed it is not ready: parts_index_open. */

#include "crypto/hash.h"
#include "store/siphash.h"

struct parts_place {
    struct hash stored;
    uint32_t pack; /* 0: a file of its own */
    uint32_t len;
    uint64_t offset;
    bool damaged; /* found so when it was asked for: as good as missing */
    bool erased;  /* for good; then the place is none */
    bool held;    /* there was something to erase */
    bool named;   /* some record is known to name it */
    bool brought; /* or asked for by whoever brings it, since parts_unnamed */
    bool taken;
};

struct parts_index {
    struct siphash_key secret; /* who sends parts chooses their hashes */
    struct parts_place *place;
    size_t room, count; /* room is a power of two */
};

void parts_index_open(struct parts_index *index);
void parts_index_close(struct parts_index *index);
/* NULL when it is not there. Until the next change. */
struct parts_place *parts_index_find(const struct parts_index *index, const struct hash *stored);
/* In the place of one of that hash. */
void parts_index_set(struct parts_index *index, struct parts_place place);
