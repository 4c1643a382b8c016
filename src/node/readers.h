#pragma once

/*
 * Who may read what is not public (doc/format.md §4.2), and reading it. A tier's readers are the
 * keys that have an age recipient, whose organisation the agreement's `tier` item lists in `of`,
 * and whose role lists the tier in `reads`. What follows from the log says so; nothing is kept
 * here.
 */

#include "codec/age.h"
#include "record/kind.h"
#include "store/parts.h"
#include "store/store.h"

struct reader_key {
    struct span name, org;
    struct age_recipient to;
};
/* The tier's readers, as many as a part may name, one of each organisation before a second of
 * any; in the order that a part's recipients stand in. Of the sealed tier two, the outer first, of
 * the first organisations that have one. *out_count 0: it has none. */
MUST_CHECK bool readers_of(struct store_reader *reader, enum tier tier, struct reader_key **out,
                           size_t *out_count, struct arena *arena, struct err *err);

enum reading_state {
    READING_OPEN,
    READING_CLOSED,  /* not for whoever asks */
    READING_MISSING, /* owed: not here */
    READING_DAMAGED, /* not what its author committed to, or not readable as that */
    READING_ERASED,  /* destroyed, as was ordered */
};
struct reading {
    struct part part;
    enum reading_state state;
    struct span bytes; /* behind the salt; of READING_OPEN */
};
/* One part of a record, for who has these identities (none: public parts alone). What is sealed
 * opens for who has both. A fault only of our own disk. */
MUST_CHECK bool reading_part(struct parts *parts, const struct part *part,
                             const struct age_identity *as, size_t count, struct reading *out,
                             struct arena *arena, struct err *err);
/* The same of what is stored, where it is at hand. */
void reading_stored(const struct part *part, struct span stored, const struct age_identity *as,
                    size_t count, struct reading *out, struct arena *arena);
