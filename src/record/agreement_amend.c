#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "version",
     .type = FIELD_INTEGER,
     .required = true,
     .min = 2,
     .max = 1000000,
     .about = "The number of the version that it makes of the terms: the next."},
    {.name = "from_ms",
     .type = FIELD_INTEGER,
     .required = true,
     .min = LIMIT_TIME_MIN_MS,
     .max = LIMIT_TIME_MAX_MS,
     .about = "When it begins, in milliseconds since 1970, UTC; not before it is agreed."},
    FIELD_PIECES,
};

const struct kind kind_agreement_amend = {
    .name = "agreement.amend",
    .version = 1,
    .jobs = WORDS("root"),
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "An amendment: other terms, whole (format §7.6). Agreed once their pieces are there "
             "and each other root has signed `agreement.concur` naming it.",
};
