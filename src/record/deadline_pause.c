#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELDS_OF_DEADLINE,
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_deadline_pause = {
    .name = "deadline.pause",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "extend",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Stops a deadline, with what is left of it.",
};
