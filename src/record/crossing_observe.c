#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELDS_OF_LANE,
    FIELD_CHOICE("status", true, "How it stands.", "open", "limited", "suspended", "closed",
                 "unknown"),
    FIELD_STATED_REQUIRED("at", "When it was seen so."),
    FIELD_CHOICE("means", false, "How the observer knows.", MEANS),
    FIELD_PUBLIC_TEXT("note", 2000, "What was seen."),
};

const struct kind kind_crossing_observe = {
    .name = "crossing.observe",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "watch",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "How somebody who stands there finds a crossing to be, whatever its sides declare.",
};
