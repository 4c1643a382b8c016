#pragma once

/* What the register made of an entry, for the commands that append. */

#include "node/node.h"

/* The row of `verdict` (doc/rules.md), in the arena. */
MUST_CHECK bool verdict_read(struct json *out, struct node *node, uint64_t index,
                             struct arena *arena, struct err *err);
/* What the register says of an entry in words, which no row keeps: it is judged again, before the
 * rows that were there when it came. */
MUST_CHECK bool verdict_why(const char **out, struct node *node, uint64_t index, struct span entry,
                            struct arena *arena, struct err *err);
/* A record that is logged may still be void: then false, and *err says by what and why. */
MUST_CHECK bool verdict_effective(const struct json *verdict, uint64_t index, struct err *err);
