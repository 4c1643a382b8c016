#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("report", true, "What was reported.", "obligation.report"),
    FIELD_CHOICE("clear", true, "Whether it is clear what was done.", "yes", "no", "unknown"),
    FIELD_CHOICE("verifiable", true, "Whether somebody else could see that it was.", "yes", "no",
                 "unknown"),
    FIELD_CHOICE("irreversible", true, "Whether it cannot be undone tomorrow.", "yes", "no",
                 "unknown"),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_obligation_judge = {
    .name = "obligation.judge",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "judge_obligation",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "What another holds of a step: three questions, each answered apart.",
};
