#pragma once

/*
 * sulh init, in pieces. There are two ways to a log with its agreement in force: a proposal that
 * its roots have signed, and a demonstration, which makes one and signs it with throw-away keys.
 * Inside this folder only.
 */

#include "cli/cli.h"
#include "cli/proposal.h"
#include "node/node.h"

struct init {
    struct cli *cli;
    const char *directory;
    struct proposal *p;
    struct note_signer signer[PROPOSAL_MOST_KEYS]; /* of a demonstration; wiped at the end */
    size_t signer_count;
    struct { /* what the authors among them read with */
        const char *name;
        struct age_identity identity;
    } reader[PROPOSAL_MOST_KEYS];
    size_t reader_count;
    const struct note_signer *gateway; /* of a demonstration: who signs for others; NULL: nobody */
    struct span gateway_org, gateway_role;
};

struct init_way {
    const char *option;                      /* that chooses it */
    const char *const *needs, *const *takes; /* further options; end in NULL */
    /* The proposal, every record of it signed. Nothing is made before it is known to be whole. */
    bool (*prepare)(struct init *init, struct err *err);
    bool (*write_keys)(struct init *init, struct err *err); /* into DIR/keys */
};

/* init_gateway.c */

/* Its key, where the agreement has a role for it: not one of the proposal's. */
MUST_CHECK bool init_gateway_make(struct init *init, struct err *err);
/* By a root, once the agreement is in force. */
MUST_CHECK bool init_gateway_admit(const struct init *init, struct node *node, struct err *err);

extern const struct init_way init_way_demo;     /* init_demo.c */
extern const struct init_way init_way_proposal; /* init_proposal.c */
