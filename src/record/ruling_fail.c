#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_TERM("step", "step", true, "The step that was tried."),
    FIELD_PUBLIC_TEXT("reason", 4000, "How it came to nothing."),
};

const struct kind kind_ruling_fail = {
    .name = "ruling.fail",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "propose",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "States that a step of the chain of decision was tried on a case and led to nothing.",
};
