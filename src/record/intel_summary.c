#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("ask", true, "What was asked.", "intel.ask"),
    {.name = "text",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = 4000,
     .about = "What may be passed on: nothing that leads to a source."},
};

const struct kind kind_intel_summary = {
    .name = "intel.summary",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "release_intelligence",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What of an answer may be passed on, in the words of who stands between.",
};
