#pragma once

/* Lines of a scenario about parts (doc/format.md §4): what goes with a record beside its fields,
 * and names for parts and for documents that somebody keeps. Inside this folder only. */

#include "scenario/expected.h"

/* Takes what is no field out of the lines below a record: "attached: …", "hands on: …". Sets
 * step->fields to the rest. */
MUST_CHECK bool part_lines_take(struct parse *p, struct step *step, struct err *err);

/* "tier sealed", off the front of *rest, if it stands there. */
MUST_CHECK bool part_tier_take(struct parse *p, struct step *step, struct span *rest,
                               struct err *err);

/* Whether that is what stands behind the name of a part, and not behind a person's. */
bool part_like(struct span text);
/* "the sealed part of tip", "the attachment of tip", "document of khan". */
MUST_CHECK bool part_parse(struct parse *p, struct step *step, struct span text, struct err *err);
