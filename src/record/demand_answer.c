#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("demand", true, "What was asked.", "demand.make"),
    FIELD_CHOICE("answer", true, "What is answered.", "accepted", "in_part", "considered",
                 "refused"),
    FIELD_TERM("ground", "refusal_ground", false, "Why not; who refuses says it."),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why, in words."),
};

const struct kind kind_demand_answer = {
    .name = "demand.answer",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "answer_demand",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What who is asked says to that. A refusal has its ground.",
};
