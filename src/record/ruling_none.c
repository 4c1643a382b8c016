#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_PUBLIC_TEXT("positions", 20000, "The position of each."),
};

const struct kind kind_ruling_none = {
    .name = "ruling.none",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "propose",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "States that no decision was reached: an outcome of its own, and counted as one.",
};
