#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("outcome", true, "What is answered.", "outcome.file"),
    FIELD_CHOICE("answer", true, "What it says.", "agreed", "corrected", "refused"),
    FIELD_TIER_TEXT("correction", "mechanism", 8000, "How it should read; or why not."),
};

const struct kind kind_outcome_answer = {
    .name = "outcome.answer",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What an organisation says to what is to be the body's: that it agrees, does not, or "
             "what is to be corrected.",
};
