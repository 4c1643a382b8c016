#pragma once

/* Unpacking gzip (RFC 1952), packing for zlib (RFC 1950). The one file that includes zlib. */

#include "base/arena.h"
#include "base/err.h"

/* By its first two bytes, whatever it is called. */
bool gunzip_needed(struct span bytes);

/* All members, one after another, given to `put` piece by piece; a fault of `put` ends it. Refused:
 * what is cut short or damaged, what stands behind the last member, and more than `limit` bytes,
 * before they are unpacked. */
MUST_CHECK bool gunzip_each(struct span packed, size_t limit,
                            bool (*put)(void *context, struct span piece, struct err *err),
                            void *context, struct err *err);
/* All of it, in the arena. */
MUST_CHECK bool gunzip(struct span *out, struct span packed, size_t limit, struct arena *arena,
                       struct err *err);

/* In the arena; at most 4 GiB. */
struct span zlib_pack(struct span bytes, struct arena *arena);
