#pragma once

/*
 * sulh amend, in pieces: the terms that a folder holds beside those that the log has. Inside this
 * folder only.
 */

#include "cli/cli.h"
#include "cli/folder.h"
#include "node/node.h"

struct amend {
    struct cli *cli;
    struct node *node;
    struct folder folder;  /* the terms proposed */
    struct json pieces;    /* as an amendment lists its files */
    struct json agreement; /* the row of `agreement` */
    int64_t now_ms;        /* of the log; 0: there is no time yet */
    int64_t version;       /* that the amendment makes */
    int64_t from_ms;       /* of a proposal; of an amendment that is there, what it says */
    const char *id;        /* of the amendment; NULL: it is proposed here */
    bool waits;            /* what was signed is in the outbox, on its way to the log */
    struct json amendment; /* its row, where it is there */
};

/* A row as it is now; an object without members where there is none. */
MUST_CHECK bool amend_row(struct amend *amend, const char *table, const char *key, struct json *out,
                          struct err *err);
/* Prints what the amendment says, and what it changes of the version agreed last. */
MUST_CHECK bool amend_show(struct amend *amend, struct err *err);
