#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("final", true, "The final text.", "text.final"),
    FIELDS_TEXT_HASH,
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
