#pragma once

/*
 * Which node a command talks to over HTTP, and by which key that is known: from a directory's
 * settings and register, or in the words of a person who has no directory.
 */

#include "cli/cli.h"
#include "net/pin.h"
#include "node/node.h"

/* The options that say it. */
#define WHOSE_DIR                                                                                  \
    {                                                                                              \
        "--dir", "DIR", "a node's directory: the other node's key stands in its register",         \
            CLI_MAYBE                                                                              \
    }
#define WHOSE_NODE                                                                                 \
    {                                                                                              \
        "--node", "KEY",                                                                           \
            "the other node's key, its name in the register or all of it; else that of DIR's "     \
            "peer with "                                                                           \
            "this URL, or DIR's own",                                                              \
            CLI_MAYBE                                                                              \
    }
#define WHOSE_AGREEMENT                                                                            \
    {                                                                                              \
        "--agreement", "NAME", "the agreement's name; else DIR's", CLI_MAYBE                       \
    }

struct whose {
    const char *url;   /* without a slash at the end */
    struct node *node; /* of --dir; NULL without it */
    const char *agreement;
    struct note_key key;
};

/* For a command whose first argument is the URL; `name` is the option that names the agreement.
 * whose_close it, whatever comes out. */
MUST_CHECK bool whose_open(struct whose *out, struct cli *cli, const char *name, struct err *err);
void whose_close(struct whose *whose);
/* The pin it serves now, checked. */
MUST_CHECK bool whose_pin(struct pin *out, const struct whose *whose, struct err *err);
