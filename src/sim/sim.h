#pragma once

/*
 * For test programs only: the whole system in one process. Seven organisations (two parties,
 * two mediators, three observers), each with a node that is the production code from the api
 * down; the clock, the network, the disks and whatever people do follow from one seed. Nodes
 * crash, disks fail, fill up and rot, links are cut, calls are lost, doubled and late; and some
 * organisations lie, with their own keys.
 *
 * After each step it is looked whether what doc/threats.md promises still holds; at the end all
 * links are mended, everybody is given time, and it is looked again, more closely.
 */

#include "crypto/hash.h"

/* What an organisation does that it should not. */
enum lie {
    LIE_NONE,
    LIE_SPLIT,      /* two of its nodes run with the same keys; each shows itself to some */
    LIE_SIGNS_ALL,  /* its witness signs whatever it is asked to */
    LIE_SIGNS_NONE, /* its witness never signs */
    LIE_IGNORES,    /* the keeper: passes over one author's records */
    LIE_GARBAGE,    /* serves tiles that are not the log's, to some */
    LIE_FLOODS,     /* signs tick upon tick */
    LIE_PUT_BACK,   /* its node is put back from an old copy of its disk, and goes on */
    LIE_ROTS,       /* its disk turns bits */
    LIE_GOES_ON,    /* the keeper: hears of no hand-over, and goes on with its term */
    LIES
};
const char *sim_lie_word(enum lie lie);

#define SIM_LIARS 3u
struct sim_options {
    uint64_t seed;
    unsigned steps;
    unsigned liars;         /* so many organisations lie */
    unsigned handovers;     /* so often the log is handed over, if there is time */
    enum lie first, others; /* the first is the keeper's; LIE_NONE: as the seed decides */
    bool trace;             /* each step, on standard error */
};

struct sim_result {
    char broken[1000];    /* the promise that was not kept, and how; empty: all were */
    bool split;           /* two logs had the quorum each */
    unsigned found;       /* lies that an honest node holds a proof of that verifies */
    unsigned shown;       /* that are on display at an honest node */
    unsigned passed_over; /* records that a keeper ignored, on display at every honest node */
    unsigned evidence;    /* files that honest nodes kept of them, */
    unsigned proofs;      /* and how many of those prove something */
    unsigned harmless;    /* that came to nothing */
    uint64_t entries;     /* in the longest log of an honest node at the end */
    uint64_t witnessed;   /* checkpoints that had the quorum */
    uint64_t promised;    /* records that were taken in by somebody honest */
    uint64_t crashes;
    unsigned handed_over; /* so often the log was */
    unsigned set_aside;   /* nodes that had followed further, or kept a term that had ended */
    struct hash history;  /* of everything that happened: the same seed, the same history */
};
void sim_run(struct sim_result *out, const struct sim_options *options);
