#pragma once

/*
 * Bytes that are too many for memory, on their way: a file without a name, in a directory of
 * the caller's, written in pieces and then mapped to be read. Nothing of it outlives
 * spool_close, or the process: the kernel frees a file that has no name with its last user.
 *
 * A spool is of one thread. What is mapped may be read by any thread, until spool_close. Who
 * reads where the disk fails is stopped by a signal, as with any mapped file; so these are
 * only bytes that are on their way, which their sender still has.
 */

#include "base/err.h"
#include "base/span.h"

struct spool;

/* What is left free for the rest of the directory's file system, where the log must go on being
 * written: two batches of the stage at their largest. */
#define SPOOL_RESERVE_BYTES (UINT64_C(256) << 20)

MUST_CHECK bool spool_open(struct spool **out, const char *directory, struct err *err);
/* ERR_LIMIT when the file system would be left with less than the reserve. After a fault only
 * spool_close. Not after spool_map. */
MUST_CHECK bool spool_put(struct spool *spool, struct span bytes, struct err *err);
uint64_t spool_bytes(const struct spool *spool);
/* All that was put. Asking again gives the same. */
MUST_CHECK bool spool_map(struct spool *spool, struct span *out, struct err *err);
void spool_close(struct spool *spool); /* NULL is fine */
