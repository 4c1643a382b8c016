#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELDS_OF_DEADLINE,
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_deadline_resume = {
    .name = "deadline.resume",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "extend",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Lets a deadline run again.",
};
