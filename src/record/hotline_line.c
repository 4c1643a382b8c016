#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_TERM("to", "organisation", true, "Whose line it is."),
    FIELD_CHOICE("status", true, "How it stands; `unanswered`: it is whole, and nobody answers.",
                 "up", "down", "unanswered"),
    FIELD_STATED_REQUIRED("since", "Since when."),
    FIELD_CHOICE("checked", false, "Whether the line itself was tried.", "yes", "no"),
    FIELD_TERM("hop", "organisation", false, "At whose node it breaks off."),
    {.name = "cause",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = 2000,
     .about = "What is known of why."},
};

const struct kind kind_hotline_line = {
    .name = "hotline.line",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "use_hotline",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "How the line to another stands, as who signs finds it.",
};
