#pragma once

/*
 * A form on paper (forms/form.h): the same questions in the same order as on a phone, numbered by
 * group, with lines to write on and boxes to tick, in one language from whichever side that is
 * written. Each sheet has a QR code that says which form it is, of which version, and its number:
 * whoever types it in knows what was asked.
 */

#include "base/err.h"
#include "forms/form.h"

#define PAPER_SHEETS 200u

struct paper_ask {
    const struct form *form;
    const struct json *terms;
    struct span language; /* the agreement's first where it has none of this */
    unsigned first, sheets;
};

/* What the code of a sheet says: "sulh-form FORM VERSION SHEET". */
struct span paper_code(const struct paper_ask *ask, unsigned sheet, struct arena *arena);
/* The PDF, in the arena: `sheets` copies, each with a number of its own. */
MUST_CHECK bool paper_make(struct span *out, const struct paper_ask *ask, struct arena *arena,
                           struct err *err);
