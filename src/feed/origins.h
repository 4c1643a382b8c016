#pragma once

/* What the agreement says of feeds: the origin group and the licence of what each brings
 * (doc/agreement.md, `feed`). */

#include "codec/json.h"
#include "store/store.h"

struct origins {
    struct origin_of {
        struct span feed, origin, licence;
        struct span organisation, role; /* whose keys bring it; empty: anybody's */
    } * at;
    size_t count;
};

/* Of the agreement as it is in force, in the arena. */
MUST_CHECK bool origins_load(struct origins *out, struct store_reader *reader, struct arena *arena,
                             struct err *err);
/* The item whose id, with a slash, is the longest that this external id begins with; NULL: none. */
const struct origin_of *origins_find(const struct origins *origins, struct span external_id);
/* Whether keys of this organisation and role are those that the item names. */
bool origin_brought_by(const struct origin_of *origin, struct span organisation, struct span role);
