#pragma once

/*
 * The terms as a view reads them: which version was in force as of an entry (doc/format.md
 * §7.6), and its rows. For who has a store and not the register's own look-ups.
 */

#include "codec/json.h"
#include "store/store.h"

MUST_CHECK bool in_force_version(struct store_reader *reader, uint64_t as_of, int64_t *out,
                                 struct arena *arena, struct err *err);
/* The head, "agreement", or an item, "SECTION/ID", of the version in force; out->at is NULL when
 * there is none. */
MUST_CHECK bool in_force_term(struct store_reader *reader, const char *item, uint64_t as_of,
                              struct span *out, struct arena *arena, struct err *err);
/* Tells of each item of a section of the version in force, in the order of their ids; ends when
 * `see` returns false, with its error. */
typedef bool in_force_see(void *context, struct span id, const struct json *row, struct err *err);
MUST_CHECK bool in_force_section(struct store_reader *reader, const char *section,
                                 in_force_see *see, void *context, struct arena *arena,
                                 struct err *err);
/* All items of a version, section by section, each in the order of the ids: {"sector":[…],…}; an
 * object without members when there is no such version. */
MUST_CHECK bool in_force_terms(struct store_reader *reader, int64_t version, uint64_t as_of,
                               struct json *out, struct arena *arena, struct err *err);
