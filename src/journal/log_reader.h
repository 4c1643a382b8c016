#pragma once

/*
 * Reading a log directory: entries, hashes, proofs. It trusts nothing but the sizes it
 * is asked for; whether what it reads is right is for audit to say.
 */

#include "ledger/checkpoint.h"
#include "ledger/merkle.h"
#include "ledger/tile.h"
#include "sys/disk.h"

struct log_reader;

/* Over the published log of `size` entries below "log/" of the disk. One thread. */
MUST_CHECK bool log_reader_open(struct log_reader **out, struct disk *disk, uint64_t size,
                                struct err *err);
void log_reader_close(struct log_reader *reader);
void log_reader_resize(struct log_reader *reader, uint64_t size);
/* Entry `index`; valid until the next call. */
MUST_CHECK bool log_reader_entry(struct log_reader *reader, uint64_t index, struct span *out,
                                 struct err *err);
/* A merkle_lookup (context: the reader). */
bool log_reader_hash(void *reader, unsigned level, uint64_t index, struct hash *out,
                     struct err *err);
/* The checkpoint as published: its bytes. ERR_MISSING when there is none. */
MUST_CHECK bool log_reader_checkpoint(struct disk *disk, struct span *out, struct arena *arena,
                                      struct err *err);
