#pragma once

/* Which parts are here (doc/format.md §4.3), by reading every pack. Part of audit. */

#include "base/arena.h"
#include "base/err.h"
#include "crypto/hash.h"

struct audit;

/* Of what is known so far to be here. A set of `struct rows`, so that it does not grow with the
 * log. */
MUST_CHECK bool audit_part_has(struct audit *audit, const struct hash *stored, bool *out,
                               struct arena *arena, struct err *err);
/* Whether it was destroyed here, as the directory says. */
MUST_CHECK bool audit_part_erased(struct audit *audit, const struct hash *stored, bool *out,
                                  struct arena *arena, struct err *err);
MUST_CHECK bool audit_part_add(struct audit *audit, const struct hash *stored, struct err *err);

/* Of those with a file of their own: what an entry names, void or not. */
MUST_CHECK bool audit_parts_named(struct audit *audit, struct span entry, struct arena *arena,
                                  struct err *err);

/* Adds those in packs and files. A damaged one is noted: which record owes it, the register tells
 * that comes next. */
MUST_CHECK bool audit_read_parts(struct audit *audit, struct err *err);
