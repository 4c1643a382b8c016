#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_INCIDENT,
    FIELD_EXTERNAL_ID,
    FIELD_SUPERSEDES("incident.warn"),
    FIELD_TERM("group", "author", false, "Who is expected to act."),
    FIELD_TERM("to", "organisation", true, "Who is warned."),
    FIELD_TERM("expected", "act", false, "The code of the act expected."),
    FIELD_STATED("from", "From when on it is expected."),
    FIELD_STATED("until", "Until when."),
    FIELD_SECTOR,
    FIELD_CROSSING,
    FIELD_PUBLIC_TEXT("summary", 20000, "What is expected, as far as it can be released."),
    FIELD_PUBLIC_TEXT("place_name", 1000, "The place as stated."),
    FIELDS_POSITION,
};

const struct kind kind_incident_warn = {
    .name = "incident.warn",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "warn",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "A warning of what is expected. Dated, it shows who knew, and from when.",
};
