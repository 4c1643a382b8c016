#pragma once

/*
 * The character sets that mails and short messages in our languages are still written in, read as
 * UTF-8: UTF-16 with the high byte first, as telephones have it; and of one byte Windows-1256 and
 * ISO 8859-6 (Arabic; Windows-1256 has Urdu's letters, too), Windows-1254 and ISO 8859-9 (Turkish),
 * Windows-1252 and ISO 8859-1. What a set is called is taken at its word: a byte that is no
 * character of it is refused, and none is ever looked for in another.
 */

#include "base/arena.h"

struct charset;

/* By a name of MIME, in any case; NULL: it is none of these. */
const struct charset *charset_find(struct span name);
/* False, and *out untouched, where a byte is no character of it. */
MUST_CHECK bool charset_decode(struct span *out, const struct charset *charset, struct span bytes,
                               struct arena *arena);
