#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("notice", true, "The notice.", "notice.give"),
    FIELD_CHOICE("answer", true, "What is said to it.", "acknowledged", "objected", "cleared"),
    {.name = "reason",
     .type = FIELD_TEXT,
     .tier = "mechanism",
     .min = 1,
     .max = 4000,
     .about = "Why, or on what conditions."},
};

const struct kind kind_notice_answer = {
    .name = "notice.answer",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "answer_notice",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "That a notice was read, or why it should not be done.",
};
