#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    {.name = "incident",
     .type = FIELD_RECORD,
     .required = true,
     .words = WORDS("incident.open"),
     .about = "The incident."},
    {.name = "record",
     .type = FIELD_RECORD,
     .required = true,
     .words = WORDS(KINDS_OF_ITEMS),
     .about = "What is linked to it."},
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
