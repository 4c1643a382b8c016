#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_OF_CASE,
    FIELD_RECORD_OF("record", true, "What the question is about.", "incident.open", KINDS_OF_ITEMS),
    FIELD_TERM("to", "organisation", true, "Who is asked."),
    FIELD_PUBLIC_TEXT("question", 4000, "What is asked."),
};

const struct kind kind_incident_ask = {
    .name = "incident.ask",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "ask",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Asks to have something clarified, before or beside a complaint.",
};
