#pragma once

/*
 * Which certificate a node shows, said by its key: the statement `pin` (doc/format.md §6.1),
 * which a node serves at GET /pin. Whoever knows the node's key from the register needs
 * nothing else to know that it is this node that answers.
 */

#include "ledger/note.h"
#include "net/http_client.h"

/* Whose certificate: a node of an agreement. */
struct pin_node {
    struct span agreement;      /* its name */
    const struct note_key *key; /* the node's */
};

struct pin {
    struct http_pin certificate;
    int64_t from_ms, to_ms; /* both included */
};

/* The statement, in the arena. */
struct span pin_sign(const struct pin *pin, struct span agreement, const struct note_signer *node,
                     struct arena *arena);
/* ERR_MALFORMED when it is no such statement; ERR_REFUSED when it is of another agreement,
 * signed by another key, or not good at `now_ms`. */
MUST_CHECK bool pin_check(struct pin *out, struct span statement, const struct pin_node *node,
                          int64_t now_ms, struct arena *arena, struct err *err);
/* Asks a node for its pin, over a connection that is not to be believed until the answer is
 * checked: ERR_REFUSED, too, when the connection showed another certificate than is pinned. */
MUST_CHECK bool pin_fetch(struct pin *out, const char *url, const struct pin_node *node,
                          int64_t now_ms, unsigned timeout_s, struct err *err);
