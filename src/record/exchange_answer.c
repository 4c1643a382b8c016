#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("exchange", true, "The text.", "exchange.give"),
    FIELD_CHOICE("answer", true, "What it says.", "accepted", "rejected", "considered"),
    FIELD_LANGUAGE_OF_TEXT,
    FIELD_TIER_TEXT("text", "mechanism", 20000, "In words."),
};

const struct kind kind_exchange_answer = {
    .name = "exchange.answer",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "take_part",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What whom it is for says to a text that was carried to it.",
};
