#pragma once

/*
 * Texts that arrive damaged: HTML where words should stand, UTF-8 that somebody read as
 * Windows-1252 and wrote as UTF-8 again ("mojibake"), control characters. What is mended is a
 * proposal for readers; whoever keeps it keeps what arrived beside it. A change is made only
 * where what was there can mean nothing else: mojibake is undone only if all of a text's
 * characters of that code page take part in it.
 */

#include "base/arena.h"

struct mended {
    struct span text;
    bool html, mojibake, other; /* what was mended; none: it is the text as it came */
    size_t lost;                /* U+FFFD: characters that were lost before it came here */
};

/* `text` is UTF-8. What comes out is, in the arena, without U+0000. */
struct mended mend_text(struct span text, struct arena *arena);
bool mend_changed(const struct mended *mended);
