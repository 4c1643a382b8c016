#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_RECORD_OF("incident", true, "The incident.", "incident.open"),
    FIELD_RECORD_OF("record", true, "What is linked to it.", KINDS_OF_ITEMS),
    {.name = "basis",
     .type = FIELD_WORD,
     .required = true,
     .words = WORDS("same_event", "part_of", "response_to", "related"),
     .about = "How they belong."},
    FIELD_PUBLIC_TEXT("reason", 4000, "Why the signer thinks so."),
};

const struct kind kind_incident_link = {
    .name = "incident.link",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "link",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Links a report, a claim or what else speaks of it to an incident. Both stay what "
             "they are.",
};
