#pragma once

/* What a command asks of a node that it has opened: rows of the register, and records as they stand
 * in the log. In the arena. */

#include "node/node.h"
#include "record/kind.h"
#include "record/record.h"

/* *out_there false: there is none. */
MUST_CHECK bool logged_row(struct json *out, bool *out_there, struct node *node, const char *table,
                           struct span key, struct arena *arena, struct err *err);
/* The record of this id. ERR_MISSING where it is not logged, or not published yet. */
MUST_CHECK bool logged_record(struct record *out, uint64_t *out_index, struct node *node,
                              struct span id, struct arena *arena, struct err *err);
/* What a record of kind part.opened passes on of the part of this commitment. */
MUST_CHECK bool logged_passed(struct part *out, struct node *node, struct span record_id,
                              struct span commitment, struct arena *arena, struct err *err);
