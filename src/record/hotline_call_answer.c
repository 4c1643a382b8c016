#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("call", true, "What was asked.", "hotline.call"),
    FIELD_CHOICE("answer", true, "What is answered.", "accepted", "other_time", "declined"),
    FIELD_STATED("at", "When instead."),
    FIELD_TERM("ground", "call_ground", false, "Why not."),
    {.name = "reason",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = 2000,
     .about = "Why, in words."},
};

const struct kind kind_hotline_call_answer = {
    .name = "hotline.call_answer",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "use_hotline",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "The answer to that. It declines on a ground of the agreement, or names another time.",
};
