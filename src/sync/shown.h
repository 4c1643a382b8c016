#pragma once

/*
 * A log that another shows, as a disk that is only read: so that audit (journal/audit.h) can be
 * made of it where nothing but its answers can be had. It lists nothing and holds nothing but
 * log/ and log.vkey.
 *
 * An audit passes over a log twice, and what was proven the first time must be what is judged
 * the second: every answer is remembered, by its hash or, of the few tiles that are not full, as
 * it was; and one that is given differently later is ERR_CONFLICT. That takes some 200 bytes for
 * 256 entries, and nothing else grows with the log.
 */

#include "sync/source.h"
#include "sys/disk.h"

#define SHOWN_LANES 4u /* that can be asked at once: how many tiles are read at a time */

/* Over sources of one log, each asked by one thread at a time; they outlive it. */
struct disk *shown_open(const struct source *lane[], size_t count);
