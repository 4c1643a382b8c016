#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_CASE,
    FIELD_TERM("organisation", "organisation", true, "The signer's own."),
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_case_recuse = {
    .name = "case.recuse",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "recuse",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "An organisation steps back from a case: it has no say in its rulings.",
};
