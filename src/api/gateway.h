#pragma once

/*
 * The gateway: the key of this node that signs what comes from those who have no key of their own,
 * by forms and messages (settings: [forms] gateway). It says in whose name; what it signs is its
 * own word that this came in, and nobody else's signature.
 *
 * All of it on the thread that takes turns.
 */

#include "node/author.h"

struct gateway;
struct gateway *gateway_open(struct node *node);
void gateway_close(struct gateway *gateway); /* wipes the key; NULL is fine */

bool gateway_is_set(const struct node *node); /* whether this node has one */
/* To sign with, in order, and hand in by gateway_hand_in, or give back by gateway_rest: others of
 * this process sign with the same key in their turn. What was signed and is not handed in is not of
 * its chain. ERR_CONFLICT while another process signs with it; ERR_REFUSED where the
 * agreement does not let it sign for others: all that it said would be void. */
MUST_CHECK bool gateway_author(struct gateway *gateway, struct author **out, struct err *err);

void gateway_rest(struct gateway *gateway);
/* Whether the agreement has such a move, and lets the gateway's role make it. */
MUST_CHECK bool gateway_may(struct gateway *gateway, const char *capability, const char *move,
                            bool *out, struct err *err);

struct gateway_fate {
    bool safe; /* it is in the log, or on disk on its way there; else it is to be signed anew */
    int64_t later_ms; /* not before so long */
    char why[200];
};
MUST_CHECK bool gateway_hand_in(struct gateway *gateway, const struct submission *submission,
                                const char (*id)[65], size_t count, struct gateway_fate *fate,
                                struct arena *arena, struct err *err);
/* Whether a record is in the log as this node has it, or on its way there: after a crash. */
MUST_CHECK bool gateway_has(struct gateway *gateway, const char *id, bool *out, struct err *err);
