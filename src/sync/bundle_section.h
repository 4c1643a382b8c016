#pragma once

/*
 * The form of a bundle (doc/format.md §5.10): its first line, then sections in their one order,
 * each a path with what stands there. Which paths there are, how they are ordered, and how long
 * what stands there may be is said here; pure, bytes in and out.
 */

#include "base/buf.h"
#include "crypto/hash.h"
#include "ledger/tile.h"

#define BUNDLE_LINE "sulh/bundle/v1\n"
#define SECTION_PATH 100u
#define SECTION_HEAD (2u + SECTION_PATH + 8u) /* at the most */

/* In the order in which they stand: what is needed to follow the log comes first. */
enum section_kind {
    SECTION_END, /* no section: the end of all */
    SECTION_CHECKPOINT,
    SECTION_TERM, /* the last checkpoint of a term */
    SECTION_HASHES,
    SECTION_ENTRIES,
    SECTION_PART,
};

struct section {
    enum section_kind kind;
    uint64_t term;
    struct tile tile; /* of hashes from level 1 on, or of entries */
    struct hash stored;
};

/* Only the one right spelling. */
MUST_CHECK bool section_parse(struct section *out, struct span path);
void section_path(char out[SECTION_PATH + 1], const struct section *section);
/* Below 0, 0 or above, as the order of their places; a tile has one place whatever its width. */
int section_compare(const struct section *a, const struct section *b);
/* What stands there is no longer. */
size_t section_limit(const struct section *section);

/* What stands before the bytes of a section. */
struct section_head {
    struct section section;
    size_t bytes; /* of the head itself */
    uint64_t len; /* of what stands there */
};
enum section_read {
    SECTION_WHOLE, /* the head is whole */
    SECTION_CUT,   /* so far it is right, and goes on behind these bytes */
    SECTION_WRONG, /* *why says what is wrong */
};
/* At the end there is a head of kind SECTION_END, two bytes long. */
enum section_read section_head_read(struct section_head *out, struct span bytes, const char **why);

/* The whole section: head, bytes, and the SHA-256 of both. */
void section_put(struct buf *buf, const struct section *section, struct span bytes);
size_t section_bytes(const struct section_head *head); /* so many are it, with its hash */
MUST_CHECK bool section_open(struct span *out, const struct section_head *head, struct span bytes);
void section_put_end(struct buf *buf);
