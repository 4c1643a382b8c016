#pragma once

/*
 * Carrying: what waits in the outbox is offered to whoever keeps the log, by POST /submit (doc/
 * format.md §6.5), and what is answered is taken down, each promise verified first. Nothing of
 * an answer is believed: whatever comes back, no record leaves the outbox for it, and nothing is
 * offered more often than it should be.
 *
 * One that does not answer is tried again after a second, two, four, at the most a minute; and at
 * once when it is seen to be back (carry_hurry). So that no single record can keep the others from
 * being offered, be it that it breaks the server or that its operator wants to break off just
 * there, an offer that fails is halved the next time; and a record that fails alone is put off
 * until others have had their turn, and for a second, two, four more. Where nobody was there at
 * all, no record can be what it failed for, and none is put off.
 */

#include "sync/outbox.h"
#include "sync/transport.h"

/* Parts of more than a mebibyte are left out of an offer. When the log has the record they are
 * brought by POST /upload (doc/api.md), a piece at a time: a line that breaks off loses a piece,
 * and neither this record nor any other waits for them. In one step so many milliseconds of
 * that, and as many more as the piece under way takes. */
#define CARRY_PIECE_BYTES ((size_t)256 << 10)
#define CARRY_BRING_MS 2000
#define CARRY_PIECE_TRIES 3u
#define CARRY_BRING_AGAIN_MS 60000 /* where it is not taken */

/* One record may be larger (SUBMISSION_BYTES). On a line of 256 kbit/s this much takes eight
 * minutes. */
#define CARRY_BYTES ((size_t)16 << 20)
#define CARRY_WAIT_LEAST_MS 1000
#define CARRY_WAIT_MOST_MS 60000
#define CARRY_BYTES_PER_SECOND 32768u

struct carry_options {
    struct outbox *outbox;
    const struct transport *transport;
    const char *url;      /* of whoever keeps the log */
    unsigned patience_ms; /* for an answer, besides the time that sending takes on a slow line */
    size_t most;          /* records in an offer; 0: as many as a submission may hold */
    const char *agreement, *origin; /* of the term in force */
    const struct note_key *promise; /* the term's promise key */
    const struct note_key *node;    /* the operator's node key; NULL: no refusal is kept */
};

/* What came of all offers so far. */
struct carry_counts {
    uint64_t promised, repeated, later, refused;
    uint64_t unpromised; /* answered about another record, or without a good promise */
    uint64_t silent;     /* offers that were not answered */
    uint64_t garbled;    /* offers that were answered with what is no answer */
    uint64_t handed;     /* records all of whose large parts were brought */
};

/* Zeroed at the start, the caller's; of one thread, that which settles the outbox. */
struct carry {
    size_t most;       /* records in the next offer; 0: as many as may be */
    unsigned failures; /* in a row */
    int64_t wait_until_ms;
    struct carry_counts counts;
    struct err trouble; /* of the last offer; ERR_NONE: it was answered */
};

/* Whoever keeps the log has just answered something: no more waiting for that. What failed by
 * itself waits as long as it was to. */
void carry_hurry(struct carry *carry);

/* One offer, if anything is due, and some of the large parts. Each promise costs two syncs: what
 * else this thread has to do waits for as many records as `most` says. *out_more says whether
 * another may be made at once. False for faults of the outbox alone. */
MUST_CHECK bool carry_run(struct carry *carry, const struct carry_options *options, int64_t now_ms,
                          bool *out_more, struct err *err);
