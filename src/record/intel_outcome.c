#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("ask", true, "What was asked.", "intel.ask"),
    FIELD_CHOICE("outcome", true, "What it came to; `aged_out`: its time is over.", "acted",
                 "confirmed", "not_borne_out", "not_used", "aged_out"),
    {.name = "note",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = 4000,
     .about = "In words."},
};

const struct kind kind_intel_outcome = {
    .name = "intel.outcome",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "ask_intelligence",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What it came to, says who asked.",
};
