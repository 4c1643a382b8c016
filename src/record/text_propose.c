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
    {.name = "texts",
     .type = FIELD_LIST,
     .tier = "mechanism",
     .min = 1,
     .max = 8,
     .about = "How it reads, in each language.",
     FIELDS({.name = "wording",
             .type = FIELD_OBJECT,
             FIELDS({.name = "language",
                     .type = FIELD_TOKEN,
                     .required = true,
                     .max = 20,
                     .about = "In which language, BCP 47."},
                    {.name = "text",
                     .type = FIELD_TEXT,
                     .required = true,
                     .min = 1,
                     .max = 8000,
                     .about = "The words."}),
             .about = "In one language."})},
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
