#pragma once

/* Within importer: what is to become of each item, decided before any is signed. */

#include "feed/acts.h"
#include "feed/held.h"
#include "feed/importer.h"
#include "feed/origins.h"

enum fate {
    FATE_SAME,    /* the register has it */
    FATE_NEW,     /* it has not */
    FATE_CHANGED, /* it has another version */
    FATE_LEFT,    /* it has another version that cannot be replaced; told */
};

struct import_plan {
    struct arena arena;
    struct acts acts;
    struct origins origins;
    struct span organisation, role; /* of the key that signs */
    struct holdings holdings;
    uint8_t *fate; /* of each item, in the feed's order: all that is kept of it */
    size_t count, room;
    struct import_summary summary;
};

MUST_CHECK bool import_plan(struct import_plan *out, struct feed *feed,
                            const struct import_options *options, struct err *err);
void import_plan_free(struct import_plan *plan);

/* An item's fields with what only the register knows: the ids of its incident and of what it
 * supersedes ("": none), the act that its type means, and the origin and licence that the agreement
 * gives the feed. */
struct json import_fields(const struct import_plan *plan, const struct feed_item *item,
                          const char *incident, const char *supersedes, struct arena *arena);
/* "FILE: line L" before what went wrong. Returns false. */
bool import_wrap(const struct feed_item *item, struct err *err);
