#pragma once

/*
 * What is kept of cases beside the register, told of every entry as views.h is:
 *
 *   view_case_of       a record's id           the case that it belongs to
 *   view_case_refused  case's id, space,       that this entry spoke of the case and changed
 *                      index in 16 digits      nothing: its id, kind and signer
 *   view_offered       a record's id, space,   that this node attested to have offered it, and not
 *                      a node's name           seen it logged: the index of its first word, and
 *                                              since when by its own clock
 *
 * So that a case can be shown whole, with what was refused in it; and that what the operator let
 * lie until it was late can be told from what came late.
 */

#include "journal/applier.h"

MUST_CHECK bool case_views_observe(struct store_tx *tx, uint64_t index, const struct record *record,
                                   const struct effects *effects, struct arena *arena,
                                   struct err *err);
