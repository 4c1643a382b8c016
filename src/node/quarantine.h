#pragma once

/*
 * Quarantine: what came in and this node refused, byte for byte, for it may be evidence: of a
 * report that was changed, of a device that somebody else has. `DIR/quarantine/HASH` is the body
 * of the request, or the mail, under its SHA-256; `N.note` (N counts up, 8 digits) says which it
 * was, when it came, from which device and why it was refused, signed by this node's key, and names
 * the note before by its hash: none can be left out later without a gap that shows.
 *
 * And each is recorded, by the gateway key as soon as there is one (intake.refuse): `ID.record`
 * says of which notes a record was signed, written before it is handed in. A device that is refused
 * again and again does not fill the log: of one device, way and reason there is a record in
 * QUARANTINE_EVERY_MS at most, which says of how many and holds the last note, and so all of them.
 *
 * The same bytes refused again are kept once and noted once. Any thread may keep; what is recorded
 * is for one.
 */

#include "codec/json.h"
#include "ledger/note.h"
#include "sys/disk.h"

/* A device that nobody keeps in check is not to fill the disk, and strangers less so. */
#define QUARANTINE_NOTES 10000u
#define QUARANTINE_NOTES_OF_STRANGERS 1000u
#define QUARANTINE_BYTES (UINT64_C(4) << 30)
#define QUARANTINE_EVERY_MS INT64_C(600000)
/* The device of a message or a mail whose sender is not registered. */
#define QUARANTINE_STRANGER "unknown"
#define QUARANTINE_DEVICE_BYTES 100u
#define QUARANTINE_HEX_TEXT 65

struct quarantine;
/* The disk and the signer are the caller's and outlive it. */
MUST_CHECK bool quarantine_open(struct quarantine **out, struct disk *disk, const char *agreement,
                                const struct note_signer *signer, struct err *err);
void quarantine_close(struct quarantine *quarantine); /* NULL is fine */

struct quarantine_why {
    const char *via;            /* a word of intake.refuse, like the next */
    const char *word;           /* why */
    const char *device;         /* or the pseudonym of a sender */
    struct span form, instance; /* as far as they could be read */
    const char *reason;         /* in words, for a person */
    int64_t at_ms;
};
/* Durable on return. ERR_LIMIT: there is no more room. */
MUST_CHECK bool quarantine_keep(struct quarantine *quarantine, struct span body,
                                const struct quarantine_why *why, struct err *err);

/* --- what is recorded --- */

/* All of a device, way and reason that no record was signed of. */
struct quarantine_batch {
    char device[QUARANTINE_DEVICE_BYTES + 1], via[16], word[16];
    char body[QUARANTINE_HEX_TEXT]; /* of the last of them */
    char note[QUARANTINE_HEX_TEXT]; /* the hash of its note */
    unsigned group, last;           /* inside */
    size_t count;
};
/* The next one that is due; false: none is. */
bool quarantine_due(struct quarantine *quarantine, int64_t now_ms, struct quarantine_batch *out);
/* A record of it is signed, and handed in next. Durable on return. */
MUST_CHECK bool quarantine_signing(struct quarantine *quarantine,
                                   const struct quarantine_batch *batch, const char *id,
                                   int64_t now_ms, struct err *err);
/* What became of it: it is in the log, or safely on its way; else it is due again at `again_ms`.
 * Durable on return. */
MUST_CHECK bool quarantine_signed(struct quarantine *quarantine, const char *id, bool safe,
                                  int64_t again_ms, struct err *err);
/* A record of which that is not known: a process before this one ended in between. */
bool quarantine_unsure(struct quarantine *quarantine, char out_id[QUARANTINE_HEX_TEXT]);
void quarantine_put_off(struct quarantine *quarantine, const struct quarantine_batch *batch,
                        int64_t again_ms);

/* --- for a person --- */

struct quarantine_noted {
    struct span note;   /* as it was signed */
    struct span record; /* its id; empty: none is in the log yet */
};
/* What a note says: its third line. */
MUST_CHECK bool quarantine_says(struct json *out, struct span note, struct arena *arena,
                                struct err *err);
/* The notes in their order. */
MUST_CHECK bool quarantine_list(struct disk *disk, struct quarantine_noted **out, size_t *out_count,
                                struct arena *arena, struct err *err);
