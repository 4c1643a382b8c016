#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_EXTERNAL_ID,
    FIELD_SUPERSEDES("coverage.outage"),
    FIELD_TERM("sector", "sector", true, "The sector."),
    {.name = "sensor",
     .type = FIELD_TOKEN,
     .max = 64,
     .about = "Which sensor; absent: all that watches the sector."},
    FIELD_STATED_REQUIRED("from", "From when."),
    FIELD_STATED("until", "Until when; absent: still."),
    FIELD_CHOICE("cause", true, "Why.", "denied", "jammed", "damaged", "weather", "power",
                 "withdrawn", "unknown"),
    FIELD_PUBLIC_TEXT("note", 4000, "In words."),
};

const struct kind kind_coverage_outage = {
    .name = "coverage.outage",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "watch",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Says that a sector or a sensor was blind, and why.",
};
