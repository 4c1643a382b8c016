#pragma once

/*
 * A session at a node, for a command that reads what is its participants' (doc/api.md): one for
 * all its connections. It is begun by a key, and begun again when the node no longer knows it:
 * unused for too long, or the node started anew.
 */

#include "cli/whose.h"
#include "sync/http_transport.h"

/* A key of DIRECTORY/keys, or the file: one that signs in, no witness's. */
MUST_CHECK bool session_signer(struct note_signer *out, const char *directory, const char *name,
                               const char *file, struct err *err);

struct session;

/* Signs in, so that a key that may not is said before anything else. The session has its own
 * copy of the signer, and wipes it; `whose` outlives it. */
MUST_CHECK bool session_open(struct session **out, const struct whose *whose,
                             const struct note_signer *signer, struct err *err);
void session_close(struct session *session); /* NULL is fine */

/* For a transport, with the session as context; any thread may call. */
http_get_access session_access;
