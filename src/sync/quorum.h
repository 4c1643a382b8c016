#pragma once

/*
 * What a quorum is worth: how many witnesses must lie before two different logs can have a
 * quorum each, and how many must refuse before none has. Each case is counted out; no formula
 * is trusted.
 */

#include "base/base.h"

#define QUORUM_MOST 64u /* witnesses, as a checkpoint holds (format §8.2) */

struct quorum {
    unsigned witnesses; /* in force */
    unsigned need;      /* cosignatures */
};

/* What so many witnesses of one mind can do. */
typedef bool quorum_power(struct quorum quorum, unsigned acting);
/* Give two different logs a quorum each, with an operator who signs both: an honest witness
 * cosigns one or the other, whichever it was shown first. */
quorum_power quorum_splits;
/* Keep every log without a quorum, by cosigning nothing. */
quorum_power quorum_stops;

/* The fewest that can; false when all of them together cannot. */
bool quorum_fewest(unsigned *out, struct quorum quorum, quorum_power *power);

/* How many of its peers must have answered before a witness cosigns that may have forgotten what it
 * cosigned, as one put back from an old copy: as many as a quorum needs beside it, for with fewer
 * none comes about here, and nothing is lost by waiting. Of 7 with a quorum of 5, at least two of
 * any 4 others were in every quorum that it was in; where 2 * need is less than witnesses + 2 that
 * cannot be said of any. Those that a node has no address of are taken to answer to others. */
unsigned quorum_ask_first(struct quorum quorum, unsigned peers);
