#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_PUBLIC_TEXT("notice", 4000, "What they are told."),
};

const struct kind kind_case_circulate = {
    .name = "case.circulate",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "issue",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Sends the drafts of a case to everybody concerned, to all at once, for comment.",
};
