#pragma once

/*
 * Gathering cosignatures: which witnesses count, their lines on a checkpoint, and asking them
 * for more over c2sp.org/tlog-witness. What they answer is believed where it is a line that
 * holds for the key of a witness of the set, and nowhere else.
 */

#include "journal/journal.h"
#include "ledger/merkle.h"
#include "sync/transport.h"

#define WITNESSES_MOST 64u

/* The witnesses whose lines `log/checkpoint` holds (doc/format.md §5.3). */
struct witness_set {
    struct note_key at[WITNESSES_MOST];
    bool in_force[WITNESSES_MOST]; /* counts towards the quorum now */
    size_t count;
    size_t quorum; /* 0: none is needed */
};

/* From the register: row `quorum` and the keys it names, those in force (format §8.2) and those
 * admitted since the last tick. Without such a row it is empty. Of more than WITNESSES_MOST the
 * first are taken, those in force before all others. */
MUST_CHECK bool witness_set_read(struct witness_set *out, struct store_reader *reader,
                                 struct err *err);
/* How many witnesses in force have a valid line on the note; each once, by its first line. */
size_t witness_count(const struct witness_set *set, struct span note);
/* The note with the log's line and then one valid line of each witness of the set that has one
 * on either, in the order of their names; `lines` are signature lines without a note, or the
 * whole of another note of the same text. Where both have one of a witness, the note's stays.
 * Everything else is left out. In the arena; what is no checkpoint with its log's line, which is
 * the first under the origin's name, stays as it is. */
struct span witness_merge(const struct witness_set *set, struct span note, struct span lines,
                          struct arena *arena);

struct gather_peer {
    const char *url;
    uint64_t old; /* the last size it is known to have cosigned; kept by gather */
};
struct gather {
    const struct transport *transport;
    struct gather_peer *peer;
    size_t count;
    const struct witness_set *set;
    unsigned patience_ms;
    /* Hashes of the log, for consistency proofs: a merkle_lookup. */
    merkle_lookup *lookup;
    void *lookup_context;
    /* Called with each whole answer of 200, for witnesses that are shown and do not count. May
     * be NULL. */
    void (*seen)(void *context, const char *url, struct span lines);
    void *seen_context;
};
/* Asks all at once and gives the note with what came by the time the quorum was there, or the
 * patience over. Whoever answers wrongly is passed over; whoever cosigned another size than we
 * thought is asked once more. Asks nobody where the quorum is there already: for the lines of
 * those who come late, give a set that needs them all. */
struct span gather_run(struct gather *gather, struct span note, struct arena *arena);
