#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("final", true, "The final text.", "text.final"),
    FIELD_LANGUAGE(true, "In which language, BCP 47."),
    FIELD_TIER_TEXT("reading", "mechanism", 8000, "How it should read, and why."),
};

const struct kind kind_text_contest = {
    .name = "text.contest",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "That the final text does not say in one language what it says in the others.",
};
