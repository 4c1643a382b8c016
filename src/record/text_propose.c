#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("text", true, "The text.", "text.open"),
    {.name = "article",
     .type = FIELD_TOKEN,
     .required = true,
     .max = 40,
     .about = "Which part: its number."},
    FIELD_CHOICE(
        "as", true,
        "Whether it is the signer's wording, that there is to be none, or a bridge between others.",
        "wording", "deletion", "bridge"),
    FIELD_RECORD_OF("bridges", false, "One of those that a bridge is between.", "text.propose"),
    FIELD_WORDINGS(8000),
    FIELD_TIER_TEXT("note", "mechanism", 4000, "Why."),
};

const struct kind kind_text_propose = {
    .name = "text.propose",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "How one side, or who stands between, would have a part of a text. It stands in "
             "brackets until all who must have accepted it.",
};
