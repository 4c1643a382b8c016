#pragma once

/* A node from inside: what the files of this folder share. Nobody else includes this. */

#include "node/node.h"

struct node {
    char directory[4096]; /* "" in a given world */
    struct settings settings;
    struct node_world world; /* what it stands on, given or its own */
    struct store_reader *reader;
    struct parts *parts; /* the journal's, or our own */
    struct journal *journal;
    struct note_signer own, log, promise, witness; /* as long as there is a journal */
    struct log_signer_here log_here;               /* of `log` */
    struct log_signer log_signer;                  /* of that, where the log is kept */
    struct log_keys keys;                          /* where there is no journal */
    uint64_t entries; /* past the last index that node_submit was answered with */
};
