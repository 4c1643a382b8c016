#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("consequence", true, "What was ordered.", "consequence.order"),
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
