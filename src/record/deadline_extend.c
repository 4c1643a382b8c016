#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELDS_OF_DEADLINE,
    {.name = "for_ms",
     .type = FIELD_INTEGER,
     .required = true,
     .min = 1,
     .max = LIMIT_INTEGER,
     .about = "How much more, in milliseconds."},
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_deadline_extend = {
    .name = "deadline.extend",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "extend",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Gives more time, or takes as in time what came late.",
};
