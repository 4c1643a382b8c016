#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("demand", true, "What was asked.", "demand.make"),
    FIELD_CHOICE("outcome", true, "What became of it.", "fulfilled", "dropped"),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_demand_close = {
    .name = "demand.close",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "make_demand",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "That a demand is asked no more, or was met.",
};
