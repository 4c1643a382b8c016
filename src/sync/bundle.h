#pragma once

/*
 * A bundle: a range of the log in one file (doc/format.md §5.10), to be carried where no line
 * goes. It is a source like any other (sync/source.h), and from an enemy's hand: what it says of
 * itself guards against damage on the way, and nothing else of it is believed.
 *
 * A file that is cut short gives what is whole in it, and says where it ended.
 */

#include "store/parts.h"
#include "sync/source.h"

/* Writing. */

struct bundle_export {
    struct disk *disk;   /* a data directory; a server may be at work in it */
    struct parts *parts; /* of it */
    uint64_t from;       /* for receivers who hold so many entries, or more */
    struct span note;    /* of the checkpoint that they are to reach, with its lines */
    uint64_t size;       /* which it says; larger than `from` */
    uint64_t held;       /* how many entries the directory holds: no fewer */
    bool (*put)(void *context, struct span bytes, struct err *err);
    void *context;
};
struct bundle_written {
    uint64_t entries;
    uint64_t parts, owed; /* those that the entries name: here, and not here */
    uint64_t bytes;
};
/* Gives `put` the file piece by piece. ERR_MISSING, ERR_CONFLICT where the directory is not
 * whole: run an audit. */
MUST_CHECK bool bundle_export(struct bundle_written *out, const struct bundle_export *options,
                              struct err *err);

/* Reading. */

struct bundle;

/* ERR_MALFORMED when it is none, or not of the one form; ERR_LIMIT when it has more sections
 * than are read. The disk is the caller's, and outlives it. */
MUST_CHECK bool bundle_open(struct bundle **out, struct disk *disk, const char *path,
                            struct err *err);
void bundle_close(struct bundle *bundle); /* NULL is fine */
struct source source_of_bundle(struct bundle *bundle);

/* The first entry that is in it; false when none is. */
bool bundle_first(const struct bundle *bundle, uint64_t *out);
/* Where a file that is cut short ended, in words; NULL: it is whole. */
const char *bundle_cut(const struct bundle *bundle);
