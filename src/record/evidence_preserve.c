#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_TERM("to", "organisation", true, "Who is asked."),
    {.name = "what",
     .type = FIELD_LIST,
     .required = true,
     .min = 1,
     .max = 10,
     .about = "What is asked for.",
     FIELDS({.name = "class",
             .type = FIELD_WORD,
             .words = WORDS("logs", "radar", "video", "fire_log", "flight_log", "telecoms",
                            "medical", "crossing_data", "object", "other"),
             .about = "One of them."})},
    FIELD_PUBLIC_TEXT("description", 4000, "What is asked for, more closely."),
};

const struct kind kind_evidence_preserve = {
    .name = "evidence.preserve",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "preserve",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Asks somebody to keep and hand over what they have on a case.",
};
