#pragma once

/*
 * Calls over HTTP: one thread and one kept connection for every peer, so that a slow one
 * keeps nobody waiting but itself. A peer that is still answering an earlier call, which the
 * caller gave up on, is not asked again until it has. Several threads may run calls at one time,
 * where no two ask the same peer.
 */

#include "net/http_client.h"
#include "sync/transport.h"

struct http_transport;

/* What a call to a peer needs besides its address; called on the peer's thread, before its
 * first call and again when it answered 401, or its certificate was another. `out` holds what
 * was given last, zeros at first; after a failure, all of it is asked for again. */
struct http_access {
    struct http_pin pin;     /* for https */
    char authorization[160]; /* "Authorization: Bearer …"; empty: none */
};
typedef bool http_get_access(void *context, const char *url, struct http_access *out,
                             struct err *err);

/* For what proves itself, and where nothing is known of who serves it: of https whatever
 * certificate is shown, so no session goes with it. Needs no context. */
bool http_any_certificate(void *none, const char *url, struct http_access *out, struct err *err);

/* `access` NULL: plain calls. */
struct http_transport *http_transport_open(http_get_access *access, void *context);
/* Ends what runs, on other threads too: from now on no call is answered. */
void http_transport_stop(struct http_transport *http);
/* Waits for calls under way, a second at the most each. */
void http_transport_close(struct http_transport *http); /* NULL is fine */
struct transport http_transport_of(struct http_transport *http);
