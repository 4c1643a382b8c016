#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("exchange", true, "The text.", "exchange.give"),
    FIELD_CHOICE("act", true, "What is done with it.", "held", "asked_back", "passed", "refused",
                 "corrected"),
    FIELD_LANGUAGE_OF_TEXT,
    FIELD_TIER_TEXT("text", "mechanism", 20000,
                    "How it was put to whom it is for; the text itself stays as it is."),
    FIELD_TIER_TEXT("note", "mechanism", 4000, "What is asked of who gave it, or why it is held."),
};

const struct kind kind_exchange_pass = {
    .name = "exchange.pass",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "carry_text",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What who stands between does with a text: it never alters one, and signs its own "
             "words for it.",
};
