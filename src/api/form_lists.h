#pragma once

/*
 * What a form's record can be about, of what stands in the register, as something to choose from:
 * the requests for access that nobody went for yet. They are put to the terms of which a form is
 * made, under the kind of the record (forms/form.h).
 */

#include "codec/json.h"
#include "store/store.h"

/* *out: the terms and those of this organisation's requests that are open, the newest, as of an
 * entry. Values are those of `terms`, which outlive it. */
MUST_CHECK bool form_lists_add(struct json *out, const struct json *terms,
                               struct store_reader *reader, uint64_t as_of, struct span org,
                               struct arena *arena, struct err *err);
/* The kind under which they are. */
#define FORM_LISTS_KIND "access.request"
