#pragma once

/*
 * Reading a log directory: entries, hashes, proofs. It trusts nothing but the sizes it
 * is asked for; whether what it reads is right is for audit to say.
 */

#include "ledger/checkpoint.h"
#include "ledger/merkle.h"
#include "ledger/tile.h"
#include "sys/disk.h"

#define LOG_CHECKPOINT "log/checkpoint"
#define LOG_PATH (TILE_PATH + 4u)
#define LOG_BUNDLE_BYTES (TILE_WIDTH * (2u + LIMIT_ENTRY_BYTES))

struct log_reader;

/* Over the published log of `size` entries below "log/" of the disk. One thread. */
MUST_CHECK bool log_reader_open(struct log_reader **out, struct disk *disk, uint64_t size,
                                struct err *err);
void log_reader_close(struct log_reader *reader); /* NULL is fine */
/* The log only grows. */
void log_reader_resize(struct log_reader *reader, uint64_t size);
uint64_t log_reader_size(const struct log_reader *reader);
/* Entry `index`; valid until the next call. */
MUST_CHECK bool log_reader_entry(struct log_reader *reader, uint64_t index, struct span *out,
                                 struct err *err);
/* A merkle_lookup (context: the reader). */
bool log_reader_hash(void *reader, unsigned level, uint64_t index, struct hash *out,
                     struct err *err);
/* The checkpoint as published: its bytes. ERR_MISSING when there is none. */
MUST_CHECK bool log_reader_checkpoint(struct disk *disk, struct span *out, struct arena *arena,
                                      struct err *err);

/* "log/" and the tile's path. `out` holds LOG_PATH bytes. */
void log_tile_path(char *out, struct tile tile);
/* A tile of hashes, exactly `tile.width` of them; where the partial tile made way for the
 * full one, from that. */
MUST_CHECK bool log_read_hashes(struct disk *disk, struct tile tile, struct hash out[TILE_WIDTH],
                                struct arena *arena, struct err *err);
/* Likewise a bundle, whose entries are not looked at; it may hold more than `width`. */
MUST_CHECK bool log_read_bundle(struct disk *disk, struct tile tile, struct span *out,
                                struct arena *arena, struct err *err);
