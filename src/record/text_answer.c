#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("wording", true, "The wording.", "text.propose"),
    FIELD_CHOICE("answer", true, "What it says.", "accepted", "rejected"),
    FIELD_TIER_TEXT("reason", "mechanism", 4000, "Why."),
};

const struct kind kind_text_answer = {
    .name = "text.answer",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Whether an organisation accepts how a part of a text is worded.",
};
