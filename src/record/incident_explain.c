#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("clarification", true, "What was asked.", "incident.ask"),
    FIELD_CHOICE("answer", true, "Whether it is clarified.", "given", "refused", "unknown"),
    FIELD_PUBLIC_TEXT("text", 20000, "What is answered."),
};

const struct kind kind_incident_explain = {
    .name = "incident.explain",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "explain",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Answers a request for clarification.",
};
