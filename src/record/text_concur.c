#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("final", true, "The final text.", "text.final"),
    {.name = "language",
     .type = FIELD_TOKEN,
     .required = true,
     .max = 20,
     .about = "In which language, BCP 47."},
    {.name = "sha256",
     .type = FIELD_HASH,
     .required = true,
     .about = "Of the UTF-8 of the whole text in that language."},
};

const struct kind kind_text_concur = {
    .name = "text.concur",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "An organisation agrees to the final text in one language. What it agrees to is named "
             "by its hash.",
};
