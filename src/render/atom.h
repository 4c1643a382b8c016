#pragma once

/*
 * Atom feeds (RFC 4287), for readers of news and for programs that follow them. Texts are plain;
 * ids are absolute IRIs that never change, links may be relative to where the feed is got.
 */

#include "base/buf.h"

struct atom_entry {
    struct span id, title, author, content;
    struct span link; /* to the page of it */
    int64_t updated_ms;
};

struct atom_feed {
    struct span id, title, language;
    struct span self; /* where the feed is */
    int64_t updated_ms;
    const struct atom_entry *entry;
    size_t count;
};

/* The document, in the arena. */
struct span atom_render(const struct atom_feed *feed, struct arena *arena);
