#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_TERM("to", "organisation", true, "Who is asked."),
    FIELD_TERM("obligation", "obligation", false, "Of which obligation, if of one."),
    FIELD_PUBLIC_TEXT("text", 4000, "What is asked."),
};

const struct kind kind_demand_make = {
    .name = "demand.make",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "make_demand",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What one asks of another beyond what is agreed, or to carry it out.",
};
