#pragma once

/* Which act of the agreement a source's own word means (doc/agreement.md, `words`). */

#include "codec/json.h"
#include "store/store.h"

struct acts {
    struct act_word {
        struct span word, act;
    } * at;
    size_t count;
};

/* Of the agreement as it is in force, in the arena. */
MUST_CHECK bool acts_load(struct acts *out, struct store_reader *reader, struct arena *arena,
                          struct err *err);
/* Empty unless exactly one act lists the word: which of two is meant is not ours to say. */
struct span acts_find(const struct acts *acts, struct span word);
