#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("request", true, "What was asked.", "transit.request"),
    FIELD_CHOICE("answer", true, "What is answered.", "granted", "denied", "delayed",
                 "conditional"),
    FIELD_STATED("until", "Until when it may pass."),
    FIELD_PUBLIC_TEXT("conditions", 4000, "On what conditions."),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_transit_answer = {
    .name = "transit.answer",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "answer_transit",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What the side that was asked says to it.",
};
