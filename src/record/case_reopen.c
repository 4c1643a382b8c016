#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_CHOICE("reason", true, "Why.", "new_evidence", "procedure", "appeal", "error"),
    FIELD_PUBLIC_TEXT("note", 4000, "In words."),
};

const struct kind kind_case_reopen = {
    .name = "case.reopen",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "close",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Takes a case up again.",
};
