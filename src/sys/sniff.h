#pragma once

/*
 * Of what type bytes are, by how they begin: libmagic, and the one file that includes it. It is an
 * opinion about foreign bytes, to stand beside the type that their sender gave them. Nothing is
 * taken apart, unpacked or run to come by it.
 */

#include "base/arena.h"
#include "base/err.h"

/* A media type ("image/jpeg"; of what it does not know "application/octet-stream"), in the arena.
 * A fault where the library's own file of marks cannot be read. Any thread. */
MUST_CHECK bool sniff_type(struct span *out, struct span bytes, struct arena *arena,
                           struct err *err);
