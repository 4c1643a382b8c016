#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "consequence",
     .type = FIELD_RECORD,
     .required = true,
     .words = WORDS("consequence.order"),
     .about = "What was ordered."},
    FIELD_PUBLIC_TEXT("text", 8000, "What was done."),
};

const struct kind kind_consequence_perform = {
    .name = "consequence.perform",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "perform",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "States, for its owner, that what was ordered has been done.",
};
