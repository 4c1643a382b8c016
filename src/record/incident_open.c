#include "record/fields.h"
#include "record/kinds.h"

static const struct field fields[] = {
    FIELD_EXTERNAL_ID,
    {.name = "start", .type = FIELD_TIME, .about = "When it may have begun, to find it by."},
    FIELD_PUBLIC_TEXT("title", 400, "A neutral handle: place and time, no author of the act."),
};

const struct kind kind_incident_open = {
    .name = "incident.open",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "open_incident",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Opens an incident: something that may have happened, to which reports and claims are "
             "linked. Its id is the incident's.",
};
