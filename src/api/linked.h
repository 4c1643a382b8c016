#pragma once

/*
 * What is or was linked to one incident: the rows of its reports, claims and what else speaks
 * of it, as they stand in the register, with the link. Nothing is merged and nothing left out.
 */

#include "api/call.h"

struct linked {
    struct span id;
    struct span kind;        /* of the record */
    bool linked;             /* else unlinked since */
    uint64_t index;          /* of its entry */
    const struct json *link; /* the row of link */
    const struct json *row;  /* its own */
};

struct linked_list {
    struct linked *at; /* in the order of their entries */
    size_t count;
};
MUST_CHECK bool linked_read(struct api_call *call, struct span incident, struct linked_list *out,
                            struct err *err);
bool linked_is(const struct linked *item, const char *kind);
/* Linked, and neither superseded nor withdrawn. */
bool linked_is_live(const struct linked *item);

/* The sides that make live claims, each once, in bytewise order. */
struct json linked_sides(const struct linked_list *list, struct arena *arena);
/*
 * The matters on which live claims of two or more sides do not say the same: where there
 * are figures, other figures for one subject; where a matter has none, other subjects
 * (who began it). A pointer for readers, not a judgement.
 */
struct json linked_contested(const struct linked_list *list, struct arena *arena);
