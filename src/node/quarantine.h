#pragma once

/*
 * Quarantine: what devices sent and this node refused, byte for byte, for it may be evidence: of a
 * report that was changed, of a device that somebody else has. `DIR/quarantine/HASH` is the body
 * of the request, under its SHA-256; `N.note` (N counts up, 8 digits) says which it was, when it
 * came, from which device and why it was refused, signed by this node's key, and names the note
 * before by its hash: none can be left out later without a gap that shows.
 *
 * The same bytes refused again are kept once and noted once. Any thread may call.
 */

#include "base/arena.h"
#include "ledger/note.h"
#include "sys/disk.h"

/* A device that nobody keeps in check is not to fill the disk. */
#define QUARANTINE_NOTES 10000u
#define QUARANTINE_BYTES (UINT64_C(4) << 30)

struct quarantine;
/* The disk and the signer are the caller's and outlive it. */
MUST_CHECK bool quarantine_open(struct quarantine **out, struct disk *disk, const char *agreement,
                                const struct note_signer *signer, struct err *err);
void quarantine_close(struct quarantine *quarantine); /* NULL is fine */

struct quarantine_why {
    const char *device;
    struct span form, instance; /* as far as they could be read */
    const char *reason;
    int64_t at_ms;
};
/* Durable on return. ERR_LIMIT: there is no more room. */
MUST_CHECK bool quarantine_keep(struct quarantine *quarantine, struct span body,
                                const struct quarantine_why *why, struct err *err);

/* The notes in their order, each as it was signed; for a person. */
MUST_CHECK bool quarantine_list(struct disk *disk, struct span **out, size_t *out_count,
                                struct arena *arena, struct err *err);
