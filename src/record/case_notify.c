#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_PUBLIC_TEXT("notice", 20000, "The notice."),
};

const struct kind kind_case_notify = {
    .name = "case.notify",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "notify",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Tells all whom the case concerns of it, in one act and in the same words.",
};
