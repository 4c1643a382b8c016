#pragma once

/*
 * The stage: what is promised and not yet published (doc/format.md §5.6). A batch is
 * written by one append and one sync; from then on it is promised. Each round of
 * publishing leaves its file behind and the next batch begins a new one, so that a file
 * goes as a whole once all its entries are in the tiles.
 *
 * What it reads is our own disk after a crash: a batch that was cut short is the normal
 * end of the last file.
 */

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "sys/disk.h"

/* Payload of one batch: the largest submission (64 MiB, format §6.5) and its framing. */
#define STAGE_PAYLOAD_BYTES ((64u << 20) + (1u << 20))
/* In one batch: LIMIT_RECORD_PARTS for every record. */
#define STAGE_PARTS (LIMIT_BATCH_RECORDS * LIMIT_RECORD_PARTS)

struct stage_batch {
    uint64_t first; /* the index of its first entry */
    const struct span *entry;
    size_t entry_count;
    const struct span *part; /* what is stored, as parts_add takes it */
    size_t part_count;
};

/* How much of a payload an entry or a part takes; the payload stands behind the header. */
#define STAGE_HEADER_BYTES (4u + 8u + 4u + 4u + 4u)
size_t stage_entry_bytes(struct span entry);
size_t stage_part_bytes(struct span part);

/* The batch must keep to the limits above. */
struct span stage_encode(const struct stage_batch *batch, struct arena *arena);
/* The batch that `bytes` begin with; it points into them. ERR_MALFORMED when it is cut
 * short or damaged: it was never answered. */
MUST_CHECK bool stage_parse(struct stage_batch *out, size_t *out_len, struct span bytes,
                            struct arena *arena, struct err *err);

/* The file that batches are appended to. */
struct stage;

/* Makes stage/FIRST, or goes on with it where it has no batch yet, and makes its name
 * durable. */
MUST_CHECK bool stage_open(struct stage **out, struct disk *disk, uint64_t first, struct err *err);
/* One append, one sync. The batch is to follow the one before. */
MUST_CHECK bool stage_write(struct stage *stage, const struct stage_batch *batch,
                            struct arena *arena, struct err *err);
void stage_close(struct stage *stage); /* NULL is fine */

#define STAGE_PATH 32u /* "stage/" and 16 digits */
void stage_path(char out[STAGE_PATH], uint64_t first);

/* The files there are, in order. A name that is none of the stage's is ERR_CONFLICT. */
struct stage_file {
    uint64_t first;
    uint64_t bytes;
};
MUST_CHECK bool stage_list(struct disk *disk, struct stage_file **out, size_t *out_count,
                           struct arena *arena, struct err *err);

/* Walks the batches of one file. Give {disk, file}. */
struct stage_walk {
    struct disk *disk;
    struct stage_file file;
    uint64_t at;    /* where the next batch starts: what stands before is whole */
    uint64_t count; /* entries before it */
};
enum stage_next {
    STAGE_BATCH,
    STAGE_END,
    STAGE_TORN, /* what is left is a batch that was never answered */
};
/* A fault where the disk fails, and where batches do not follow one another. */
MUST_CHECK bool stage_walk_next(struct stage_walk *walk, enum stage_next *out,
                                struct stage_batch *out_batch, struct arena *arena,
                                struct err *err);
