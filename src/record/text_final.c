#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("text", true, "The text.", "text.open"),
    {.name = "versions",
     .type = FIELD_LIST,
     .required = true,
     .min = 1,
     .max = 8,
     .about = "Of each language of the text, in their order there.",
     FIELDS({.name = "version",
             .type = FIELD_OBJECT,
             FIELDS(FIELDS_TEXT_HASH),
             .about = "One language."})},
    FIELD_WORDINGS(30000),
};

const struct kind kind_text_final = {
    .name = "text.final",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "The whole text, nothing of it in brackets, offered for signature in each of its "
             "languages.",
};
