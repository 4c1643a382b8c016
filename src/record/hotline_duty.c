#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "officer",
     .type = FIELD_NAME,
     .required = true,
     .about = "The key of who is on watch."},
    {.name = "deputy", .type = FIELD_NAME, .about = "Who is called when that one does not answer."},
    {.name = "principal", .type = FIELD_NAME, .about = "Who is called last."},
    FIELD_STATED_REQUIRED("from", "From when."),
    FIELD_STATED_REQUIRED("until", "Until when."),
    {.name = "note",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = 8000,
     .about = "What is handed over."},
};

const struct kind kind_hotline_duty = {
    .name = "hotline.duty",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "set_duty",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Who is on watch for an organisation, and what was handed over to them.",
};
