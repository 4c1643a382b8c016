#pragma once

/*
 * How an input is to be read, in a small TOML file that stands beside it: whose it is, under what
 * licence, what it is one origin with, and what its members mean. Nothing of this can be guessed
 * from the input, and none of it is: what is not mapped is passed over. A member that the feed does
 * not know is refused, since it was meant to say something.
 */

#include "feed/feed.h"

#define MAPPING_BYTES 65536u

struct mapping {
    const char *file;
    struct json root;
    struct arena *arena;
    struct err fault; /* the first; kept, like a row's */
};

/* `known`: the tables and members of the top, NULL at the end. */
MUST_CHECK bool mapping_open(struct mapping *out, const char *file, struct span text,
                             const char *const *known, struct arena *arena, struct err *err);
MUST_CHECK bool mapping_ok(const struct mapping *mapping, struct err *err);
void mapping_fail(struct mapping *mapping, const char *format, ...) PRINTF_LIKE(2, 3);
/* A table by name, its members checked against `known`; NULL where there is none. */
const struct json *mapping_table(struct mapping *mapping, const char *name,
                                 const char *const *known);
/* A member of a table: empty if missing, refused if it is no text, or needed and not there. */
struct span mapping_text(struct mapping *mapping, const char *table, const char *name, bool needed);
/* `otherwise` if missing; refused where it is no integer from 0 to `most`. */
int64_t mapping_number(struct mapping *mapping, const char *table, const char *name,
                       int64_t otherwise, int64_t most);

/* [origin]: publisher, licence, group, and if there is one url. */
struct origin {
    struct span publisher, licence, group, url;
};
extern const char *const origin_members[];
struct origin mapping_origin(struct mapping *mapping);
/* "PUBLISHER. Licence: LICENCE. One origin: GROUP. Not graded." at most `limit` bytes. */
struct span origin_text(const struct origin *origin, size_t limit, struct arena *arena);
