#pragma once

/*
 * What others have published of the traffic of crossings (data/flows), and what it would come to
 * over the days on which a side declared a crossing shut. Each figure stays its source's: none is
 * added to another, and none says what was lost in fact.
 */

#include "api/lane_days.h"

/* The file that the program comes with. */
extern const uint8_t flows_published[];
extern const size_t flows_published_len;

/* Every figure of this crossing (a row of the agreement: its English name, or one of its
 * `variants`, is the place) as [{"measure","least","most","unit","note","period","url","class",
 * "direction","closed":[{"organisation","days","least","most"}]}]. `closed` has a line for each
 * organisation that declared that class shut, in that direction or, where the source names none, in
 * all of `directions`, on whole days of the period: the figure times these days. It is there only
 * for what is of a day, and of a class. Figures are texts, as published.
 */
MUST_CHECK bool flows_json(struct json *out, struct span csv, const struct json *crossing,
                           const struct json *directions, const struct lane_days_list *lanes,
                           const struct lane_period *period, struct arena *arena, struct err *err);
