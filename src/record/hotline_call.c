#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_TERM("to", "organisation", true, "Who is asked."),
    FIELD_CHOICE("level", true, "Who is to speak with whom.", "deputy", "principal"),
    FIELD_STATED("at", "When."),
    FIELD_CHOICE("exercise", false, "That it is an exercise, and nothing of it is real.", "yes"),
    {.name = "reason",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = 2000,
     .about = "What about."},
};

const struct kind kind_hotline_call = {
    .name = "hotline.call",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "use_hotline",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Asks for a call. It has a clock, and stays open until it is answered.",
};
