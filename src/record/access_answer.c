#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("request", true, "What was asked.", "access.request"),
    FIELD_CHOICE("answer", true, "What is answered.", "granted", "denied", "delayed",
                 "conditional"),
    FIELD_PUBLIC_TEXT("conditions", 4000, "On what conditions."),
    FIELD_PUBLIC_TEXT("words", 4000, "The words used."),
};

const struct kind kind_access_answer = {
    .name = "access.answer",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "answer_access",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "The answer of a host to a request for access.",
};
