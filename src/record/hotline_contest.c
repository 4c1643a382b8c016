#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("relay", true, "The translation.", "hotline.relay"),
    FIELD_LANGUAGE_OF_TEXT,
    {.name = "reading",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = 4000,
     .about = "How it should read, and why."},
};

const struct kind kind_hotline_contest = {
    .name = "hotline.contest",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "use_hotline",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "That a translation does not say what the message says.",
};
