#pragma once

/*
 * A chronology: who said what about which events, compiled from the press in three tables
 * (data/README.md, doc/import.md). Each event makes an incident and a report of it, each claim
 * a claim. Claims come in the order of the day they were made, then of their ids; an incident
 * and its report come just before the first claim about it, or on its own day if there is none.
 */

#include "feed/feed.h"

/* Compiled by hand, and held in memory as a whole. */
#define CHRONOLOGY_BYTES ((size_t)8 << 20)

struct chronology_text {
    struct span events, claims, sources; /* what the three files hold */
};

/* Everything is the arena's; the texts must outlive the feed. */
MUST_CHECK bool chronology_open(struct feed *out, const struct chronology_text *text,
                                const struct remarks *remarks, struct arena *arena,
                                struct err *err);
