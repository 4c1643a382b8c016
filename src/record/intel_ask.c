#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_TERM("to", "organisation", true, "Who is asked."),
    FIELD_TERM("through", "organisation", true, "Who puts into words what may be passed on."),
    FIELD_TERM("subject", "intelligence_subject", true, "What about."),
    FIELD_CHOICE("priority", true, "How soon an answer is needed.", "routine", "urgent"),
    FIELD_STATED_REQUIRED("until", "Until when an answer is of use."),
    FIELD_SECTOR,
    {.name = "text",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = 4000,
     .about = "What is asked."},
};

const struct kind kind_intel_ask = {
    .name = "intel.ask",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "ask_intelligence",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Asks the other side what it knows, through one who stands between.",
};
