#pragma once

/* Within importer: what is to become of each item, decided before any is signed. */

#include "feed/acts.h"
#include "feed/held.h"
#include "feed/importer.h"
#include "feed/keys.h"

enum fate {
    FATE_SAME,    /* the register has it */
    FATE_NEW,     /* it has not */
    FATE_CHANGED, /* it has another version */
    FATE_LEFT,    /* it has another version that cannot be replaced; told */
};

struct planned {
    enum fate fate;
    char id[65]; /* of the record in the register, or made in this run; "" as yet */
    bool live;   /* it may be superseded */
};

struct import_plan {
    struct arena arena;
    struct acts acts;
    struct holdings holdings;
    struct planned *at; /* in the feed's order */
    size_t count;
    struct keys keys; /* "KIND EXTERNAL_ID" */
    struct import_summary summary;
};

MUST_CHECK bool import_plan(struct import_plan *out, struct feed *feed,
                            const struct import_options *options, struct err *err);
void import_plan_free(struct import_plan *plan);

/* The item of this kind and external id, which the feed has brought. */
struct planned *import_planned(struct import_plan *plan, const char *kind, struct span external_id,
                               struct arena *arena);
/* An item's fields with what only the register knows: the ids of its incident and of what it
 * supersedes ("": none), and the act that its type means. */
struct json import_fields(const struct import_plan *plan, const struct feed_item *item,
                          const char *incident, const char *supersedes, struct arena *arena);
/* "FILE: line L" before what went wrong. Returns false. */
bool import_wrap(const struct feed_item *item, struct err *err);
