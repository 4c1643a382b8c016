#pragma once

/*
 * Signing as one key: an author keeps its key's chain (format §3.4), number after
 * number, and what it has seen of the log. While it lives it holds its key file, so
 * that no two processes on this machine sign the same number.
 */

#include "node/node.h"
#include "record/kind.h"

struct author;

/* A key of DIR/keys. Its chain goes on where the log has it. ERR_CONFLICT when another
 * process signs with it just now. */
MUST_CHECK bool author_open(struct author **out, struct node *node, const char *key_name,
                            struct err *err);
/* A key file that its owner brought along, and that is not kept. */
MUST_CHECK bool author_open_file(struct author **out, struct node *node, const char *path,
                                 struct err *err);
/* Finds anew where the log has the chain, and what is seen of the log: for who signs now and then
 * over hours. What was signed before is in the log, or waits on its way there. */
MUST_CHECK bool author_refresh(struct author *author, struct err *err);
void author_close(struct author *author); /* wipes the key; NULL is fine */

/* A photograph, a sound, a file: a part of its own (format §4.1). */
struct author_medium {
    struct span type; /* a media type, "image/jpeg" */
    struct span bytes;
    enum tier tier;
};
struct author_ask {
    const char *kind;
    const struct json *flat; /* its fields (record/kind.h) */
    enum tier least;         /* of its fields' parts: none is more open */
    const struct author_medium *media;
    size_t media_count;
    /* NULL; or a part that goes on for the same commitment as before, as it is sealed already. */
    const struct part *passed;
    struct span passed_stored;
};
/* Signs a record, and makes its parts: what is not public is encrypted to who reads its tier
 * now (readers.h). The next record continues it, so whoever signs also submits, in order. *out and
 * what it points to are the arena's. ERR_MISSING when nobody could read a part. */
MUST_CHECK bool author_sign_parts(struct author *author, const struct author_ask *ask,
                                  struct submission *out, char id[65], struct arena *arena,
                                  struct err *err);
/* The same for fields alone, each in its own tier. */
MUST_CHECK bool author_sign(struct author *author, const char *kind, const struct json *flat,
                            struct submission *out, char id[65], struct arena *arena,
                            struct err *err);
