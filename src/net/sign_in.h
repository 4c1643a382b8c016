#pragma once

/*
 * Signing in to a node, from the client's side (doc/format.md §6.1, `sign-in`; doc/api.md). The
 * statement is built here, of what the client knows itself: nothing that the server says is
 * ever signed but the nonce, and that only if it has the form of one.
 */

#include "ledger/note.h"
#include "net/http_client.h"

struct sign_in {
    struct http_client *client; /* may be NULL */
    const char *url;            /* the node's, without a slash at the end */
    /* The node's certificate (net/pin.h). NULL for http, to this machine alone: who stands
     * between would be signed in instead. */
    const struct http_pin *pin;
    struct span agreement; /* its name */
    const char *node;      /* the name of the node's key, from the register */
    const struct note_signer *signer;
    int64_t now_ms;
    bool for_browser; /* gives a code, which a browser changes for its cookie, once */
    unsigned timeout_s;
};

/* `out` is a token, for "Authorization: Bearer …", or a code. ERR_REFUSED with the node's
 * reason when it refuses. */
MUST_CHECK bool sign_in(const struct sign_in *how, char out[65], struct err *err);

/* The statement over an answer of GET /sign-in/nonce, in the arena, for who has a connection
 * of its own. ERR_MALFORMED when there is no nonce in it. */
MUST_CHECK bool sign_in_statement(struct span *out, const struct sign_in *how, struct span answer,
                                  struct arena *arena, struct err *err);
