#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("ask", true, "What was asked.", "intel.ask"),
    FIELD_CHOICE("answer", true, "What is answered.", "given", "nothing", "declined"),
    FIELD_STATED("as_of", "Of when it is what is known, if it is given."),
    FIELD_TERM("ground", "refusal_ground", false, "Why not; who declines says it."),
    {.name = "text",
     .type = FIELD_TEXT,
     .tier = "sealed",
     .min = 1,
     .max = 8000,
     .about = "What is known, and from where."},
};

const struct kind kind_intel_answer = {
    .name = "intel.answer",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "answer_intelligence",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What who is asked knows. What it says is sealed to those who stand between.",
};
