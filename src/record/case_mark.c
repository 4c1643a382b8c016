#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_CHOICE("side", true, "What.", "access_blocked", "evidence_withheld", "suspended",
                 "unsafe"),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_case_mark = {
    .name = "case.mark",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "mark",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Says that something stands in the way of a case, beside the state that it is in.",
};
