#pragma once

/* Within ged: one row into the items it makes. */

#include "feed/ged.h"
#include "feed/sheet.h"

#define GED "ged"
#define GED_MOST_ITEMS 7 /* incident, report, all deaths, and four counts */

struct ged_row {
    struct feed_item item[GED_MOST_ITEMS];
    size_t count;
    size_t cut;    /* texts that were longer than their field */
    bool reversed; /* its low is above its high */
};

MUST_CHECK bool ged_read_row(struct ged_row *out, struct row *row, struct err *err);
