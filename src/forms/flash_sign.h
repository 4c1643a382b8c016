#pragma once

/*
 * A flash that its sender confirmed, as a record: its fields, and beside them every word as it was
 * written, for those who read the tier mission. What is signed on behalf of another is for them
 * alone, and ERR_MISSING where the agreement has none; of who signs for himself the words then stay
 * where they were typed.
 */

#include "node/author.h"

struct flash_record {
    const struct json *fields;
    struct span said;
    struct span on_behalf;   /* empty: the author's own */
    struct span external_id; /* likewise none */
};
MUST_CHECK bool flash_sign(struct author *author, const struct flash_record *record,
                           struct submission *out, char id[65], struct arena *arena,
                           struct err *err);
