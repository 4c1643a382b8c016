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
     .about = "What does not belong to it."},
    FIELD_PUBLIC_TEXT("reason", 4000, "Why."),
};

const struct kind kind_incident_unlink = {
    .name = "incident.unlink",
    .version = 1,
    .jobs = WORDS("author"),
    .capability = "link",
    .fields = fields,
    .count = ARRAY_LEN(fields),
    .about = "Undoes a link. That it was there stays on the record.",
};
